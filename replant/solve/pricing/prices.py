"""What a unit of each tie is worth: from the relaxed problem, then from what was found.

Any prices give a bound (Lagrange): a plan that keeps the ties is worth the same whether they are
kept or paid for, and paying lets more be done. The prices of the relaxed problem make it no worse
than its own bound. Better ones come from mixing what was done at earlier prices (Dantzig and
Wolfe): large pieces are mixtures of what they did, the small ones are free, and the ties hold.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import bmat, csr_matrix

from replant.solve.loading import loaded
from replant.solve.pricing.ties import Ties
from replant.solve.staged import WholeArrays

__all__ = ["Mixture", "Prices", "relaxed_prices"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Prices:
    """Prices of the ties.

    Attributes
    ----------
    each : ndarray, shape (ties,)
        Worth of one unit more on the side to which a tie holds; positive for its upper limit.
    value : float
        What the linear program they come from is worth.
    """

    each: Floats
    value: float


def relaxed_prices(problem: WholeArrays, ties: Ties) -> Prices | None:
    """Return the prices of the ties when no column is whole; None if that has no optimum.

    Parameters
    ----------
    problem : WholeArrays
        What to maximise.
    ties : Ties
        The rows that are priced.
    """
    model = loaded(
        problem.matrix,
        problem.objective,
        problem.lower,
        problem.upper,
        problem.row_lower,
        problem.row_upper,
        constant=problem.constant,
        threads=1,
    )
    return _solved(model, np.flatnonzero(ties.rows))


def _solved(model: highspy.Highs, rows: NDArray[np.intp]) -> Prices | None:
    model.run()
    if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    dual = np.array(model.getSolution().row_dual, dtype=np.float64)
    return Prices(dual[rows], float(model.getInfo().objective_function_value))


@dataclass(eq=False)
class Mixture:
    """What the large pieces did at some prices, to be mixed.

    Parameters
    ----------
    problem : WholeArrays
        What to maximise.
    ties : Ties
        The rows that are priced.
    """

    problem: WholeArrays
    ties: Ties
    _points: list[list[Floats]] = field(init=False)
    _seen: set[tuple[int, bytes]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._points = [[] for _ in self.ties.pieces]

    def add(self, values: Floats) -> None:
        """Take what was done, shape (columns,), if it was not known."""
        for piece, columns in enumerate(self.ties.pieces):
            mark = piece, values[columns].tobytes()
            if mark not in self._seen:
                self._seen.add(mark)
                self._points[piece].append(values[columns])

    def prices(self) -> Prices | None:
        """Return the prices at the best mixture; None if none keeps the ties, or nothing is mixed.

        Their value is about what the bound comes to at the best prices for what was done so far:
        the small pieces are mixed as if nothing were whole in them.
        """
        if not self._points or not all(self._points):
            return None
        problem, matrix = self.problem, self.problem.matrix
        ties = np.flatnonzero(self.ties.rows)
        kept = np.flatnonzero(~self.ties.rows & self._small_rows())
        small = np.flatnonzero(self.ties.small)
        weights = sum(len(points) for points in self._points)
        tied, earned, once = self._mixed()
        whole = csr_matrix(
            bmat(
                [
                    [matrix[kept][:, small], csr_matrix((len(kept), weights))],
                    [matrix[ties][:, small], tied],
                    [csr_matrix((len(self._points), len(small))), once],
                ]
            )
        )
        ones = np.ones(len(self._points))
        model = loaded(
            whole,
            np.concatenate([problem.objective[small], earned]),
            np.concatenate([problem.lower[small], np.zeros(weights)]),
            np.concatenate([problem.upper[small], np.ones(weights)]),
            np.concatenate([problem.row_lower[kept], problem.row_lower[ties], ones]),
            np.concatenate([problem.row_upper[kept], problem.row_upper[ties], ones]),
            constant=problem.constant,
            threads=1,
        )
        return _solved(model, len(kept) + np.arange(len(ties)))

    def _small_rows(self) -> NDArray[np.bool_]:
        """Return the rows over columns of small pieces only."""
        others = csr_matrix(self.problem.matrix[:, np.flatnonzero(~self.ties.small)])
        return np.asarray(np.diff(others.indptr) == 0)

    def _mixed(self) -> tuple[csr_matrix, Floats, csr_matrix]:
        """Return what each point meets the ties with, what it earns, and whose it is."""
        tying = csr_matrix(self.problem.matrix[np.flatnonzero(self.ties.rows)])
        tied, earned, whose = [], [], []
        for piece, columns in enumerate(self.ties.pieces):
            points = np.array(self._points[piece])
            tied.append(tying[:, columns] @ points.T)
            earned.append(points @ self.problem.objective[columns])
            whose.append(np.full(len(points), piece))
        owner = np.concatenate(whose)
        once = csr_matrix((np.ones(len(owner)), (owner, np.arange(len(owner)))))
        return csr_matrix(np.concatenate(tied, axis=1)), np.concatenate(earned), once
