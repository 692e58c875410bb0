"""The chart of accounts, as the contract of the tables states it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["ACCOUNTS", "FINANCE_ACCOUNTS", "FLOWS", "Account"]

FLOWS = ("operating", "investing", "interest", "lease", "financing")
"""The classes of cash flow."""


@dataclass(frozen=True)
class Account:
    """One account.

    Parameters
    ----------
    name : str
        Its name.
    kind : str
        ``asset``, ``liability``, ``equity``, ``income`` or ``expense``.
    flow : str
        The class of the cash on the other side of an entry.
    operating : bool
        Whether it counts in automotive operating profit.
    taxable : bool
        Whether its balance enters taxable income as booked.
    """

    name: str
    kind: str
    flow: str = ""
    operating: bool = False
    taxable: bool = False

    @property
    def result(self) -> bool:
        """Whether the account belongs to the profit and loss account."""
        return self.kind in ("income", "expense")


_CHART = """
cash asset -
receivables inventory other_assets asset operating
ppe property investments asset investing
rou asset lease
payables provisions deferred_income other_liabilities liability operating
lease_liabilities liability lease
financing_liability debt liability financing
equity minority equity financing
revenue deal_income income operating operating taxable
variable_cost freight duty overtime labour plant_cost line_cost expense operating operating taxable
platform_cost overhead rd other_operating depreciation expense operating operating taxable
lease_expense rou_depreciation expense lease operating
lease_interest expense lease
restructuring impairment expense operating
disposal_proceeds income investing
disposal_carrying disposal_cost expense investing
interest expense interest - taxable
financing_fees expense financing - taxable
equity_income finance_dividend income operating
other_result tax expense operating
"""
_KINDS = ("asset", "liability", "equity", "income", "expense")


def _read(line: str) -> Iterator[Account]:
    words = line.split()
    # the kind is the first such word that a flow, or a dash, follows: `equity` is both
    place = next(
        index
        for index, word in enumerate(words)
        if word in _KINDS and index + 1 < len(words) and words[index + 1] in (*FLOWS, "-")
    )
    flow = words[place + 1].replace("-", "")
    marks = words[place + 2 :]
    for name in words[:place]:
        yield Account(name, words[place], flow, "operating" in marks, "taxable" in marks)


ACCOUNTS = {account.name: account for line in _CHART.split("\n") if line for account in _read(line)}
"""Every account of the firm itself, by name."""

FINANCE_ACCOUNTS = {
    account.name: account
    for account in (
        Account("finance_cash", "asset"),
        Account("finance_assets", "asset"),
        Account("finance_debt", "liability"),
        Account("finance_equity", "equity"),
        Account("finance_revenue", "income"),
        Account("finance_cost", "expense"),
        Account("finance_dividend_paid", "equity"),
    )
}
"""Every account of the captive finance arm, by name."""
