"""A linear program that stays in the solver: each solve begins with the basis of the one before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray

from replant.solve.benders.layout import Rows
from replant.solve.benders.swift import run_briefly, run_carefully, run_swiftly
from replant.solve.loading import INFINITE

__all__ = ["Warm"]

Floats = NDArray[np.float64]
Places = NDArray[np.int32]


@dataclass(eq=False)
class Warm:
    """The relaxed master in the solver; true once it is there.

    What is changed before is not told to the solver: loading brings it along.

    Parameters
    ----------
    load : callable
        Returns it anew, as a model with nothing known of it.

    Attributes
    ----------
    model : Any
        The solver's model; None before the first solve, and where it must be loaded anew.
    """

    load: Callable[[], Any]
    model: Any = None

    def __bool__(self) -> bool:
        return self.model is not None

    def forget(self) -> None:
        """Load anew for the next solve."""
        self.model = None

    # -- what changes ------------------------------------------------------------------------

    def add(self, rows: Rows) -> None:
        """Add rows after those that are there."""
        self.model.addRows(
            rows.matrix.shape[0],
            rows.lower,
            rows.upper,
            rows.matrix.nnz,
            rows.matrix.indptr[:-1].astype(np.int32),
            rows.matrix.indices.astype(np.int32),
            rows.matrix.data,
        )

    def drop(self, rows: Places) -> None:
        """Drop the rows at some places, in order."""
        if self:
            self.model.deleteRows(len(rows), rows)

    def bound(self, lower: Floats, upper: Floats) -> None:
        """Bound the first columns otherwise."""
        columns = np.arange(len(lower), dtype=np.int32)
        self.model.changeColsBounds(len(columns), columns, lower, upper)

    def free(self, columns: Places) -> None:
        """Let columns be anything."""
        if self:
            size = len(columns)
            self.model.changeColsBounds(
                size, columns, np.full(size, -INFINITE), np.full(size, INFINITE)
            )

    # -- solving and the basis ---------------------------------------------------------------

    def run(self) -> Any:
        """Solve it; return the solver's status, one that is settled if that can be had."""
        warm = bool(self)
        if not warm:
            self.model = self.load()
        status = run_swiftly(self.model)
        settled = {highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kUnbounded}
        if not warm:
            settled |= {highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kModelEmpty}
        if status not in settled:
            # A warm basis can mislead the simplex, also into calling a problem infeasible that is
            # not: a cold start settles it.
            self.model = self.load()
            status = run_carefully(self.model)
        return status

    def run_briefly(self, pivots: int) -> Any:
        """Pivot so many times at most; return the solver's status."""
        return run_briefly(self.model, pivots)

    def basis(self) -> Any:
        """Return the solver's basis after the last solve; None before the first."""
        return self.model.getBasis() if self else None

    def return_to(self, basis: Any) -> None:
        """Start the next solve from a basis of this very problem."""
        self.model.setBasis(basis)

    def start_from(self, basis: Any) -> None:
        """Load it anew, and start from the basis of one with the same columns and as many rows."""
        self.model = self.load()
        self.model.setBasis(basis)
