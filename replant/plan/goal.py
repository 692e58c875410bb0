"""A line of the plan as the goal: first how far it can go, then the most value that keeps it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from replant.errors import Infeasible, NoPlan, Unbounded, UsageError
from replant.kernel import Program
from replant.plan.choices import Limit
from replant.solve import SolveSettings, Status, solve

__all__ = ["Goal", "Reached", "reach"]

# How close to the goal's best a search comes, as a share of it; and by how much the plan of most
# value may stay below what was reached, so that rounding to decimals finds room.
_GAP, _ROOM, _LEAST_ROOM = 1e-3, 1e-5, 1e-3
_PLACES = 3


@dataclass(frozen=True)
class Goal:
    """A stream's element to be made as large, or as small, as the rules allow.

    Parameters
    ----------
    stream : str
        The stream, such as ``jobs_at_work``.
    labels : tuple of str
        The element's labels, such as ``("kanagawa", "FY2032")``.
    least : bool
        Whether it is to be as small as can be.
    """

    stream: str
    labels: tuple[str, ...]
    least: bool = False

    def __str__(self) -> str:
        """Return the line as limits are written."""
        return f"{self.stream}[{','.join(self.labels)}]" if self.labels else self.stream


@dataclass(frozen=True, eq=False)
class Reached:
    """How far a goal can go.

    Parameters
    ----------
    goal : Goal
        The goal.
    level : float
        What the plan that was found has of it.
    bound : float
        What no plan can surpass.
    values : ndarray
        That plan, shape (columns,).
    """

    goal: Goal
    level: float
    bound: float
    values: NDArray[np.float64]

    @property
    def kept(self) -> float:
        """What a plan must have of the goal, in three decimals: a hair less than was reached."""
        room, sign = max(_LEAST_ROOM, _ROOM * abs(self.level)), -1.0 if self.goal.least else 1.0
        scale = 10.0**_PLACES
        return sign * math.floor((sign * self.level - room) * scale) / scale

    @property
    def text(self) -> str:
        """The limit that keeps the goal, as it is written on the command line."""
        return f"{self.goal}{'<=' if self.goal.least else '>='}{self.kept:.{_PLACES}f}"

    @property
    def limit(self) -> Limit:
        """The limit that keeps the goal."""
        lower, upper = (None, self.kept) if self.goal.least else (self.kept, None)
        rule = f"{self.text} was asked for."
        return Limit(self.goal.stream, self.goal.labels, lower, upper, rule)


def reach(program: Program, goal: Goal, settings: SolveSettings | None = None) -> Reached:
    """Return how far a goal can go while every rule is kept; value does not count.

    Parameters
    ----------
    program : Program
        The assembled program.
    goal : Goal
        What to go for.
    settings : SolveSettings, optional
        When to stop; the gap counts as a share of the goal and is at most a thousandth.

    Raises
    ------
    UsageError
        If the case has scenarios: in which of them the goal counts is not asked.
    Infeasible, Unbounded, NoPlan
        As `replant.plan.make_plan`.
    """
    if len(program.blocks) > 1:
        raise UsageError("a goal is for a case without scenarios: bound the line with --limit")
    sign = -1.0 if goal.least else 1.0
    names = program.streams.dimension_names(goal.stream)
    where = dict(zip(names, goal.labels, strict=True))
    coefficients, constant = program.expected(goal.stream, **where)
    aimed = program.with_objective(sign * coefficients, sign * constant)
    wanted = settings or SolveSettings()
    found = solve(aimed, replace(wanted, gap=min(wanted.gap, _GAP), baseline=None))
    if found.status is Status.INFEASIBLE:
        raise Infeasible("no plan keeps every rule")
    if found.status is Status.UNBOUNDED:
        raise Unbounded(f"{goal} has no bound, so it can be no goal: limit it first")
    if found.values is None:
        raise NoPlan(f"no plan was found in {found.seconds:.0f} seconds: allow more time")
    level = float(coefficients @ found.values + constant)
    return Reached(goal, level, sign * found.bound, found.values)
