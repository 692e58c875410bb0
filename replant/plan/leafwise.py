"""Programs with scenarios, leaf by leaf: taken apart, snapped one by one, put together again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np

from replant.kernel import Program
from replant.plan.snapping import WARY, Missed, Snapped, snap, snap_shared
from replant.plan.work import Chosen, Values

__all__ = ["gathered", "leaf_values", "snap_leaves"]


def leaf_values(program: Program, values: Values, leaf: str) -> Values:
    """Return the values of a leaf's own program, ``program.block(leaf)``, shape (its columns,)."""
    block = next(each for each in program.blocks if each.name == leaf)
    return np.concatenate([values[program.here_and_now], values[block.columns]])


def gathered(program: Program, leaves: Mapping[str, Values]) -> Values:
    """Return the values of a program whose leaves have these values, shape (columns,).

    Parameters
    ----------
    program : Program
        A program with scenarios.
    leaves : mapping of str to ndarray
        The values of each leaf's own program, with the same here-and-now columns in all.
    """
    shared = program.here_and_now.stop
    values = np.zeros(len(program.columns))
    for block in reversed(program.blocks):
        values[program.here_and_now] = leaves[block.name][:shared]
        values[block.columns] = leaves[block.name][shared:]
    return values


def snap_leaves(
    program: Program, values: Values, first: int = 0, least: Iterable[str] = ()
) -> Snapped | Missed:
    """Return decimal decisions near a solver's: once for all leaves, then for each by itself.

    A leaf is completed by its own goal, not weighted: also one without weight gets its best.

    Parameters
    ----------
    program : Program
        A program with scenarios.
    values : ndarray
        The solver's values, shape (columns,).
    first : int
        The first of `WARY` to make.
    least : iterable of str
        As in `snap`.
    """
    names = tuple(least)
    missed = np.zeros(len(program.rows))
    for manner in WARY[first:]:
        shared = snap_shared(program, values, manner, names)
        if isinstance(shared, Missed):
            missed = shared.rows
            continue
        found, missed = _completed(program, *shared, first, names)
        if found is not None:
            worth = float(program.objective @ found + program.objective_constant)
            return Snapped(found, worth)
    return Missed(missed)


def _completed(
    program: Program, values: Values, fixed: Chosen, first: int, least: tuple[str, ...]
) -> tuple[Values | None, Values]:
    """Return the plan with each leaf snapped, or none, and by how much each row was missed.

    How careful the shared decisions had to be rounded says nothing of the leaves.
    """
    found: dict[str, Values] = {}
    missed = np.zeros(len(program.rows))
    shared = program.here_and_now.stop
    for block in program.blocks:
        own = program.block(block.name)
        held = np.zeros(len(own.columns), dtype=bool)
        held[:shared] = fixed[:shared]
        outcome = snap(own, leaf_values(program, values, block.name), first, least, held, WARY)
        if isinstance(outcome, Missed):
            rows = np.r_[program.first_stage_rows, block.rows]
            missed[rows] = np.maximum(missed[rows], outcome.rows)
        else:
            found[block.name] = outcome.values
    if len(found) < len(program.blocks):
        return None, missed
    return gathered(program, found), missed
