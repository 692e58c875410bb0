"""Periods that are over: what each plant did in them is known, and nothing of it is a choice.

Shipments come from their table, shifts are those worked before the plan, nothing is slowed, and
overtime is what the shipments needed. So every plan begins from the same place.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from math import ceil

from replant.decisions.sourcing.network import Network, Path, shifts_worked
from replant.decisions.sourcing.tables import Capacity, PastShipment
from replant.errors import ModuleError
from replant.units import VOLUME, Quantity, zero

__all__ = ["Past"]

_THOUSANDTH = Fraction(1, 1000)


class Past:
    """What was made and shipped in the periods that are over.

    Parameters
    ----------
    network : Network
        The exact numbers.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self.over = network.clock.over

    def least(self, path: Path, known: Path) -> Path:
        """Return lower bounds: what is known of periods that are over, else nothing."""
        nothing = (zero(path[0].unit),) * len(path)
        return self.most(nothing, known)

    def most(self, path: Path, known: Path) -> Path:
        """Return upper bounds: what is known of periods that are over, else those of a path."""
        both = zip(path, known, self.over, strict=True)
        return tuple(then if over else most for most, then, over in both)

    @cached_property
    def _shipped(self) -> dict[str, dict[int, Quantity]]:
        """What went from a line to a market, by the label of the pair and the period's index."""
        place = {period.id: index for index, period in enumerate(self._network.case.periods)}
        pairs = {pair.label for pair in self._network.pairs}
        found: dict[str, dict[int, Quantity]] = {}
        for row in self._network.case.rows(PastShipment):
            if row.period in place:
                label, index = f"{row.line},{row.market}", place[row.period]
                self._check(row, known=label in pairs, over=self.over[index])
                found.setdefault(label, {})[index] = row.quantity("volume")
        return found

    def _check(self, row: PastShipment, *, known: bool, over: bool) -> None:
        name = f"past_shipments {row.line}/{row.market}/{row.period}"
        if not over:
            raise ModuleError(
                f"{name}: {row.period} is not over, so what is shipped in it is planned; mark it "
                "in table periods or take the row away"
            )
        if not known:
            raise ModuleError(
                f"{name}: the line has no lane to that market, or no demand there; mend the row"
            )

    def shipped(self, label: str) -> Path:
        """Return what a pair shipped in the periods that are over; 0 in all others."""
        known = self._shipped.get(label, {})
        return tuple(known.get(index, zero(VOLUME)) for index in range(self._network.count))

    def ran(self, line: str) -> tuple[Quantity, ...]:
        """Return 1 for each period that is over in which a line made something, else 0."""
        labels = [pair.label for pair in self._network.pairs if pair.line.id == line]
        made = zip(*(self.shipped(label) for label in labels), strict=True) if labels else ()
        ones = tuple(Quantity.of(int(any(each))) for each in made)
        return ones or (Quantity.of(0),) * self._network.count

    def worked(self, row: Capacity, number: int) -> tuple[Quantity, ...]:
        """Return 1 for each period that is over if a plant worked that shift before, else 0."""
        there = number <= row.shifts_now
        return tuple(Quantity.of(int(over and there)) for over in self.over)

    def overtime(self, row: Capacity) -> Path:
        """Return what shipments needed beyond the shifts, up to the next thousandth."""
        shifts = min(row.shifts_now, row.shifts_max)
        full = shifts_worked(row)[shifts - 1] if shifts else Quantity.of(0)
        room = self._network.over_time(row.quantity("shift_capacity") * full)
        work = [zero(VOLUME)] * self._network.count
        for pair in self._network.pairs:
            if pair.line.plant == row.plant:
                content = pair.line.quantity("work_content")
                shipped = self.shipped(pair.label)
                work = [sum_ + each * content for sum_, each in zip(work, shipped, strict=True)]
        return tuple(_beyond(wanted, most) for wanted, most in zip(work, room, strict=True))


def _beyond(wanted: Quantity, most: Quantity) -> Quantity:
    short = max(Fraction(0), (wanted - most).value)
    return Quantity.of(ceil(short / _THOUSANDTH) * _THOUSANDTH, VOLUME)
