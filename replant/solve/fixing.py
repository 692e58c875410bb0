"""Programs made from a program: integers fixed, integrality dropped."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from replant.kernel import Program

__all__ = ["fixed_at", "relaxed_to_continuous"]


def fixed_at(program: Program, values: NDArray[np.float64], columns: NDArray[np.bool_]) -> Program:
    """Return the program with some columns fixed at given values.

    Parameters
    ----------
    program : Program
        The program.
    values : ndarray
        Value of each column, shape (columns,).
    columns : ndarray of bool
        Which columns to fix, shape (columns,).
    """
    lower = np.where(columns, values, program.columns.lower)
    upper = np.where(columns, values, program.columns.upper)
    return program.with_bounds(lower=lower, upper=upper)


def relaxed_to_continuous(program: Program) -> Program:
    """Return the program without integrality."""
    integer = np.zeros_like(program.columns.integer)
    return replace(program, columns=replace(program.columns, integer=integer))
