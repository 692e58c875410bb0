"""Statements: the lines a reader looks for first, and worked example 7 to the last digit."""

from __future__ import annotations

import pytest

from replant.ledger import ACCOUNTS, AccountKind
from tests.decisions.money_firm import over_time
from tests.rules.example_7 import year_of_example_7


@pytest.fixture
def year(tmp_path):
    return year_of_example_7(tmp_path)


def over_year(found, stream: str, *labels: str) -> float:
    return sum(found.row(stream, *labels, time) for time in ("now", "P0"))


def test_worked_example_7(year) -> None:
    """PBT 9.9, tax 8.235, net 1.665, cash 164.765, both sides 311.665."""
    net, tax = over_year(year, "net_income"), over_year(year, "ledger", "tax")
    assert net + tax == pytest.approx(9.9)
    assert year.row("taxable_income", "FY2025") == pytest.approx(54.9)
    assert year.decisions["tax"] == {"used[old,FY2025]": "27.45"}
    assert tax == pytest.approx(8.235)
    assert net == pytest.approx(1.665)
    assert year.row("cash", "P0") == pytest.approx(164.765)
    closing = closing_balances(year)
    assert closing["ppe"] == pytest.approx(146.9)
    assert closing["provisions"] == pytest.approx(-20)
    assert closing["debt"] == pytest.approx(-140)
    assets = sum(v for name, v in closing.items() if ACCOUNTS[name].kind is AccountKind.ASSET)
    claims = sum(v for name, v in closing.items() if ACCOUNTS[name].kind is not AccountKind.ASSET)
    assert assets == pytest.approx(311.665)
    assert claims - net == pytest.approx(-311.665)


def closing_balances(found) -> dict[str, float]:
    """Return opening plus all flows of the accounts of the balance sheet."""
    return {
        name: found.row("opening", name) + over_year(found, "ledger", name)
        for name, each in ACCOUNTS.items()
        if not each.in_profit
    }


def test_operating_profit_leaves_out_what_is_one_off_or_financial(year) -> None:
    """300 − 280 − 20: no restructuring, impairment, gain, interest or tax."""
    assert over_year(year, "automotive_operating_profit") == pytest.approx(0)
    assert over_year(year, "ledger", "depreciation") == pytest.approx(20)
    assert over_year(year, "ledger", "restructuring") == pytest.approx(30)
    assert over_year(year, "ledger", "impairment") == pytest.approx(25)


def test_free_cash_flow_is_operating_investing_interest_and_lease(year) -> None:
    """Cash less what was raised and repaid: 164.765 − 100 − 50 + 60."""
    assert over_year(year, "free_cash_flow") == pytest.approx(74.765)
    assert over_year(year, "cash_flow", "financing") == pytest.approx(-10)


def test_net_cash_is_cash_less_debt(year) -> None:
    """At each time: 164.765 − 140 at the end."""
    assert year.row("net_cash", "P0") == pytest.approx(24.765)
    assert over_time(year, "net_cash")["now"] == pytest.approx(100 + 97 + 50 - 10 - 200)
