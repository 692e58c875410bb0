"""Other items: what no decision moves is booked by its name."""

from __future__ import annotations

import pytest

from replant.errors import ModuleError
from tests.decisions.money_firm import firm, items, over_time, plan, plan_of
from tests.decisions.small_firm import rows, table, years


def item(**values: object) -> str:
    """Write one item."""
    return table(**{"id": "i", "period": "P1", "name": "item", "amount": 10} | values)


def test_an_item_is_debited_to_its_account(tmp_path) -> None:
    """Cost positive, income negative, against cash; one id may come in several periods."""
    lines = [
        {"id": "fee", "name": "Fee", "account": "overhead", "period": "now", "amount": 4},
        {"id": "fee", "name": "Fee", "account": "overhead", "period": "P2", "amount": -6},
    ]
    found = plan_of(tmp_path, other_items=rows(lines))
    assert over_time(found, "ledger", "overhead") == {"now": 4, "P2": -6}
    assert over_time(found, "ledger", "cash") == {"now": -4, "P2": 6}
    assert found.value == pytest.approx(-4 + 6 / 1.08**3)


def test_what_wears_out_is_worth_less(tmp_path) -> None:
    """Depreciation without cash lowers plant and equipment, and no debt grows of it."""
    found = plan_of(tmp_path, other_items=item(account="depreciation", cash="no"))
    assert over_time(found, "ledger", "ppe") == {"P1": -10}
    assert over_time(found, "ledger", "other_liabilities") == {}
    assert found.row("net_income", "P1") == -10


def test_without_cash_it_stands_against_other_liabilities(tmp_path) -> None:
    """Profit moves, cash does not."""
    found = plan_of(tmp_path, other_items=item(account="restructuring", cash="no", recurring="yes"))
    assert over_time(found, "ledger", "other_liabilities") == {"P1": -10}
    assert found.rows.get("cash_flow", {}) == {}
    assert found.row("recurring", "P1") == 0
    assert found.row("net_income", "P1") == -10


@pytest.mark.parametrize(
    ("account", "recurring"),
    [("overhead", -10), ("ppe", -10), ("interest", 0), ("equity", 0), ("debt", 0), ("rou", 0)],
)
def test_only_cash_of_the_business_goes_on_for_ever(tmp_path, account, recurring) -> None:
    """Operating and investing items recur; interest, rents, dividends and debt never do."""
    found = plan_of(tmp_path, other_items=item(account=account, recurring="yes"))
    assert found.row("recurring", "P1") == recurring


def test_an_account_of_the_balance_sheet_is_allowed(tmp_path) -> None:
    """A share buy-back: Dr equity, Cr cash, outside value."""
    found = plan_of(tmp_path, other_items=item(account="equity"))
    assert found.row("cash_flow", "financing", "P1") == -10
    assert found.value == 0


def test_items_of_other_periods_are_not_planned(tmp_path) -> None:
    """A closed year may stand in the table."""
    periods = years(2) + "\nbase,2024-04-01,12,FY2024,no"
    lines = periods.splitlines()
    periods = "\n".join(
        [lines[0] + ",role", *(each + ",plan" for each in lines[1:-1]), lines[-1] + ",base"]
    )
    case = firm(tmp_path, periods=periods, other_items=item(account="overhead", period="base"))
    assert plan(case).value == 0


@pytest.mark.parametrize("cash", ["yes", "no"])
def test_cash_is_no_account_of_an_item(tmp_path, cash) -> None:
    """It is the other side of every item."""
    with pytest.raises(ModuleError, match=r"other_items\.i\[P1\]\.account is cash"):
        plan(firm(tmp_path, other_items=item(account="cash", cash=cash)))


def test_an_unknown_account_is_refused(tmp_path) -> None:
    """The message lists the chart."""
    with pytest.raises(ModuleError, match="no account 'overheads'"):
        plan(firm(tmp_path, other_items=items(("P0", "overheads", 1))))
