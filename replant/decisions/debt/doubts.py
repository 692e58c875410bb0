"""Debts held against the opening balance: more of them cannot be, and less is never repaid."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from replant.case import Case, Finding
from replant.case.findings import finding
from replant.case.kinds import text_of
from replant.decisions.debt.rows import ExistingDebt
from replant.module import above_opening, opening_of

__all__ = ["never_repaid", "owed_above_opening"]


def owed_above_opening(case: Case) -> Iterator[Finding]:
    """Find debts that add up to more than the opening balance of debt."""
    yield from above_opening(case, "debt", "debts", ("principal",), _owed(case))


def never_repaid(case: Case) -> Iterator[Finding]:
    """Yield a warning where opening debt is in no row, and so is neither serviced nor repaid."""
    balance, owed = opening_of(case, "debt"), sum(_owed(case).values(), Fraction())
    if balance is None or balance <= owed:
        return
    yield finding(
        "debt-left",
        "tables/debts.csv",
        f"the debts add up to {text_of(owed)} and the opening balance to {text_of(balance)}: the "
        f"other {text_of(balance - owed)} bears no interest and is never repaid",
        "add a row for what is missing, with the day on which it is due",
        column="principal",
        value=text_of(owed),
    )


def _owed(case: Case) -> dict[str, Fraction]:
    """Return what is still owed when the plan begins, by debt; what was due before is repaid."""
    begins = case.periods[0].start
    return {row.id: row.principal for row in case.rows(ExistingDebt) if row.due >= begins}
