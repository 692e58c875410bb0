"""Lines: when each is launched, when it runs, how much it makes, and what that costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from replant.decisions.sourcing.flows import Flows
from replant.decisions.sourcing.network import Network, Pair, Path
from replant.decisions.sourcing.past import Past
from replant.decisions.sourcing.series import floats, nothing, read, times
from replant.decisions.sourcing.shifts import Shifts
from replant.decisions.sourcing.tables import Line
from replant.kernel import Expr, Stage
from replant.module import Builder
from replant.units import ONE, VOLUME, Quantity

__all__ = ["Launch", "Lines"]

# What may be made or shipped, of the most that it could be.
Room: TypeAlias = Callable[[Path], Expr]


@dataclass(frozen=True)
class Launch:
    """One period in which a line may be launched, and the first in which it then runs."""

    line: str
    start: int
    ready: int
    label: str


class Lines:
    """The columns ``launch`` and ``on``, the rows that bind production, and their money.

    Parameters
    ----------
    network : Network
        The exact numbers.
    flows : Flows
        The shipments.
    shifts : Shifts
        The plants' shifts.
    past : Past
        What is known of the periods that are over.
    to : Builder
        Where columns, rows and entries go.
    """

    def __init__(
        self, network: Network, flows: Flows, shifts: Shifts, past: Past, to: Builder
    ) -> None:
        self._network = network
        self._flows = flows
        self._shifts = shifts
        self._to = to
        self._launches = {
            line.id: self._open_launches(line) for line in network.lines if not line.tooled
        }
        labels = [each.label for group in self._launches.values() for each in group]
        self._launch = to.choice("launch", to.dimension("launch", labels))
        switched = [line.id for line in network.lines if is_switched(line)]
        self._on = self._on_columns(switched, past)
        self.made = flows.by(lambda pair: pair.line.id)

    def _on_columns(self, switched: list[str], past: Past) -> Expr:
        free = (Quantity.of(1),) * self._to.count
        known = [(free, past.ran(line)) for line in switched]
        return self._to.variable(
            "on",
            self._to.dimension("on", switched),
            self._to.periods,
            unit=ONE,
            stage=Stage.HERE_AND_NOW,
            lower=floats([past.least(*each) for each in known], self._to.count),
            upper=floats([past.most(*each) for each in known], self._to.count),
            integer=True,
        )

    def _open_launches(self, line: Line) -> tuple[Launch, ...]:
        clock = self._network.clock
        return tuple(
            Launch(
                line=line.id,
                start=index,
                ready=clock.ready(index, line.launch_lead_months),
                label=f"{line.id},{self._to.period(index).id}",
            )
            for index in clock.open_periods(line.earliest, line.latest)
        )

    # -- launches over time ------------------------------------------------------------------

    def chosen(self, launch: Launch) -> Expr:
        """Return whether a launch is chosen."""
        return self._launch.at(launch=launch.label)

    def launched(self, line: Line, when: Callable[[Launch, int], bool]) -> Expr:
        """Return, over the periods, the launches of a line for which a condition holds there."""
        total = nothing(ONE, self._to)
        for launch in self._launches.get(line.id, ()):
            holds = np.array([float(when(launch, index)) for index in range(self._to.count)])
            if holds.any():
                total += self.chosen(launch) * Expr.constant(holds, (self._to.periods,))
        return total.simplified()

    def in_ramp(self, line: Line) -> Callable[[Launch, int], bool]:
        """Return whether a launched line is in its ramp-up in a period."""
        origins = self._network.clock.origins

        def holds(launch: Launch, index: int) -> bool:
            end = origins[min(launch.ready, self._to.count)] + line.ramp_months
            return launch.ready <= index and origins[index] < end

        return holds

    # -- rows --------------------------------------------------------------------------------

    def build(self) -> None:
        """Add all rows, posts and entries of lines."""
        for line in self._network.lines:
            if not line.tooled:
                self._bind_launch(line)
                self._book_launch(line)
            if is_switched(line):
                self._bind_on(line)
                self._bind_switched(line)
                self._book_fixed_cost(line)
            else:
                self._bind_by_each(line)
        self._bind_plants()
        self._post()

    def _bind_launch(self, line: Line) -> None:
        chosen = [self.chosen(launch) for launch in self._launches[line.id]]
        once = sum(chosen, start=Expr.constant(0.0))
        model = self._to.case.called("models", line.model)
        plant = self._to.case.called("plants", line.plant)
        said = f"{plant} is tooled for {model} and launches it"
        self._to.option(f"line.{line.id}.launch", once, said)
        if not chosen:
            return
        if len(chosen) > 1:
            self._to.require(
                "launch_once",
                once,
                upper=1.0,
                rule=f"Line {line.id} is launched at most once",
                line=line.id,
            )
        if self._network.is_own(line.plant):
            # one launch at most, so its first and last day may share a row
            needed = self.launched(line, lambda launch, t: t in (launch.start, launch.ready))
            self._to.require(
                "launch_needs_plant",
                needed - read("launchable", self._to, plant=line.plant),
                upper=0.0,
                rule=f"Line {line.id} is launched only while {line.plant} operates",
                line=line.id,
            )

    def _bind_on(self, line: Line) -> None:
        on = self._on.at(on=line.id)
        for name, carrier, rule in self._carriers(line):
            self._to.require(f"line_needs_{name}", on - carrier, upper=0.0, rule=rule, line=line.id)
        if not line.tooled:
            self._to.require(
                "line_needs_launch",
                on - self.launched(line, lambda launch, t: launch.ready <= t),
                upper=0.0,
                rule=f"Line {line.id} runs only after its launch",
                line=line.id,
            )

    def _carriers(self, line: Line) -> Iterator[tuple[str, Expr, str]]:
        """Yield what a line needs: its plant, its model, its deal."""
        if self._network.is_own(line.plant):
            operating = read("operating", self._to, plant=line.plant)
            yield "plant", operating, f"Line {line.id} runs only while {line.plant} operates"
        offered = read("offered", self._to, default=1.0, model=line.model)
        yield "model", offered, f"Line {line.id} runs only while {line.model} is offered"
        if line.deal is not None:
            dealt = read("dealt", self._to, deal=line.deal)
            yield "deal", dealt, f"Line {line.id} runs only under the deal {line.deal}"

    def _bind_switched(self, line: Line) -> None:
        made = self.made.get(line.id, nothing(VOLUME, self._to))
        on = self._on.at(on=line.id)
        capacity = self._network.over_time(line.quantity("capacity"))
        room = times(on, capacity)
        if not line.tooled and line.ramp_share < 1:
            lost = tuple(each * (1 - line.quantity("ramp_share")) for each in capacity)
            room -= times(self.launched(line, self.in_ramp(line)), lost)
        self._to.require(
            "line_capacity",
            made - room,
            upper=0.0,
            rule=f"Line {line.id} makes at most its capacity, less in ramp-up, and only if it runs",
            line=line.id,
        )
        self._link(line, _flat(on), capacity, f"Line {line.id} ships only while it runs")

    def _bind_by_each(self, line: Line) -> None:
        """Bind a line that is always on by its plant, model and deal instead."""
        made = self.made.get(line.id)
        if made is None:
            return
        most = self._network.most_made(line)
        for name, carrier, rule in self._carriers(line):
            room = _flat(carrier)
            if name == "plant" and self._network.steps(line) is not None:
                # without shifts the plant makes nothing: the tighter of two bounds
                room = self._by_shifts(line)
            self._to.require(
                f"line_capacity_{name}",
                made - room(most),
                upper=0.0,
                rule=rule,
                line=line.id,
            )
            if name != "model":  # sales of a model not offered are bounded by the demand rows
                self._link(line, room, most, rule, f"_{name}")

    def _by_shifts(self, line: Line) -> Room:
        """Return the part of a most that the shifts of a line's plant allow, shift by shift.

        One shift makes no more than one shift can, however much the market wants: where two are
        needed, the bound says so, and a share of the second gives that share of its part only.
        """
        steps = self._network.steps(line) or ()

        def room(most: Path) -> Expr:
            parts = self._network.parted(most, steps)
            return sum(
                (
                    times(self._shifts.shift(line.plant, number), part)
                    for number, part in enumerate(parts, start=1)
                ),
                start=nothing(VOLUME, self._to),
            )

        return room

    def _link(self, line: Line, room: Room, made: Path, rule: str, suffix: str = "") -> None:
        """Bound each shipment of a line by the most it could be, where the line's sum does not."""
        for pair in self._pairs_of(line):
            reach = self._flows.reach(pair)
            if all(most >= limit for most, limit in zip(reach, made, strict=True)):
                continue
            self._to.require(
                f"shipment{suffix}",
                self._flows.of(pair) - room(reach),
                upper=0.0,
                rule=rule,
                line=line.id,
                market=pair.market.id,
            )

    def _pairs_of(self, line: Line) -> list[Pair]:
        return [pair for pair in self._flows.pairs if pair.line is line]

    # -- plants ------------------------------------------------------------------------------

    def _bind_plants(self) -> None:
        self._to.stream("capacity_used", ("plant", "period"), VOLUME)
        for row in self._network.capacities.values():
            room = self._shifts.capacity(row) + self._shifts.overtime(row.plant)
            used = read("capacity_used", self._to, plant=row.plant)
            for line in self._network.lines:
                if line.plant != row.plant:
                    continue
                if line.id in self.made:
                    used += self.made[line.id] * line.quantity("work_content")
                if not line.tooled and line.launch_loss:
                    lost = row.quantity("shift_capacity") * line.quantity("launch_loss")
                    used += self.launched(line, lambda launch, t: launch.ready == t) * lost
            self._to.require(
                "capacity",
                used - room,
                upper=0.0,
                rule=f"{row.plant} makes no more than its shifts and overtime allow",
                plant=row.plant,
            )

    def _post(self) -> None:
        self._to.stream("made", ("line", "period"), VOLUME)
        self._to.stream("produced", ("plant", "period"), VOLUME)
        self._to.stream("output", ("country", "period"), VOLUME)
        self._to.stream("taken", ("deal", "period"), VOLUME)
        for line, made in self.made.items():
            self._to.post("made", made, line=line)
        for plant, made in self._flows.by(lambda pair: pair.line.plant).items():
            self._to.post("produced", made, plant=plant)
            self._to.post("output", made, country=self._network.plants[plant].country)
        for deal, made in self._flows.by(lambda pair: pair.line.deal).items():
            self._to.post("taken", made, deal=deal)

    # -- money -------------------------------------------------------------------------------

    def _book_fixed_cost(self, line: Line) -> None:
        if not line.fixed_cost:
            return
        currency = self._network.plants[line.plant].currency
        yearly = self._network.over_time(line.quantity("fixed_cost"))
        for index, cost in enumerate(yearly):
            period = self._to.period(index).id
            self._to.entry(
                debit="line_cost",
                credit="cash",
                amount=self._on.at(on=line.id, period=period)
                * (cost * self._network.exchange(currency, index)),
                time=period,
                recurring=True,
            )

    def _book_launch(self, line: Line) -> None:
        clock = self._network.clock
        for launch in self._launches[line.id]:
            moved = self._network.exchange(self._network.plants[line.plant].currency, launch.start)
            if line.tooling_cost:
                self._to.item(
                    amount=self.chosen(launch) * (line.quantity("tooling_cost") * moved),
                    expense="depreciation",
                    balance="ppe",
                    recognised=clock.straight_line(launch.ready, line.tooling_life_months),
                    paid=clock.parts(launch.start, None),
                )
            if line.launch_cost:
                self._to.entry(
                    debit="line_cost",
                    credit="cash",
                    amount=self.chosen(launch) * (line.quantity("launch_cost") * moved),
                    time=clock.at(launch.start),
                )


def _flat(carrier: Expr) -> Room:
    """Return all of a most where a carrier is chosen, nothing where it is not."""
    return lambda most: times(carrier, most)


def is_switched(line: Line) -> bool:
    """Whether a line is a choice of its own: it must be launched, or running it costs money."""
    return not line.tooled or line.fixed_cost > 0
