"""Value: what the cash flows of a plan are worth at the instant ``now``."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from replant.verify.cells import cell, number
from replant.verify.told import Told

NAME = "value"
ORDER = 80
COLUMNS: frozenset[str] = frozenset()
LINES: frozenset[str] = frozenset({"terminal_year"})

ZERO = Fraction(0)
PARTS = ("operating", "investing", "terminal", "beyond", "financing")


def post(told: Told) -> None:
    """Post the parts of value."""
    row = next(iter(told.rows("valuation")), None)
    rate = number(cell(row, "discount_rate"))
    last = told.clock.discount(rate, told.clock.times[-1])
    parts = {
        "operating": _present(told, "operating", rate),
        "investing": _present(told, "investing", rate),
        "terminal": _terminal(told, row, rate) * last,
        "beyond": -last * _all(told, "beyond"),
        "financing": _all(told, "financing_value"),
    }
    for part in PARTS:
        told.books.post("value", part, amount=parts[part])


def _all(told: Told, stream: str) -> Fraction:
    return sum(told.books.elements(stream).values(), ZERO)


def _present(told: Told, flow: str, rate: Fraction) -> Fraction:
    cash = ((time, told.books.total("cash_flow", flow, time)) for time in told.clock.times)
    return sum((told.clock.discount(rate, time) * amount for time, amount in cash), ZERO)


def _terminal(told: Told, row: Any, rate: Fraction) -> Fraction:
    share, growth = number(cell(row, "terminal_share")), number(cell(row, "terminal_growth"))
    if not share or rate <= growth:
        return ZERO
    year = _year_beyond(told, number(cell(row, "terminal_reinvestment")))
    for part, amount in year.items():
        told.books.post("terminal_year", part, amount=amount)
    kept = 1 - number(cell(row, "terminal_tax"))
    return share * kept * (1 + growth) / (rate - growth) * sum(year.values(), ZERO)


def _year_beyond(told: Told, at_least: Fraction) -> dict[str, Fraction]:
    """Return the cash of one year after the horizon, by what it is for."""
    books, period = told.books, told.periods[-1]
    months_to_year = 1 / told.clock.mu(period)
    renewed = _all(told, "renewal_investment")
    year = {
        "recurring": books.total("recurring", period.id) * months_to_year,
        "development": -_all(told, "renewal_development"),
        "investment": -renewed,
    }
    if at_least:
        worn = books.total("ledger", "depreciation", period.id) * months_to_year
        replaced = books.total("reinvested", period.id) * months_to_year + renewed
        year["reinvestment"] = min(ZERO, replaced - at_least * worn)
    return year


def check(told: Told) -> None:
    """Check that the case says how to value a plan, and that growth stays below the rate."""
    rows = tuple(told.rows("valuation"))
    told.books.hold("I16", len(rows) == 1, "The table valuation has one row.")
    for row in rows:
        told.books.hold(
            "I16",
            not number(cell(row, "terminal_share"))
            or number(cell(row, "terminal_growth")) < number(row.discount_rate),
            "Terminal growth must be below the discount rate.",
        )
