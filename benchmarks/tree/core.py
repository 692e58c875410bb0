"""One path through the tree: columns and rows, each in a stage, and where every number stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Core:
    """Minimise (or maximise) ``objective @ x + constant`` over the rows of all stages.

    A row keeps ``right + below <= entries <= right + above``, so that a right-hand side moves both
    of its bounds. Every number that an outcome may change has a *slot* in one vector: the
    objective's coefficients first, then the right-hand sides, then the entries.

    Parameters
    ----------
    columns, rows : sequence of str
        Names.
    column_stage, row_stage : ndarray of int
        Stage of each, from 0.
    objective, lower, upper, integer : ndarray
        Of the columns.
    right, below, above : ndarray
        Of the rows.
    entry_row, entry_column, entries : ndarray
        The coefficients.
    """

    columns: Sequence[str]
    rows: Sequence[str]
    column_stage: Places
    row_stage: Places
    objective: Floats
    lower: Floats
    upper: Floats
    integer: Flags
    right: Floats
    below: Floats
    above: Floats
    entry_row: Places
    entry_column: Places
    entries: Floats
    constant: float = 0.0
    maximise: bool = False

    @property
    def stages(self) -> int:
        return int(max(self.column_stage.max(initial=0), self.row_stage.max(initial=0))) + 1

    @cached_property
    def values(self) -> Floats:
        """Every changeable number, in the order of the slots."""
        return np.concatenate([self.objective, self.right, self.entries])

    @cached_property
    def slot_stage(self) -> Places:
        """The stage in which each slot counts: its column's for a cost, else its row's."""
        return np.concatenate([self.column_stage, self.row_stage, self.row_stage[self.entry_row]])

    def right_slot(self, row: int) -> int:
        return len(self.columns) + row

    def entry_slot(self, row: int, column: int) -> int:
        here = np.flatnonzero((self.entry_row == row) & (self.entry_column == column))
        return len(self.columns) + len(self.rows) + int(here[0])


class CoreBuilder:
    """Lists columns, rows and coefficients one by one and returns a core."""

    def __init__(self) -> None:
        self._columns: list[tuple[str, int, float, float, float, bool]] = []
        self._rows: list[tuple[str, int, float, float, float]] = []
        self._entries: list[tuple[int, int, float]] = []

    def column(
        self,
        name: str,
        stage: int,
        cost: float,
        lower: float = 0.0,
        upper: float = np.inf,
        *,
        integer: bool = False,
    ) -> int:
        """Add a column; return its number."""
        self._columns.append((name, stage, cost, lower, upper, integer))
        return len(self._columns) - 1

    def row(
        self,
        name: str,
        stage: int,
        coefficients: Iterable[tuple[int, float]],
        *,
        lower: float = -np.inf,
        upper: float = np.inf,
    ) -> int:
        """Add a row ``lower <= coefficients <= upper``; return its number."""
        right = upper if np.isfinite(upper) else lower
        number = len(self._rows)
        self._rows.append((name, stage, right, lower - right, upper - right))
        self._entries.extend((number, column, value) for column, value in coefficients)
        return number

    def core(self, *, maximise: bool = False, constant: float = 0.0) -> Core:
        """Return what was listed."""
        names, stages, costs, lower, upper, integer = zip(*self._columns, strict=True)
        rows, row_stages, right, below, above = (
            zip(*self._rows, strict=True) if self._rows else ((),) * 5
        )
        entry_row, entry_column, entries = (
            zip(*self._entries, strict=True) if self._entries else ((),) * 3
        )
        return Core(
            columns=names,
            rows=rows,
            column_stage=np.array(stages, dtype=np.intp),
            row_stage=np.array(row_stages, dtype=np.intp),
            objective=np.array(costs, dtype=np.float64),
            lower=np.array(lower, dtype=np.float64),
            upper=np.array(upper, dtype=np.float64),
            integer=np.array(integer, dtype=np.bool_),
            right=np.array(right, dtype=np.float64),
            below=np.array(below, dtype=np.float64),
            above=np.array(above, dtype=np.float64),
            entry_row=np.array(entry_row, dtype=np.intp),
            entry_column=np.array(entry_column, dtype=np.intp),
            entries=np.array(entries, dtype=np.float64),
            constant=constant,
            maximise=maximise,
        )
