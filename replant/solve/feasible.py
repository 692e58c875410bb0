"""Whether a plan keeps every rule, as far as a solver's own tolerance can tell."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from replant.kernel import Program
from replant.solve.staged import FirstStage

__all__ = ["keeps_all", "keeps_first"]

Floats = NDArray[np.float64]

_TOLERANCE = 1e-6


def keeps_all(program: Program, values: Floats) -> bool:
    """Return whether values keep every row and bound of a program, and whole numbers are whole.

    Parameters
    ----------
    program : Program
        The program.
    values : ndarray, shape (columns,)
        A plan.
    """
    rows, columns = program.rows, program.columns
    return (
        len(values) == len(columns)
        and _within(program.matrix @ values, rows.lower, rows.upper)
        and _as_they_are(values, columns.lower, columns.upper, columns.integer)
    )


def keeps_first(stage: FirstStage, values: Floats) -> bool:
    """Return whether values keep every row and bound of a first stage, and are whole; see above.

    Parameters
    ----------
    stage : FirstStage
        The first stage.
    values : ndarray, shape (n,)
        One of its plans.
    """
    return (
        len(values) == len(stage)
        and _within(stage.matrix @ values, stage.row_lower, stage.row_upper)
        and _as_they_are(values, stage.lower, stage.upper, stage.integer)
    )


def _within(sums: Floats, lower: Floats, upper: Floats) -> bool:
    slack = _TOLERANCE * np.maximum(1.0, np.abs(sums))
    return bool((sums >= lower - slack).all() and (sums <= upper + slack).all())


def _as_they_are(values: Floats, lower: Floats, upper: Floats, integer: NDArray[np.bool_]) -> bool:
    whole = values[integer]
    return bool(
        (values >= lower - _TOLERANCE).all()
        and (values <= upper + _TOLERANCE).all()
        and (np.abs(whole - np.round(whole)) <= _TOLERANCE).all()
    )
