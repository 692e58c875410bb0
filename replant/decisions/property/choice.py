"""Which offer for which property is taken, and when."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar

from replant.case import Case, Row
from replant.decisions.property.lease import Lease, Roll
from replant.decisions.property.rows import Property, PropertyOffer
from replant.errors import ModuleError
from replant.kernel import Expr
from replant.module import Builder, Sentence, Told
from replant.units import MONEY, ONE, Cell, Quantity

__all__ = ["MODULE", "PropertySale"]

# Japan's accounting standard 34: leases come into the balance sheet.
ON_BALANCE = "JGAAP34"


class PropertySale:
    """Sells a property, or sells it and leases it back; each property at most once."""

    name: ClassVar[str] = "property"
    tables: ClassVar[tuple[type[Row], ...]] = (Property, PropertyOffer)

    def applies(self, case: Case) -> bool:
        """Return whether the firm has property."""
        return case.has("properties")

    def build(self, case: Case, to: Builder) -> None:
        """Add one choice for each offer and each period in which it stands."""
        to.stream("held", ("property", "period"), ONE)
        offers = case.rows("property_offers")
        labels = [f"{each.id},{to.period(i).id}" for each in offers for i in _open(each, to)]
        take = to.choice("take", to.dimension("take", labels)) if labels else None
        for owned in case.rows("properties"):
            chosen: dict[tuple[str, int], Expr] = {}
            for offer in offers:
                if take is None or offer.property != owned.id:
                    continue
                for index in _open(offer, to):
                    chosen[offer.id, index] = take.at(take=f"{offer.id},{to.period(index).id}")
            self._once(owned, chosen, to)
            self._holding(owned, chosen, to)
        for offer in offers:
            self._offer(offer, take, to)

    def _offer(self, offer: PropertyOffer, take: Expr | None, to: Builder) -> None:
        owned = to.case.row("properties", offer.property)
        parts: list[Expr] = []
        for index in _open(offer, to):
            assert take is not None
            taken = take.at(take=f"{offer.id},{to.period(index).id}")
            parts.append(taken)
            _Sale(to, owned, offer, index, taken).book()
        if parts:
            once = sum(parts[1:], start=parts[0])
            name = owned.name or owned.id
            verb = "sold and leased back" if offer.kind == "leaseback" else "sold"
            to.option(f"property.{offer.id}", once, f"{name} is {verb}.")

    def _once(self, owned: Property, chosen: dict[tuple[str, int], Expr], to: Builder) -> None:
        if not chosen:
            return
        first, *others = chosen.values()
        to.require(
            "once",
            sum(others, start=first),
            upper=1.0,
            rule=f"{owned.name or owned.id} can be sold only once.",
            property=owned.id,
        )

    def _holding(self, owned: Property, chosen: dict[tuple[str, int], Expr], to: Builder) -> None:
        """Book what owning costs while it is held, and what replaces it once it is left."""
        for index in range(to.count):
            time = to.period(index).id
            held = Expr.constant(1.0)
            left = Expr.constant(0.0)
            for (offer, begun), taken in chosen.items():
                if begun > index:
                    continue
                held = held - taken
                if to.case.row("property_offers", offer).kind == "sell":
                    left = left + taken
            to.post("held", held, property=owned.id, period=time)
            years = float(to.clock.years(index))
            for part, column in ((held, "keep_cost"), (left, "replacement_rent")):
                if getattr(owned, column):
                    cost = part * owned.quantity(column) * years
                    to.entry(
                        debit="overhead", credit="cash", amount=cost, time=time, recurring=True
                    )

    def explain(self, told: Told) -> Iterator[Sentence]:
        """Say what is sold, for how much, and on what lease."""
        money = told.case.settings.units.money
        for (offer, period), _ in told.chosen("take").items():
            row = told.case.row("property_offers", offer)
            owned = told.case.row("properties", row.property)
            text = f"{owned.name or owned.id} is sold in {period} for {_shown(row.price)} {money}"
            if row.kind == "leaseback":
                text += (
                    f" and leased back for {row.term_months // 12} years at {_shown(row.rent)} "
                    f"{money} a year"
                )
            gain = row.price * (1 - row.cost_share) - owned.carrying_amount
            text += f"; {_shown(gain)} {money} more than it stands in the books."
            yield Sentence(
                text=text,
                subject=f"property.{owned.id}",
                option=f"property.{offer}",
                period=period,
                cells=frozenset({row.cell("price"), row.cell("rent")}),
            )


def _open(offer: PropertyOffer, to: Builder) -> tuple[int, ...]:
    return to.clock.open_periods(offer.earliest, offer.latest)


def _shown(amount: Fraction) -> str:
    return f"{float(amount):,.1f}"


class _Sale:
    """The entries of one offer taken in one period."""

    def __init__(
        self, to: Builder, owned: Property, offer: PropertyOffer, index: int, taken: Expr
    ) -> None:
        self.to, self.owned, self.offer, self.index, self.taken = to, owned, offer, index, taken
        self.time = to.clock.at(index)
        self.instant = to.clock.instant(index)
        self.standard = self._standard(index)
        self.lease = Lease(
            to.clock, self.instant, int(offer.term_months), offer.rent, offer.fair_rate
        )

    def _standard(self, index: int) -> str:
        start = self.to.period(index).start
        standard = self.to.case.settings.accounting.standard_on(start)
        if standard is None:
            raise ModuleError(
                f"case.toml says no accounting standard for {start}: add [accounting] regime"
            )
        return standard

    def book(self) -> None:
        """Book the sale, the lease and what both are worth."""
        leased = self.offer.kind == "leaseback"
        if leased and self.offer.buy_back:
            self._loan()
        else:
            self._disposal(leased)
        self._given_up(leased)

    # -- money helpers -----------------------------------------------------------------------

    def _amount(self, value: Fraction, *columns: str) -> Expr:
        cells: set[Cell] = {self.offer.cell(each) for each in columns if each in _OFFER}
        cells |= {self.owned.cell(each) for each in columns if each not in _OFFER}
        return self.taken * Quantity(value, MONEY, frozenset(cells))

    def _entry(self, debit: str, credit: str, value: Fraction, time: str, *columns: str) -> None:
        if value:
            amount = self._amount(value, *columns)
            self.to.entry(debit=debit, credit=credit, amount=amount, time=time)

    def _deduct(self, value: Fraction, time: str, *columns: str) -> None:
        self.to.deduct(self._amount(value, *columns), time)

    # -- the sale ----------------------------------------------------------------------------

    def _disposal(self, leased: bool) -> None:
        offer, owned, time = self.offer, self.owned, self.time
        cost = offer.price * offer.cost_share
        self._entry("cash", "disposal_proceeds", offer.price, time, "price")
        self._entry("disposal_cost", "cash", cost, time, "price", "cost_share")
        carrying = owned.carrying_amount
        self._entry("disposal_carrying", "property", carrying, time, "carrying_amount")
        gain = offer.price - cost - carrying
        self._deduct(-gain, time, "price", "cost_share", "carrying_amount")
        if not leased:
            return
        for index, rent in self.lease.rents().items():
            self._deduct(rent, self.to.period(index).id, "rent", "term_months")
        {
            "JGAAP": self._off_balance,
            ON_BALANCE: self._on_balance,
            "IFRS": self._retained,
            "USGAAP": self._operating,
        }[self.standard]()

    def _off_balance(self) -> None:
        """J-GAAP: rents are expense until leases come into the balance sheet."""
        change = self._change()
        for index, rent in self.lease.rents().items():
            if change is None or index < change:
                time = self.to.period(index).id
                self._entry("lease_expense", "cash", rent, time, "rent", "term_months")
        if change is not None:
            month = self.to.clock.origins[change]
            liability = self.lease.present_value(month)
            time = self.to.period(change).id
            self._entry("rou", "lease_liabilities", liability, time, *_LEASE)
            self._roll(self.lease.rolls(month, liability, liability))

    def _change(self) -> int | None:
        """Return the first period after the sale that starts under the new standard."""
        for index in range(self.to.count):
            begun = self.to.clock.origins[index] >= self.instant
            if begun and self._standard(index) == ON_BALANCE and self.lease.rents().get(index):
                return index
        return None

    def _on_balance(self) -> None:
        liability = self.lease.present_value(self.instant)
        self._entry("rou", "lease_liabilities", liability, self.time, *_LEASE)
        self._roll(self.lease.rolls(self.instant, liability, liability))

    def _retained(self) -> None:
        """IFRS 16: only the rights that pass to the buyer are sold; the rest is kept as use."""
        liability = self.lease.present_value(self.instant)
        fair = self._fair_value()
        adjusted = liability + fair - self.offer.price
        right_of_use = self.owned.carrying_amount * adjusted / fair
        self._entry("rou", "lease_liabilities", right_of_use, self.time, *_LEASE, "market_value")
        less = liability - right_of_use
        self._entry("disposal_carrying", "lease_liabilities", less, self.time, *_LEASE)
        self._roll(self.lease.rolls(self.instant, liability, right_of_use))

    def _fair_value(self) -> Fraction:
        growth = self.to.clock.growth_at(self.owned.growth, self.instant)
        return self.owned.market_value * growth

    def _operating(self) -> None:
        """US GAAP: an operating lease in the balance sheet, rents as expense."""
        liability = self.lease.present_value(self.instant)
        self._entry("rou", "lease_liabilities", liability, self.time, *_LEASE)
        for roll in self.lease.rolls(self.instant, liability, liability):
            time = self.to.period(roll.index).id
            self._entry("lease_expense", "cash", roll.rent, time, "rent", "term_months")
            self._entry("lease_liabilities", "rou", roll.rent - roll.interest, time, *_LEASE)

    def _roll(self, rolls: tuple[Roll, ...]) -> None:
        for roll in rolls:
            time = self.to.period(roll.index).id
            self._entry("lease_interest", "lease_liabilities", roll.interest, time, *_LEASE)
            self._entry("lease_liabilities", "cash", roll.rent, time, "rent", "term_months")
            self._entry("rou_depreciation", "rou", roll.depreciation, time, *_LEASE)

    def _loan(self) -> None:
        """A right to buy back: no sale, but money lent against the property."""
        price = self.offer.price
        fee = price * self.offer.cost_share
        self._entry("cash", "financing_liability", price, self.time, "price")
        self._entry("financing_fees", "cash", fee, self.time, "price", "cost_share")
        # Money lent is no cash flow of the business: it counts at the lender's fair rate.
        lent = (price - fee) * self.to.clock.discount_at(self.offer.fair_rate, self.instant)
        columns = ("price", "cost_share", "fair_rate")
        self.to.post("financing_value", self._amount(lent, *columns))
        for roll in self.lease.rolls(self.instant, price, Fraction(0)):
            time = self.to.period(roll.index).id
            self._entry("lease_interest", "cash", roll.interest, time, *_LEASE)
            rest = roll.rent - roll.interest
            self._entry("financing_liability", "cash", rest, time, *_LEASE)
            self._deduct(roll.interest, time, *_LEASE)

    # -- value -------------------------------------------------------------------------------

    def _given_up(self, leased: bool) -> None:
        """Post what the rents and the property that is given up are worth."""
        clock, owned = self.to.clock, self.owned
        end = self.lease.ends if leased else clock.horizon
        later = owned.market_value * clock.growth_at(owned.growth, end)
        residual = later * clock.discount_at(owned.residual_rate, end)
        columns = ("market_value", "growth", "residual_rate")
        self.to.post("financing_value", -self._amount(residual, *columns))
        if leased:
            self.to.post("financing_value", -self._amount(self.lease.worth(), *_LEASE))


_OFFER = frozenset(PropertyOffer.model_fields)
_LEASE = ("rent", "term_months", "fair_rate")

MODULE = PropertySale()
