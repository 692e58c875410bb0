"""The chart of accounts: what each account is, and which cash flow an entry against cash is.

The automotive business and its captive finance arm keep separate ledgers (they share no
account), because sales-finance debt is backed by loans to customers and must enter neither
liquidity nor covenants of the industrial plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from replant.errors import ModuleError

__all__ = ["ACCOUNTS", "FINANCE_ACCOUNTS", "Account", "AccountKind", "Flow", "account"]


class AccountKind(StrEnum):
    """What an account's balance means."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    INCOME = "income"
    EXPENSE = "expense"


class Flow(StrEnum):
    """The class of a cash flow, given by the account that stands against cash."""

    OPERATING = "operating"
    INVESTING = "investing"
    INTEREST = "interest"
    LEASE = "lease"
    FINANCING = "financing"


@dataclass(frozen=True)
class Account:
    """One account.

    Parameters
    ----------
    name : str
        Its id, as used in entries and tables.
    kind : AccountKind
        Asset, liability, equity, income or expense.
    flow : Flow
        Class of the cash flow of an entry between this account and cash.
    operating : bool
        Whether it counts in automotive operating profit.
    taxable : bool
        Whether its balance enters taxable income as booked; items with a tax calendar of their
        own stand on accounts that do not.
    """

    name: str
    kind: AccountKind
    flow: Flow = Flow.OPERATING
    operating: bool = False
    taxable: bool = False

    @property
    def in_profit(self) -> bool:
        """Whether it is an account of profit and loss."""
        return self.kind in (AccountKind.INCOME, AccountKind.EXPENSE)


def _chart(*accounts: Account) -> dict[str, Account]:
    return {each.name: each for each in accounts}


_A, _L, _E, _I, _X = (
    AccountKind.ASSET,
    AccountKind.LIABILITY,
    AccountKind.EQUITY,
    AccountKind.INCOME,
    AccountKind.EXPENSE,
)

ACCOUNTS: dict[str, Account] = _chart(
    Account("cash", _A),
    Account("receivables", _A),
    Account("inventory", _A),
    Account("ppe", _A, Flow.INVESTING),
    Account("property", _A, Flow.INVESTING),
    Account("investments", _A, Flow.INVESTING),
    Account("rou", _A, Flow.LEASE),
    Account("other_assets", _A),
    Account("payables", _L),
    Account("provisions", _L),
    Account("deferred_income", _L),
    Account("other_liabilities", _L),
    Account("lease_liabilities", _L, Flow.LEASE),
    Account("financing_liability", _L, Flow.FINANCING),
    Account("debt", _L, Flow.FINANCING),
    Account("equity", _E, Flow.FINANCING),
    Account("minority", _E, Flow.FINANCING),
    *(Account(name, _I, operating=True, taxable=True) for name in ("revenue", "deal_income")),
    *(
        Account(name, _X, operating=True, taxable=True)
        for name in (
            "variable_cost",
            "freight",
            "duty",
            "overtime",
            "labour",
            "plant_cost",
            "line_cost",
            "platform_cost",
            "overhead",
            "rd",
            "other_operating",
            "depreciation",
        )
    ),
    Account("lease_expense", _X, Flow.LEASE, operating=True),
    Account("rou_depreciation", _X, Flow.LEASE, operating=True),
    Account("lease_interest", _X, Flow.LEASE),
    Account("restructuring", _X),
    Account("impairment", _X),
    Account("disposal_proceeds", _I, Flow.INVESTING),
    Account("disposal_carrying", _X, Flow.INVESTING),
    Account("disposal_cost", _X, Flow.INVESTING),
    Account("interest", _X, Flow.INTEREST, taxable=True),
    Account("financing_fees", _X, Flow.FINANCING, taxable=True),
    Account("equity_income", _I),
    Account("finance_dividend", _I),
    Account("other_result", _X),
    Account("tax", _X),
)

FINANCE_ACCOUNTS: dict[str, Account] = _chart(
    Account("finance_cash", _A),
    Account("finance_assets", _A),
    Account("finance_debt", _L, Flow.FINANCING),
    Account("finance_equity", _E, Flow.FINANCING),
    Account("finance_revenue", _I),
    Account("finance_cost", _X),
    Account("finance_dividend_paid", _E, Flow.FINANCING),
)


def account(name: str) -> Account:
    """Return an account of the automotive ledger.

    Raises
    ------
    ModuleError
        If the chart has no such account.
    """
    try:
        return ACCOUNTS[name]
    except KeyError:
        message = f"the chart has no account {name!r}; it has {', '.join(ACCOUNTS)}"
        raise ModuleError(message) from None
