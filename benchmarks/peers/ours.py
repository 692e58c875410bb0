"""The planner's own engine."""

from __future__ import annotations

from benchmarks.peers.outcome import Limits, Outcome
from replant.solve import SolveSettings, solve_staged
from replant.solve.solution import Status
from replant.solve.staged import Staged


def solve(staged: Staged, limits: Limits) -> Outcome:
    """Solve by the way the engine chooses; the one door through which benchmarks call it."""
    found = solve_staged(staged, SolveSettings(gap=limits.gap, time_limit=limits.seconds))
    finished = found.status in (Status.OPTIMAL, Status.WITHIN_GAP)
    return Outcome(found.objective, found.bound, finished, found.rounds, found.way)
