"""Snapping: a solver's floats become decimals that keep every rule exactly.

Whole numbers are rounded and fixed first, then volumes, then people, then money; after each step
the rest is solved again, so that what follows makes up for what rounding took. What was missed
tells which rows must keep more in hand, and the steps are taken again:

1. once with volumes rounded inward (no more is made than can be made) and nothing in hand;
2. then to the nearest step, in batches that leave each tight row something free to make up for
   the rounding, with a hair in hand wherever that is possible;
3. then with as much in hand as rounding could take;
4. then so with three more decimals;
5. and at last taking every row for tight that rounding could still break.

Where a case leaves no such number between its bounds, columns get the decimals that it takes.

A row that whole numbers alone decide has nothing in hand, and needs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from replant.errors import PlanError
from replant.kernel import Program
from replant.plan.snapping.batches import in_batches, lost
from replant.plan.snapping.manner import ATTEMPTS, WARY, Manner
from replant.plan.snapping.needed import needed_decimals
from replant.plan.snapping.outcome import Missed, Snapped
from replant.plan.snapping.resolving import followed, resolved
from replant.plan.work import Chosen, Values, Work

__all__ = [
    "ATTEMPTS",
    "WARY",
    "Manner",
    "Missed",
    "Snapped",
    "needed_decimals",
    "snap",
    "snap_shared",
    "whole_numbers",
]

# A solver leaves whole numbers this far from whole, and no farther.
_WHOLE = 1e-5


def snap(
    program: Program,
    values: Values,
    first: int = 0,
    least: Iterable[str] = (),
    held: Chosen | None = None,
    attempts: Sequence[Manner] = ATTEMPTS,
) -> Snapped | Missed:
    """Return decimal decisions near a solver's, or what no rounding of them keeps.

    Parameters
    ----------
    program : Program
        The program that was solved.
    values : ndarray
        The solver's values, shape (columns,).
    first : int
        The first of the attempts to make: later ones are more careful, and less plain to read.
    least : iterable of str
        Names of derived columns that are the least their own rows allow; all other derived
        columns follow from equalities.
    held : ndarray of bool, optional
        Columns whose values are decimals already and stay, shape (columns,).
    attempts : sequence of Manner
        How rounds are taken, one manner after the other.

    Raises
    ------
    PlanError
        If an integer column is not whole.
    """
    whole = whole_numbers(program, values)
    work = Work.of(program, frozenset(least))
    fast = np.zeros(len(whole), dtype=bool) if held is None else held
    work = replace(work, more=needed_decimals(program, whole, fast))
    missed = np.zeros(len(work.program.rows))
    for manner in attempts[first:]:
        missed[:] = 0.0
        for count in range(manner.rounds):
            # of the last round of a manner nobody asks what it missed, unless no other follows
            patient = count < manner.rounds - 1 or manner is attempts[-1]
            outcome = _one_round(work, whole, manner, 2.0 * missed, fast, patient=patient)
            if isinstance(outcome, Snapped):
                return outcome
            missed = np.maximum(2.0 * missed, np.abs(outcome))
    return Missed(missed[work.given])


def snap_shared(
    program: Program, values: Values, manner: Manner, least: Iterable[str] = ()
) -> tuple[Values, Chosen] | Missed:
    """Return values in which all here-and-now columns are decimals, and which columns these are.

    Every scenario can follow them, to the solver's tolerance; or what no such rounding keeps.

    Parameters
    ----------
    program : Program
        A program with scenarios.
    values : ndarray
        The solver's values, shape (columns,).
    manner : Manner
        How rounds are taken.
    least : iterable of str
        As in `snap`.
    """
    whole = whole_numbers(program, values)
    work = Work.of(program, frozenset(least))
    shared = np.arange(len(whole)) < program.here_and_now.stop
    missed = np.zeros(len(work.program.rows))
    nothing = np.zeros(len(whole), dtype=bool)
    for _ in range(manner.rounds):
        found, fixed, _ = in_batches(work, whole, manner, 2.0 * missed, nothing, shared)
        found, lacking = resolved(work.program, found, fixed, np.zeros_like(missed))
        if not lacking.any():
            return found, fixed & shared
        missed = np.maximum(2.0 * missed, np.abs(lacking))
    return Missed(missed[work.given])


def whole_numbers(program: Program, values: Values) -> Values:
    """Return the values with whole numbers rounded to whole ones.

    Raises
    ------
    PlanError
        If one is not whole.
    """
    integer = program.columns.integer
    away = np.abs(values - np.round(values)) * integer
    if away.max(initial=0.0) > _WHOLE:
        label = program.columns.label(int(away.argmax()))
        raise PlanError(f"the solver left {label} at {values[away.argmax()]:.7f}, not whole")
    return np.where(integer, np.round(values), values)


def _one_round(
    work: Work, whole: Values, manner: Manner, asked: Values, held: Chosen, *, patient: bool
) -> Snapped | Values:
    """Return the snapped plan, or by how much each row was missed, shape (rows,)."""
    every = np.ones(len(whole), dtype=bool)
    values, fixed, missed = in_batches(work, whole, manner, asked, held, every, patient=patient)
    if not patient and lost(missed):
        return missed
    outcome = followed(work, values, fixed)
    if outcome is None:
        _, lacking = resolved(work.program, values, fixed, np.zeros_like(missed))
        return np.maximum(missed, np.abs(lacking))
    return Snapped(
        outcome, float(work.original.objective @ outcome + work.original.objective_constant)
    )
