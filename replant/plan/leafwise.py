"""Programs with scenarios, leaf by leaf: taken apart, snapped one by one, put together again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import numpy as np

from replant.kernel import Program
from replant.plan.snapping import WARY, Missed, Snapped, snap, snap_shared, whole_numbers
from replant.plan.snapping.sharing import share_by_leaf
from replant.plan.work import Chosen, Values

__all__ = ["gathered", "leaf_values", "snap_leaves"]

# From so many columns on, no problem over all scenarios is solved for the sake of rounding.
_LARGE = 20_000


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
    program: Program,
    values: Values,
    first: int = 0,
    least: Iterable[str] = (),
    tell: Callable[[str], None] = lambda text: None,
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
    tell : callable
        Called with what is being done, before each step of it; what it raises ends it.
    """
    names = tuple(least)
    large = len(program.columns) > _LARGE
    missed = np.zeros(len(program.rows))
    for manner in WARY[first:]:
        if large:
            whole = whole_numbers(program, values)
            shared = share_by_leaf(program, whole, manner, frozenset(names), tell)
        else:
            tell("rounding what is decided once")
            shared = snap_shared(program, values, manner, names)
        if isinstance(shared, Missed):
            missed = shared.rows
            continue
        found, missed = _completed(program, *shared, first, names, tell)
        if found is not None:
            worth = float(program.objective @ found + program.objective_constant)
            return Snapped(found, worth)
    return Missed(missed)


def _completed(
    program: Program,
    values: Values,
    fixed: Chosen,
    first: int,
    least: tuple[str, ...],
    tell: Callable[[str], None],
) -> tuple[Values | None, Values]:
    """Return the plan with each leaf snapped, or none, and by how much each row was missed.

    How careful the shared decisions had to be rounded says nothing of the leaves.
    """
    found: dict[str, Values] = {}
    missed = np.zeros(len(program.rows))
    shared = program.here_and_now.stop
    for count, block in enumerate(program.blocks):
        tell(f"rounding scenario {block.name}, {count + 1} of {len(program.blocks)}")
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
