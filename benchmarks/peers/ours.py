"""The planner's own engine."""

from __future__ import annotations

from benchmarks.peers.outcome import Limits, Outcome
from benchmarks.whole import solve_whole_of
from replant.solve.settings import SolveSettings
from replant.solve.solution import Status
from replant.solve.staged import Staged


def solve(staged: Staged, limits: Limits) -> Outcome:
    """Solve as a plan is solved; the one door through which the registry calls the engine."""
    found = solve_whole_of(staged, SolveSettings(gap=limits.gap, time_limit=limits.seconds))
    finished = found.status in (Status.OPTIMAL, Status.WITHIN_GAP)
    return Outcome(found.objective, found.bound, finished, found.nodes)
