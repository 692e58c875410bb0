"""Shifts and overtime: what each plant of the capacities table can make, and whom it needs."""

from __future__ import annotations

import numpy as np

from replant.decisions.sourcing.network import Network, Path, efficiency, shifts_worked
from replant.decisions.sourcing.past import Past
from replant.decisions.sourcing.series import floats, read, times
from replant.decisions.sourcing.tables import Capacity
from replant.kernel import Expr, Stage
from replant.module import Builder
from replant.units import ONE, PEOPLE, VOLUME, Quantity

__all__ = ["Shifts"]

_MOST = 3


class Shifts:
    """The columns of shifts, overtime and added shifts; every expression runs over the periods.

    Parameters
    ----------
    network : Network
        The exact numbers.
    past : Past
        What is known of the periods that are over.
    to : Builder
        Where columns, rows and entries go.
    """

    def __init__(self, network: Network, past: Past, to: Builder) -> None:
        self._network = network
        self._past = past
        self._to = to
        self._rows = network.capacities
        self._shifts = {number: self._shift_columns(number) for number in range(1, _MOST + 1)}
        self._overtime = self._overtime_columns()
        self._added = self._added_columns()
        self._slowed = self._slowed_columns()

    def _shift_columns(self, number: int) -> Expr:
        name = f"shift_{number}"
        rows = [row for row in self._rows.values() if row.shifts_max >= number]
        free = (Quantity.of(1),) * self._to.count
        upper = [self._past.most(free, self._past.worked(row, number)) for row in rows]
        return self._to.variable(
            name,
            self._to.dimension(name, [row.plant for row in rows]),
            self._to.periods,
            unit=ONE,
            stage=Stage.HERE_AND_NOW,
            upper=floats(upper, self._to.count),
            integer=True,
        )

    def _overtime_columns(self) -> Expr:
        rows = list(self._rows.values())
        most = [(self._most_overtime(row), self._past.overtime(row)) for row in rows]
        return self._to.variable(
            "overtime",
            self._to.dimension("overtime", self._rows),
            self._to.periods,
            unit=VOLUME,
            stage=Stage.RECOURSE,
            lower=floats([self._past.least(*each) for each in most], self._to.count),
            upper=floats([self._past.most(*each) for each in most], self._to.count),
        )

    def _most_overtime(self, row: Capacity) -> Path:
        yearly = (
            row.quantity("shift_capacity") * shifts_worked(row)[-1] * row.quantity("overtime_share")
        )
        return self._network.over_time(yearly)

    def _added_columns(self) -> Expr:
        most = [[float(row.shifts_max)] * self._to.count for row in self._rows.values()]
        return self._to.variable(
            "added",
            self._to.dimension("added", self._rows),
            self._to.periods,
            unit=ONE,
            stage=Stage.HERE_AND_NOW,
            upper=np.array(most, dtype=np.float64).reshape(len(most), self._to.count),
            derived=True,
        )

    def _slowed_columns(self) -> Expr:
        rows = [row for row in self._rows.values() if row.slowest_pace < 1]
        most = [
            [
                0.0 if over else float((1 - row.slowest_pace) * row.shifts_max)
                for over in self._past.over
            ]
            for row in rows
        ]
        return self._to.variable(
            "slowed",
            self._to.dimension("slowed", [row.plant for row in rows]),
            self._to.periods,
            unit=ONE,
            stage=Stage.HERE_AND_NOW,
            upper=np.array(most, dtype=np.float64).reshape(len(most), self._to.count),
        )

    # -- what a plant can make ---------------------------------------------------------------

    def shift(self, plant: str, number: int) -> Expr:
        """Return whether a plant works its first, second or third shift."""
        return self._shifts[number].at(**{f"shift_{number}": plant})

    def _each_shift(self, row: Capacity) -> list[Expr]:
        return [self.shift(row.plant, number) for number in range(1, row.shifts_max + 1)]

    def worked(self, row: Capacity) -> Expr:
        """Return the number of shifts that a plant works."""
        first, *others = self._each_shift(row)
        return sum(others, start=first)

    def crewed(self, row: Capacity) -> Expr:
        """Return the shifts that need a crew: those worked, less what slower lines save."""
        worked = self.worked(row)
        return worked - self.slowed(row.plant) if row.slowest_pace < 1 else worked

    def slowed(self, plant: str) -> Expr:
        """Return by how many shifts the lines of a plant are slowed."""
        return self._slowed.at(slowed=plant)

    def capacity(self, row: Capacity) -> Expr:
        """Return what the shifts of a plant make without overtime."""
        first, *others = (
            times(
                shift,
                self._network.over_time(row.quantity("shift_capacity") * efficiency(row, number)),
            )
            for number, shift in enumerate(self._each_shift(row), start=1)
        )
        full = sum(others, start=first)
        if row.slowest_pace == 1:
            return full
        yearly = self._network.over_time(row.quantity("shift_capacity"))
        return full - times(self.slowed(row.plant), yearly)

    def overtime(self, plant: str) -> Expr:
        """Return what a plant makes in overtime."""
        return self._overtime.at(overtime=plant)

    # -- rows and entries --------------------------------------------------------------------

    def build(self) -> None:
        """Add the rows of shifts, the people they need and what they cost."""
        self._to.stream("crew_needed", ("plant", "period"), PEOPLE)
        for row in self._rows.values():
            self._order(row)
            self._need_plant(row)
            self._keep_as_they_were(row)
            self._limit_overtime(row)
            self._count_added(row)
            self._limit_slowing(row)
            crew = self.crewed(row) * row.quantity("crew_per_shift")
            self._to.post("crew_needed", crew, plant=row.plant)
            self._book(row)

    def _order(self, row: Capacity) -> None:
        for number in range(2, row.shifts_max + 1):
            self._to.require(
                f"shift_{number}_after_{number - 1}",
                self.shift(row.plant, number) - self.shift(row.plant, number - 1),
                upper=0.0,
                rule=f"{row.plant} works shift {number} only on top of shift {number - 1}",
                plant=row.plant,
            )

    def _need_plant(self, row: Capacity) -> None:
        if not self._network.is_own(row.plant):
            return
        self._to.require(
            "shift_needs_plant",
            self.shift(row.plant, 1) - read("operating", self._to, plant=row.plant),
            upper=0.0,
            rule=f"{row.plant} works shifts only while it operates or winds down",
            plant=row.plant,
        )

    def _keep_as_they_were(self, row: Capacity) -> None:
        """Hold the shifts worked before the plan while the plant is there, in what is over."""
        for number in range(1, min(row.shifts_now, row.shifts_max) + 1):
            for index in (index for index, over in enumerate(self._past.over) if over):
                period = self._to.period(index).id
                there = Expr.constant(1.0)
                if self._network.is_own(row.plant):
                    there = self._to.total("operating", plant=row.plant, period=period)
                self._to.require(
                    f"shift_{number}_as_it_was",
                    self.shift(row.plant, number).at(period=period) - there,
                    lower=0.0,
                    upper=0.0,
                    rule=f"{row.plant} worked shift {number} in {period}, which is over",
                    plant=row.plant,
                    period=period,
                )

    def _limit_overtime(self, row: Capacity) -> None:
        if not row.overtime_share:
            return  # its columns are bounded by 0
        self._to.require(
            "overtime_limit",
            self.overtime(row.plant) - self.capacity(row) * row.quantity("overtime_share"),
            upper=0.0,
            rule=f"Overtime at {row.plant} is at most a share of what its shifts make",
            plant=row.plant,
        )

    def _limit_slowing(self, row: Capacity) -> None:
        if row.slowest_pace == 1:
            return
        self._to.require(
            "slowest_pace",
            self.slowed(row.plant) - self.worked(row) * (1 - row.quantity("slowest_pace")),
            upper=0.0,
            rule=f"The lines of {row.plant} work no slower than their slowest pace",
            plant=row.plant,
        )

    def _count_added(self, row: Capacity) -> None:
        worked = self.worked(row)
        rise = worked - worked.lag("period", fill=row.quantity("shifts_now"))
        self._to.require(
            "added_shifts",
            self._added.at(added=row.plant) - rise,
            lower=0.0,
            rule=f"Every shift that {row.plant} adds is counted as added",
            plant=row.plant,
        )

    def _book(self, row: Capacity) -> None:
        currency = self._network.plants[row.plant].currency
        for index in range(self._to.count):
            period = self._to.period(index).id
            if row.overtime_share and row.overtime_cost:
                overtime = self.overtime(row.plant).at(period=period)
                self._to.entry(
                    debit="overtime",
                    credit="cash",
                    amount=overtime * row.quantity("overtime_cost"),
                    time=period,
                    recurring=True,
                )
            if row.add_shift_cost:
                cost = row.quantity("add_shift_cost") * self._network.exchange(currency, index)
                self._to.entry(
                    debit="line_cost",
                    credit="cash",
                    amount=self._added.at(added=row.plant, period=period) * cost,
                    time=period,
                )
