"""One period's figures in many scenarios at a first stage: what it earns, and what proves it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from replant.solve.benders.chained import PeriodLayout
from replant.solve.bunching import Answers, Bunch, State
from replant.solve.staged import Recourse

__all__ = ["Chunk", "PeriodFigures", "at_bounds", "useful", "written"]

Floats = NDArray[np.float64]

# A reduced cost this small on a column without a bound is rounding.
_ROUNDING = 1e-9


@dataclass(frozen=True, eq=False)
class Chunk:
    """Some scenarios' figures at a first stage, one row each.

    Attributes
    ----------
    blocks : list of Recourse
        The scenarios.
    lower, upper : ndarray, shape (scenarios, columns)
        Bounds of the columns.
    below, above : ndarray, shape (scenarios, rows)
        Bounds of the rows, less what the first stage takes.
    """

    blocks: list[Recourse]
    lower: Floats
    upper: Floats
    below: Floats
    above: Floats

    def some(self, places: NDArray[np.intp]) -> Chunk:
        """Return the figures of some of the scenarios."""
        return Chunk(
            [self.blocks[place] for place in places],
            self.lower[places],
            self.upper[places],
            self.below[places],
            self.above[places],
        )


def written(blocks: Sequence[Recourse], first: Floats) -> Chunk:
    """Write the figures of scenarios out."""
    taken = np.array([block.technology @ first for block in blocks])
    return Chunk(
        list(blocks),
        np.array([block.lower for block in blocks]),
        np.array([block.upper for block in blocks]),
        np.array([block.row_lower for block in blocks]) - taken,
        np.array([block.row_upper for block in blocks]) - taken,
    )


@dataclass(frozen=True, eq=False)
class PeriodFigures:
    """What one period earns in each scenario of a chunk.

    Attributes
    ----------
    period : PeriodLayout
        The period.
    chunk : Chunk
        The scenarios.
    earned : ndarray, shape (scenarios,)
        The most it can earn; minus infinity where nothing can be done.
    bounds : ndarray, shape (scenarios,)
        What is proven that it cannot exceed.
    prices : ndarray, shape (scenarios, rows of the period)
        Prices that prove it.
    gains : ndarray, shape (scenarios, moving bounds of the period)
        What a unit more of each bound that moves with the first stage is worth.
    """

    period: PeriodLayout
    chunk: Chunk
    earned: Floats
    bounds: Floats
    prices: Floats
    gains: Floats

    @property
    def earned_or_zero(self) -> Floats:
        """What it earns, zero where nothing can be done."""
        return np.where(np.isfinite(self.earned), self.earned, 0.0)

    @staticmethod
    def solved(
        period: PeriodLayout, chunk: Chunk, bunch: Bunch, bases: NDArray[np.int32] | None = None
    ) -> PeriodFigures:
        """Return the figures of a period, solved for all scenarios at once.

        Parameters
        ----------
        period : PeriodLayout
            The period.
        chunk : Chunk
            The scenarios.
        bunch : Bunch
            Solves them.
        bases : ndarray, optional
            The bases that they begin from, and that they end at.
        """
        objective = _objective(period, chunk)
        lower, upper, which = _bounds(period, chunk)
        below, above = chunk.below[:, period.rows], chunk.above[:, period.rows]
        answers = bunch.solve(objective, lower, upper, below, above, bases)
        prices, used = useful(answers.prices, below, above)
        reduced = objective - (period.turned @ prices.T).T
        base = chunk.above[:, period.value_row] / period.weight
        return PeriodFigures(
            period,
            chunk,
            _earned(answers) + base,
            used + at_bounds(reduced, lower, upper) + base,
            prices,
            _gains(period, chunk, reduced, which),
        )

    def slopes(self, weights: Floats) -> Floats:
        """Return slopes of what the period earns, weighted over the scenarios.

        Parameters
        ----------
        weights : ndarray, shape (sums, scenarios)
            Weights of each sum that is wanted.

        Returns
        -------
        ndarray, shape (sums, n)
            What a unit more of each column of the first stage adds.
        """
        period, technology = self.period, self.chunk.blocks[0].technology
        base = _row(technology, period.value_row) / period.weight
        slopes: Floats = -weights.sum(axis=1)[:, None] * base
        for taken, prices in (
            (period.taken_by_rows, self.prices),
            (period.taken_by_bounds, self.gains),
        ):
            data = np.array([block.technology.data[taken.at] for block in self.chunk.blocks])
            summed = weights @ (prices[:, taken.of_row] * data)
            for place, row in enumerate(summed):
                slopes[place] -= np.bincount(taken.columns, weights=row, minlength=slopes.shape[1])
        return slopes


def _objective(period: PeriodLayout, chunk: Chunk) -> Floats:
    """Return what each column of the period earns a unit, shape (scenarios, columns)."""
    objective = np.zeros((len(chunk.blocks), len(period.columns)))
    entries = np.array([block.matrix.data[period.entries] for block in chunk.blocks])
    objective[:, period.entry_at] = -entries / period.weight
    return objective


def _bounds(period: PeriodLayout, chunk: Chunk) -> tuple[Floats, Floats, NDArray[np.intp]]:
    """Return bounds of the period's columns, and which moving bound each upper one is, or -1.

    A moving bound is taken before a fixed one where they tie: it follows the first stage.
    """
    scale = _scale(period, chunk)
    lower, upper = chunk.lower[:, period.columns], chunk.upper[:, period.columns]
    above, below = chunk.above[:, period.single], chunk.below[:, period.single]
    high = np.where(scale > 0.0, above, below) / scale
    which = np.full(upper.shape, -1, dtype=np.intp)
    for layer in period.layers:
        at = period.single_at[layer]
        tighter = high[:, layer] <= upper[:, at] + 1e-9
        which[:, at] = np.where(tighter, layer, which[:, at])
        upper[:, at] = np.minimum(upper[:, at], high[:, layer])
    # A limit may be a rounding below zero; what is not there cannot be less than nothing.
    near = (upper < lower) & (upper > lower - 1e-7)
    return lower, np.where(near, lower, upper), which


def _scale(period: PeriodLayout, chunk: Chunk) -> Floats:
    matrix = chunk.blocks[0].matrix
    return np.asarray(matrix.data[matrix.indptr[period.single]], dtype=np.float64)


def _earned(answers: Answers) -> Floats:
    return np.where(answers.states == State.OPTIMAL, answers.values, -np.inf)


def _gains(period: PeriodLayout, chunk: Chunk, reduced: Floats, which: NDArray[np.intp]) -> Floats:
    """Return what a unit more of each moving bound is worth, where it is the one that binds."""
    gains = np.zeros((len(chunk.blocks), len(period.single)))
    for layer in period.layers:
        at = period.single_at[layer]
        gains[:, layer] = np.where(which[:, at] == layer, np.maximum(reduced[:, at], 0.0), 0.0)
    return gains / _scale(period, chunk)


def _row(matrix: csr_matrix, row: int) -> Floats:
    """Return a row written out, without the checks of the library: it is asked for very often."""
    here = slice(int(matrix.indptr[row]), int(matrix.indptr[row + 1]))
    found = np.bincount(matrix.indices[here], matrix.data[here], minlength=matrix.shape[1])
    return found.astype(np.float64)


def useful(prices: Floats, below: Floats, above: Floats) -> tuple[Floats, Floats]:
    """Return prices of bounds that exist, and what these bounds are worth at them.

    Parameters
    ----------
    prices, below, above : ndarray, shape (problems, rows)
        Prices and bounds of rows.
    """
    exists = np.where(prices > 0.0, np.isfinite(above), np.isfinite(below))
    priced = np.where(exists, prices, 0.0)
    bound = np.where(priced > 0.0, above, np.where(priced < 0.0, below, 0.0))
    return priced, np.asarray((priced * bound).sum(axis=1))


def at_bounds(reduced: Floats, lower: Floats, upper: Floats) -> Floats:
    """Return the most that columns can add at their bounds, infinite where one has none.

    Parameters
    ----------
    reduced, lower, upper : ndarray, shape (problems, columns)
        Reduced costs and bounds of columns.
    """
    ends = np.where(reduced > 0.0, upper, lower)
    nothing = (reduced == 0.0) | ((np.abs(reduced) <= _ROUNDING) & ~np.isfinite(ends))
    with np.errstate(invalid="ignore"):
        gains = np.where(nothing, 0.0, reduced * ends)
    return np.asarray(gains.sum(axis=1))
