"""Covenants: what lenders demand of debt, interest, equity and investment in a fiscal year."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, cast

from replant.case import Case, Finding, Row
from replant.case.findings import finding
from replant.kernel import Expr, Stage
from replant.module import Builder, Sentence, Told
from replant.rules.covenants.figures import figures_of, times_of
from replant.rules.covenants.row import (
    TESTS,
    Covenant,
    called,
    demand,
    doubts,
    figure_of,
    in_force,
    sound,
)
from replant.units import MONEY, ONE, Quantity

__all__ = ["Covenant", "Covenants", "demand", "figure_of"]

# A comparator may miss a covenant, but never for gain: a unit missed costs more than it brings.
_PENALTY = 10


class Covenants:
    """Keeps the figures that lenders look at within the bounds of their contracts.

    A ratio is multiplied out, so that it is a row: net debt at most k times EBITDA is
    k·EBITDA − net debt ≥ 0, which a loss fails as it should.
    """

    name: ClassVar[str] = "covenants"
    tables: ClassVar[tuple[type[Row], ...]] = (Covenant,)
    negotiable: ClassVar[str] = "apart"
    missable: ClassVar[bool] = True

    def applies(self, case: Case) -> bool:
        """Return whether lenders demand anything."""
        return case.has("covenants")

    def cautions(self, case: Case) -> Iterator[Finding]:
        """Find covenants that a plan can keep, but that may not test what their lender does."""
        table = case.tables.get("covenants")
        for number, each in table.numbered() if table is not None else ():
            for code, column, rule, fix in doubts(cast(Covenant, each), case):
                yield finding(code, "tables/covenants.csv", rule, fix, row=number, column=column)

    def build(self, case: Case, to: Builder) -> None:
        """Lay out the figures of each fiscal year and bind them; a comparator may miss them."""
        rows = case.rows(Covenant)
        tested = [(row, year) for row in rows for year in in_force(sound(row), case)]
        figures = figures_of(rows, case, to)
        to.stream("covenant_headroom", ("covenant", "fiscal_year"), MONEY)
        missed = _missed(tested, to) if to.allow_shortfall else None
        for row, year in tested:
            room = _headroom(row, year, figures)
            to.post("covenant_headroom", room, covenant=row.id, fiscal_year=year)
            if missed is not None:
                miss = missed.at(covenant=f"{row.id},{year}")
                to.post("missed", miss, limit=f"{row.id}/{year}")
                to.post("penalty", miss * Quantity.of(_PENALTY, MONEY))
                room = room + miss * Quantity.of(1, MONEY)
            to.require(
                "kept",
                room,
                lower=0.0,
                rule=demand(row, year, case),
                covenant=row.id,
                fiscal_year=year,
            )

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say in which fiscal year each covenant is nearest to its bound, or farthest beyond."""
        money = told.case.settings.units.money
        for row in told.case.rows(Covenant):
            rooms = {
                year: told.stream("covenant_headroom", row.id, year)
                for year in in_force(row, told.case)
            }
            if rooms:
                year = min(rooms, key=lambda each: round(rooms[each], 6))
                room = rooms[year]
                how = "of headroom" if room >= 0 else "short"
                yield Sentence(
                    text=f"{called(row)} is tightest in {year}: {abs(room):,.1f} {money} {how}.",
                    subject="firm.covenants",
                    period=times_of(year, told.case)[-1],
                    cells=frozenset({row.cell(TESTS[row.kind].column)}),
                )


def _headroom(row: Covenant, year: str, figures: Mapping[tuple[str, str], Expr]) -> Expr:
    """Return how far a figure is from its bound, on the good side; the ratio is multiplied out."""
    test = TESTS[row.kind]
    bound = (
        Expr.constant(row.quantity("amount"))
        if not test.base
        else (figures[test.base, year] * row.quantity("ratio"))
    )
    room = bound - figures[test.figure, year]
    return room if test.at_most else -room


def _missed(tested: list[tuple[Covenant, str]], to: Builder) -> Expr:
    """Return by how much money each covenant is missed in each fiscal year."""
    to.stream("missed", ("limit",), ONE)
    names = to.dimension("covenant", [f"{row.id},{year}" for row, year in tested])
    return to.variable("missed", names, unit=ONE, stage=Stage.RECOURSE, derived=True)


MODULE = Covenants()
