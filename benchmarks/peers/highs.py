"""HiGHS on the whole problem, with its own settings but for the gap, the time and one thread."""

from __future__ import annotations

import math
from typing import Any

import highspy

from benchmarks.peers.arrays import highs_of
from benchmarks.peers.outcome import Limits, Outcome
from replant.solve.staged import Staged, whole_of


def whole_model(staged: Staged) -> tuple[Any, float, bool]:
    """Return the whole problem in HiGHS, its constant, and whether it has whole numbers."""
    whole = whole_of(staged)
    model = highs_of(
        whole.matrix,
        whole.objective,
        (whole.lower, whole.upper),
        (whole.row_lower, whole.row_upper),
        whole.integer,
    )
    return model, whole.constant, bool(whole.integer.any())


def solve(staged: Staged, limits: Limits) -> Outcome:
    """Solve all scenarios and the first stage as one problem."""
    model, constant, integers = whole_model(staged)
    model.setOptionValue("time_limit", limits.seconds)
    model.setOptionValue("mip_rel_gap", limits.gap)
    model.run()
    info, optimal = model.getInfo(), model.getModelStatus() == highspy.HighsModelStatus.kOptimal
    has_plan = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    value = float(info.objective_function_value) if has_plan else -math.inf
    # An unfinished LP proves no bound.
    of_relaxation = value if optimal else math.inf
    bound = float(info.mip_dual_bound) if integers else of_relaxation
    steps = int(info.mip_node_count if integers else info.simplex_iteration_count)
    return Outcome(value + constant, bound + constant, optimal, max(0, steps))
