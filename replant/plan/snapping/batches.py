"""Batches: columns rounded a few at a time, so that each tight row keeps something to give."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csc_matrix

from replant.kernel import Program
from replant.plan.snapping.manner import Manner
from replant.plan.snapping.resolving import resolved, solved_signs
from replant.plan.snapping.steps import Finer, could_take, groups, reach, rounded_group, stands
from replant.plan.work import Chosen, Values, Work, free_columns

__all__ = ["absorbed", "in_batches", "lost"]

_TIGHT = 1e-7
# A row that is missed by more cannot be kept within the solver's tolerance.
_LOST = 1e-6
_BATCHES = 6


def in_batches(
    work: Work,
    whole: Values,
    manner: Manner,
    asked: Values,
    held: Chosen,
    among: Chosen,
    *,
    patient: bool = True,
) -> tuple[Values, Chosen, Values]:
    """Return values with some columns rounded, what is fixed by then, and what rows missed.

    Parameters
    ----------
    work : Work
        The program to be rounded.
    whole : ndarray
        Values whose integer columns are whole, shape (columns,).
    manner : Manner
        How the round is taken.
    asked : ndarray
        What each row keeps in hand besides, shape (rows,).
    held : ndarray of bool
        Columns whose values stay, shape (columns,).
    among : ndarray of bool
        The columns to round, shape (columns,).
    patient : bool
        Whether all columns are rounded, even once a row is missed, so that all that is missed is
        known; else it ends there, for nothing that is still free makes up for it.

    Returns
    -------
    tuple of ndarray
        Values and which of them are fixed, shape (columns,), and by how much rows were missed on
        the way, shape (rows,).
    """
    program, finer = work.program, np.maximum(manner.finer, work.more)
    missed = np.zeros(len(program.rows))
    values, fixed = _with_signs(work, whole, held)
    for rank, each in enumerate(groups(program)):
        group = each & among & ~held
        margins = asked + manner.hair + could_take(program, group, rank, manner, finer)
        for batch in range(_BATCHES):
            left = group & ~fixed
            if not left.any():
                break
            values, lacking = resolved(program, values, fixed, margins)
            missed = np.maximum(missed, np.abs(lacking))
            if not patient and lost(missed):
                return values, fixed, missed
            last = manner.inward or batch == _BATCHES - 1
            now = left if last else absorbed(program, values, left, fixed, manner, finer)
            inward = manner.inward and rank == 0
            values = rounded_group(program, values, now, inward=inward, finer=finer)
            values, fixed = work.pinned(values, fixed | now)
    return values, fixed, missed


def lost(missed: Values) -> bool:
    """Return whether a row is missed by more than the solver's tolerance could forgive."""
    return bool(missed.max(initial=0.0) > _LOST)


def _with_signs(work: Work, whole: Values, held: Chosen) -> tuple[Values, Chosen]:
    """Return values with all whole numbers fixed, derived ones (signs) as now follows best.

    A solver may have raised a derived column above the least that it can be, and a sign may
    lean on that; once the column is pinned, the sign is settled anew.
    """
    columns = work.program.columns
    values, fixed = work.pinned(whole, (columns.integer & ~columns.derived) | held)
    if (columns.integer & columns.derived).any():
        found = solved_signs(work.program, values, fixed)
        if found is not None:
            values = np.where(columns.integer & ~fixed, np.round(found), values)
    return work.pinned(values, fixed | columns.integer)


def absorbed(
    program: Program,
    values: Values,
    left: Chosen,
    fixed: Chosen,
    manner: Manner,
    finer: Finer,
) -> Chosen:
    """Return the columns that can be rounded now: each tight row keeps another one to give way.

    What stands on a step already is rounded in any case; if nothing can be rounded now, all is.
    """
    rows, matrix = program.rows, program.matrix
    sums, near = matrix @ values, _TIGHT + 2 * manner.hair + reach(program, left, manner, finer)
    tight = (sums - rows.lower < near) | (rows.upper - sums < near)
    free = free_columns(program, fixed)
    by_column = csc_matrix(matrix)
    now = np.zeros_like(left)
    waiting = []
    for column in np.flatnonzero(left):
        touched = by_column.indices[by_column.indptr[column] : by_column.indptr[column + 1]]
        bound = touched[tight[touched]]
        if stands(program, int(column), float(values[column]), int(finer[column])):
            now[column] = True
            free[bound] -= 1
        else:
            waiting.append((column, bound))
    # a row that has nothing else to give way is no reason to wait: nobody will ever absorb it
    alone = (free == 1) & manner.wary
    for column, bound in waiting:
        if (alone[bound] | (free[bound] > 1)).all():
            now[column] = True
            free[bound] -= 1
    return now if now.any() else left
