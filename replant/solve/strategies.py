"""One call for every way of solving."""

from __future__ import annotations

from replant.kernel import Program
from replant.solve.settings import SolveSettings
from replant.solve.solution import Solution
from replant.solve.whole import solve_whole

__all__ = ["solve"]


def solve(program: Program, settings: SolveSettings | None = None) -> Solution:
    """Solve a program by the way that suits it; today that is always the whole problem.

    Parameters
    ----------
    program : Program
        What to maximise.
    settings : SolveSettings, optional
        When to stop, and whom to tell.
    """
    return solve_whole(program, settings or SolveSettings())
