"""Small published plans of open, mothball and close, and of retooling."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from benchmarks.instances.numbers import json_of
from benchmarks.instances.williams import CERTAIN
from benchmarks.tree.core import CoreBuilder
from benchmarks.tree.staged import staged_of_tree
from replant.solve.staged import Staged


def mining(path: Path, name: str) -> Staged:
    """Return Williams' mines: kept open and worked by year first, then ore is dug and blended."""
    data: dict[str, Any] = json_of(path)["W7_mining"]
    build = CoreBuilder()
    mines, years = range(len(data["capacity"])), range(data["years"])
    worth = [(1.0 + data["discount_rate"]) ** -year for year in years]
    kept, worked = {}, {}
    for year in years:
        for mine in mines:
            royalty = -data["carry_cost_if_open"][mine] * worth[year]
            label = f"{mine} in {year}"
            kept[mine, year] = build.column(f"keep {label}", 0, royalty, upper=1.0, integer=True)
            worked[mine, year] = build.column(f"work {label}", 0, 0.0, upper=1.0, integer=True)
            row = [(worked[mine, year], 1.0), (kept[mine, year], -1.0)]
            build.row(f"worked if kept {label}", 0, row, upper=0.0)
            if year:
                row = [(kept[mine, year], 1.0), (kept[mine, year - 1], -1.0)]
                build.row(f"closed for good {label}", 0, row, upper=0.0)
        row = [(worked[mine, year], 1.0) for mine in mines]
        build.row(f"most worked {year}", 0, row, upper=data["max_working"])
    for year in years:
        ore = []
        for mine in mines:
            dug = build.column(f"dig {mine} in {year}", 1, data["price"] * worth[year])
            room = [(dug, 1.0), (worked[mine, year], -data["capacity"][mine])]
            build.row(f"room {mine} in {year}", 1, room, upper=0.0)
            ore.append((dug, data["quality"][mine] - data["quality_target"][year]))
        build.row(f"quality {year}", 1, ore, lower=0.0, upper=0.0)
    return staged_of_tree(build.core(maximise=True), CERTAIN)


def motor_company(path: Path, name: str) -> Staged:
    """Return the Giant Motor Company: plants kept or retooled, customers who turn to another car.

    Of the demand for a car that is not met, some buyers take another; those who turned to it and
    are not served there are lost for the first car but may turn on like the others.
    """
    data: dict[str, Any] = json_of(path)["GMC"]
    build = CoreBuilder()
    opened = {
        plant: build.column(f"open {plant}", 0, -facts["fixed"], upper=1.0, integer=True)
        for plant, facts in data["plants"].items()
    }
    for one, other in data["exclusive"]:
        row = [(opened[one], 1.0), (opened[other], 1.0)]
        build.row(f"{one} or {other}", 0, row, upper=1.0)
    made: dict[str, list[int]] = {car: [] for car in data["demand"]}
    for plant, facts in data["plants"].items():
        cars = {}
        for car, margin in facts["margin"].items():
            cars[car] = build.column(f"{car} at {plant}", 1, margin)
            made[car].append(cars[car])
        room = [*((each, 1.0) for each in cars.values()), (opened[plant], -facts["capacity"])]
        build.row(f"room {plant}", 1, room, upper=0.0)
    missed = {car: build.column(f"missed {car}", 1, 0.0) for car in data["demand"]}
    for car, demand in data["demand"].items():
        # Made plus missed is the car's own demand and what turned to it.
        row = [*((each, 1.0) for each in made[car]), (missed[car], 1.0)]
        for other, shares in data["diversion"].items():
            if car in shares:
                row.append((missed[other], -shares[car]))
        build.row(f"demand {car}", 1, row, lower=demand, upper=demand)
    return staged_of_tree(build.core(maximise=True), CERTAIN)
