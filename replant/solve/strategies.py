"""One call for every way of solving."""

from __future__ import annotations

from replant.kernel import Program
from replant.solve.guided import solve_guided
from replant.solve.leading import leading
from replant.solve.settings import SolveSettings
from replant.solve.solution import Solution
from replant.solve.whole import solve_whole

__all__ = ["solve"]

# With fewer leading choices than this the solver needs no help.
_MANY = 400


def solve(program: Program, settings: SolveSettings | None = None) -> Solution:
    """Solve a program by the way that suits it: whole, or after a search for a good plan.

    Parameters
    ----------
    program : Program
        What to maximise.
    settings : SolveSettings, optional
        When to stop, and whom to tell.
    """
    chosen = settings or SolveSettings()
    if leading(program).sum() < _MANY:
        return solve_whole(program, chosen)
    return solve_guided(program, chosen)
