"""The mean of all scenarios: no first stage is worth more in expectation than in it.

Scenarios may differ in bounds and in what their rows take from the first stage, and in nothing
else. Then the mean of what is done in each of them can be done in the mean scenario, and is worth
as much there as in expectation (Jensen's inequality); so the mean scenario bounds them all.

The same holds where columns are told in other units from scenario to scenario. A share of what a
customer wants costs more where he wants more; the quantity costs the same, and has a mean.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, diags

from replant.solve.staged import Recourse, Staged

__all__ = ["Mean", "mean_of"]

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

# Coefficients that differ by no more than this share are the same: so much is rounding.
_SAME = 1e-12
# Units spread from columns to rows and back in so many steps, or they are not looked for.
_STEPS = 50


@dataclass(frozen=True, eq=False)
class Mean:
    """A mean scenario.

    Attributes
    ----------
    block : Recourse
        What it can do; whole numbers are let go of, for they have no mean.
    weight : float
        The weight of all scenarios together.
    """

    block: Recourse
    weight: float


def mean_of(staged: Staged, numbers: Sequence[int]) -> Mean | None:
    """Return the mean of scenarios; None if they differ in more than a mean can hold.

    Parameters
    ----------
    staged : Staged
        The problem.
    numbers : sequence of int
        Which scenarios, one or more, each of some weight.
    """
    weights = staged.probabilities[np.asarray(numbers)]
    base = _plain(staged.make(numbers[0]))
    bounds = [np.zeros_like(each) for each in _bounds_of(base)]
    technology = csr_matrix(base.technology.shape)
    for number, share in zip(numbers, weights / weights.sum(), strict=True):
        block = _plain(staged.make(number))
        units = _units(base, block)
        if units is None or not _bounded_alike(base, block):
            return None
        columns, rows = share * units[0], share / units[1]
        for sum_, each, unit in zip(
            bounds, _bounds_of(block), (columns, columns, rows, rows), strict=True
        ):
            sum_ += unit * each
        technology = technology + diags(rows) @ block.technology
    lower, upper, row_lower, row_upper = bounds
    block = replace(
        base,
        lower=lower,
        upper=upper,
        integer=np.zeros(len(base), dtype=bool),
        technology=csr_matrix(technology),
        row_lower=row_lower,
        row_upper=row_upper,
    )
    return Mean(block, float(weights.sum()))


def _bounds_of(block: Recourse) -> tuple[Floats, Floats, Floats, Floats]:
    return block.lower, block.upper, block.row_lower, block.row_upper


def _bounded_alike(one: Recourse, other: Recourse) -> bool:
    """Return whether bounds are infinite at the same places: else the mean may have no end."""
    return all(
        np.array_equal(np.isfinite(first), np.isfinite(second))
        for first, second in zip(_bounds_of(one), _bounds_of(other), strict=True)
    )


def _plain(block: Recourse) -> Recourse:
    """Return a scenario in whose matrix each entry stands once and none is zero."""
    matrix = csr_matrix(block.matrix)
    if matrix.has_canonical_format and matrix.data.all():
        return replace(block, matrix=matrix)
    matrix = matrix.copy()
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    return replace(block, matrix=matrix)


def _units(base: Recourse, block: Recourse) -> tuple[Floats, Floats] | None:
    """Return what a unit of a scenario's columns and rows is in those of another; None if nothing.

    With its columns counted in these units, and its rows divided by theirs, the scenario has the
    other one's matrix and objective.
    """
    one, other = base.matrix, block.matrix
    if (
        one.shape != other.shape
        or not np.array_equal(one.indptr, other.indptr)
        or not np.array_equal(one.indices, other.indices)
        or not np.array_equal(block.objective != 0.0, base.objective != 0.0)
    ):
        return None
    height, width = one.shape
    if np.array_equal(one.data, other.data) and np.array_equal(block.objective, base.objective):
        return np.ones(width), np.ones(height)
    ratios, row = other.data / one.data, np.repeat(np.arange(height), np.diff(one.indptr))
    priced = base.objective != 0.0
    columns, rows = np.full(width, np.nan), np.full(height, np.nan)
    columns[priced] = block.objective[priced] / base.objective[priced]
    if not (ratios > 0.0).all() or not (columns[priced] > 0.0).all():
        return None
    for _ in range(_STEPS):
        _spread(rows, row, ratios / columns[one.indices])
        before = np.isnan(columns)
        _spread(columns, one.indices, ratios / rows[row])
        unknown = np.isnan(columns)
        if not unknown.any():
            break
        if np.array_equal(unknown, before):
            # Nothing ties it to a price: its unit may be what it is.
            columns[int(np.flatnonzero(unknown)[0])] = 1.0
    if np.isnan(columns).any():
        return None
    rows[np.isnan(rows)] = 1.0
    off = np.abs(rows[row] * columns[one.indices] / ratios - 1.0)
    return (columns, rows) if (off <= _SAME).all() else None


def _spread(figures: Floats, place: Places | NDArray[np.int32], found: Floats) -> None:
    """Fill in figures that are not known yet, from what was found for their places."""
    fresh = ~np.isnan(found) & np.isnan(figures[place])
    figures[place[fresh]] = found[fresh]
