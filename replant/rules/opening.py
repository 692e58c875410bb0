"""Opening balances: what the firm and its finance arm bring into the first period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, cast

from replant.case import Case, Finding, Id, Money, Row, meaning
from replant.case.findings import finding
from replant.case.kinds import text_of
from replant.errors import ModuleError
from replant.ledger.accounts import ACCOUNTS, FINANCE_ACCOUNTS, Account
from replant.module import Builder, Sentence, Told

__all__ = ["FinanceOpening", "Opening", "OpeningBalances"]


class Opening(Row):
    """One balance of the automotive business at the opening date."""

    table: ClassVar[str] = "opening"
    key: ClassVar[tuple[str, ...]] = ("account",)
    account: Id
    amount: Money = meaning("Balance: assets positive, liabilities and equity negative")


class FinanceOpening(Row):
    """One balance of the captive finance arm at the opening date."""

    table: ClassVar[str] = "finance_opening"
    key: ClassVar[tuple[str, ...]] = ("account",)
    account: Id
    amount: Money = meaning("Balance: assets positive, liabilities and equity negative")


class OpeningBalances:
    """Posts the opening balances as rows of their own, apart from flows."""

    name: ClassVar[str] = "opening"
    tables: ClassVar[tuple[type[Row], ...]] = (Opening, FinanceOpening)

    def applies(self, case: Case) -> bool:
        """Return whether the case has opening balances."""
        return case.has("opening") or case.has("finance_opening")

    def contradictions(self, case: Case) -> Iterator[Finding]:
        """Find opening balances that do not balance."""
        for table, own_funds in (("opening", "equity"), ("finance_opening", "finance_equity")):
            yield from _unbalanced(case, table, own_funds)

    def cautions(self, case: Case) -> Iterator[Finding]:
        """Find a case that begins with nothing."""
        if not case.rows("opening"):
            yield finding(
                "no-opening",
                "tables/opening.csv",
                "no opening balance is given: the firm begins with nothing, not even cash",
                "give the balance of the last day before the plan",
            )

    def build(self, case: Case, to: Builder) -> None:
        """Post each balance to the stream ``opening``."""
        for table, chart in (("opening", ACCOUNTS), ("finance_opening", FINANCE_ACCOUNTS)):
            for row in case.rows(table):
                _check(row, chart)
                to.post("opening", row.quantity("amount"), account=row.account)

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say nothing: opening balances are not chosen."""
        yield from ()


def _unbalanced(case: Case, name: str, own_funds: str) -> Iterator[Finding]:
    """Find an opening balance that does not balance; decimals are exact, so it must be to 0."""
    table = case.tables.get(name)
    numbered = () if table is None else table.numbered()
    found = ((number, cast(Opening | FinanceOpening, row)) for number, row in numbered)
    rows = {row.account: (number, row) for number, row in found}
    left = sum(row.amount for _, row in rows.values())
    if table is None or left == 0:
        return
    number, own = rows.get(own_funds, (None, None))
    wanted = text_of(-left if own is None else own.amount - left)
    fix = f"mend the account that is wrong; if it is only rounding, {own_funds} is {wanted}"
    yield finding(
        "opening-unbalanced",
        table.sheet.file,
        "assets are positive, liabilities and equity negative, and together they are 0, not "
        f"{text_of(left)}",
        fix,
        row=number,
        column="amount",
        value="" if own is None else text_of(own.amount),
    )


def _check(row: Opening | FinanceOpening, chart: Mapping[str, Account]) -> None:
    """Refuse what cannot be brought into a year: an unknown account, or one of profit and loss."""
    balances = [each.name for each in chart.values() if not each.in_profit]
    if row.account not in balances:
        raise ModuleError(
            f"{row.table}.{row.account} is no account of the balance sheet: use one of "
            f"{', '.join(balances)}"
        )


MODULE = OpeningBalances()
