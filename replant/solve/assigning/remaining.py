"""What is left of the problem at a node, as one small problem for the solver."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from replant.solve.assigning.structure import Assigning, Flags, Floats, Places
from replant.solve.settings import SolveSettings
from replant.solve.solution import Status
from replant.solve.whole import solve_matrix

__all__ = ["Left", "solve_rest"]


@dataclass(frozen=True, eq=False)
class Left:
    """What came of it.

    Attributes
    ----------
    bound : float
        No plan of the node costs less; no more than the cutoff that was given.
    first : ndarray or None
        The first stage of a plan, shape (n,).
    at : ndarray or None
        The items of that plan.
    """

    bound: float
    first: Floats | None
    at: Places | None


def solve_rest(
    problem: Assigning,
    lower: Floats,
    upper: Floats,
    allowed: Flags,
    cutoff: float,
    settings: SolveSettings,
    nodes: int,
) -> Left:
    """Solve a node for plans cheaper than a cutoff.

    Parameters
    ----------
    problem : Assigning
        The problem.
    lower, upper : ndarray, shape (n,)
        Bounds of the first stage at the node.
    allowed : ndarray of bool, shape (items,)
        What may be served there.
    cutoff : float
        Plans that cost as much or more are of no use; infinite without one.
    settings : SolveSettings
        Gap, baseline, time, seed, threads.
    nodes : int
        How many nodes the solver may open.
    """
    items, rows = problem.items, problem.rows
    switch = items.switch[items.block]
    on = (switch < 0) | (upper[switch] > 0.5)
    kept = np.flatnonzero(allowed & on & (items.true_weight <= items.true_room[items.block] + 1e-9))
    free = np.flatnonzero(upper > lower)
    number = np.full(len(lower), -1)
    number[free] = np.arange(len(free))
    count, width = len(kept), len(free) + len(kept)
    own = len(free) + np.arange(count)
    held = np.where(upper > lower, 0.0, lower)
    fixed = problem.constant + float(problem.cost @ held)
    blocks, block = np.unique(items.block[kept], return_inverse=True)
    by = items.switch[blocks]
    moving = (by >= 0) & (number[by] >= 0)
    linked = np.flatnonzero((switch[kept] >= 0) & (number[switch[kept]] >= 0))
    ties, rooms = len(rows.lower), len(blocks)
    table_row, table_column = np.nonzero(rows.table[:, free])
    below = ties + rooms
    parts = [
        (items.row[kept], own, np.ones(count)),
        (ties + block, own, items.true_weight[kept]),
        (ties + np.flatnonzero(moving), number[by[moving]], -items.true_room[blocks[moving]]),
        (below + np.arange(len(linked)), own[linked], np.ones(len(linked))),
        (below + np.arange(len(linked)), number[switch[kept[linked]]], -np.ones(len(linked))),
        (
            below + len(linked) + table_row,
            table_column,
            rows.table[:, free][table_row, table_column],
        ),
    ]
    row, column, value = (np.concatenate(each) for each in zip(*parts, strict=True))
    height = below + len(linked) + len(rows.table)
    shift = rows.table @ held
    room = np.where(moving, 0.0, items.true_room[blocks])
    baseline = settings.baseline
    solution = solve_matrix(
        matrix=csr_matrix((value, (row, column)), shape=(height, width)),
        objective=-np.concatenate([problem.cost[free], items.cost[kept]]),
        lower=np.concatenate([lower[free], np.zeros(count)]),
        upper=np.concatenate([upper[free], np.ones(count)]),
        integer=np.concatenate([problem.integer[free], np.ones(count, dtype=np.bool_)]),
        row_lower=np.concatenate(
            [rows.lower, np.full(rooms + len(linked), -np.inf), rows.table_lower - shift]
        ),
        row_upper=np.concatenate(
            [rows.upper, room, np.zeros(len(linked)), rows.table_upper - shift]
        ),
        settings=SolveSettings(
            gap=0.9 * settings.gap,
            baseline=fixed if baseline is None else fixed + baseline,
            time_limit=settings.time_limit,
            seed=settings.seed,
            threads=settings.threads,
        ),
        # The solver takes its cutoff as a cost, whatever the sense.
        options={"mip_max_nodes": nodes, "mip_heuristic_effort": 0.0}
        | ({"objective_bound": cutoff - fixed} if np.isfinite(cutoff) else {}),
    )
    # Below the cutoff the solver's bound holds; beyond it, it only says that there is nothing.
    bound = cutoff
    if solution.status is not Status.INFEASIBLE:
        bound = min(cutoff, fixed - solution.bound)
    if solution.values is None:
        return Left(bound, None, None)
    first = held.copy()
    first[free] = solution.values[: len(free)]
    whole = problem.integer
    first[whole] = np.round(first[whole])
    return Left(bound, first, kept[solution.values[len(free) :] > 0.5])
