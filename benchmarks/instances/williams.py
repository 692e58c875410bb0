"""Models of H. P. Williams' book, with the optima printed beside them in public notebooks."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from benchmarks.instances.numbers import json_of
from benchmarks.tree.core import CoreBuilder
from benchmarks.tree.outcomes import Stagewise
from benchmarks.tree.staged import staged_of_tree
from replant.solve.staged import Staged

# One outcome of the second stage that changes nothing.
CERTAIN = Stagewise([[]])


def depots(path: Path, name: str) -> Staged:
    """Return Distribution 1 (all existing depots stay) or 2 (open, close, expand)."""
    data = json_of(path)
    return _free_depots(data) if name == "distribution2" else _given_depots(data)


def _free_depots(data: dict[str, Any]) -> Staged:
    """Depots are chosen first; then all flows follow."""
    build = CoreBuilder()
    opened = {
        depot: build.column(
            f"open {depot}",
            0,
            cost,
            lower=1.0 if depot in data["always_open"] else 0.0,
            upper=1.0,
            integer=True,
        )
        for depot, cost in data["open_cost"].items()
    }
    larger = data["expand"]
    expand = build.column("expand", 0, larger["cost"], upper=1.0, integer=True)
    build.row("most depots", 0, [(each, 1.0) for each in opened.values()], upper=data["max_open"])
    arcs = {arc: build.column(arc, 1, cost) for arc, cost in data["arc_cost"].items()}
    _flow_rows(build, data, arcs, stage=1)
    for depot, room in data["throughput"].items():
        extra = [(expand, -float(larger["extra"]))] if depot == larger["depot"] else []
        into = [(column, 1.0) for column in _into(arcs, depot)]
        build.row(f"room {depot}", 1, [*into, (opened[depot], -float(room)), *extra], upper=0.0)
    return staged_of_tree(build.core(constant=data["objective_constant"]), CERTAIN)


def _given_depots(data: dict[str, Any]) -> Staged:
    """Factories ship first; then the depots that exist pass on what they got."""
    build = CoreBuilder()
    gone = set(data["throughput"]) - set(data["distribution1"]["depots"])
    arcs = {
        arc: build.column(arc, 0 if arc.split(">")[0] in data["supply"] else 1, cost)
        for arc, cost in data["arc_cost"].items()
        if not gone & set(arc.split(">"))
    }
    _flow_rows(build, data, arcs, stage=0)
    for depot in data["distribution1"]["depots"]:
        into = [(column, 1.0) for column in _into(arcs, depot)]
        build.row(f"room {depot}", 0, into, upper=data["throughput"][depot])
    return staged_of_tree(build.core(), CERTAIN)


def _flow_rows(
    build: CoreBuilder, data: dict[str, Any], arcs: dict[str, int], *, stage: int
) -> None:
    """Add what factories have, what depots pass on and what customers need."""
    for factory, most in data["supply"].items():
        out = [(column, 1.0) for column in _out_of(arcs, factory)]
        build.row(f"supply {factory}", stage, out, upper=most)
    for depot in data["throughput"]:
        into = [(column, 1.0) for column in _into(arcs, depot)]
        out = [(column, -1.0) for column in _out_of(arcs, depot)]
        if into or out:
            build.row(f"balance {depot}", 1, [*into, *out], lower=0.0, upper=0.0)
    for customer, need in data["demand"].items():
        into = [(column, 1.0) for column in _into(arcs, customer)]
        build.row(f"demand {customer}", 1, into, lower=need, upper=need)


def _into(arcs: dict[str, int], place: str) -> list[int]:
    return [column for arc, column in arcs.items() if arc.split(">")[1] == place]


def _out_of(arcs: dict[str, int], place: str) -> list[int]:
    return [column for arc, column in arcs.items() if arc.split(">")[0] == place]


def factory_planning(path: Path, name: str) -> Staged:
    """Return Factory Planning 1: the first month first, the other months after it."""
    data = json_of(path)
    build = CoreBuilder()
    stored: dict[str, int] = {}
    months = data["months"]
    for stage, month in enumerate(months):
        last = month == months[-1]
        made: dict[str, int] = {}
        for product, profit in data["profit"].items():
            made[product] = build.column(f"make {product} {month}", stage, 0.0)
            most = data["max_sales"][f"{month}|{product}"]
            sold = build.column(f"sell {product} {month}", stage, profit, upper=most)
            target = data["store_target"] if last else 0.0
            store = build.column(
                f"store {product} {month}",
                stage,
                -data["holding_cost"],
                lower=target,
                upper=target if last else data["max_inventory"],
            )
            before = [(stored[product], 1.0)] if product in stored else []
            balance = [(made[product], 1.0), *before, (sold, -1.0), (store, -1.0)]
            build.row(f"balance {product} {month}", stage, balance, lower=0.0, upper=0.0)
            stored[product] = store
        for machine, hours in data["time_req"].items():
            running = data["installed"][machine] - data["down"].get(f"{month}|{machine}", 0)
            used = [(made[product], each) for product, each in hours.items()]
            build.row(f"{machine} {month}", stage, used, upper=running * data["hours_per_month"])
    return staged_of_tree(build.core(maximise=True), Stagewise([[] for _ in months[1:]]))


def decentralization(path: Path, name: str) -> Staged:
    """Return Decentralization: departments choose cities, then pairs of them communicate."""
    data = json_of(path)
    build = CoreBuilder()
    placed: dict[tuple[str, str], int] = {}
    for department in data["Deparments"]:
        for city in data["Cities"]:
            benefit = data["benefit"][f"{department}|{city}"]
            placed[department, city] = build.column(
                f"{department} in {city}", 0, benefit, upper=1.0, integer=True
            )
        here = [(placed[department, city], 1.0) for city in data["Cities"]]
        build.row(f"place of {department}", 0, here, lower=1.0, upper=1.0)
    for city in data["Cities"]:
        here = [(placed[department, city], 1.0) for department in data["Deparments"]]
        build.row(f"most in {city}", 0, here, upper=3.0)
    # A pair's places are one flow from the places of one to those of the other.
    sides: dict[tuple[str, str, str, str], list[int]] = defaultdict(list)
    for key, cost in data["communicationCost"].items():
        one, here, other, there = key.split("|")
        both = build.column(key, 1, -cost)
        sides[one, other, one, here].append(both)
        sides[one, other, other, there].append(both)
    for (one, other, who, where), columns in sides.items():
        build.row(
            f"{one} to {other}, {who} in {where}",
            1,
            [*((column, 1.0) for column in columns), (placed[who, where], -1.0)],
            lower=0.0,
            upper=0.0,
        )
    return staged_of_tree(build.core(maximise=True), CERTAIN)
