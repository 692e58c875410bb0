"""Opening: balances stand apart from flows, on accounts that a balance sheet has."""

from __future__ import annotations

import pytest

from replant.errors import ModuleError
from tests.decisions.money_firm import balance, firm, over_time, plan, plan_of
from tests.decisions.small_firm import rows


def test_opening_balances_are_no_flow(tmp_path) -> None:
    """They are a stream of their own; nothing of them is in the ledger or in cash flow."""
    found = plan_of(tmp_path, opening=balance(cash=40, ppe=60, debt=-30))
    assert found.rows["opening"] == {("cash",): 40, ("debt",): -30, ("equity",): -70, ("ppe",): 60}
    assert over_time(found, "ledger", "cash") == {}
    assert found.row("cash", "now") == 40
    assert found.row("net_cash", "now") == 10


def test_the_finance_arm_opens_apart(tmp_path) -> None:
    """Its cash is not the firm's."""
    arm = rows(
        [{"account": "finance_cash", "amount": 5}, {"account": "finance_equity", "amount": -5}]
    )
    found = plan_of(tmp_path, finance_opening=arm)
    assert found.row("opening", "finance_cash") == 5
    assert found.row("cash", "now") == 100


@pytest.mark.parametrize("account", ["csh", "revenue", "finance_cash"])
def test_what_is_no_account_of_the_balance_sheet_is_refused(tmp_path, account) -> None:
    """A misspelt account would lose its balance without a word."""
    opening = rows([{"account": "cash", "amount": 9}, {"account": account, "amount": -9}])
    with pytest.raises(ModuleError, match=f"opening.{account} is no account"):
        plan(firm(tmp_path, opening=opening))
