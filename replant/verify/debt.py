"""Debt: what is owed already, bonds that can be issued, revolvers that can be drawn."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

from replant.verify.calendar import as_date
from replant.verify.cells import cell, number, text
from replant.verify.told import Told

NAME = "debt"
ORDER = 50
COLUMNS: frozenset[str] = frozenset({"issue", "issue_lump", "balance"})
RECOURSE: frozenset[str] = frozenset({"issue", "balance"})

ZERO = Fraction(0)


def post(told: Told) -> None:
    """Book existing debts, issues and drawings, with interest, fees and repayment."""
    for row in told.rows("debts"):
        _existing(told, row)
    for row in told.rows("facilities"):
        if text(row.kind) == "revolver":
            _revolver(told, row)
        else:
            _post_option(told, row)
            for period in told.periods:
                amount = _issued(told, row, period)
                if amount:
                    _bond(told, row, period, amount)


def _post_option(told: Told, row: Any) -> None:
    if not number(cell(row, "lump")):
        return
    name = text(row.id)
    taken = sum((told.decision("issue_lump", name, each.id) for each in told.periods), Fraction(0))
    told.books.post("option", f"facility.{name}", amount=taken)


# ── what is owed already ────────────────────────────────────────────────────────────────────


def _existing(told: Told, row: Any) -> None:
    due, principal = as_date(row.due), number(row.principal)
    for period in told.periods:
        start = as_date(period.start)
        if due is not None and start is not None and due < start:
            return
        interest = principal * number(row.rate) * told.clock.mu(period)
        told.books.entry("interest", "cash", interest, period.id)
        if due is not None and due < _next_start(told, period):
            told.books.entry("debt", "cash", principal, period.id)
            return


def _next_start(told: Told, period: Any) -> date:
    if period.index + 1 < told.clock.size:
        following = as_date(told.periods[period.index + 1].start)
        assert following is not None
        return following
    start = as_date(period.start)
    assert start is not None
    month = start.year * 12 + start.month - 1 + int(number(period.months))
    return date(month // 12, month % 12 + 1, min(start.day, 28))


# ── bonds ───────────────────────────────────────────────────────────────────────────────────


def _issued(told: Told, row: Any, period: Any) -> Fraction:
    lump = number(cell(row, "lump"))
    if lump:
        return lump * told.decision("issue_lump", text(row.id), period.id)
    return told.decision("issue", text(row.id), period.id)


def _bond(told: Told, row: Any, period: Any, amount: Fraction) -> None:
    time = told.clock.at(period)
    books, clock = told.books, told.clock
    fee = amount * number(cell(row, "fee"))
    fair = number(row.fair_rate)
    books.entry("cash", "debt", amount, time)
    books.entry("financing_fees", "cash", fee, time)
    worth = (amount - fee) * clock.discount(fair, time)
    for paid_in, years, factor in _coupons(told, row, time):
        interest = amount * number(row.rate) * years
        worth -= interest * factor
        if paid_in is not None:
            books.entry("interest", "cash", interest, paid_in)
    repaid_in = _repaid_in(told, row, time)
    due = clock.instant(time) + number(row.term_months)
    if repaid_in is not None:
        books.entry("debt", "cash", amount, repaid_in)
        worth -= amount * clock.discount(fair, repaid_in)
    else:
        worth -= amount * clock.discount_after(fair, due)
    books.post("financing_value", amount=worth)


def _repaid_in(told: Told, row: Any, time: str) -> str | None:
    """Return the first period that ends no earlier than the bond's term; None after the end."""
    due = told.clock.instant(time) + number(row.term_months)
    first = told.clock.index(time) + 1
    return next((each.id for each in told.periods[first:] if told.clock.end(each) >= due), None)


def _coupons(told: Told, row: Any, time: str) -> Iterator[tuple[str | None, Fraction, Fraction]]:
    """Yield the period, the years and the discount factor of each interest payment."""
    clock, fair = told.clock, number(row.fair_rate)
    repaid_in = _repaid_in(told, row, time)
    for period in told.periods[clock.index(time) + 1 :]:
        yield period.id, clock.mu(period), clock.discount(fair, period.id)
        if period.id == repaid_in:
            return
    for piece in clock.slices(time, number(row.term_months)):
        if piece.time is None:
            yield None, piece.months / 12, clock.discount_slice(fair, piece)


# ── revolvers ───────────────────────────────────────────────────────────────────────────────


def _in_window(row: Any, period: Any) -> bool:
    start, first, last = (
        as_date(period.start),
        as_date(cell(row, "earliest")),
        as_date(cell(row, "latest")),
    )
    assert start is not None
    return (first is None or first <= start) and (last is None or start <= last)


def _revolver(told: Told, row: Any) -> None:
    before, worth, fair = ZERO, ZERO, number(row.fair_rate)
    books, clock, limit = told.books, told.clock, number(row.limit)
    if _in_window(row, told.periods[0]):
        books.post("undrawn", text(row.id), clock.times[0], amount=limit)
    for period in told.periods:
        balance = told.decision("balance", text(row.id), period.id)
        interest = number(row.rate) * clock.mu(period) * before
        commitment = ZERO
        if _in_window(row, period):
            commitment = number(cell(row, "commitment_fee")) * clock.mu(period) * (limit - before)
            books.post("undrawn", text(row.id), period.id, amount=limit - balance)
        books.entry("cash", "debt", balance - before, period.id)
        books.entry("interest", "cash", interest, period.id)
        books.entry("financing_fees", "cash", commitment, period.id)
        factor = clock.discount(fair, period.id)
        worth += (balance - before - interest - commitment) * factor
        before = balance
    worth -= before * clock.discount(fair, clock.times[-1])
    books.post("financing_value", amount=worth)


# ── checks ──────────────────────────────────────────────────────────────────────────────────


def check(told: Told) -> None:
    """Check amounts, limits and windows, and that no more is repaid than is owed."""
    rows = {text(row.id): row for row in told.rows("facilities")}
    _check_columns(told, rows)
    for name, row in rows.items():
        if text(row.kind) == "revolver":
            _check_revolver(told, name, row)
        else:
            _check_bond(told, name, row)
    _check_owed(told)


def _check_columns(told: Told, rows: dict[str, Any]) -> None:
    known: dict[str, set[tuple[str, ...]]] = {name: set() for name in COLUMNS}
    for name, row in rows.items():
        lumpy = "issue_lump" if number(cell(row, "lump")) else "issue"
        column = "balance" if text(row.kind) == "revolver" else lumpy
        known[column] |= {(name, period.id) for period in told.periods}
    told.amounts("issue", known["issue"], "I12")
    told.binaries("issue_lump", known["issue_lump"], "I12")
    told.amounts("balance", known["balance"], "I12")


def _check_bond(told: Told, name: str, row: Any) -> None:
    total = ZERO
    for period in told.periods:
        amount = _issued(told, row, period)
        total += amount
        told.books.hold(
            "I12",
            not amount
            or told.clock.window_open(period, cell(row, "earliest"), cell(row, "latest")),
            f"{name} cannot be issued in {period.id}.",
            amount=amount,
            where=f"{name},{period.id}",
        )
    over = total - number(row.limit)
    told.books.hold("I12", over <= 0, f"{name} exceeds its limit.", amount=over, where=name)


def _check_revolver(told: Told, name: str, row: Any) -> None:
    for period in told.periods:
        drawable = _in_window(row, period) and not told.clock.over(period)
        limit = number(row.limit) if drawable else ZERO
        balance = told.decision("balance", name, period.id)
        told.books.at_most(
            "I12",
            balance,
            limit,
            f"{name} is drawn beyond its limit.",
            where=f"{name},{period.id}",
        )


def _check_owed(told: Told) -> None:
    if ("debt",) not in told.books.elements("opening"):
        return
    owed = -told.books.total("opening", "debt")
    for time in told.clock.times:
        owed -= told.books.total("ledger", "debt", time)
        told.books.hold(
            "I12", owed >= 0, "More debt is repaid than is owed.", amount=-owed, where=time
        )
