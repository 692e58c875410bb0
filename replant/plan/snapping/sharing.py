"""What is decided once, rounded beside one scenario and asked of each of the others by itself.

All scenarios at once would be one problem many times the size of any of them. So the shared
decisions are rounded beside the scenario that is worth least, whose floors are as a rule the
tightest; where another one cannot follow, they are rounded again beside that one, with in hand
what it missed. They stay within a few steps of the solver's, so that they still suit all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from replant.kernel import Program
from replant.plan.leaves import leaf_rows, leaf_values
from replant.plan.snapping.batches import in_batches
from replant.plan.snapping.manner import Manner
from replant.plan.snapping.needed import needed_decimals
from replant.plan.snapping.outcome import Missed
from replant.plan.snapping.resolving import resolved
from replant.plan.snapping.steps import places_of, rounded_group, stands
from replant.plan.work import Chosen, Values, Work

__all__ = ["share_by_leaf"]

# How many steps a shared decision may go from the solver's to make up for what is rounded.
_REACH = 10


def share_by_leaf(
    program: Program,
    values: Values,
    manner: Manner,
    least: frozenset[str],
    tell: Callable[[str], None],
) -> tuple[Values, Chosen] | Missed:
    """Return what `snap_shared` does, with no more than one scenario in memory at once.

    Parameters
    ----------
    program : Program
        A program with scenarios.
    values : ndarray
        The solver's values, whole where they must be, shape (columns,).
    manner : Manner
        How rounds are taken.
    least : frozenset of str
        As in `snap`.
    tell : callable
        Called with a sentence when a round begins.
    """
    shared = program.here_and_now.stop
    names = _worst_first(program, values)
    asked = {name: np.zeros(0) for name in names}
    missed = np.zeros(len(program.rows))
    guide = names[0]
    for count in range(manner.rounds * min(len(names), 3)):
        tell(f"rounding what is decided once, beside scenario {guide}, attempt {count + 1}")
        leaf = _Leaf(program, values, guide, least)
        found, fixed, lacking = leaf.rounded(manner, asked[guide], held=count == 0)
        failed = guide if lacking.any() else None
        if failed is None:
            result = values.copy()
            result[:shared] = found[:shared]
            kept = np.arange(len(values)) < shared
            kept[:shared] &= fixed[:shared]
            failed, lacking = _who_misses(program, result, kept[:shared], names, guide, least)
            if failed is None:
                return result, kept
        before = asked[failed] if len(asked[failed]) else np.zeros_like(lacking)
        asked[failed] = np.maximum(2.0 * before, 2.0 * np.abs(lacking))
        rows = leaf_rows(program, failed)
        missed[rows] = np.maximum(missed[rows], np.abs(lacking[: len(rows)]))
        guide = failed
    return Missed(missed)


def _worst_first(program: Program, values: Values) -> list[str]:
    """Return the scenarios, the one worth least first."""
    worth = program.scenario_objectives @ values + program.scenario_constants
    return [program.blocks[number].name for number in np.argsort(worth, kind="stable")]


def _who_misses(
    program: Program,
    values: Values,
    fixed: Chosen,
    names: list[str],
    guide: str,
    least: frozenset[str],
) -> tuple[str | None, Values]:
    """Return the first scenario that cannot follow shared decisions, and what its rows miss."""
    for name in names:
        if name != guide:
            lacking = _Leaf(program, values, name, least).missed(fixed)
            if lacking.any():
                return name, lacking
    return None, np.zeros(0)


class _Leaf:
    """One scenario with the shared decisions.

    Parameters
    ----------
    program : Program
        The whole program.
    values : ndarray
        Values of all its columns, shape (columns,).
    name : str
        The scenario.
    least : frozenset of str
        As in `snap`.
    """

    def __init__(self, program: Program, values: Values, name: str, least: frozenset[str]) -> None:
        self.own = program.block(name)
        self.values = leaf_values(program, values, name)
        self.shared = np.arange(len(self.values)) < program.here_and_now.stop
        self.least = least

    def missed(self, fixed: Chosen) -> Values:
        """Return by how much each row is missed with the shared decisions as they are."""
        work = Work.of(self.own, self.least)
        given = self.shared.copy()
        given[: len(fixed)] = fixed
        values, given = work.pinned(self.values, given)
        return resolved(work.program, values, given, np.zeros(len(work.program.rows)))[1]

    def rounded(
        self, manner: Manner, asked: Values, *, held: bool
    ) -> tuple[Values, Chosen, Values]:
        """Return values, which are fixed, and what rows miss, with shared decisions rounded.

        Parameters
        ----------
        manner : Manner
            How it is done.
        asked : ndarray
            What rows keep in hand besides; empty for nothing.
        held : bool
            Whether shared decisions that stand on a step stay there.
        """
        columns = self.own.columns
        ours = self.shared & ~columns.integer & ~columns.derived
        none = np.zeros_like(ours)
        more = needed_decimals(self.own, self.values, ~ours)
        finer = np.maximum(manner.finer, more)
        still = none.copy()
        if held:
            for column in np.flatnonzero(ours):
                value = float(self.values[column])
                still[column] = stands(self.own, int(column), value, int(finer[column]))
        values = rounded_group(self.own, self.values, still, inward=False, finer=finer)
        reach = np.full(len(values), np.inf)
        for column in np.flatnonzero(ours):
            places = places_of(self.own, int(column), int(finer[column]))
            reach[column] = _REACH * 10.0**-places
        near = self.own.with_bounds(
            lower=np.maximum(columns.lower, np.where(ours, values - reach, -np.inf)),
            upper=np.minimum(columns.upper, np.where(ours, values + reach, np.inf)),
        )
        work = replace(Work.of(near, self.least), more=more)
        asked = asked if len(asked) else np.zeros(len(work.program.rows))
        found, fixed, _ = in_batches(work, values, manner, asked, still, self.shared)
        found, lacking = resolved(work.program, found, fixed, np.zeros_like(asked))
        return found, fixed, lacking
