"""The columns of the workforce, and who leaves or joins a group in a period."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import add

import numpy as np

from replant.case import Case
from replant.decisions.workforce.rows import Group, Move, VoluntaryOffer
from replant.kernel import Expr, Stage
from replant.module import Builder
from replant.units import PEOPLE, Quantity

__all__ = ["JOINING", "Dated", "Force"]

# The kinds of exits that bring people; all others take them away.
JOINING = ("moved_in", "hired")
Dated = dict[tuple[str, int], Expr]


@dataclass(frozen=True)
class Force:
    """The columns of the workforce while they are being laid out.

    A flow is keyed by its row's id and the index of the period in which it is decided; `heads`
    by group and period.
    """

    case: Case
    to: Builder

    @cached_property
    def groups(self) -> tuple[Group, ...]:
        """The groups of people."""
        return self.case.rows(Group)

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        """The ways to move."""
        return self.case.rows(Move)

    @cached_property
    def offers(self) -> tuple[VoluntaryOffer, ...]:
        """The voluntary offers."""
        return self.case.rows(VoluntaryOffer)

    @cached_property
    def _by_id(self) -> dict[str, Group]:
        return {group.id: group for group in self.groups}

    def group(self, name: str) -> Group:
        """Return a group by its id."""
        return self._by_id[name]

    def own_plant(self, group: Group) -> str | None:
        """Return the plant on whose state a group depends; a partner's plant always operates."""
        if group.plant is None or not self.case.has("plants"):
            return None
        return group.plant if self.case.row("plants", group.plant).kind == "own" else None

    @cached_property
    def count(self) -> dict[str, float]:
        """People of each group at the start."""
        return {group.id: float(group.count) for group in self.groups}

    @cached_property
    def work(self) -> float:
        """All the work there can be in the firm, in people: nobody hires more than that."""
        people = sum(max(float(row.count), float(row.minimum)) for row in self.groups)
        if self.case.has("capacities"):
            crews = (row.crew_per_shift * row.shifts_max for row in self.case.rows("capacities"))
            people += sum(float(crew) for crew in crews)
        for table in ("cost_work", "programmes"):
            if self.case.has(table):
                people += sum(float(row.people) for row in self.case.rows(table))
        return people

    def reach(self, group: Group) -> float:
        """Return the most people a group hires in a period: twice the work it can have.

        A small number keeps a yes or no that allows hiring from leaking people by its tolerance.
        """
        work = max(self.count[group.id], float(group.minimum))
        if group.plant is not None and self.case.has("capacities"):
            for row in self.case.rows("capacities"):
                if row.plant == group.plant:
                    work = max(work, float(row.crew_per_shift * row.shifts_max))
        if group.function == "rd":
            tables = [name for name in ("cost_work", "programmes") if self.case.has(name)]
            lent = sum(float(row.people) for name in tables for row in self.case.rows(name))
            work = max(work, lent)
        return 2 * work if work else self.work

    @cached_property
    def most(self) -> dict[str, float]:
        """Largest number of people each group can ever have."""
        own = {row.id: self.work if row.can_hire else self.count[row.id] for row in self.groups}
        for move in self.moves:
            own[move.to] += self.count[move.from_]
        return own

    def kept(self, group: Group, index: int) -> Quantity:
        """Return the share of a group that attrition leaves over a period."""
        return 1 - group.quantity("attrition") * self.to.clock.years(index)

    @cached_property
    def heads(self) -> Expr:
        """Headcount by group and period; recourse, as a scenario may have its own attrition."""
        groups = self.to.dimension("group", [group.id for group in self.groups])
        upper = np.array(list(self._most_by_period.values()))
        return self.to.variable(
            "heads",
            groups,
            self.to.periods,
            unit=PEOPLE,
            stage=Stage.RECOURSE,
            upper=upper,
            derived=True,
        )

    @cached_property
    def _most_by_period(self) -> dict[str, list[float]]:
        return {group.id: self._bounds(group) for group in self.groups}

    def _bounds(self, group: Group) -> list[float]:
        """Return what attrition alone leaves, plus all who may join; all of `most` if hiring."""
        if group.can_hire:
            return [self.most[group.id]] * self.to.count
        joining = self.most[group.id] - self.count[group.id]
        left, found = self.count[group.id], []
        for index in range(self.to.count):
            left *= max(0.0, float(self.kept(group, index - 1))) if index else 1.0
            found.append(left + joining)
        return found

    def joined(self, group: Group, first: int, last: int) -> list[Expr]:
        """Return who was hired or moved in, from a period to another, both included."""
        moves = [move.id for move in self.moves if move.to == group.id]
        return [
            people
            for when in range(first, last + 1)
            for people in self._at(self.move, when, moves) + self._at(self.hire, when, (group.id,))
        ]

    def most_at(self, group: Group, index: int) -> float:
        """Return the most people a group can have in a period; before the first, the count."""
        return self.count[group.id] if index < 0 else self._most_by_period[group.id][index]

    def heads_at(self, group: Group, index: int) -> Expr:
        """Return a group's headcount in a period; before the first it is the count."""
        if index < 0:
            return Expr.constant(group.quantity("count"))
        return self.heads.at(group=group.id, period=self.to.period(index).id)

    @cached_property
    def hire(self) -> Dated:
        """People hired; where hiring is allowed, in any period that is not over."""
        periods = [index for index, over in enumerate(self.to.clock.over) if not over]
        places = [(row.id, index) for row in self.groups if row.can_hire for index in periods]
        return self._columns("hire", places, [self.reach(self.group(name)) for name, _ in places])

    @cached_property
    def dismiss(self) -> Dated:
        """People given notice."""
        places = [
            (row.id, index)
            for row in self.groups
            if row.can_dismiss
            for index in self.to.clock.open_periods(row.protected_until)
        ]
        return self._columns("dismiss", places, [self.most[group] for group, _ in places])

    @cached_property
    def move(self) -> Dated:
        """People who move."""
        places = [(row.id, index) for row in self.moves for index in self.window(row)]
        source = {row.id: row.from_ for row in self.moves}
        return self._columns("move", places, [self.count[source[move]] for move, _ in places])

    @cached_property
    def leave(self) -> Dated:
        """People who take an offer."""
        places = [(row.id, index) for row in self.offers for index in self.window(row)]
        group = {row.id: row.group for row in self.offers}
        return self._columns("leave", places, [self.count[group[offer]] for offer, _ in places])

    @cached_property
    def follow(self) -> Dated:
        """People who go with their plant to whoever buys it while it runs."""
        places = [
            (row.id, index)
            for row in self.groups
            if row.plant is not None and self._can_be_sold_running(row.plant)
            for index in self._sales(row.plant)
        ]
        return self._columns("follow", places, [self.most[group] for group, _ in places])

    def _sales(self, plant: str) -> list[int]:
        """Return the periods in which a plant may be sold: open ones, and a committed one."""
        found = set(self.to.clock.open_periods())
        if self.case.has("plant_commitments"):
            for row in self.case.rows("plant_commitments"):
                if row.plant == plant and row.state == "sold":
                    starts = (each for each in self.case.periods if each.start >= row.since)
                    found.update(each.index for each in list(starts)[:1])
        return sorted(found)

    def _can_be_sold_running(self, plant: str) -> bool:
        if not self.case.has("plants"):
            return False
        row = self.case.row("plants", plant)
        return bool(row.kind == "own" and row.can_sell_running)

    @cached_property
    def open(self) -> Dated:
        """Whether an offer is open: the only binaries."""
        labels = {place: self._label(place) for place in self.leave}
        if not labels:
            return {}
        open_ = self.to.choice("open", self.to.dimension("open", labels.values()))
        return {place: open_.at(open=label) for place, label in labels.items()}

    def window(self, row: Move | VoluntaryOffer) -> tuple[int, ...]:
        """Return the periods in which a move or an offer may take effect."""
        return self.to.clock.open_periods(row.earliest, row.latest)

    def _label(self, place: tuple[str, int]) -> str:
        return f"{place[0]},{self.to.period(place[1]).id}"

    def _columns(self, name: str, places: list[tuple[str, int]], upper: list[float]) -> Dated:
        if not places:
            return {}
        labels = [self._label(place) for place in places]
        columns = self.to.variable(
            name,
            self.to.dimension(name, labels),
            unit=PEOPLE,
            stage=Stage.HERE_AND_NOW,
            upper=np.array(upper),
        )
        pairs = zip(places, labels, strict=True)
        return {place: columns.at(**{name: label}) for place, label in pairs}

    @cached_property
    def takeover_groups(self) -> dict[str, str]:
        """The group from which a partner takes people over, by plant: its first production one."""
        found: dict[str, str] = {}
        for group in self.groups:
            if group.function == "production" and group.plant:
                found.setdefault(group.plant, group.id)
        return found

    @cached_property
    def _leavers(self) -> dict[tuple[str, int], list[Expr]]:
        """Dismissed people by group and the index of the period in which they go."""
        found: dict[tuple[str, int], list[Expr]] = {}
        for (name, given), people in self.dismiss.items():
            gone = self.to.clock.ready(given, self.group(name).notice_months)
            found.setdefault((name, gone), []).append(people)
        return found

    def exits(self, group: Group, index: int) -> dict[str, Expr]:
        """Return who leaves or joins a group at the start of a period, by kind; all positive."""
        offers = (offer.id for offer in self.offers if offer.group == group.id)
        out = (move.id for move in self.moves if move.from_ == group.id)
        joining = (move.id for move in self.moves if move.to == group.id)
        found: dict[str, list[Expr]] = {
            "attrition": self._lost(group, index),
            "voluntary": self._at(self.leave, index, offers),
            "dismissed": self._leavers.get((group.id, index), []),
            "moved_out": self._at(self.move, index, out),
            "moved_in": self._at(self.move, index, joining),
            "hired": self._at(self.hire, index, (group.id,)),
            "taken_over": self._taken_over(group, index)
            + self._at(self.follow, index, (group.id,)),
        }
        return {kind: reduce(add, parts) for kind, parts in found.items() if parts}

    def _lost(self, group: Group, index: int) -> list[Expr]:
        """Return who left without an offer during the period before."""
        if not index or not group.attrition:
            return []
        share = group.quantity("attrition") * self.to.clock.years(index - 1)
        return [self.heads_at(group, index - 1) * share]

    def _taken_over(self, group: Group, index: int) -> list[Expr]:
        if group.plant is None or self.takeover_groups.get(group.plant) != group.id:
            return []
        period = self.to.period(index).id
        return [self.to.total("people_taken", plant=group.plant, period=period)]

    def _at(self, flow: Dated, index: int, ids: Iterable[str]) -> list[Expr]:
        return [flow[each, index] for each in ids if (each, index) in flow]
