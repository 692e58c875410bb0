"""The invariants that no single twin owns: the books as a whole."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction

from replant.verify.accounts import FINANCE_ACCOUNTS
from replant.verify.told import Told

__all__ = ["check"]

ZERO = Fraction(0)


def check(told: Told) -> None:
    """Check the invariants of the books as a whole."""
    for ledger in ("ledger", "finance_ledger"):
        _entries_balance(told, ledger)
    _finance_arm_balances(told)
    _provisions_roll(told)


def _entries_balance(told: Told, ledger: str) -> None:
    """I1: debits equal credits at every time."""
    sums: defaultdict[str, Fraction] = defaultdict(Fraction)
    for (_, time), amount in told.books.elements(ledger).items():
        sums[time] += amount
    for time, amount in sums.items():
        told.books.hold(
            "I1", amount == 0, f"The {ledger} does not sum to 0.", amount=amount, where=time
        )
        told.books.hold(
            "I1", time in told.clock.times, f"The {ledger} has an unknown time.", where=time
        )


def _finance_arm_balances(told: Told) -> None:
    """I2 for the finance arm: its own cash, assets, debt, equity and results sum to 0."""
    left = sum((told.books.total("opening", name) for name in FINANCE_ACCOUNTS), ZERO)
    for time in told.clock.times:
        left += sum(
            (told.books.total("finance_ledger", name, time) for name in FINANCE_ACCOUNTS), ZERO
        )
        told.books.hold(
            "I2", left == 0, "The finance arm does not balance.", amount=left, where=time
        )


def _provisions_roll(told: Told) -> None:
    """I9: what was charged and not yet paid is what provisions hold, item by item."""
    books = told.books
    charged = sum((item.recognised - item.paid for item in books.items if _held(item)), ZERO)
    booked = sum(
        (amount for (name, _), amount in books.elements("ledger").items() if name == "provisions"),
        ZERO,
    )
    other = sum(books.elements("provisions_besides").values(), ZERO)
    gap = charged + booked - other
    books.hold("I9", gap == 0, "Provisions are not charges less payments.", amount=gap)
    for item in books.items:
        due = item.paid + item.beyond
        books.hold(
            "I9",
            due in (0, item.amount),
            "A cost item is paid more or less than once.",
            amount=due - item.amount,
            where=item.balance,
        )


def _held(item: object) -> bool:
    return getattr(item, "balance", "") == "provisions"
