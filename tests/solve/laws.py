"""Laws that every way of telling scenarios keeps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from replant.solve import SolveSettings
from replant.solve.decomposed import solve_decomposed
from replant.solve.solution import StagedSolution
from replant.solve.staged import Staged, whole_of
from replant.solve.whole import solve_arrays

__all__ = ["EXACT", "holds_all_the_way", "optimum", "proves_the_optimum"]

EXACT = SolveSettings(gap=1e-7)


def optimum(staged: Staged) -> float:
    """Return what the whole problem is worth."""
    return solve_arrays(whole_of(staged), EXACT).objective


def proves_the_optimum(staged: Staged) -> StagedSolution:
    """Plan and bound part by part are those of the whole problem, whole numbers included."""
    whole, found = optimum(staged), solve_decomposed(staged, EXACT)
    assert found.objective == pytest.approx(whole, rel=1e-6, abs=1e-6)
    assert found.bound == pytest.approx(whole, rel=1e-6, abs=1e-6)
    assert found.bound >= whole - 1e-6 * max(1.0, abs(whole))
    return found


def holds_all_the_way(staged: Staged) -> None:
    """No bound told on the way lies below the optimum, no value above it, and it is reached."""
    whole = optimum(staged)
    room = 1e-6 * max(1.0, abs(whole))
    lines: list[tuple[float, float]] = []
    told = replace(EXACT, on_progress=lambda line: lines.append((line.bound, line.value)))
    found = solve_decomposed(staged, told)
    assert found.objective == pytest.approx(whole, rel=1e-6, abs=1e-6)
    assert lines
    assert all(bound >= whole - room and value <= whole + room for bound, value in lines)
