"""The whole problem at once, by HiGHS."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from replant.kernel import Program
from replant.solve.interrupt import catch_interrupt
from replant.solve.loading import loaded
from replant.solve.settings import SolveSettings
from replant.solve.solution import Solution, Status
from replant.solve.staged import WholeArrays, arrays_of
from replant.solve.version import check_version, solver_version
from replant.solve.watching import Watch
from replant.solve.whole_bounds import whole_between

__all__ = ["PROOF_ALONE", "solve_arrays", "solve_matrix", "solve_whole"]

PROOF_ALONE: Mapping[str, float | int | str] = MappingProxyType(
    {
        "mip_heuristic_effort": 0.0,
        "mip_heuristic_run_rens": False,
        "mip_heuristic_run_rins": False,
        "mip_heuristic_run_root_reduced_cost": False,
    }
)
"""Options with which a solve looks for no plans in problems within the problem.

Where a plan was sought well before, that takes most of the time of a proof and finds nothing.
"""

_ABSOLUTE_GAP = 1e-6
_ROW = 1e-9
# How many threads the solver keeps; 0 before its first run.
_threads = [0]


def solve_whole(
    program: Program,
    settings: SolveSettings,
    options: Mapping[str, float | int | str] = MappingProxyType({}),
    known: float = math.inf,
) -> Solution:
    """Solve a program as one problem.

    Parameters
    ----------
    program : Program
        What to maximise.
    settings : SolveSettings
        When to stop, and whom to tell.
    options : mapping of str to number or str
        Further options of HiGHS, such as a limit on nodes.
    known : float
        What is known of before: no plan is worth more.

    Returns
    -------
    Solution
        The best plan found and the bound proven, also when time ran out or a person interrupted.
    """
    return solve_arrays(arrays_of(program), settings, options, known)


def solve_arrays(
    arrays: WholeArrays,
    settings: SolveSettings,
    options: Mapping[str, float | int | str] = MappingProxyType({}),
    known: float = math.inf,
) -> Solution:
    """Solve all scenarios of a problem in two stages, written as one; see `solve_whole`."""
    return solve_matrix(
        matrix=arrays.matrix,
        objective=arrays.objective,
        constant=arrays.constant,
        lower=arrays.lower,
        upper=arrays.upper,
        integer=arrays.integer,
        row_lower=arrays.row_lower,
        row_upper=arrays.row_upper,
        settings=settings,
        options=options,
        known=known,
    )


def solve_matrix(
    *,
    matrix: csr_matrix,
    objective: NDArray[np.float64],
    lower: NDArray[np.float64],
    upper: NDArray[np.float64],
    integer: NDArray[np.bool_],
    row_lower: NDArray[np.float64],
    row_upper: NDArray[np.float64],
    settings: SolveSettings,
    constant: float = 0.0,
    options: Mapping[str, float | int | str] = MappingProxyType({}),
    known: float = math.inf,
) -> Solution:
    """Maximise ``objective @ x + constant`` over plain arrays; see `solve_whole`.

    Parameters
    ----------
    matrix : csr_matrix, shape (rows, columns)
        Coefficients.
    objective, lower, upper, integer : ndarray, shape (columns,)
        Objective, bounds and integrality of the columns.
    row_lower, row_upper : ndarray, shape (rows,)
        Bounds of the rows.
    settings : SolveSettings
        When to stop, and whom to tell.
    constant : float
        Added to the objective.
    options : mapping of str to number or str
        Further options of HiGHS.
    known : float
        What is known of before: no plan is worth more.
    """
    check_version()
    if not len(objective):
        return _without_columns(constant, row_lower, row_upper)
    _use_threads(int(settings.threads))
    # Maximising, this version of the solver takes no plan while it solves; minimising, it does.
    sign = -1.0 if settings.ask is not None else 1.0
    lower, upper = whole_between(lower, upper, integer)
    model = loaded(
        matrix,
        sign * objective,
        lower,
        upper,
        row_lower,
        row_upper,
        integer=integer,
        constant=sign * constant,
    )
    if sign < 0:
        model.changeObjectiveSense(highspy.ObjSense.kMinimize)
    _set_options(model, settings)
    for name, value in options.items():
        model.setOptionValue(name, value)
    if settings.start is not None:
        _give_start(model, np.where(integer, np.round(settings.start), settings.start))
    # With a cutoff the solver tells that as the value of a plan it does not have.
    cut = "objective_bound" in options
    watch = Watch(settings, sign, plans_only=cut, bound=known)
    integers = bool(integer.any())
    if integers:
        model.cbMipInterrupt += watch.look
        model.cbMipImprovingSolution += watch.improve
        if settings.ask is not None:
            model.cbMipUserSolution += watch.ask
    with catch_interrupt() as interrupted:
        watch.interrupted = interrupted
        began = time.monotonic()
        model.run()
        seconds = time.monotonic() - began
        status = _status(model, len(objective), watch)
    found = _outcome(model, status, watch, integers, seconds)
    return replace(found, bound=max(found.objective, min(found.bound, known)))


def _use_threads(threads: int) -> None:
    """Let HiGHS begin with a number of threads: it refuses to change them while it keeps some."""
    if _threads[0] not in (0, threads):
        highspy.Highs.resetGlobalScheduler(True)
    _threads[0] = threads


def _set_options(model: Any, settings: SolveSettings) -> None:
    for name, value in (
        ("time_limit", float(settings.time_limit)),
        ("random_seed", int(settings.seed)),
        ("threads", int(settings.threads)),
        ("mip_rel_gap", 0.0),
        ("mip_abs_gap", _ABSOLUTE_GAP),
        ("mip_feasibility_tolerance", 1e-7),
        ("primal_feasibility_tolerance", 1e-8),
        ("mip_min_logging_interval", 0.5),
    ):
        model.setOptionValue(name, value)


def _give_start(model: Any, start: NDArray[np.float64]) -> None:
    """Give the solver a plan to begin from, with whole numbers that are whole.

    Any others it would decide by a search of its own, whose bound it tells as that of the problem.
    """
    solution = highspy.HighsSolution()
    solution.col_value = np.asarray(start, dtype=np.float64)
    model.setSolution(solution)


def _without_columns(
    constant: float, row_lower: NDArray[np.float64], row_upper: NDArray[np.float64]
) -> Solution:
    """Return the outcome where there is nothing to decide, which the solver calls empty."""
    name = solver_version()
    if (row_lower > _ROW).any() or (row_upper < -_ROW).any():
        return Solution(Status.INFEASIBLE, None, -math.inf, -math.inf, 0.0, name)
    return Solution(Status.OPTIMAL, np.zeros(0), constant, constant, 0.0, name)


def _status(model: Any, columns: int, watch: Watch) -> Any:
    """Return how a solve ended, where the solver leaves that open."""
    status = model.getModelStatus()
    if status not in (
        highspy.HighsModelStatus.kUnbounded,
        highspy.HighsModelStatus.kUnboundedOrInfeasible,
    ):
        return status
    # A value without end is one only if something is possible at all. That is asked of a problem
    # in which nothing is worth anything: its bound and its plans are none of this one.
    watch.possible_only = True
    model.changeColsCost(columns, np.arange(columns, dtype=np.int32), np.zeros(columns))
    model.clearSolver()
    model.run()
    possible = model.getModelStatus()
    if possible == highspy.HighsModelStatus.kOptimal:
        return highspy.HighsModelStatus.kUnbounded
    return possible


def _outcome(model: Any, status: Any, watch: Watch, integers: bool, seconds: float) -> Solution:
    info = model.getInfo()
    name = solver_version()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Solution(Status.INFEASIBLE, None, -math.inf, -math.inf, seconds, name)
    if status == highspy.HighsModelStatus.kUnbounded:
        return Solution(Status.UNBOUNDED, None, -math.inf, math.inf, seconds, name)
    feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    has_plan = feasible and not watch.possible_only
    values = np.array(model.getSolution().col_value, dtype=np.float64) if has_plan else watch.best
    objective = watch.sign * float(info.objective_function_value) if has_plan else watch.value
    bound = _bound(status, watch.sign * info.mip_dual_bound, objective, integers)
    return Solution(
        status=_ending(status, watch),
        values=values,
        objective=objective,
        # A plan is the better witness where rounding brings the bound below it.
        bound=math.inf if watch.possible_only else max(objective, bound),
        seconds=seconds,
        solver=name,
        nodes=max(0, int(info.mip_node_count)) if integers else 0,
    )


def _ending(status: Any, watch: Watch) -> Status:
    if status == highspy.HighsModelStatus.kOptimal:
        return Status.OPTIMAL
    if watch.stopped_at_gap:
        return Status.WITHIN_GAP
    if watch.interrupted.requested:
        return Status.INTERRUPTED
    return Status.TIME_LIMIT


def _bound(status: Any, dual: float, objective: float, integers: bool) -> float:
    """Return a bound that was proven: an unfinished LP proves none."""
    if integers:
        return float(dual)
    return objective if status == highspy.HighsModelStatus.kOptimal else math.inf
