"""Limits: any row of the ledger, bounded from a table, in its owner's words."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import inf
from typing import ClassVar

from replant.case import Case, Limit, Row
from replant.errors import ModuleError
from replant.kernel import Expr, ExtraRow, Program, Stage
from replant.kernel.dimension import near_misses
from replant.ledger import ACCOUNTS, NOW
from replant.module import Builder, Sentence, Told
from replant.units import MONEY, ONE, Quantity, Unit

__all__ = ["Limits", "known_labels"]

# A comparator may miss a limit, but never for gain: missing a unit of money costs more than the
# unit; missing the whole of any other bound costs all that the firm owns, or so much a unit.
_PENALTY = 10.0

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
    negotiable: ClassVar[str] = "apart"
    missable: ClassVar[bool] = True

    def applies(self, case: Case) -> bool:
        """Return whether the case sets limits."""
        return case.has("limits")

    def build(self, case: Case, to: Builder) -> None:
        """Add one row for each bound of each limit; a comparator may miss it, at a penalty."""
        for stream, label in _LATER.items():
            to.stream(stream, (label,), MONEY)
        missed = self._missed(case, to) if to.allow_shortfall else None
        for row in case.rows("limits"):
            element = to.element(row.stream, row.labels)
            miss = Expr.constant(0.0, unit=element.unit)
            if missed is not None:
                number = missed.at(limit=row.id)
                miss = number * Quantity.of(1, element.unit)
                to.post("missed", number, limit=row.id)
                to.post("penalty", number * _weight(row, element.unit, case))
            for name, sign in (("lower", 1.0), ("upper", -1.0)):
                if getattr(row, name) is None:
                    continue
                bound = Expr.constant(float(row.quantity(name)), unit=element.unit)
                to.require(
                    name,
                    (element - bound) * sign + miss,
                    lower=0.0,
                    upper=inf,
                    rule=row.sentence,
                    limit=row.id,
                )
        to.after_assembly(_all_known)

    def _missed(self, case: Case, to: Builder) -> Expr:
        """Return by how much each limit is missed, in the unit of its line."""
        to.stream("missed", ("limit",), ONE)
        limits = to.dimension("limit", [row.id for row in case.rows("limits")])
        return to.variable("missed", limits, unit=ONE, stage=Stage.RECOURSE, derived=True)

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say nothing: limits bind, they are not chosen."""
        yield from ()


def _weight(row: Limit, unit: Unit, case: Case) -> Quantity:
    """Return what it costs a comparator to miss a limit by one unit of its line."""
    if unit == MONEY:
        return Quantity.of(Fraction(_PENALTY), MONEY)
    bounds = [abs(each) for each in (row.lower, row.upper) if each is not None]
    opening = case.rows("opening") if case.has("opening") else ()
    owned = sum((Fraction(each.amount) for each in opening if each.amount > 0), Fraction(0))
    widest = max([Fraction(1), *bounds])
    return Quantity.of(max(Fraction(_PENALTY), owned / widest), MONEY)


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
