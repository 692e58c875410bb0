"""The problem with whole numbers let go of: prices of rows from which better ones are sought."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
from scipy.sparse import csr_matrix

from replant.solve.assigning.structure import Assigning, Flags, Floats
from replant.solve.loading import loaded

__all__ = ["Relaxation"]

# More pivots than this at a node are not worth their prices.
_PIVOTS = 3_000


class Relaxation:
    """A linear program that stays loaded; nodes change the bounds of its first stage.

    Parameters
    ----------
    problem : Assigning
        The problem.
    allowed : ndarray of bool, shape (items,)
        The items that are ever served.
    threads : int
        Threads of the solver.
    """

    def __init__(self, problem: Assigning, allowed: Flags, threads: int) -> None:
        items, rows = problem.items, problem.rows
        kept = np.flatnonzero(allowed)
        self._width, count = len(problem.cost), len(kept)
        own = self._width + np.arange(count)
        self._ties, rooms = len(rows.lower), len(items.room)
        switch = items.switch[items.block[kept]]
        linked = np.flatnonzero(switch >= 0)
        moving = np.flatnonzero(items.switch >= 0)
        table_row, table_column = np.nonzero(rows.table)
        below = self._ties + rooms
        parts = [
            (items.row[kept], own, np.ones(count)),
            (self._ties + items.block[kept], own, items.true_weight[kept]),
            (self._ties + moving, items.switch[moving], -items.true_room[moving]),
            (below + np.arange(len(linked)), own[linked], np.ones(len(linked))),
            (below + np.arange(len(linked)), switch[linked], -np.ones(len(linked))),
            (
                below + len(linked) + table_row,
                table_column,
                rows.table[table_row, table_column],
            ),
        ]
        row, column, value = (np.concatenate(each) for each in zip(*parts, strict=True))
        self._table = below + len(linked)
        height = self._table + len(rows.table)
        below_all = np.full(rooms + len(linked), -np.inf)
        self._model: Any = loaded(
            csr_matrix((value, (row, column)), shape=(height, self._width + count)),
            -np.concatenate([problem.cost, items.cost[kept]]),
            np.concatenate([problem.lower, np.zeros(count)]),
            np.concatenate([problem.upper, np.ones(count)]),
            np.concatenate([rows.lower, below_all, rows.table_lower]),
            np.concatenate(
                [
                    rows.upper,
                    np.where(items.switch >= 0, 0.0, items.true_room),
                    np.zeros(len(linked)),
                    rows.table_upper,
                ]
            ),
            threads=threads,
            simplex_iteration_limit=10 * _PIVOTS,
        )
        self._columns = np.arange(self._width, dtype=np.int32)

    def prices(self, lower: Floats, upper: Floats) -> tuple[Floats, Floats, Floats] | None:
        """Return prices of ties and of rows of the first stage, and the first stage, if found."""
        self._model.changeColsBounds(self._width, self._columns, lower, upper)
        self._model.run()
        self._model.setOptionValue("simplex_iteration_limit", _PIVOTS)
        if self._model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        solution = self._model.getSolution()
        price = -np.array(solution.row_dual, dtype=np.float64)
        first = np.array(solution.col_value, dtype=np.float64)[: self._width]
        return price[: self._ties], price[self._table :], first
