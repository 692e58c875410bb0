"""Limits: any row of the ledger, bounded from a table, in its owner's words."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf
from typing import ClassVar

from replant.case import Case, Row
from replant.errors import ModuleError
from replant.kernel import Expr, ExtraRow, Program
from replant.kernel.dimension import near_misses
from replant.ledger import ACCOUNTS, NOW
from replant.module import Builder, Sentence, Told
from replant.units import MONEY

__all__ = ["Limits", "known_labels"]

# Streams of rules that build after this one; to read them now, they must be declared now.
_LATER = {
    "cash": "time",
    "cash_floor": "time",
    "headroom": "time",
    "shortfall": "time",
    "taxable_income": "fiscal_year",
}


class Limits:
    """Bounds stream elements: jobs in a region, platforms in a year, debt at a date."""

    name: ClassVar[str] = "limits"
    tables: ClassVar[tuple[type[Row], ...]] = ()

    def applies(self, case: Case) -> bool:
        """Return whether the case sets limits."""
        return case.has("limits")

    def build(self, case: Case, to: Builder) -> None:
        """Add one row for each bound of each limit."""
        for stream, label in _LATER.items():
            to.stream(stream, (label,), MONEY)
        for row in case.rows("limits"):
            element = to.element(row.stream, row.labels)
            for name, sign in (("lower", 1.0), ("upper", -1.0)):
                if getattr(row, name) is None:
                    continue
                bound = Expr.constant(float(row.quantity(name)), unit=element.unit)
                to.require(
                    name,
                    (element - bound) * sign,
                    lower=0.0,
                    upper=inf,
                    rule=row.sentence,
                    limit=row.id,
                )
        to.after_assembly(_all_known)

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say nothing: limits bind, they are not chosen."""
        yield from ()


def _all_known(program: Program, case: Case, scenario: str) -> list[ExtraRow]:
    """Refuse a limit on a label that nobody posts to: it would bind nothing, or everything."""
    for row in case.rows("limits"):
        names = program.streams.dimension_names(row.stream)
        for place, (name, label) in enumerate(zip(names, row.labels, strict=True)):
            known = known_labels(program, case, scenario, row.stream, place, name)
            if label not in known:
                near = near_misses(label, known)
                raise ModuleError(
                    f"limits.{row.id} bounds {row.stream}[{','.join(row.labels)}], but the plan "
                    f"has no {name} {label!r} there{near}"
                )
    return []


def known_labels(
    program: Program, case: Case, scenario: str, stream: str, place: int, name: str
) -> list[str]:
    """Return what may stand in one place of a stream's labels."""
    periods = [period.id for period in case.periods]
    fixed = {
        "account": [*ACCOUNTS],
        "fiscal_year": [year.id for year in case.fiscal_years],
        "period": periods,
        "time": [NOW, *periods],
    }
    if name in fixed and stream != "finance_ledger":
        return fixed[name]
    streams = program.streams
    keys = streams.keys[streams.places(streams.scenario_number(scenario), stream)]
    return list(dict.fromkeys(streams.index.decoded(key)[2][place] for key in keys.tolist()))


MODULE = Limits()
