"""The whole of a staged problem at once, by HiGHS through the planner's own door."""

from __future__ import annotations

from replant.solve.settings import SolveSettings
from replant.solve.solution import Solution
from replant.solve.staged import Staged, whole_of
from replant.solve.whole import solve_arrays


def solve_whole_of(staged: Staged, settings: SolveSettings) -> Solution:
    """Return the solution of all scenarios and the first stage as one problem."""
    return solve_arrays(whole_of(staged), settings)
