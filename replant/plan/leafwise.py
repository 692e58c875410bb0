"""Snapping with scenarios: what is decided once for all leaves, then leaf by leaf."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from replant.kernel import Program
from replant.plan.leaves import gathered, leaf_rows, leaf_values
from replant.plan.snapping import WARY, Missed, Snapped, snap, snap_shared, whole_numbers
from replant.plan.snapping.sharing import share_by_leaf
from replant.plan.work import Chosen, Values

__all__ = ["snap_leaves"]

# From so many columns on, no problem over all scenarios is solved for the sake of rounding.
_LARGE = 20_000


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
            rows = leaf_rows(program, block.name)
            missed[rows] = np.maximum(missed[rows], outcome.rows)
        else:
            found[block.name] = outcome.values
    if len(found) < len(program.blocks):
        return None, missed
    return gathered(program, found), missed
