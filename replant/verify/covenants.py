"""Covenants: what lenders demand in each fiscal year, from the exact statements."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from replant.verify.accounts import ACCOUNTS
from replant.verify.cells import cell, number, text
from replant.verify.statements import Statement, statements
from replant.verify.tax import fiscal_years, year_number
from replant.verify.told import Told

NAME = "covenants"
ORDER = 92
COLUMNS: frozenset[str] = frozenset()
LINES: frozenset[str] = frozenset({"covenant_figure", "covenant_headroom"})

ZERO = Fraction(0)

# The figures of each kind: what is tested, and what a ratio is taken of.
_FIGURES = {
    "leverage": ("net_debt", "ebitda"),
    "interest_cover": ("ebitda", "interest"),
    "equity": ("equity",),
    "equity_ratio": ("equity", "total_assets"),
    "capital_expenditure": ("capital_expenditure",),
}


def post(told: Told) -> None:
    """Post the figures of every fiscal year, and how far each covenant is from its bound."""
    rows = tuple(told.rows("covenants"))
    needed = {figure for row in rows for figure in _FIGURES.get(text(row.kind), ())}
    if not needed:
        return
    years = _years(told)
    for year, figures in years.items():
        for figure in needed:
            told.books.post("covenant_figure", figure, year, amount=figures[figure])
    for row in rows:
        for year in _tested(row, years):
            room = _room(row, years[year])
            told.books.post("covenant_headroom", text(row.id), year, amount=room)
            missed = max(ZERO, -room)
            told.books.post("missed", f"{text(row.id)}/{year}", amount=missed)


def check(told: Told) -> None:
    """Check that no covenant is missed; each fiscal year in which one is, is a breach of I13."""
    years = fiscal_years(told)
    for row in told.rows("covenants"):
        known = text(row.kind) in _FIGURES
        told.books.hold("I13", known, f"There is no covenant of kind {text(row.kind)}.")
        for year in _tested(row, years) if known else ():
            short = -told.books.total("covenant_headroom", text(row.id), year)
            told.books.at_most(
                "I13",
                short,
                0,
                f"The covenant {text(cell(row, 'name')) or text(row.id)} is missed in {year}.",
                where=f"{text(row.id)},{year}",
            )


def _tested(row: Any, years: Any) -> Iterator[str]:
    """Yield the fiscal years from the first to the last in which a covenant is in force."""
    first, last = (year_number(text(cell(row, name))) for name in ("since", "until"))
    for year in years:
        place = year_number(year)
        early = first is not None and (place is None or place < first)
        late = last is not None and (place is None or place > last)
        if not early and not late:
            yield year


def _room(row: Any, figures: dict[str, Fraction]) -> Fraction:
    """Return the distance to the bound, in money: positive where the covenant is kept."""
    kind = text(row.kind)
    tested, *base = (figures[name] for name in _FIGURES[kind])
    bound = number(row.ratio) * base[0] if base else number(row.amount)
    return bound - tested if kind in ("leverage", "capital_expenditure") else tested - bound


def _years(told: Told) -> dict[str, dict[str, Fraction]]:
    """Return what lenders look at in each fiscal year."""
    closed = {each.time: each for each in statements(told.books, told.clock.times)}
    return {
        year: _flows([closed[time] for time in times]) | _balances(closed[times[-1]])
        for year, times in fiscal_years(told).items()
    }


def _flows(year: list[Statement]) -> dict[str, Fraction]:
    def earned(*accounts: str) -> Fraction:
        return sum((each.profit_and_loss[name] for each in year for name in accounts), ZERO)

    operating = earned(*(each.name for each in ACCOUNTS.values() if each.operating))
    invested = sum((each.cash_flow["investing"] for each in year), ZERO)
    return {
        "ebitda": operating - earned("depreciation", "rou_depreciation"),
        "interest": -earned("interest", "lease_interest"),
        "capital_expenditure": earned("disposal_proceeds", "disposal_cost") - invested,
    }


def _balances(end: Statement) -> dict[str, Fraction]:
    held = end.balance_sheet
    owed = sum((amount for name, amount in held.items() if _kind(name) == "liability"), ZERO)
    borrowed = sum(held[name] for name in ("debt", "financing_liability", "lease_liabilities"))
    return {
        "net_debt": -borrowed - held["cash"],
        "equity": end.assets + owed,
        "total_assets": end.assets,
    }


def _kind(name: str) -> str:
    return ACCOUNTS[name].kind if name in ACCOUNTS else ""
