"""Relations between options: one requires another, excludes it, or at most so many are taken."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

from replant.case import Case, Row
from replant.module import Builder, Sentence, Told

__all__ = ["Relations"]


class Relations:
    """Turns the table of relations into rows over the stream ``option``."""

    name: ClassVar[str] = "relations"
    tables: ClassVar[tuple[type[Row], ...]] = ()

    def applies(self, case: Case) -> bool:
        """Return whether the case relates options."""
        return case.has("relations")

    def build(self, case: Case, to: Builder) -> None:
        """Add one row for each relation."""
        for row in case.rows("relations"):
            if row.kind == "requires":
                self._requires(row, to)
            else:
                self._at_most(row, 1 if row.kind == "excludes" else int(row.at_most), to)

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

    def _at_most(self, row: Any, most: int, to: Builder) -> None:
        first, *others = (to.total("option", option=each) for each in row.options)
        taken = sum(others, start=first)
        to.require(
            "at_most",
            taken,
            upper=float(most),
            rule=f"At most {most} of {', '.join(row.options)}: {row.reason}",
            relation=row.id,
        )

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say nothing: relations bind, they are not chosen."""
        yield from ()


MODULE = Relations()
