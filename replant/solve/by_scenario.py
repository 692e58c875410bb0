"""A labelled program with many scenarios, solved scenario by scenario."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from replant.kernel import Program
from replant.solve.decomposed import solve_decomposed
from replant.solve.feasible import keeps_all
from replant.solve.fixing import fixed_at
from replant.solve.settings import SolveSettings
from replant.solve.solution import Solution, Status
from replant.solve.staged import staged_of
from replant.solve.whole import solve_whole

__all__ = ["completed", "solve_by_scenario"]

Floats = NDArray[np.float64]

# A plan's scenarios are completed to this share of the gap that is allowed.
_SHARE = 0.05


def solve_by_scenario(
    program: Program, settings: SolveSettings, *, known: float = np.inf
) -> Solution:
    """Solve a program by decomposition over its scenarios.

    Parameters
    ----------
    program : Program
        What to maximise; no row may link scenarios.
    settings : SolveSettings
        When to stop, and whom to tell. A plan to begin from is never lost: what comes out is no
        worse.
    known : float
        What is known of before: no plan is worth more.
    """
    began = time.monotonic()
    start = settings.start
    begun = start if start is not None and keeps_all(program, start) else None
    least = -np.inf if begun is None else _worth(program, begun)

    def tell(value: float, bound: float, first: Floats) -> None:
        if settings.on_plan is not None and value > least:
            values = completed(program, first, settings)
            if values is not None and _worth(program, values) > least:
                settings.on_plan(_worth(program, values), bound, values)

    staged = replace(settings, on_plan=None, on_first=tell)
    found = solve_decomposed(staged_of(program), staged, known=known)
    values = None if found.first is None else completed(program, found.first, settings)
    objective = -np.inf if values is None else _worth(program, values)
    if begun is not None and objective < least:
        values, objective = begun, least
    status = found.status
    if status in (Status.OPTIMAL, Status.WITHIN_GAP):
        near = values is not None and found.bound - objective <= settings.allowed(objective)
        late = time.monotonic() - began >= settings.time_limit
        status = status if near else Status.TIME_LIMIT if late else Status.NOT_PROVEN
    return Solution(
        status=status,
        values=values,
        objective=objective,
        bound=max(found.bound, objective),
        seconds=time.monotonic() - began,
        solver=found.solver,
    )


def completed(program: Program, first: Floats, settings: SolveSettings) -> Floats | None:
    """Return all columns of the best plan that begins with a first stage; None if there is none.

    Parameters
    ----------
    program : Program
        The program.
    first : ndarray, shape (here-and-now columns,)
        The first stage.
    settings : SolveSettings
        Seed and threads; each scenario is solved to a small share of the gap.
    """
    values = np.zeros(len(program.columns))
    shared = program.here_and_now
    values[shared] = first
    for block in program.blocks:
        part = program.block(block.name)
        begun = np.concatenate([first, np.zeros(len(part.columns) - len(first))])
        here = np.arange(len(part.columns)) < shared.stop
        each = replace(_quiet(settings), gap=settings.gap * _SHARE)
        held = fixed_at(part, begun, here)
        solution = solve_whole(held, each)
        if solution.status is Status.UNBOUNDED and block.probability == 0.0:
            # Worth any amount, it still counts for nothing: whatever can be done there will do.
            solution = solve_whole(held.with_objective(np.zeros(len(begun))), each)
        if solution.values is None:
            return None
        values[block.columns] = solution.values[shared.stop :]
    return values


def _quiet(settings: SolveSettings) -> SolveSettings:
    silent: Callable[..., None] | None = None
    return replace(settings, start=None, on_progress=silent, on_plan=silent, on_first=silent)


def _worth(program: Program, values: Floats) -> float:
    return float(program.objective @ values) + program.objective_constant
