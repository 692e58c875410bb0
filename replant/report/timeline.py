"""The timeline: what happens when, in lanes on one axis of time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from replant.report.besides import besides
from replant.report.data import Action, Offer, PlantPath, PlanView, Time
from replant.report.plants import spells
from replant.report.words import Wording, plain

__all__ = ["Group", "Lane", "Segment", "Tick", "Timeline"]

STATE_WORDS = {
    "operate": "runs",
    "operate_and_host": "runs and hosts",
    "host_only": "partner only",
    "reopening": "reopens",
    "wind_down": "winds down",
    "mothballed": "mothballed",
    "closed": "closed",
    "sold": "sold",
}


@dataclass(frozen=True)
class Segment:
    """A bar in a lane; places are in percent of the axis.

    What does not fit into it stands behind it, in ``beside``.
    """

    left: float
    width: float
    colour: str
    label: str
    title: str
    beside: str = ""


@dataclass(frozen=True)
class Lane:
    """One row of the timeline."""

    name: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class Group:
    """Lanes of one kind, and a remark on those left out."""

    name: str
    lanes: tuple[Lane, ...]
    remark: str = ""


@dataclass(frozen=True)
class Tick:
    """The start of a fiscal year on the axis."""

    left: float
    name: str


@dataclass(frozen=True)
class Timeline:
    """The timeline of one plan.

    Parameters
    ----------
    plan : PlanView
        The plan.
    times : sequence of Time
        ``now`` and the periods.
    wording : Wording
        How money is written.
    """

    plan: PlanView
    times: Sequence[Time]
    wording: Wording

    @cached_property
    def _span(self) -> tuple[int, int]:
        periods = self.times[1:]
        first = date.fromisoformat(periods[0].first_day).toordinal()
        return first, date.fromisoformat(periods[-1].last_day).toordinal() + 1 - first

    def _place(self, day: str, later: int = 0) -> float:
        first, length = self._span
        return round(100 * (date.fromisoformat(day).toordinal() + later - first) / length, 3)

    @cached_property
    def _by_id(self) -> dict[str, Time]:
        return {time.id: time for time in self.times}

    def _period(self, time: str) -> Time:
        """Return a period by its id; what is done now is done in the first one."""
        found = self._by_id[time]
        return self.times[1] if found is self.times[0] else found

    def ticks(self) -> tuple[Tick, ...]:
        """Return where each fiscal year begins."""
        days: dict[str, str] = {}
        for time in self.times[1:]:
            days.setdefault(time.fiscal_year, time.first_day)
        return tuple(Tick(self._place(day), name) for name, day in days.items())

    def groups(self) -> tuple[Group, ...]:
        """Return the lanes, kind by kind; kinds in which nothing happens stay away."""
        each = (self._plants(), self._property(), self._deals(), self._platforms())
        more = (self._programmes(), *self._besides(), self._debt())
        return tuple(group for group in (*each, *more) if group.lanes or group.remark)

    # -- lanes -------------------------------------------------------------------------------

    def _plants(self) -> Group:
        own = [plant for plant in self.plan.plants if plant.states]
        moving = sorted((each for each in own if each.changes), key=self._first_change)
        still = [each.name for each in own if not each.changes]
        remark = f"Run throughout: {', '.join(still)}." if still else ""
        return Group("Plants", tuple(self._plant(each) for each in moving), remark)

    def _first_change(self, plant: PlantPath) -> int:
        first = next((n for n, state in enumerate(plant.states) if state != "operate"), 0)
        return first if plant.ends else 1000 + first

    def _plant(self, plant: PlantPath) -> Lane:
        periods = self.times[1:]
        return Lane(
            plant.name,
            tuple(
                self._segment(periods[first], periods[last], state, STATE_WORDS.get(state, state))
                for state, first, last in spells(plant.states)
            ),
        )

    def _segment(self, first: Time, last: Time, colour: str, words: str) -> Segment:
        left, right = self._place(first.first_day), self._place(last.last_day, 1)
        when = first.id if first is last else f"{first.id} to {last.id}"
        label = words if right - left > 1.35 * len(words) + 1.5 else ""
        return Segment(left, round(right - left, 3), colour, label, f"{words}, {when}")

    def _bar(self, offer: Offer, colour: str, label: str, *, lasting: bool = True) -> Lane:
        periods = self.times[1:]
        first = self._period(offer.period)
        until = self._by_id.get(offer.until)
        last = periods[-1] if lasting else first
        if until is not None and lasting:
            last = periods[max(periods.index(first), periods.index(until) - 1)]
        bar = self._segment(first, last, colour, label)
        return Lane(offer.name, (replace(bar, beside="" if bar.label else label),))

    def _taken(self, *kinds: str) -> list[Offer]:
        found = [offer for offer in self.plan.offers if offer.taken and offer.kind in kinds]
        order = [time.id for time in self.times]
        return sorted(found, key=lambda offer: order.index(offer.period))

    def _property(self) -> Group:
        words = {
            "leaseback": "sold and leased back",
            "sell": "sold",
            "loan on property": "loan",
            "stake, sell": "stake sold",
            "stake, buy": "bought",
        }
        lanes = [
            self._bar(offer, "accent", f"{words[offer.kind]}, {self.wording.amount(offer.price)}")
            for offer in self._taken(*words)
        ]
        return Group("Property and stakes", tuple(lanes))

    def _deals(self) -> Group:
        taken = self._taken("hosting", "supply")
        return Group(
            "Deals", tuple(self._bar(each, "operate-and-host", each.terms) for each in taken)
        )

    def _platforms(self) -> Group:
        ending = [each for each in self.plan.platforms if each.ends]
        periods = self.times[1:]
        lanes = [
            Lane(
                each.name,
                (
                    *self._before(each.ends),
                    self._segment(self._period(each.ends), periods[-1], "closed", "ended"),
                ),
            )
            for each in ending
        ]
        staying = len(self.plan.platforms) - len(ending)
        stay = "stays" if staying < 2 else "stay"
        told = f"{staying or 'None'} of {len(self.plan.platforms)} {stay}."
        remark = told if self.plan.platforms else ""
        return Group("Platforms", tuple(lanes), remark)

    def _before(self, period: str) -> Iterator[Segment]:
        periods = self.times[1:]
        place = periods.index(self._period(period))
        if place:
            yield self._segment(periods[0], periods[place - 1], "operate", "in use")

    def _programmes(self) -> Group:
        taken = self._taken("programme")
        every = [offer for offer in self.plan.offers if offer.kind == "programme"]
        left = [offer.name for offer in every if not offer.taken]
        remark = f"Not started: {', '.join(left)}." if left else ""
        return Group(
            "Programmes", tuple(self._bar(each, "reopening", each.terms) for each in taken), remark
        )

    def _besides(self) -> Iterator[Group]:
        """Yield a group for each module that has no lanes of its own: a bar for each deed."""
        for title, actions in besides(self.plan.actions).items():
            undated = [each.name for each in actions if each.period not in self._by_id]
            remark = f"Without a date: {', '.join(undated)}." if undated else ""
            lanes = (self._deed(each) for each in actions if each.period in self._by_id)
            yield Group(title, tuple(lanes), remark)

    def _deed(self, action: Action) -> Lane:
        first, last = self._period(action.period), self.times[-1]
        if action.until in self._by_id:
            place = self.times.index(self._period(action.until))
            last = self.times[max(self.times.index(first), place - 1)]
        bar = self._segment(first, last, "accent", "taken" if action.option else "done")
        return Lane(action.name, (replace(bar, title=action.text),))

    def _debt(self) -> Group:
        segments = []
        for flow in self.plan.cash.flows:
            if flow.debt_due:
                time = self._period(flow.time)
                text = plain(flow.debt_due, 0)
                title = f"{self.wording.amount(flow.debt_due)} due"
                segment = self._segment(time, time, "floor", title)
                segments.append(Segment(segment.left, segment.width, "floor", text, segment.title))
        return Group("Debt due", (Lane("Today's debt", tuple(segments)),) if segments else ())
