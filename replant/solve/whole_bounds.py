"""Bounds that are whole where a column is.

HiGHS 1.15.1 can call a small integer problem impossible, or a poor plan of it the best one, where
bounds of whole columns are no whole numbers. So none are handed over.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from replant.solve.staged import Staged

__all__ = ["bounded_whole", "whole_between"]

Floats = NDArray[np.float64]

# A bound this near to a whole number is that number.
_WHOLE = 1e-7


def whole_between(
    lower: Floats, upper: Floats, integer: NDArray[np.bool_]
) -> tuple[Floats, Floats]:
    """Return bounds that are whole where a column is; they cross where none fits between them.

    Parameters
    ----------
    lower, upper : ndarray, shape (columns,)
        Bounds.
    integer : ndarray of bool, shape (columns,)
        Which columns are whole numbers.
    """
    low, high = np.ceil(lower - _WHOLE) + 0.0, np.floor(upper + _WHOLE) + 0.0
    return np.where(integer, low, lower), np.where(integer, high, upper)


def bounded_whole(staged: Staged) -> Staged:
    """Return a problem whose first stage has whole bounds where a column is whole."""
    first = staged.first
    lower, upper = whole_between(first.lower, first.upper, first.integer)
    if np.array_equal(lower, first.lower) and np.array_equal(upper, first.upper):
        return staged
    return replace(staged, first=replace(first, lower=lower, upper=upper))
