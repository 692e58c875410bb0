"""Relations between options: one requires another, excludes it, or at most so many are taken."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Any, ClassVar

from replant.case import Case, Row
from replant.errors import ModuleError
from replant.kernel import ExtraRow, Program
from replant.kernel.dimension import near_misses
from replant.module import Builder, Sentence, Told

__all__ = ["Relations"]


class Relations:
    """Turns the table of relations into rows over the stream ``option``."""

    name: ClassVar[str] = "relations"
    tables: ClassVar[tuple[type[Row], ...]] = ()
    negotiable: ClassVar[str] = "apart"

    def applies(self, case: Case) -> bool:
        """Return whether the case relates options."""
        return case.has("relations")

    def build(self, case: Case, to: Builder) -> None:
        """Add the rows of each relation."""
        bind = {"requires": self._requires, "excludes": self._excludes, "at_most": self._at_most}
        for row in case.rows("relations"):
            bind[row.kind](row, to)
        to.after_assembly(_all_known)

    def _requires(self, row: Any, to: Builder) -> None:
        """Every option after the first is needed by the first."""
        first, *needed = row.options
        for other in needed:
            to.require(
                "requires",
                to.total("option", option=other) - to.total("option", option=first),
                lower=0.0,
                rule=f"{first} needs {other}: {row.reason}",
                relation=row.id,
                option=other,
            )

    def _excludes(self, row: Any, to: Builder) -> None:
        """No two of the options go together, though each alone may be a share of the periods."""
        for one, other in combinations(row.options, 2):
            to.require(
                "excludes",
                to.total("option", option=one) + to.total("option", option=other),
                upper=1.0,
                rule=f"{one} and {other} exclude each other: {row.reason}",
                relation=row.id,
                one=one,
                other=other,
            )

    def _at_most(self, row: Any, to: Builder) -> None:
        first, *others = (to.total("option", option=each) for each in row.options)
        to.require(
            "at_most",
            sum(others, start=first),
            upper=float(row.at_most),
            rule=f"At most {row.at_most} of {', '.join(row.options)}: {row.reason}",
            relation=row.id,
        )

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say nothing: relations bind, they are not chosen."""
        yield from ()


def _all_known(program: Program, case: Case, scenario: str) -> list[ExtraRow]:
    """Refuse a relation of an option that does not exist: it would bind nothing."""
    for row in case.rows("relations"):
        for option in row.options:
            if option not in program.options:
                near = near_misses(option, program.options)
                raise ModuleError(
                    f"relations.{row.id} names {option!r}, which is no option of this case{near}"
                )
    return []


MODULE = Relations()
