"""Where people may be taken on: nowhere while the plant stands still, is closed or is sold.

Otherwise a bound on jobs alone could be met by hiring people into a plant that is gone.
"""

from __future__ import annotations

from functools import reduce
from operator import add

from replant.decisions.workforce.force import Force
from replant.kernel import Expr
from replant.units import PEOPLE

__all__ = ["bind_joining"]


def bind_joining(force: Force) -> None:
    """Let nobody be hired or move into a group whose plant neither operates nor hosts."""
    to = force.to
    for group in force.groups:
        plant = force.own_plant(group)
        if plant is None:
            continue
        for index in range(to.count):
            joining = force.joined(group, index, index)
            if not joining:
                continue
            period = to.period(index).id
            working = to.total("operating", plant=plant, period=period) + to.total(
                "state", plant=plant, state="host_only", period=period
            )
            moving = sum(force.count[move.from_] for move in force.moves if move.to == group.id)
            most = Expr.constant(force.reach(group) + moving, unit=PEOPLE)
            to.require(
                "taken_on",
                reduce(add, joining) - working * most,
                upper=0.0,
                rule=f"{group.title} take nobody on in {period} unless {plant} operates or hosts.",
                group=group.id,
                period=period,
            )
