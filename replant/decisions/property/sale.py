"""What one offer books if it is taken: the sale or the loan, the lease, and what both are worth."""

from __future__ import annotations

from fractions import Fraction

from replant.decisions.property.lease import Lease, Roll
from replant.decisions.property.rows import Property, PropertyOffer
from replant.errors import ModuleError
from replant.kernel import Expr
from replant.module import Builder
from replant.units import MONEY, Cell, Quantity

__all__ = ["Sale"]

# Japan's accounting standard 34: leases come into the balance sheet.
ON_BALANCE = "JGAAP34"
BEFORE_ANY = "JGAAP"
_OFFER = frozenset(PropertyOffer.model_fields)
_LEASE = ("rent", "term_months", "fair_rate")


class Sale:
    """The entries of one offer taken in one period.

    Parameters
    ----------
    to : Builder
        Where they are booked.
    owned : Property
        The property.
    offer : PropertyOffer
        The offer for it.
    index : int
        The period in which it is taken.
    taken : Expr
        1 where it is taken.
    """

    def __init__(
        self, to: Builder, owned: Property, offer: PropertyOffer, index: int, taken: Expr
    ) -> None:
        self.to, self.owned, self.offer, self.taken = to, owned, offer, taken
        self.time = to.clock.at(index)
        self.instant = to.clock.instant(index)
        self.standard = self._standard(index)
        self.lease = Lease(to.clock, self.instant, offer.term_months, offer.rent, offer.fair_rate)

    def _standard(self, index: int) -> str:
        start = self.to.period(index).start
        return self.to.case.settings.accounting.standard_on(start) or BEFORE_ANY

    def book(self) -> None:
        """Book the sale or the loan, the lease, and what both are worth."""
        if not self.offer.leases_back():
            self._disposal()
        elif self.offer.buy_back:
            self._loan()
        else:
            self._disposal()
            self._deduct_rents()
            self._lease_books()
        self._given_up()

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

    def _disposal(self) -> None:
        offer, time = self.offer, self.time
        cost, carrying = offer.price * offer.cost_share, self.owned.carrying_amount
        self._entry("cash", "disposal_proceeds", offer.price, time, "price")
        self._entry("disposal_cost", "cash", cost, time, "price", "cost_share")
        self._entry("disposal_carrying", "property", carrying, time, "carrying_amount")
        gain = offer.price - cost - carrying
        self._deduct(-gain, time, "price", "cost_share", "carrying_amount")

    def _given_up(self) -> None:
        """Post what the rents and the property that is given up are worth."""
        clock, owned = self.to.clock, self.owned
        end = self.lease.ends if self.offer.leases_back() else clock.horizon
        later = owned.market_value * clock.growth_at(owned.growth, end)
        residual = later * clock.discount_at(owned.residual_rate, end)
        columns = ("market_value", "growth", "residual_rate")
        self.to.post("financing_value", -self._amount(residual, *columns))
        if self.offer.leases_back():
            self.to.post("financing_value", -self._amount(self.lease.worth(), *_LEASE))

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

    # -- the lease, by the standard in force ---------------------------------------------------

    def _deduct_rents(self) -> None:
        for index, rent in self.lease.rents().items():
            self._deduct(rent, self.to.period(index).id, "rent", "term_months")

    def _lease_books(self) -> None:
        {
            BEFORE_ANY: self._off_balance,
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
            self._capitalise(self.to.clock.origins[change], self.to.period(change).id)

    def _change(self) -> int | None:
        """Return the first period after the sale that starts under the new standard."""
        rents = self.lease.rents()
        for index, start in enumerate(self.to.clock.origins[:-1]):
            if start >= self.instant and self._standard(index) == ON_BALANCE and index in rents:
                return index
        return None

    def _on_balance(self) -> None:
        self._capitalise(self.instant, self.time)

    def _capitalise(self, month: int, time: str) -> None:
        """Bring the lease into the balance sheet at what the rents still due are worth."""
        liability = self.lease.present_value(month)
        self._entry("rou", "lease_liabilities", liability, time, *_LEASE)
        self._roll(self.lease.rolls(month, liability, liability))

    def _retained(self) -> None:
        """IFRS 16: only the rights that pass to the buyer are sold; the rest is kept as use."""
        liability = self.lease.present_value(self.instant)
        fair = self._fair_value()
        adjusted = liability + fair - self.offer.price
        right_of_use = self.owned.carrying_amount * adjusted / fair
        columns = (*_LEASE, "price", "market_value", "growth", "carrying_amount")
        self._entry("rou", "lease_liabilities", right_of_use, self.time, *columns)
        less = liability - right_of_use
        self._entry("disposal_carrying", "lease_liabilities", less, self.time, *columns)
        self._roll(self.lease.rolls(self.instant, liability, right_of_use))

    def _fair_value(self) -> Fraction:
        owned = self.owned
        if not owned.market_value:
            raise ModuleError(
                f"{owned.cell('market_value')} is 0: under IFRS the gain of a leaseback is a "
                "share of the market value, so give it"
            )
        return owned.market_value * self.to.clock.growth_at(owned.growth, self.instant)

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
