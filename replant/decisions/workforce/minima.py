"""Minima: the people without whom a group's work stops, each for itself or pooled by a word."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add

from replant.decisions.workforce.force import Force
from replant.decisions.workforce.rows import Group
from replant.kernel import Expr

__all__ = ["bind_minima"]


def bind_minima(force: Force) -> None:
    """Keep every group, or every pool of groups, at its minimum; a plant's while it operates."""
    pools: dict[str, list[Group]] = {}
    for group in force.groups:
        if group.pool:
            pools.setdefault(group.pool, []).append(group)
        elif group.minimum:
            _minimum(force, group)
    for name, groups in pools.items():
        _together(force, name, groups)


def _minimum(force: Force, group: Group) -> None:
    to, plant = force.to, force.own_plant(group)
    least = f"{float(group.quantity('minimum')):,.0f} people"
    for index in range(to.count):
        period = to.period(index).id
        to.require(
            "minimum",
            force.heads_at(group, index) - _needed(force, group, index),
            lower=0.0,
            rule=f"{group.title} keep at least {least} in {period}"
            + (f" if {plant} operates." if plant else "."),
            group=group.id,
            period=period,
        )


def _together(force: Force, name: str, groups: Sequence[Group]) -> None:
    to = force.to
    for index in range(to.count):
        period = to.period(index).id
        there = reduce(add, (force.heads_at(group, index) for group in groups))
        needed = reduce(add, (_needed(force, group, index) for group in groups))
        to.require(
            "pooled_minimum",
            there - needed,
            lower=0.0,
            rule=f"The groups of the pool {name} keep their minima together in {period}.",
            pool=name,
            period=period,
        )


def _needed(force: Force, group: Group, index: int) -> Expr:
    """Return the people whom a group needs in a period: nobody while its plant stands still."""
    to, plant = force.to, force.own_plant(group)
    minimum = group.quantity("minimum")
    if plant is None:
        return Expr.constant(minimum)
    return to.total("operating", plant=plant, period=to.period(index).id) * minimum
