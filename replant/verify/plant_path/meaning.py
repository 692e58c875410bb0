"""What the decisions on plants mean: states, money and options."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from replant.verify.calendar import Spread
from replant.verify.cells import number, text
from replant.verify.plant_path.arcs import Arc, arcs_of, plants_of
from replant.verify.told import Told

__all__ = ["post"]

ZERO = Fraction(0)

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


def post(told: Told) -> None:
    """Post states, their cost, what ends and begins, and options, plant by plant."""
    for plant in plants_of(told):
        arcs = arcs_of(told, plant)
        for arc in arcs:
            _post_states(told, plant, arc)
            _post_event(told, plant, arc)
            if arc.head[0] == "mothballed" and arc.head[1] == told.clock.size:
                _post_unfinished(told, plant, arc.value)
        _post_options(told, text(plant.id), arcs)


def _post_states(told: Told, plant: Any, arc: Arc) -> None:
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


def _post_event(told: Told, plant: Any, arc: Arc) -> None:
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


def _post_closure(told: Told, plant: Any, arc: Arc) -> None:
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


def _post_sale(told: Told, plant: Any, arc: Arc, price: Fraction, carrying: Fraction) -> None:
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


def _post_options(told: Told, name: str, arcs: list[Arc]) -> None:
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
