"""Small problems of the text books: farmer, aircraft, air conditioners, generation expansion."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.instances.numbers import json_of
from benchmarks.tree.core import Core, CoreBuilder
from benchmarks.tree.outcomes import Change, Stagewise, Variable
from benchmarks.tree.staged import staged_of_tree
from replant.solve.staged import Staged


def farmer(path: Path, name: str) -> Staged:
    """Return the farmer of Birge and Louveaux: acres first, then crops are bought and sold."""
    return staged_farmer(json_of(path))


def staged_farmer(data: Mapping[str, Any]) -> Staged:
    """Return the farmer from his data: what he plants, buys and sells of each crop."""
    build = CoreBuilder()
    acres = [build.column(f"acres {crop}", 0, -c) for crop, c in enumerate(data["plant_cost"])]
    build.row("land", 0, [(each, 1.0) for each in acres], upper=data["acres"])
    rows = []
    for crop, need in enumerate(data["need"]):
        row = [(acres[crop], data["yields"][0][crop])]
        if data["purchase"][crop] is not None:
            row.append((build.column(f"buy {crop}", 1, -data["purchase"][crop]), 1.0))
        prices = data["sell"][crop]
        if isinstance(prices, list):
            within, beyond = prices
            row.append((build.column(f"sell {crop}", 1, within, upper=data["sugar_quota"]), -1.0))
            row.append((build.column(f"sell {crop} beyond", 1, beyond), -1.0))
        else:
            row.append((build.column(f"sell {crop}", 1, prices), -1.0))
        rows.append(build.row(f"crop {crop}", 1, row, lower=need))
    core = build.core(maximise=True)
    changes = [
        Change.of(
            {core.entry_slot(row, acres[crop]): yields[crop] for crop, row in enumerate(rows)}
        )
        for yields in data["yields"]
    ]
    return staged_of_tree(core, Stagewise([[Variable(data["prob"], changes)]]))


def aircraft(path: Path, name: str) -> Staged:
    """Return Ferguson and Dantzig's aircraft, with the original or the extended demand."""
    data = json_of(path)
    if name.endswith("extended"):
        return staged_aircraft(data, data["extended_demand"], by_route=True)
    return staged_aircraft(data, data["original_demand"], by_route=False)


def staged_aircraft(
    data: Mapping[str, Any], demand: Mapping[str, Any], *, by_route: bool
) -> Staged:
    """Return the aircraft on routes of uncertain demand.

    Parameters
    ----------
    data, demand : mapping
        The fleet, its costs, and the demand of each route.
    by_route : bool
        State each route's expectation by itself in one scenario, which is exact since routes share
        nothing once the aircraft are assigned; else every combination of demands is a scenario.
    """
    build = CoreBuilder()
    routes = range(len(data["lost_revenue_k_per_hundred"]))
    flights: dict[tuple[int, int], int] = {}
    for kind, (seats, costs) in enumerate(
        zip(data["hundreds_of_passengers_per_aircraft"], data["monthly_cost_k"], strict=True)
    ):
        for route in routes:
            if seats[route] > 0:
                flights[kind, route] = build.column(f"type {kind} route {route}", 0, costs[route])
        own = [(flights[kind, route], 1.0) for route in routes if (kind, route) in flights]
        build.row(f"aircraft {kind}", 0, own, upper=data["aircraft"][kind])
    rows: dict[int, int] = {}
    for route in routes:
        carried = [
            (column, float(data["hundreds_of_passengers_per_aircraft"][kind][route]))
            for (kind, to), column in flights.items()
            if to == route
        ]
        lost = data["lost_revenue_k_per_hundred"][route]
        values, chances = demand["values"][route], demand["prob"][route]
        outcomes = zip(values, chances, strict=True) if by_route else [(values[0], 1.0)]
        for value, chance in outcomes:
            bumped = build.column(f"lost {route} of {value}", 1, lost * chance)
            row = [*carried, (bumped, 1.0)]
            rows[route] = build.row(f"demand {route} of {value}", 1, row, lower=value)
    core = build.core()
    if by_route:
        return staged_of_tree(core, Stagewise([[]]))
    variables = [
        _right_side(core, rows[route], demand["values"][route], demand["prob"][route])
        for route in routes
    ]
    return staged_of_tree(core, Stagewise([variables]))


def air_conditioning(path: Path, name: str) -> Staged:
    """Return Birge and Louveaux's air conditioners: make, store, and work overtime."""
    data = json_of(path)
    build = CoreBuilder()
    rows: list[int] = []
    before: list[tuple[int, float]] = []
    for stage in range(data["stages"]):
        made = build.column(
            f"made {stage}", stage, data["regular_cost"], upper=data["regular_cap"], integer=True
        )
        overtime = build.column(f"overtime {stage}", stage, data["overtime_cost"], integer=True)
        stored = build.column(
            f"stored {stage}", stage, data["storage_cost"], upper=data["storage_cap"], integer=True
        )
        need = data["demand"][stage][0]
        row = [(made, 1.0), (overtime, 1.0), (stored, -1.0), *before]
        rows.append(build.row(f"demand {stage}", stage, row, lower=need, upper=need))
        before = [(stored, 1.0)]
    core = build.core()
    return staged_of_tree(core, _equally_likely(core, rows, data["demand"]))


def generation_expansion(path: Path, name: str) -> Staged:
    """Return SDDP.jl's generation expansion: equal units, bought for good, five stages."""
    data = json_of(path)
    build = CoreBuilder()
    rows: list[int] = []
    before: list[tuple[int, float]] = []
    for stage in range(data["stages"]):
        worth = data["rho"] ** stage
        cost, most = data["build_cost"] * worth, float(data["units"])
        bought = build.column(f"bought {stage}", stage, cost, upper=most, integer=True)
        owned = build.column(f"owned {stage}", stage, 0.0, upper=most)
        made = build.column(f"made {stage}", stage, data["use_cost"] * worth)
        unmet = build.column(f"unmet {stage}", stage, data["penalty"])
        kept = [(owned, 1.0), (bought, -1.0), *before]
        build.row(f"units {stage}", stage, kept, lower=0.0, upper=0.0)
        build.row(f"room {stage}", stage, [(made, 1.0), (owned, -data["capacity"])], upper=0.0)
        need = data["demand_outcomes"][stage][0]
        rows.append(build.row(f"need {stage}", stage, [(made, 1.0), (unmet, 1.0)], lower=need))
        before = [(owned, -1.0)]
    core = build.core()
    return staged_of_tree(core, _equally_likely(core, rows, data["demand_outcomes"]))


def _equally_likely(core: Core, rows: list[int], outcomes: list[list[float]]) -> Stagewise:
    """Return independent right-hand sides, the first stage's being certain."""
    return Stagewise(
        [
            [_right_side(core, row, values, [1.0 / len(values)] * len(values))]
            for row, values in zip(rows[1:], outcomes[1:], strict=True)
        ]
    )


def _right_side(core: Core, row: int, values: list[float], chances: list[float]) -> Variable:
    slot = core.right_slot(row)
    return Variable(chances, [Change.of({slot: value}) for value in values])
