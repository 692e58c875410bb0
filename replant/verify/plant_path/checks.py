"""Whether each plant walks one legal path of states, and the one it is committed to."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from replant.verify.cells import as_date, cell, number, text, yes
from replant.verify.plant_path.arcs import SHAPES, Arc, Node, arcs_of, labels_of, plants_of
from replant.verify.told import Told

__all__ = ["check"]

ZERO = Fraction(0)


def check(told: Told) -> None:
    """Check that every plant walks one legal path, and the one it is committed to."""
    plants = list(plants_of(told))
    for column in SHAPES:
        known = {
            labels for plant in plants for labels, _, _ in labels_of(told, column, text(plant.id))
        }
        told.binaries(column, known)
    for plant in plants:
        commitments = _commitments(told, text(plant.id))
        arcs = arcs_of(told, plant)
        for arc in arcs:
            _check_arc(told, plant, arc, committed=bool(commitments))
            _check_past(told, plant, arc, commitments)
        _check_walk(told, text(plant.id), arcs)
        _check_states(told, text(plant.id))
        _check_commitments(told, text(plant.id), commitments)


def _check_arc(told: Told, plant: Any, arc: Arc, *, committed: bool) -> None:
    """Check flag, window and limit of one decision."""
    shape, period = arc.shape, told.periods[arc.start]
    did, where = arc.column.replace("_", " "), ",".join(arc.labels)
    told.books.hold(
        "I6",
        not shape.flag or yes(getattr(plant, shape.flag)),
        f"{text(plant.id)}: {did} in {period.id} is not open to this plant.",
        where=where,
    )
    if shape.window and not committed:
        dated = shape.window == "dated"
        told.books.hold(
            "I6",
            told.clock.window_open(period, plant.earliest, plant.latest)
            if dated
            else told.clock.window_open(period),
            f"{text(plant.id)}: {did} may not be decided in {period.id}.",
            where=where,
        )
    if arc.column in ("sell", "sell_running") and not committed:
        told.books.hold(
            "I6",
            told.clock.window_open(period, cell(plant, "sold_from")),
            f"{text(plant.id)}: no sale is complete by {period.id}.",
            where=where,
        )
    if arc.column == "reopen":
        _check_limit(told, plant, arc)


def _check_past(told: Told, plant: Any, arc: Arc, commitments: list[tuple[Any, str]]) -> None:
    """Check that nothing begins in a period that is over but what is committed for it."""
    period = told.periods[arc.start]
    if arc.shape.window and told.clock.over(period):
        start = as_date(period.start)
        committed = any(since <= start for since, _ in commitments)
        told.books.hold(
            "I6",
            committed and arc.column != "mothball",
            f"{text(plant.id)}: {arc.column.replace('_', ' ')} in {period.id}, which is over.",
            where=",".join(arc.labels),
        )


def _check_limit(told: Told, plant: Any, arc: Arc) -> None:
    if plant.mothball_limit_months is None:
        return
    announced, period = told.periods[arc.tail[2]], told.periods[arc.start]
    idle = told.clock.start(period) - told.clock.start(announced)
    limit = number(plant.mothball_limit_months)
    told.books.at_most(
        "I6",
        idle,
        limit,
        f"{text(plant.id)} reopens in {period.id}, longer after the announcement than allowed.",
        where=",".join(arc.labels),
    )


def _check_walk(told: Told, plant: str, arcs: list[Arc]) -> None:
    """Walk the graph from the start: one way on at each step, and nothing left over."""
    rest = list(arcs)
    node: Node = ("run", 0, -1)
    while node[1] < told.clock.size:
        ways = [arc for arc in rest if arc.tail == node]
        one = len(ways) == 1 and ways[0].value == 1
        told.books.hold("I6", one, _lost(told, plant, node, len(ways)), where=plant)
        if not one:
            return
        rest.remove(ways[0])
        node = ways[0].head
    for arc in rest:
        told.books.hold(
            "I6",
            False,
            f"{plant}: {arc.column.replace('_', ' ')} in {told.periods[arc.start].id}"
            " does not follow from the states before.",
            amount=arc.value,
            where=",".join(arc.labels),
        )


def _lost(told: Told, plant: str, node: Node, ways: int) -> str:
    kind = {"run": "running", "again": "reopened"}.get(node[0], node[0])
    many = "no whole decision" if ways < 2 else "more than one decision"
    return f"{plant} is {kind} at the start of {told.periods[node[1]].id}: {many} leads on."


def _check_states(told: Told, plant: str) -> None:
    """Check that a plant is in exactly one state in each period."""
    states = {shape.state for shape in SHAPES.values() if shape.state}
    for period in told.periods:
        held = [told.books.total("state", plant, state, period.id) for state in states]
        told.books.hold(
            "I6",
            sum(held, ZERO) == 1 and max(held) == 1,
            f"{plant} is not in exactly one state in {period.id}.",
            amount=sum(held, ZERO) - 1,
            where=f"{plant},{period.id}",
        )


def _commitments(told: Told, plant: str) -> list[tuple[Any, str]]:
    """Return the dated states to which a plant is committed, in order of time."""
    found = [
        (as_date(cell(row, "from")), text(row.state))
        for row in told.rows("plant_commitments")
        if text(row.plant) == plant
    ]
    return sorted(found, key=lambda pair: str(pair[0]))


def _check_commitments(told: Told, plant: str, commitments: list[tuple[Any, str]]) -> None:
    for period in told.periods:
        start = as_date(period.start)
        due = [state for since, state in commitments if since <= start]
        if due:
            told.books.hold(
                "I6",
                told.books.total("state", plant, due[-1], period.id) == 1,
                f"{plant} is committed to be {due[-1].replace('_', ' ')} in {period.id}.",
                where=f"{plant},{period.id}",
            )
