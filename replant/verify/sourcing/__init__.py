"""The exact twin of sourcing: who builds what, with how many shifts, for which market.

Money follows from shipments, shifts and launches alone. What binds them, the plants' capacity,
the lines' tooling, the markets' demand and the lanes, is checked row by row without tolerance.
"""

from __future__ import annotations

from replant.verify.cells import text, yes
from replant.verify.programme import check_once
from replant.verify.sourcing import lines, plants, shipments
from replant.verify.sourcing.past import check_past
from replant.verify.sourcing.sales import check_demand
from replant.verify.sourcing.world import SHIFTS, World
from replant.verify.told import Told

__all__ = ["COLUMNS", "NAME", "ORDER", "RECOURSE", "check", "post"]

NAME = "sourcing"
ORDER = 30
COLUMNS = frozenset({*SHIFTS, "slowed", "overtime", "launch", "on", "ship"})
RECOURSE = frozenset({"overtime", "ship"})


def post(told: Told) -> None:
    """Post volumes, crews, money and options."""
    world = World(told)
    for shipment in world.shipments:
        shipments.post_volume(world, shipment)
        if yes(shipment.market.consolidated, default=True):
            shipments.post_margin(world, shipment)
    for row in world.capacities:
        for period in told.periods:
            plants.post_shifts(world, row, period)
    for line in world.switched_lines:
        lines.post_fixed_cost(world, line)
    for line in world.launchable_lines:
        lines.post_launches(world, line)


def check(told: Told) -> None:
    """Check shifts, launches, capacity, tooling, demand and lanes."""
    world = World(told)
    _check_columns(world)
    check_past(world)
    for row in world.capacities:
        for period in told.periods:
            plants.check_shifts(world, row, period)
            plants.check_capacity(world, row, period)
    check_once(told, "launch", world.launchable_lines, "I7")
    for line in world.launchable_lines:
        lines.check_launch(world, line)
    for line in world.lines:
        lines.check_line(world, line)
    plants.check_places(world)
    check_demand(world)
    shipments.check_lanes(world)
    shipments.check_units(world)


def _check_columns(world: World) -> None:
    """Check that the plan names plants, lines and lanes of the case, with fitting values."""
    told, times = world.told, [period.id for period in world.told.periods]
    plant_times = {(text(row.plant), time) for row in world.capacities for time in times}
    for name in SHIFTS:
        told.binaries(name, plant_times)
    told.amounts("overtime", plant_times)
    told.binaries("on", {(text(line.id), time) for line in world.switched_lines for time in times})
    told.amounts(
        "ship", {(text(line.id), market, time) for line, market in world.routes for time in times}
    )
