"""Property: hold, sell, sell and lease back, under the accounting standard in force."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from replant.verify.calendar import Slice, as_date
from replant.verify.cells import cell, number, text, yes
from replant.verify.told import Told

NAME = "property"
ORDER = 20
COLUMNS: frozenset[str] = frozenset({"take"})

ZERO = Fraction(0)
JGAAP, JGAAP34, IFRS, USGAAP = STANDARDS = "JGAAP", "JGAAP34", "IFRS", "USGAAP"


@dataclass(frozen=True)
class Taken:
    """An offer that the plan takes: its row, that of the property held until then, and when."""

    offer: Any
    held: Any
    period: Any
    time: str

    @property
    def leased(self) -> bool:
        """Whether the property is rented back."""
        return text(self.offer.kind) == "leaseback"

    @property
    def rate(self) -> Fraction:
        """The fair rate of the rents."""
        return number(self.offer.fair_rate)

    @property
    def price(self) -> Fraction:
        """The price paid."""
        return number(self.offer.price)

    @property
    def cost(self) -> Fraction:
        """What the sale costs."""
        return self.price * number(cell(self.offer, "cost_share"))

    @property
    def carrying(self) -> Fraction:
        """The carrying amount given up."""
        return number(self.held.carrying_amount)


@dataclass(frozen=True)
class Rent:
    """One rent: its period (None after the horizon), amount and discount from the instant."""

    piece: Slice
    amount: Fraction
    factor: Fraction


def post(told: Told) -> None:
    """Book what is held and each offer that is taken."""
    _post_options(told)
    rows = {text(row.id): row for row in told.rows("properties")}
    taken = [
        Taken(offer, rows[text(offer.property)], period, told.clock.at(period))
        for offer in told.rows("property_offers")
        if text(offer.property) in rows
        for period in told.periods
        if told.decision("take", text(offer.id), period.id) == 1
    ]
    for name, row in rows.items():
        _hold(told, name, row, [each for each in taken if text(each.held.id) == name])
    for each in taken:
        _take(told, each)


def _post_options(told: Told) -> None:
    for offer in told.rows("property_offers"):
        name = text(offer.id)
        taken = sum((told.decision("take", name, each.id) for each in told.periods), Fraction(0))
        told.books.post("option", f"property.{name}", amount=taken)


def _hold(told: Told, name: str, row: Any, taken: list[Taken]) -> None:
    gone = min((each.period.index for each in taken), default=told.clock.size)
    sold = any(not each.leased for each in taken)
    for period in told.periods:
        held = period.index < gone
        told.books.post("held", name, period.id, amount=Fraction(held))
        a_year = number(cell(row, "keep_cost")) if held else ZERO
        if not held and sold:
            a_year = number(cell(row, "replacement_rent"))
        amount = a_year * told.clock.mu(period)
        told.books.entry("overhead", "cash", amount, period.id, recurring=True)


def _take(told: Told, taken: Taken) -> None:
    rents = list(_rents(told, taken)) if taken.leased else []
    if taken.leased and yes(cell(taken.offer, "buy_back")):
        _borrow(told, taken, rents)
    else:
        _sell(told, taken)
        if taken.leased:
            _lease(told, taken, rents)
    _worth(told, taken, rents)


# ── the sale ────────────────────────────────────────────────────────────────────────────────


def _sell(told: Told, taken: Taken) -> None:
    books, time = told.books, taken.time
    books.entry("cash", "disposal_proceeds", taken.price, time)
    books.entry("disposal_cost", "cash", taken.cost, time)
    books.entry("disposal_carrying", "property", taken.carrying, time)
    books.post("taxable", time, amount=taken.price - taken.cost - taken.carrying)


def _worth(told: Told, taken: Taken, rents: list[Rent]) -> None:
    """Post what the rents and the property given up are worth: the same in every standard."""
    clock, row = told.clock, taken.held
    start = clock.discount(taken.rate, taken.time)
    worth = -start * sum((rent.amount * rent.factor for rent in rents), ZERO)
    end = clock.horizon
    if taken.leased:
        end = clock.instant(taken.time) + number(taken.offer.term_months)
    residual = number(row.market_value) * clock.growth_after(number(cell(row, "growth")), end)
    worth -= residual * clock.discount_after(number(cell(row, "residual_rate")), end)
    told.books.post("financing_value", amount=worth)


# ── the lease ───────────────────────────────────────────────────────────────────────────────


def _rents(told: Told, taken: Taken) -> Iterator[Rent]:
    start = told.clock.discount(taken.rate, taken.time)
    for piece in told.clock.slices(taken.time, number(taken.offer.term_months)):
        amount = number(taken.offer.rent) * piece.months / 12
        yield Rent(piece, amount, told.clock.discount_slice(taken.rate, piece) / start)


def _lease(told: Told, taken: Taken, rents: list[Rent]) -> None:
    for rent in rents:
        if rent.piece.time is not None:
            told.books.post("taxable", rent.piece.time, amount=-rent.amount)
    standard = _standard(told, taken.period)
    liability = sum((rent.amount * rent.factor for rent in rents), ZERO)
    if standard == JGAAP:
        _expense_then_recognise(told, taken, rents)
    elif standard == USGAAP:
        told.books.entry("rou", "lease_liabilities", liability, taken.time)
        _operating_lease(told, taken, rents, liability)
    else:
        asset = liability
        if standard == IFRS:
            asset = _retained(told, taken, liability)
        told.books.entry("rou", "disposal_carrying", asset, taken.time)
        told.books.entry("disposal_carrying", "lease_liabilities", liability, taken.time)
        _unwind(told, taken, rents, liability, asset)


def _standard(told: Told, period: Any) -> str:
    return text(_standard_on(told, period)) or JGAAP


def _standard_on(told: Told, period: Any) -> Any:
    accounting = getattr(getattr(told.case, "settings", None), "accounting", None)
    start = as_date(period.start)
    assert isinstance(start, date)
    return None if accounting is None else accounting.standard_on(start)


def _retained(told: Told, taken: Taken, liability: Fraction) -> Fraction:
    """Return the right-of-use asset: the part of the carrying amount that is kept (IFRS 16.100)."""
    growth = number(cell(taken.held, "growth"))
    fair = number(taken.held.market_value) * told.clock.growth(growth, taken.time)
    return taken.carrying * (liability + fair - taken.price) / fair if fair else liability


def _expense_then_recognise(told: Told, taken: Taken, rents: list[Rent]) -> None:
    """Expense the rents until the standard that recognises leases comes into force."""
    clock = told.clock
    first = next(
        (
            period.index
            for period in told.periods[clock.index(taken.time) + 1 :]
            if _standard(told, period) == JGAAP34
        ),
        clock.size,
    )
    for rent in rents:
        time = rent.piece.time
        if time is not None and clock.index(time) < first:
            told.books.entry("lease_expense", "cash", rent.amount, time)
    left = [
        rent for rent in rents if rent.piece.time is None or clock.index(rent.piece.time) >= first
    ]
    if first < clock.size and left:
        factor = clock.discount(taken.rate, clock.times[first]) / clock.discount(
            taken.rate, taken.time
        )
        liability = sum((rent.amount * rent.factor for rent in left), ZERO) / factor
        told.books.entry("rou", "lease_liabilities", liability, told.periods[first].id)
        _unwind(told, taken, left, liability, liability)


def _unwind(
    told: Told, taken: Taken, rents: list[Rent], liability: Fraction, asset: Fraction
) -> None:
    """Pay rents against the liability, add interest to it, write the asset off evenly."""
    months = sum((rent.piece.months for rent in rents), ZERO)
    for rent in rents:
        time = rent.piece.time
        if time is None:
            break
        interest = _interest(told, taken, time, liability)
        told.books.entry("lease_interest", "lease_liabilities", interest, time)
        told.books.entry("lease_liabilities", "cash", rent.amount, time)
        told.books.entry("rou_depreciation", "rou", asset * rent.piece.months / months, time)
        liability += interest - rent.amount
    _check_roll(told, taken, rents, liability)


def _operating_lease(told: Told, taken: Taken, rents: list[Rent], liability: Fraction) -> None:
    """Expense the rents; liability and asset shrink together."""
    for rent in rents:
        time = rent.piece.time
        if time is None:
            break
        repaid = rent.amount - _interest(told, taken, time, liability)
        told.books.entry("lease_expense", "cash", rent.amount, time)
        told.books.entry("lease_liabilities", "rou", repaid, time)
        liability -= repaid
    _check_roll(told, taken, rents, liability)


def _borrow(told: Told, taken: Taken, rents: list[Rent]) -> None:
    """Book a sale that is none: a loan on the property, which stays in the books."""
    books, time = told.books, taken.time
    books.entry("cash", "financing_liability", taken.price, time)
    books.entry("financing_fees", "cash", taken.cost, time)
    worth = (taken.price - taken.cost) * told.clock.discount(taken.rate, time)
    books.post("financing_value", amount=worth)
    liability = taken.price
    for rent in rents:
        paid_in = rent.piece.time
        if paid_in is None:
            break
        interest = _interest(told, taken, paid_in, liability)
        books.entry("lease_interest", "cash", interest, paid_in)
        books.entry("financing_liability", "cash", rent.amount - interest, paid_in)
        books.post("taxable", paid_in, amount=-interest)
        liability += interest - rent.amount


def _interest(told: Told, taken: Taken, time: str, liability: Fraction) -> Fraction:
    period = told.clock.period(time)
    assert period is not None
    return liability * taken.rate * told.clock.mu(period)


def _check_roll(told: Told, taken: Taken, rents: list[Rent], liability: Fraction) -> None:
    """Check that the liability left is what the rents after the horizon are worth at its end."""
    clock = told.clock
    end = clock.discount(taken.rate, clock.times[-1]) / clock.discount(taken.rate, taken.time)
    later = (rent.amount * rent.factor for rent in rents if rent.piece.time is None)
    owed = sum(later, ZERO) / end
    told.books.hold(
        "I10",
        liability == owed,
        f"The lease liability of {text(taken.offer.id)} does not roll to its remaining rents.",
        amount=liability - owed,
        where=text(taken.offer.id),
    )


# ── checks ──────────────────────────────────────────────────────────────────────────────────


def check(told: Told) -> None:
    """Check that offers are taken while open, and at most one for each property."""
    offers = {text(row.id): row for row in told.rows("property_offers")}
    told.binaries("take", {(name, each.id) for name in offers for each in told.periods})
    count: dict[str, Fraction] = {}
    for name, time, value in told.dated("take"):
        period = told.clock.period(time)
        if name not in offers or period is None:
            continue
        offer = offers[name]
        held = text(offer.property)
        count[held] = count.get(held, ZERO) + value
        told.books.hold(
            "windows",
            not value or told.clock.window_open(period, *_window(offer)),
            f"The offer {name} cannot be taken in {time}.",
            where=f"{name},{time}",
        )
    for period in told.periods:
        standard = _standard(told, period)
        known = standard in STANDARDS
        told.books.hold("I10", known, f"No lease is booked under {standard}.", where=period.id)
    for held, taken in count.items():
        told.books.hold("I10", taken <= 1, "A property can be given up once.", where=held)


def _window(offer: Any) -> tuple[Any, Any]:
    return cell(offer, "earliest"), cell(offer, "latest")
