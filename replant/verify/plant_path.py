"""The exact twin of plant paths: every plant walks one legal path of states and pays for it.

A path is a walk on the time graph. Its arcs are the columns of the plan; each arc covers a stretch
of periods with one state. What is posted is linear in the columns, so it stands even where the
path is broken; whether it is a path at all is found by walking it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from replant.verify.calendar import Spread
from replant.verify.cells import as_date, cell, number, text, yes
from replant.verify.told import Labels, Told

__all__ = ["COLUMNS", "NAME", "ORDER", "check", "post"]

NAME = "plant_path"
ORDER = 10
ZERO = Fraction(0)

Node: TypeAlias = tuple[str, int, int]
"""Kind, period, and for mothballed plants the period of the announcement (else -1)."""


@dataclass(frozen=True)
class _Shape:
    """What all arcs of one column share."""

    tail: str
    head: str
    state: str
    reach: str  # where the head lies: next, notice, reopen, same or end
    flag: str = ""
    window: str = ""  # dated, decisions or nothing


_SHAPES = {
    "operate": _Shape("run", "run", "operate", "next"),
    "operate_and_host": _Shape("run", "run", "operate_and_host", "next", "can_host"),
    "host_only": _Shape("run", "run", "host_only", "next", "can_host"),
    "close": _Shape("run", "closed", "wind_down", "notice", "can_close", "dated"),
    "mothball": _Shape("run", "mothballed", "wind_down", "notice", "can_mothball", "dated"),
    "keep_mothballed": _Shape("mothballed", "mothballed", "mothballed", "next"),
    "reopen": _Shape("mothballed", "again", "reopening", "reopen", "can_reopen", "decisions"),
    "operate_again": _Shape("again", "again", "operate", "next"),
    "close_mothballed": _Shape("mothballed", "closed", "", "same", "can_close", "decisions"),
    "stay_closed": _Shape("closed", "closed", "closed", "next"),
    "sell": _Shape("closed", "sold", "sold", "end", "can_sell", "decisions"),
    "sell_running": _Shape("run", "sold", "sold", "end", "can_sell_running", "dated"),
}
COLUMNS = frozenset(_SHAPES)

_DEPRECIATING = ("operate", "operate_and_host", "host_only")
_SUSTAINED = ("operate", "operate_and_host", "host_only")
_STREAMS = {
    "operating": ("operate", "operate_and_host", "wind_down"),
    "launchable": ("operate", "operate_and_host"),
    "hosting_state": ("operate_and_host", "host_only"),
}
_FIXED_COST = {
    "operate": "fixed_cost_operating",
    "operate_and_host": "fixed_cost_hosting",
    "host_only": "fixed_cost_host_only",
    "wind_down": "fixed_cost_winding",
    "mothballed": "fixed_cost_mothballed",
    "reopening": "fixed_cost_reopening",
    "closed": "fixed_cost_closed",
}


@dataclass(frozen=True)
class _Arc:
    """One arc that the plan uses."""

    column: str
    labels: Labels
    tail: Node
    head: Node
    value: Fraction

    @property
    def shape(self) -> _Shape:
        return _SHAPES[self.column]

    @property
    def start(self) -> int:
        return self.tail[1]

    @property
    def covered(self) -> range:
        """The periods that it covers with its state."""
        return range(self.tail[1], self.head[1])


# ── the arcs of a plan ───────────────────────────────────────────────────────────────────────


def _plants(told: Told) -> Iterator[Any]:
    """Yield the plants that have a path: the firm's own."""
    return (row for row in told.rows("plants") if text(row.kind) != "partner")


def _labels(told: Told, column: str, plant: str) -> Iterator[tuple[Labels, int, int]]:
    """Yield the labels that a column may have, with period and announcement."""
    for period in told.periods:
        if _SHAPES[column].tail != "mothballed":
            yield (plant, period.id), period.index, -1
            continue
        for announced in told.periods[: period.index + 1]:
            yield (plant, announced.id, period.id), period.index, announced.index


def _arcs(told: Told, plant: Any) -> list[_Arc]:
    """Return the arcs of a plant that the plan uses, in order of time."""
    found = []
    for column, shape in _SHAPES.items():
        for labels, start, announced in _labels(told, column, text(plant.id)):
            value = told.decision(column, *labels)
            if value:
                since = start if column == "mothball" else announced
                tail = (shape.tail, start, announced)
                head = (shape.head, _reach(told, plant, shape, start), since)
                if shape.head != "mothballed":
                    head = (*head[:2], -1)
                found.append(_Arc(column, labels, tail, head, value))
    return sorted(found, key=lambda arc: (arc.start, arc.column, arc.labels))


def _reach(told: Told, plant: Any, shape: _Shape, start: int) -> int:
    period = told.periods[start]
    if shape.reach == "notice":
        return told.clock.ready(period, number(plant.notice_months))
    if shape.reach == "reopen":
        return told.clock.ready(period, number(plant.reopen_months))
    return {"next": start + 1, "same": start, "end": told.clock.size}[shape.reach]


# ── what the decisions mean ──────────────────────────────────────────────────────────────────


def post(told: Told) -> None:
    """Post states, their cost, what ends and begins, and options, plant by plant."""
    for plant in _plants(told):
        arcs = _arcs(told, plant)
        for arc in arcs:
            _post_states(told, plant, arc)
            _post_event(told, plant, arc)
            if arc.head[0] == "mothballed" and arc.head[1] == told.clock.size:
                _post_unfinished(told, plant, arc.value)
        _post_options(told, text(plant.id), arcs)


def _post_states(told: Told, plant: Any, arc: _Arc) -> None:
    name, state = text(plant.id), arc.shape.state
    for index in arc.covered:
        period = told.periods[index]
        told.books.post("state", name, state, period.id, amount=arc.value)
        for stream, states in _STREAMS.items():
            if state in states:
                told.books.post(stream, name, period.id, amount=arc.value)
        years = told.clock.mu(period) * told.clock.phi(plant.currency, period) * arc.value
        if state in _FIXED_COST:
            cost = number(getattr(plant, _FIXED_COST[state])) * years
            told.books.entry("plant_cost", "cash", cost, period.id, recurring=True)
        if state in _SUSTAINED:
            capex = number(plant.sustaining_capex) * years
            told.books.entry("ppe", "cash", capex, period.id, recurring=True)
            told.books.entry("depreciation", "ppe", capex, period.id)
        if arc.column in _DEPRECIATING:
            used = _worn(told, plant, period) * arc.value
            told.books.entry("depreciation", "ppe", used, period.id)


def _worn(told: Told, plant: Any, period: Any) -> Fraction:
    """Return the base depreciation of a period."""
    life = number(plant.life_months)
    if life <= 0:
        return ZERO
    return number(plant.carrying_amount) * told.clock.overlap(period, ZERO, life) / life


def _left(told: Told, plant: Any, period: Any) -> Fraction:
    """Return the depreciable carrying amount that is left at the start of a period."""
    life = number(plant.life_months)
    if life <= 0:
        return number(plant.carrying_amount)
    return number(plant.carrying_amount) * max(ZERO, 1 - told.clock.start(period) / life)


def _post_event(told: Told, plant: Any, arc: _Arc) -> None:
    period = told.periods[arc.start]
    if arc.column in ("close", "mothball"):
        lost = _left(told, plant, period) * arc.value
        told.books.entry("impairment", "ppe", lost, told.clock.at(period))
    if arc.column in ("close", "close_mothballed"):
        _post_closure(told, plant, arc)
    elif arc.column == "mothball":
        _post_one_off(told, plant, period, number(plant.mothball_cost) * arc.value)
    elif arc.column == "reopen":
        _post_one_off(told, plant, period, number(plant.reopen_cost) * arc.value)
    elif arc.column == "sell":
        land = number(plant.land_carrying)
        _post_sale(told, plant, arc, number(plant.sale_price), land)
    elif arc.column == "sell_running":
        carrying = number(plant.land_carrying) + _left(told, plant, period)
        _post_sale(told, plant, arc, number(plant.running_price), carrying)
        told.books.post("sold_running", text(plant.id), period.id, amount=arc.value)


def _post_closure(told: Told, plant: Any, arc: _Arc) -> None:
    clock, period = told.clock, told.periods[arc.start]
    _post_item(
        told,
        number(plant.closure_cost) * clock.phi(plant.currency, period) * arc.value,
        period,
        clock.calendar(plant.closure_recognised),
        clock.calendar(plant.closure_paid),
        clock.calendar(plant.closure_deducted),
    )
    cost = number(plant.remediation_cost) * arc.value
    if arc.head[1] == clock.size:
        last = clock.phi(plant.currency, told.periods[-1])
        told.books.post("beyond", amount=cost * last)
        return
    closed = told.periods[arc.head[1]]
    paid = clock.calendar(plant.remediation_paid)
    amount = cost * clock.phi(plant.currency, closed)
    _post_item(told, amount, closed, clock.at_once, paid, paid)


def _post_one_off(told: Told, plant: Any, period: Any, cost: Fraction) -> None:
    once = told.clock.at_once
    amount = cost * told.clock.phi(plant.currency, period)
    _post_item(told, amount, period, once, once, once)


def _post_item(
    told: Told, amount: Fraction, event: Any, recognised: Spread, paid: Spread, deducted: Spread
) -> None:
    told.books.item(
        amount,
        event,
        expense="restructuring",
        balance="provisions",
        recognised=recognised,
        paid=paid,
        deducted=deducted,
    )


def _post_sale(told: Told, plant: Any, arc: _Arc, price: Fraction, carrying: Fraction) -> None:
    period = told.periods[arc.start]
    time = told.clock.at(period)
    proceeds = price * told.clock.phi(plant.currency, period) * arc.value
    told.books.entry("cash", "disposal_proceeds", proceeds, time)
    told.books.entry("disposal_carrying", "ppe", carrying * arc.value, time)
    told.books.post("taxable", time, amount=proceeds - carrying * arc.value)


def _post_unfinished(told: Told, plant: Any, value: Fraction) -> None:
    """Charge the closure that a plant still mothballed at the horizon has put off."""
    cost = number(plant.closure_cost) + number(plant.remediation_cost)
    last = told.clock.phi(plant.currency, told.periods[-1])
    told.books.post("beyond", amount=cost * last * value)


def _post_options(told: Told, name: str, arcs: list[_Arc]) -> None:
    def total(*columns: str, at: int | None = None) -> Fraction:
        chosen = (arc for arc in arcs if arc.column in columns and at in (None, arc.start))
        return sum((arc.value for arc in chosen), ZERO)

    def option(words: str, amount: Fraction) -> None:
        told.books.post("option", f"plant.{name}.{words}", amount=amount)

    launchable = sum(
        (told.books.total("launchable", name, period.id) for period in told.periods), ZERO
    )
    option("operate", launchable / told.clock.size)
    option("close", total("close", "close_mothballed"))
    option("mothball", total("mothball"))
    option("reopen", total("reopen"))
    option("sell", total("sell", "sell_running"))
    option("run", 1 - total("close", "mothball", "sell_running"))
    for period in told.periods:
        option(f"close.{period.id}", total("close", "close_mothballed", at=period.index))
        option(f"mothball.{period.id}", total("mothball", at=period.index))


# ── what must hold ───────────────────────────────────────────────────────────────────────────


def check(told: Told) -> None:
    """Check that every plant walks one legal path, and the one it is committed to."""
    plants = list(_plants(told))
    for column in _SHAPES:
        known = {
            labels for plant in plants for labels, _, _ in _labels(told, column, text(plant.id))
        }
        told.binaries(column, known)
    for plant in plants:
        commitments = _commitments(told, text(plant.id))
        arcs = _arcs(told, plant)
        for arc in arcs:
            _check_arc(told, plant, arc, committed=bool(commitments))
            _check_past(told, plant, arc, commitments)
        _check_walk(told, text(plant.id), arcs)
        _check_states(told, text(plant.id))
        _check_commitments(told, text(plant.id), commitments)


def _check_arc(told: Told, plant: Any, arc: _Arc, *, committed: bool) -> None:
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


def _check_past(told: Told, plant: Any, arc: _Arc, commitments: list[tuple[Any, str]]) -> None:
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


def _check_limit(told: Told, plant: Any, arc: _Arc) -> None:
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


def _check_walk(told: Told, plant: str, arcs: list[_Arc]) -> None:
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
    states = {shape.state for shape in _SHAPES.values() if shape.state}
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
