"""What a firm's first stage is worth in every scenario: periods apart, then the cash chain.

Given the first stage, operation falls apart into one transport problem for each scenario and
period, which earns the most operating cash; more of it never makes the cash chain worse. All
scenarios of a period share one matrix, and so do all chains.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from benchmarks.footprint.staged import ScenarioMaker
from replant.solve.bunching import Answers, Bunch, State
from replant.solve.staged import Recourse, Staged

Floats = NDArray[np.float64]
Positions = NDArray[np.intp]

# So many scenarios are written out at a time.
CHUNK = 250


@dataclass(frozen=True, eq=False)
class Period:
    """One period's transport problem, and where its figures stand in a scenario's arrays.

    Attributes
    ----------
    columns, rows : ndarray
        Its columns, and its rows over two columns or more.
    margins : slice
        Coefficients of the row that adds up operating cash, but the last, which is its own.
    bunch : Bunch
        Solves it.
    """

    columns: Positions
    rows: Positions
    margins: slice
    bunch: Bunch


class Evaluator:
    """Evaluates first stages of a staged firm.

    Parameters
    ----------
    staged : Staged
        As `staged_firm` made it.
    own : bool, optional
        Whether pivots are replant's own; see `Bunch`.
    """

    def __init__(self, staged: Staged, *, own: bool | None = None) -> None:
        assert isinstance(staged.make, ScenarioMaker)
        self._staged, self._make = staged, staged.make
        kind = {} if own is None else {"own": own}
        part = staged.make.template
        axes = staged.make.axes
        periods = len(axes.period)
        self._operating = periods * (len(axes.pair) + len(axes.route)) + np.arange(periods)
        self._chain_columns = self._operating[-1] + 1 + np.arange(3 * periods)
        matrix = part.matrix
        count = np.diff(matrix.indptr)
        self._single = np.flatnonzero(count == 1)
        self._single_columns = matrix.indices[matrix.indptr[self._single]]
        self._chain_rows = np.flatnonzero(_touches(matrix, self._chain_columns))
        self._chain = Bunch(csr_matrix(matrix[self._chain_rows][:, self._chain_columns]), **kind)
        self._periods = [self._period(part, t, count, kind) for t in range(periods)]

    def _period(
        self, part: Recourse, number: int, count: NDArray[np.integer], kind: dict[str, bool]
    ) -> Period:
        matrix, start = part.matrix, self._make.operating_cash.start
        columns = np.flatnonzero(part.period[: self._operating[0]] == number)
        width = len(columns) + 1
        margins = slice(start + number * width, start + (number + 1) * width - 1)
        cash_row = int(np.searchsorted(matrix.indptr, margins.start, side="right")) - 1
        inside = _touches(matrix, columns) & (count > 1)
        inside[cash_row] = False
        rows = np.flatnonzero(inside)
        return Period(columns, rows, margins, Bunch(csr_matrix(matrix[rows][:, columns]), **kind))

    def evaluate(self, first: Floats, *, threads: int = 1) -> Floats:
        """Return what the first stage is worth in each scenario, minus infinity if nothing works.

        Parameters
        ----------
        first : ndarray, shape (n,)
            Values of the first stage's columns.
        threads : int
            How many periods are solved at a time.
        """
        shared = float(self._staged.first.objective @ first) + self._staged.constant
        found = [self._chunk(first, numbers, threads) for numbers in self._chunks()]
        return shared + np.concatenate(found)

    def _chunks(self) -> Iterator[range]:
        count = len(self._staged)
        for start in range(0, count, CHUNK):
            yield range(start, min(start + CHUNK, count))

    def _chunk(self, first: Floats, numbers: range, threads: int) -> Floats:
        part = self._make.template
        entries, columns = len(part.matrix.data), len(part)
        margins = np.empty((len(numbers), entries - self._make.operating_cash.start))
        upper = np.empty((len(numbers), columns))
        row_upper = np.empty((len(numbers), part.matrix.shape[0]))
        row_lower = np.empty_like(row_upper)
        for place, number in enumerate(numbers):
            made = self._make(number)
            taken = made.technology @ first
            row_upper[place] = made.row_upper - taken
            row_lower[place] = made.row_lower - taken
            upper[place] = made.upper
            upper[place, self._single_columns] = row_upper[place, self._single]
            margins[place] = -made.matrix.data[self._make.operating_cash.start :]
        # A limit may be a rounding below zero; what is not there cannot be less than nothing.
        np.maximum(upper, part.lower, out=upper, where=upper > part.lower - 1e-9)

        def solved(period: Period) -> Answers:
            start = self._make.operating_cash.start
            return period.bunch.solve(
                margins[:, period.margins.start - start : period.margins.stop - start],
                part.lower[period.columns],
                upper[:, period.columns],
                row_lower[:, period.rows],
                row_upper[:, period.rows],
            )

        if threads > 1:
            with ThreadPoolExecutor(threads) as pool:
                answers = list(pool.map(solved, self._periods))
        else:
            answers = [solved(period) for period in self._periods]
        return self._closed(part, row_lower, answers)

    def _closed(self, part: Recourse, row_lower: Floats, answers: list[Answers]) -> Floats:
        """Return the worth of the cash chain given each period's operating cash."""
        cash = np.stack([each.values for each in answers], axis=1)
        works = np.isfinite(cash).all(axis=1)
        cash[~works] = 0.0
        # The row of a period has minus its operating cash.
        rest = row_lower[:, self._chain_rows] + cash
        columns = self._chain_columns
        chain = self._chain.solve(
            part.objective[columns], part.lower[columns], part.upper[columns], rest, rest
        )
        worth = cash @ part.objective[self._operating] + chain.values
        worth[~works | (chain.states != State.OPTIMAL)] = -np.inf
        return np.asarray(worth)


def _touches(matrix: csr_matrix, columns: Positions) -> NDArray[np.bool_]:
    """Return which rows have any of some columns."""
    marked = np.zeros(matrix.shape[1])
    marked[columns] = 1.0
    pattern = csr_matrix((np.ones(len(matrix.data)), matrix.indices, matrix.indptr), matrix.shape)
    return np.asarray(pattern @ marked) > 0.0
