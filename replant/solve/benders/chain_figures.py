"""What the chains of some scenarios come to, once it is known what their periods earn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from replant.solve.benders.chained import Layout
from replant.solve.benders.period_figures import Chunk, at_bounds, useful
from replant.solve.bunching import Bunch, State

__all__ = ["ChainFigures"]

Floats = NDArray[np.float64]

# A chain that would rather earn less than this per unit proves no bound.
_AGAINST = 1e-9


@dataclass(frozen=True, eq=False)
class ChainFigures:
    """What the chains of a chunk came to, one row for each scenario.

    Attributes
    ----------
    works : ndarray of bool, shape (scenarios,)
        Which were solved and prove a bound.
    values, bounds : ndarray, shape (scenarios,)
        What each is worth, and what is proven that it cannot exceed.
    prices : ndarray, shape (scenarios, rows of the chain)
        Prices that prove it.
    gains : ndarray, shape (scenarios, periods)
        What a unit more that a period earns is worth.
    """

    works: NDArray[np.bool_]
    values: Floats
    bounds: Floats
    prices: Floats
    gains: Floats

    @staticmethod
    def solved(
        layout: Layout,
        worth: Floats,
        chunk: Chunk,
        earned: Floats,
        bunch: Bunch,
        bases: NDArray[np.int32],
    ) -> ChainFigures:
        """Solve the chain of each scenario with what its periods earn.

        Parameters
        ----------
        layout : Layout
            How the scenarios fall apart.
        worth : ndarray, shape (columns,)
            Objective of a scenario's columns.
        chunk : Chunk
            The scenarios.
        earned : ndarray, shape (scenarios, periods)
            What each period earns.
        bunch : Bunch
            Solves the chains.
        bases : ndarray
            The bases that they begin from, and that they end at.
        """
        chain = layout.chain
        works = np.asarray(np.isfinite(earned).all(axis=1))
        into = np.array([period.earned for period in layout.periods])
        lower, upper = chunk.lower[:, chain.columns], chunk.upper[:, chain.columns]
        lower[:, into] = upper[:, into] = np.where(works[:, None], earned, 0.0)
        below, above = chunk.below[:, chain.rows], chunk.above[:, chain.rows]
        objective = worth[chain.columns]
        answers = bunch.solve(objective, lower, upper, below, above, bases)
        prices, used = useful(answers.prices, below, above)
        reduced = objective - prices @ chain.matrix
        gains = reduced[:, into]
        works = works & (answers.states == State.OPTIMAL)
        # A chain that would rather earn less proves nothing from the most that can be earned.
        works = works & np.asarray((gains >= -_AGAINST).all(axis=1))
        reduced[:, into] = np.maximum(gains, 0.0)
        bounds = used + at_bounds(reduced, lower, upper)
        return ChainFigures(works, answers.values, bounds, prices, np.maximum(gains, 0.0))
