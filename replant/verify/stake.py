"""The exact twin of stakes: what is sold or bought out, and the income that comes with it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from replant.verify.cells import number, text, yes
from replant.verify.programme import check_once, choices
from replant.verify.told import Told

__all__ = ["COLUMNS", "NAME", "ORDER", "check", "post"]

NAME = "stake"
ORDER = 20
COLUMNS = frozenset({"act"})
ZERO = Fraction(0)


def post(told: Told) -> None:
    """Post income, sales, buy-outs and options."""
    for row in told.rows("stakes"):
        total = ZERO
        for period, value in choices(told, "act", text(row.id)):
            total += value
            if text(row.kind) == "buy":
                _post_purchase(told, row, told.clock.at(period), value)
            else:
                _post_sale(told, row, told.clock.at(period), value)
        _post_income(told, row)
        told.books.post("option", f"stake.{text(row.id)}", amount=total)


def _post_income(told: Told, row: Any) -> None:
    """Book the income of a stake held until it is sold, or from the purchase on."""
    done = ZERO
    bought = text(row.kind) == "buy"
    for period in told.periods:
        done += told.decision("act", text(row.id), period.id)
        held = done if bought else 1 - done
        income = number(row.income) * told.clock.mu(period) * held
        told.books.entry("cash", "equity_income", income, period.id, recurring=bought)


def _post_sale(told: Told, row: Any, time: str, value: Fraction) -> None:
    price = number(row.price) * value
    cost = number(row.cost_share) * price
    carrying = number(row.carrying_amount) * value
    told.books.entry("cash", "disposal_proceeds", price, time)
    told.books.entry("disposal_cost", "cash", cost, time)
    told.books.entry("disposal_carrying", "investments", carrying, time)
    told.books.post("taxable", time, amount=price - cost - carrying)
    end = told.periods[-1].id
    worth = number(row.market_value) * told.clock.growth(number(row.growth), end)
    given_up = worth * told.clock.discount(number(row.residual_rate), end) * value
    told.books.post("financing_value", amount=-given_up)


def _post_purchase(told: Told, row: Any, time: str, value: Fraction) -> None:
    price = number(row.price) * value
    carrying = number(row.carrying_amount) * value
    told.books.entry("minority", "cash", carrying, time)
    told.books.entry("equity", "cash", price - carrying, time)
    rate = next((number(each.discount_rate) for each in told.rows("valuation")), ZERO)
    told.books.post("financing_value", amount=-price * told.clock.discount(rate, time))


def check(told: Told) -> None:
    """Check that a stake is acted on once at most, where enabled, in an open window."""
    check_once(told, "act", told.rows("stakes"), "stakes")
    for row in told.rows("stakes"):
        acted = any(True for _ in choices(told, "act", text(row.id)))
        told.books.hold(
            "stakes",
            yes(row.enabled) or not acted,
            f"The stake {text(row.id)} is acted on, but the case has it switched off.",
            where=text(row.id),
        )
