"""Working capital: balances of so many days, cash by their change."""

from __future__ import annotations

import pytest

from tests.decisions.money_firm import balance, items, over_time, plan_of
from tests.decisions.small_firm import rows

PERIODS = rows(
    [
        {"id": "Q1", "start": "2025-04-01", "months": 3, "fiscal_year": "FY2025"},
        {"id": "N1", "start": "2025-07-01", "months": 9, "fiscal_year": "FY2025"},
        {"id": "Y2", "start": "2026-04-01", "months": 12, "fiscal_year": "FY2026"},
    ]
)


def days(*lines: tuple[str, str, float]) -> str:
    return rows([{"account": a, "driver": d, "days": n} for a, d, n in lines])


def test_balances_follow_a_years_flow(tmp_path) -> None:
    """36.5 days of a flow at 400 a year are 40, whatever the length of the period."""
    found = plan_of(
        tmp_path,
        periods=PERIODS,
        opening=balance(cash=100, receivables=50),
        working_capital=days(("receivables", "revenue", 36.5)),
        other_items=items(
            ("Q1", "revenue", -100), ("N1", "revenue", -300), ("Y2", "revenue", -600)
        ),
    )
    assert over_time(found, "ledger", "receivables") == {"Q1": -10, "Y2": 20}
    assert found.row("cash_flow", "operating", "Y2") == pytest.approx(600 - 20)


def test_payables_lend_and_stock_takes(tmp_path) -> None:
    """More cost: more stock, paid, and more payables, received."""
    found = plan_of(
        tmp_path,
        periods=PERIODS,
        opening=balance(cash=100, inventory=0, payables=-20),
        working_capital=days(
            ("inventory", "variable_cost", 73), ("payables", "variable_cost", 36.5)
        ),
        other_items=items(("Y2", "variable_cost", 365)),
    )
    assert over_time(found, "ledger", "inventory") == {"Y2": 73}
    assert over_time(found, "ledger", "payables") == {"Q1": 20, "Y2": -36.5}


def test_it_does_not_recur(tmp_path) -> None:
    """A change of balances in the last year is not a cash flow for ever."""
    found = plan_of(
        tmp_path,
        periods=PERIODS,
        working_capital=days(("receivables", "revenue", 73)),
        other_items=items(("Y2", "revenue", -100)),
    )
    assert over_time(found, "recurring") == {}
    assert over_time(found, "ledger", "receivables") == {"Y2": 20}


def test_other_items_on_the_account_come_on_top(tmp_path) -> None:
    """The change is target less target before: an item of its own neither feeds nor starves it."""
    found = plan_of(
        tmp_path,
        periods=PERIODS,
        working_capital=days(("receivables", "revenue", 73)),
        other_items=items(("N1", "receivables", 7), ("Q1", "revenue", -25), ("N1", "revenue", -75)),
    )
    assert over_time(found, "ledger", "receivables") == {"Q1": 20, "N1": 7, "Y2": -20}
