"""The lease of a sale and leaseback: rents, their present value, and the books that follow.

Cash is the same in every accounting standard; what differs is when profit is shown and whether
the lease stands in the balance sheet.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from replant.ledger import Clock

__all__ = ["Lease", "Roll"]


@dataclass(frozen=True)
class Roll:
    """One period of a lease in the balance sheet.

    Parameters
    ----------
    index : int
        The plan period.
    rent, interest, depreciation : Fraction
        What is paid, what accrues on the liability, what the right of use loses.
    """

    index: int
    rent: Fraction
    interest: Fraction
    depreciation: Fraction


@dataclass(frozen=True)
class Lease:
    """A lease at a yearly rent, from a month on.

    Parameters
    ----------
    clock : Clock
        The case's time.
    begins : int
        Month of the first day, counted from the start of the first period.
    months : int
        Length.
    rent : Fraction
        Rent a year.
    rate : Fraction
        Rate at which the lessee would borrow alike.
    """

    clock: Clock
    begins: int
    months: int
    rent: Fraction
    rate: Fraction

    @property
    def ends(self) -> int:
        """Month at which it ends."""
        return self.begins + self.months

    @cached_property
    def payments(self) -> tuple[tuple[int, Fraction], ...]:
        """Month and amount of each rent, beyond the horizon too."""
        return tuple(
            (month, self.rent * Fraction(months, 12))
            for month, months in self.clock.payment_months(self.begins, self.months)
        )

    def rents(self) -> dict[int, Fraction]:
        """Return the rent of each plan period that has one."""
        return {
            index: self.rent * Fraction(overlap, 12)
            for index in range(len(self.clock.periods))
            if (overlap := self.clock.overlap(index, self.begins, self.months))
        }

    def present_value(self, month: int) -> Fraction:
        """Return what the rents due after a month are worth at that month."""
        now = self.clock.growth_at(self.rate, month)
        return sum(
            (
                amount * now * self.clock.discount_at(self.rate, due)
                for due, amount in self.payments
                if due > month
            ),
            Fraction(0),
        )

    def worth(self) -> Fraction:
        """Return what all rents are worth at ``now``, at the lessee's own rate."""
        return sum(
            (amount * self.clock.discount_at(self.rate, due) for due, amount in self.payments),
            Fraction(0),
        )

    def rolls(self, month: int, liability: Fraction, right_of_use: Fraction) -> tuple[Roll, ...]:
        """Return the lease in the balance sheet, period by period, from a month on.

        Parameters
        ----------
        month : int
            Month at which liability and right of use stand as given.
        liability, right_of_use : Fraction
            Amounts at that month.
        """
        left = self.ends - month
        rolls: list[Roll] = []
        for index, rent in self.rents().items():
            if self.clock.origins[index + 1] <= month:
                continue
            interest = liability * self.rate * self.clock.years(index)
            used = self.clock.overlap(index, month, left)
            rolls.append(Roll(index, rent, interest, right_of_use * Fraction(used, left)))
            liability += interest - rent
        return tuple(rolls)
