"""The arcs of plant paths: each covers a stretch of periods with one state of a plant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from replant.verify.cells import number, text
from replant.verify.told import Labels, Told

__all__ = ["SHAPES", "Arc", "Node", "Shape", "arcs_of", "labels_of", "plants_of"]

Node: TypeAlias = tuple[str, int, int]
"""Kind, period, and for mothballed plants the period of the announcement (else -1)."""


@dataclass(frozen=True)
class Shape:
    """What all arcs of one column share."""

    tail: str
    head: str
    state: str
    reach: str  # where the head lies: next, notice, reopen, same or end
    flag: str = ""
    window: str = ""  # dated, decisions or nothing


SHAPES = {
    "operate": Shape("run", "run", "operate", "next"),
    "operate_and_host": Shape("run", "run", "operate_and_host", "next", "can_host"),
    "host_only": Shape("run", "run", "host_only", "next", "can_host"),
    "close": Shape("run", "closed", "wind_down", "notice", "can_close", "dated"),
    "mothball": Shape("run", "mothballed", "wind_down", "notice", "can_mothball", "dated"),
    "keep_mothballed": Shape("mothballed", "mothballed", "mothballed", "next"),
    "reopen": Shape("mothballed", "again", "reopening", "reopen", "can_reopen", "decisions"),
    "operate_again": Shape("again", "again", "operate", "next"),
    "close_mothballed": Shape("mothballed", "closed", "", "same", "can_close", "decisions"),
    "stay_closed": Shape("closed", "closed", "closed", "next"),
    "sell": Shape("closed", "sold", "sold", "end", "can_sell", "decisions"),
    "sell_running": Shape("run", "sold", "sold", "end", "can_sell_running", "dated"),
}


@dataclass(frozen=True)
class Arc:
    """One arc that the plan uses."""

    column: str
    labels: Labels
    tail: Node
    head: Node
    value: Fraction

    @property
    def shape(self) -> Shape:
        """What it shares with all arcs of its column."""
        return SHAPES[self.column]

    @property
    def start(self) -> int:
        """The period in which it begins."""
        return self.tail[1]

    @property
    def covered(self) -> range:
        """The periods that it covers with its state."""
        return range(self.tail[1], self.head[1])


# ── the arcs of a plan ───────────────────────────────────────────────────────────────────────


def plants_of(told: Told) -> Iterator[Any]:
    """Yield the plants that have a path: the firm's own."""
    return (row for row in told.rows("plants") if text(row.kind) != "partner")


def labels_of(told: Told, column: str, plant: str) -> Iterator[tuple[Labels, int, int]]:
    """Yield the labels that a column may have, with period and announcement."""
    for period in told.periods:
        if SHAPES[column].tail != "mothballed":
            yield (plant, period.id), period.index, -1
            continue
        for announced in told.periods[: period.index + 1]:
            yield (plant, announced.id, period.id), period.index, announced.index


def arcs_of(told: Told, plant: Any) -> list[Arc]:
    """Return the arcs of a plant that the plan uses, in order of time."""
    found = []
    for column, shape in SHAPES.items():
        for labels, start, announced in labels_of(told, column, text(plant.id)):
            value = told.decision(column, *labels)
            if value:
                since = start if column == "mothball" else announced
                tail = (shape.tail, start, announced)
                head = (shape.head, _reach(told, plant, shape, start), since)
                if shape.head != "mothballed":
                    head = (*head[:2], -1)
                found.append(Arc(column, labels, tail, head, value))
    return sorted(found, key=lambda arc: (arc.start, arc.column, arc.labels))


def _reach(told: Told, plant: Any, shape: Shape, start: int) -> int:
    period = told.periods[start]
    if shape.reach == "notice":
        return told.clock.ready(period, number(plant.notice_months))
    if shape.reach == "reopen":
        return told.clock.ready(period, number(plant.reopen_months))
    return {"next": start + 1, "same": start, "end": told.clock.size}[shape.reach]
