"""The finance arm: a ledger of its own that only its dividend leaves."""

from __future__ import annotations

import pytest

from tests.decisions.money_firm import over_time, plan_of
from tests.decisions.small_firm import rows

YEARS = rows(
    [
        {"period": "P0", "revenue": 30, "cost": 22, "dividend": 5},
        {"period": "P2", "revenue": 30, "cost": 40},
    ]
)


def test_only_the_dividend_crosses(tmp_path) -> None:
    """Revenue and cost stay in its own ledger; a loss-maker pays none."""
    found = plan_of(tmp_path, finance_arm=YEARS)
    assert over_time(found, "finance_ledger", "finance_cash") == {"P0": 3, "P2": -10}
    assert over_time(found, "finance_ledger", "finance_revenue") == {"P0": -30, "P2": -30}
    assert over_time(found, "ledger", "cash") == {"P0": 5}
    assert over_time(found, "ledger", "finance_dividend") == {"P0": -5}


def test_the_dividend_is_income_but_no_operating_profit_and_never_recurs(tmp_path) -> None:
    """It is cash of the firm and worth its present value, untaxed."""
    found = plan_of(tmp_path, finance_arm=YEARS)
    assert found.row("net_income", "P0") == 5
    assert over_time(found, "automotive_operating_profit") == {}
    assert over_time(found, "recurring") == {}
    assert found.value == pytest.approx(5 / 1.08)


def test_each_of_its_times_balances(tmp_path) -> None:
    """Debits equal credits in its ledger too."""
    found = plan_of(tmp_path, finance_arm=YEARS)
    sums: dict[str, float] = {}
    for (_, time), value in found.rows["finance_ledger"].items():
        sums[time] = sums.get(time, 0.0) + value
    assert sums == {"P0": 0, "P2": 0}
