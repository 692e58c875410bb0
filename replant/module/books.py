"""What tables carry row by row, held against the one opening balance that it is part of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from replant.case import Case, Finding
from replant.case.findings import finding
from replant.case.kinds import text_of
from replant.ledger.accounts import ACCOUNTS, AccountKind

__all__ = ["above_opening", "opening_of"]

_FEW = 5


def opening_of(case: Case, account: str) -> Fraction | None:
    """Return an opening balance, an asset's as it stands and any other's with its sign turned.

    Parameters
    ----------
    case : Case
        The case.
    account : str
        The account; where the table has no row for it, its balance is 0.

    Returns
    -------
    Fraction or None
        None where the case has no opening balances at all.
    """
    if not case.has("opening"):
        return None
    amount = sum((row.amount for row in case.rows("opening") if row.account == account), Fraction())
    return amount * _sign(account)


def above_opening(
    case: Case, account: str, table: str, columns: Sequence[str], carried: Mapping[str, Fraction]
) -> Iterator[Finding]:
    """Find rows that together carry more than the opening balance of their account.

    What is written off or repaid row by row would leave less than nothing on the account.

    Parameters
    ----------
    case : Case
        The case.
    account : str
        Account from which the rows are taken when they are written off, sold or repaid.
    table : str
        Name of the table that carries them.
    columns : sequence of str
        Headings of what is added up, the first the most likely to be wrong.
    carried : mapping of str to Fraction
        What each row carries, by its id.
    """
    balance, total = opening_of(case, account), sum(carried.values(), Fraction())
    if balance is None or not carried or total <= balance:
        return
    largest = sorted((each for each in carried if carried[each]), key=lambda each: -carried[each])
    listed = ", ".join(f"{each} {text_of(carried[each])}" for each in largest[:_FEW])
    more = f" and {len(largest) - _FEW} more" if len(largest) > _FEW else ""
    yield finding(
        "above-opening",
        case.tables[table].sheet.file,
        f"the rows ({listed}{more}) add up to {text_of(total)}, and the opening balance of "
        f"{account} that they are part of is {text_of(balance)}: it would end below 0",
        f"lower {' or '.join(columns)}, or write {text_of(total * _sign(account))} for {account} "
        f"in {case.tables['opening'].sheet.file} and mend what balances it",
        column=columns[0],
        value=text_of(total),
    )


def _sign(account: str) -> int:
    """Return 1 for an asset, and -1 for what the tables hold with the sign of a credit."""
    return 1 if ACCOUNTS[account].kind is AccountKind.ASSET else -1
