"""Who has work: the people of a plant while it operates or hosts, and all others always.

People kept on the payroll of a plant that stands still are idle. Headcount times a yes or no is
no linear expression; three rows make it one, whatever the plan is asked for.
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce
from operator import add

import numpy as np

from replant.decisions.workforce.force import Force
from replant.decisions.workforce.rows import Group
from replant.kernel import Expr, Stage
from replant.units import ONE, PEOPLE, Quantity

__all__ = ["post_at_work"]


def post_at_work(force: Force) -> None:
    """Post the people at work of each group and of each plant."""
    to = force.to
    to.stream("operating", ("plant", "period"), ONE)
    to.stream("state", ("plant", "state", "period"), ONE)
    to.stream("at_work", ("group", "period"), PEOPLE)
    to.stream("people_at_work", ("plant", "period"), PEOPLE)
    stopping = [group for group in force.groups if force.own_plant(group)]
    idle = _idle(force, stopping) if stopping else {}
    by_plant: dict[str, list[Expr]] = {}
    for group in force.groups:
        there = force.heads.at(group=group.id)
        at_work = there - idle[group.id] if group.id in idle else there
        to.post("at_work", at_work, group=group.id)
        if group.plant:
            by_plant.setdefault(group.plant, []).append(at_work)
    for plant, parts in by_plant.items():
        to.post("people_at_work", reduce(add, parts), plant=plant)


def _idle(force: Force, groups: list[Group]) -> dict[str, Expr]:
    """Return the idle people of each group over the periods: all of it, or nobody."""
    to = force.to
    most = {
        group.id: [force.most_at(group, index) for index in range(to.count)] for group in groups
    }
    columns = to.variable(
        "idle",
        to.dimension("idle", most),
        to.periods,
        unit=PEOPLE,
        stage=Stage.RECOURSE,
        upper=np.array([*most.values()]),
        derived=True,
    )
    found = {group.id: columns.at(idle=group.id) for group in groups}
    for group in groups:
        _bind(force, group, found[group.id], most[group.id])
    return found


def _bind(force: Force, group: Group, idle: Expr, most: list[float]) -> None:
    """Bind idle people from both sides, so that nothing is left to choose about them."""
    to, plant = force.to, str(group.plant)
    there = force.heads.at(group=group.id)
    working = to.problem.total("operating", to.periods, plant=plant) + to.problem.total(
        "state", to.periods, plant=plant, state="host_only"
    )
    all_there = np.array(
        [Quantity.of(Fraction(number), PEOPLE) for number in most], dtype=np.object_
    )
    for name, expr, rule in (
        (
            "idle_if_it_stands_still",
            there - idle - working * all_there,
            f"{group.title} are idle while {plant} neither operates nor hosts.",
        ),
        (
            "nobody_idle_at_work",
            idle + working * all_there - Expr.constant(all_there, (to.periods,)),
            f"{group.title} are not idle while {plant} operates or hosts.",
        ),
        (
            "idle_are_there",
            idle - there,
            f"No more of {group.title} are idle than there are.",
        ),
    ):
        to.require(name, expr, upper=0.0, rule=rule, group=group.id)
