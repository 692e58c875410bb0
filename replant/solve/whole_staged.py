"""A problem in two stages, solved as one."""

from __future__ import annotations

import numpy as np

from replant.solve.choosing import WHOLE
from replant.solve.settings import SolveSettings
from replant.solve.solution import StagedSolution
from replant.solve.staged import Staged, whole_of
from replant.solve.whole import solve_arrays

__all__ = ["solve_staged_whole"]


def solve_staged_whole(
    staged: Staged, settings: SolveSettings, *, known: float = np.inf
) -> StagedSolution:
    """Solve a problem in two stages as one.

    Parameters
    ----------
    staged : Staged
        The problem.
    settings : SolveSettings
        When to stop, and whom to tell; ``start`` is of all columns.
    known : float
        What is known of before: no plan is worth more.
    """
    solution = solve_arrays(whole_of(staged), settings, known=known)
    values = solution.values
    return StagedSolution(
        status=solution.status,
        first=None if values is None else values[: len(staged.first)],
        objective=solution.objective,
        bound=solution.bound,
        seconds=solution.seconds,
        rounds=0,
        way=WHOLE,
        solver=solution.solver,
    )
