"""The time graph of one plant: every path of states that it may take, and no arc besides."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import ClassVar

from replant.decisions.plant_path.rows import Plant, PlantCommitment
from replant.ledger import Clock

__all__ = ["COLUMNS", "RUN_STATES", "Arc", "Node", "TimeGraph"]

RUN_STATES = ("operate", "operate_and_host", "host_only")
COLUMNS = (
    *RUN_STATES,
    "close",
    "mothball",
    "keep_mothballed",
    "reopen",
    "operate_again",
    "close_mothballed",
    "stay_closed",
    "sell",
    "sell_running",
)
_PLACES = ("run", "mothballed", "again", "closed")


@dataclass(frozen=True)
class Node:
    """Where a plant's path may be at the start of a period.

    Parameters
    ----------
    place : {"run", "mothballed", "again", "closed"}
        What the plant is.
    period : int
        Index of the period; T at the horizon.
    since : int, optional
        Of a mothballed plant, the period in which mothballing was announced.
    """

    place: str
    period: int
    since: int | None = None

    @property
    def order(self) -> tuple[int, int, int]:
        """Its place in time; every arc leads to a later one, so the graph has no circle."""
        return self.period, _PLACES.index(self.place), -1 if self.since is None else self.since


@dataclass(frozen=True)
class Arc:
    """One step of a path: a column of the program.

    Parameters
    ----------
    column : str
        Name of the column.
    labels : tuple of str
        The column's labels.
    tail, head : Node
        From where to where; a head at the horizon ends the path, None is the end of a sale.
    state : str
        State of the plant in the periods that the arc covers.
    stop : int
        One past the last period that it covers; the first is the tail's.
    """

    column: str
    labels: tuple[str, ...]
    tail: Node
    head: Node | None
    state: str
    stop: int

    @property
    def start(self) -> int:
        """The period in which it is taken."""
        return self.tail.period

    @property
    def label(self) -> str:
        """Its labels in one."""
        return ",".join(self.labels)


@dataclass(frozen=True)
class TimeGraph:
    """All paths that one plant may take, with no arc that no path uses.

    Parameters
    ----------
    plant : Plant
        Flags, notices and windows.
    clock : Clock
        The periods.
    hosts : bool
        Whether there is a deal to host.
    commitments : sequence of PlantCommitment
        Those of this plant.
    """

    plant: Plant
    clock: Clock
    hosts: bool = False
    commitments: Sequence[PlantCommitment] = ()

    source: ClassVar[Node] = Node("run", 0)

    @cached_property
    def arcs(self) -> tuple[Arc, ...]:
        """The arcs, in the order of their tails."""
        found = sorted(self._reached(), key=lambda arc: arc.tail.order)
        leads_on: set[Node] = set()
        kept = []
        for arc in reversed(found):
            if self._ends(arc.head) or arc.head in leads_on:
                leads_on.add(arc.tail)
                kept.append(arc)
        return tuple(reversed(kept))

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """The nodes that arcs leave, and the source in any case."""
        return tuple(dict.fromkeys((self.source, *(arc.tail for arc in self.arcs))))

    def starting(self, *columns: str, period: int | None = None) -> list[Arc]:
        """Return the arcs of some columns, that start in a period or in any."""
        periods = range(self._count) if period is None else (period,)
        by_start = self._by_start
        return [
            arc for when in periods for name in columns for arc in by_start.get((name, when), ())
        ]

    def within(self, states: Sequence[str], period: int) -> list[Arc]:
        """Return the arcs on which the plant is in one of some states in a period."""
        return [arc for state in states for arc in self._by_state.get((state, period), ())]

    @cached_property
    def _by_start(self) -> dict[tuple[str, int], list[Arc]]:
        found: dict[tuple[str, int], list[Arc]] = {}
        for arc in self.arcs:
            found.setdefault((arc.column, arc.start), []).append(arc)
        return found

    @cached_property
    def _by_state(self) -> dict[tuple[str, int], list[Arc]]:
        found: dict[tuple[str, int], list[Arc]] = {}
        for arc in self.arcs:
            for period in range(arc.start, arc.stop):
                found.setdefault((arc.state, period), []).append(arc)
        return found

    def _ends(self, node: Node | None) -> bool:
        return node is None or node.period == self._count

    def _reached(self) -> Iterator[Arc]:
        waiting, seen = [self.source], {self.source}
        while waiting:
            for arc in self._leaving(waiting.pop()):
                if not self._kept_to(arc):
                    continue
                yield arc
                if arc.head is not None and not self._ends(arc.head) and arc.head not in seen:
                    seen.add(arc.head)
                    waiting.append(arc.head)

    @cached_property
    def _count(self) -> int:
        return len(self.clock.periods)

    @cached_property
    def _promised(self) -> tuple[str | None, ...]:
        """The state of each period to which the firm is committed; None where it is free."""
        ordered = sorted(self.commitments, key=lambda each: each.since)
        return tuple(
            next((each.state for each in reversed(ordered) if each.since <= period.start), None)
            for period in self.clock.periods
        )

    def _kept_to(self, arc: Arc) -> bool:
        covered = self._promised[arc.start : arc.stop]
        return all(promised in (None, arc.state) for promised in covered)

    def _is_open(self, period: int, *, window: bool = True) -> bool:
        # what is over holds only what is committed for that very period
        if self.clock.over[period]:
            return self._promised[period] is not None
        # what is committed was decided before: the plan's own windows come too late for it
        dates: tuple[date | None, date | None] = (None, None)
        if window:
            dates = self.plant.earliest, self.plant.latest
        return bool(self.commitments) or self.clock.is_open(period, *dates)

    def _may_be_sold(self, period: int) -> bool:
        """Return whether a sale that takes its time can be complete by then."""
        first = self.plant.sold_from
        start = self.clock.periods[period].start
        return bool(self.commitments) or first is None or first <= start

    def _leaving(self, node: Node) -> Iterator[Arc]:
        leaving: dict[str, Callable[[Node], Iterator[Arc]]] = {
            "run": self._from_run,
            "mothballed": self._from_mothballed,
            "again": self._from_again,
            "closed": self._from_closed,
        }
        return leaving[node.place](node)

    def _from_run(self, node: Node) -> Iterator[Arc]:
        plant, now = self.plant, node.period
        ahead = Node("run", now + 1)
        for state in RUN_STATES if self.hosts and plant.can_host else RUN_STATES[:1]:
            yield self._arc(state, node, ahead, state, now + 1)
        if not self._is_open(now):
            return
        end = self.clock.ready(now, plant.notice_months)
        # A notice that outlasts the horizon would hide its cost behind it: what the last period
        # earns goes on in the terminal value, what closing costs does not.
        seen = end < self._count or bool(self.commitments)
        if plant.can_close and seen:
            yield self._arc("close", node, Node("closed", end), "wind_down", end)
        # no commitment speaks of mothballing, so none can have begun in what is over
        if plant.can_mothball and seen and not self.clock.over[now]:
            yield self._arc("mothball", node, Node("mothballed", end, now), "wind_down", end)
        if plant.can_sell_running and self._may_be_sold(now):
            yield self._arc("sell_running", node, None, "sold", self._count)

    def _from_mothballed(self, node: Node) -> Iterator[Arc]:
        plant, now = self.plant, node.period
        ahead = Node("mothballed", now + 1, node.since)
        yield self._arc("keep_mothballed", node, ahead, "mothballed", now + 1)
        if not self._is_open(now, window=False):
            return
        if plant.can_reopen and self._within_limit(node):
            end = self.clock.ready(now, plant.reopen_months)
            yield self._arc("reopen", node, Node("again", end), "reopening", end)
        if plant.can_close:
            yield self._arc("close_mothballed", node, Node("closed", now), "closed", now)

    def _within_limit(self, node: Node) -> bool:
        limit, origins = self.plant.mothball_limit_months, self.clock.origins
        assert node.since is not None
        return limit is None or origins[node.period] - origins[node.since] <= limit

    def _from_again(self, node: Node) -> Iterator[Arc]:
        now = node.period
        yield self._arc("operate_again", node, Node("again", now + 1), "operate", now + 1)

    def _from_closed(self, node: Node) -> Iterator[Arc]:
        now = node.period
        yield self._arc("stay_closed", node, Node("closed", now + 1), "closed", now + 1)
        if self.plant.can_sell and self._is_open(now, window=False) and self._may_be_sold(now):
            yield self._arc("sell", node, None, "sold", self._count)

    def _arc(self, column: str, tail: Node, head: Node | None, state: str, stop: int) -> Arc:
        marks = (tail.period,) if tail.since is None else (tail.since, tail.period)
        labels = (self.plant.id, *(self.clock.periods[mark].id for mark in marks))
        return Arc(column, labels, tail, head, state, stop)
