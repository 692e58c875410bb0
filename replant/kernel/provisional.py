"""Provisional columns: numbers for variables and for reads of streams as they are declared.

Where a column comes to lie in the matrix is known at assembly only. Until then it goes by a
number in order of declaration, and a read of a stream has such numbers too.
"""

from __future__ import annotations

import math
from bisect import bisect_right

import numpy as np

from replant.kernel.declaration import VariableFamily
from replant.kernel.stream import Read, StreamBook
from replant.kernel.term import NO_CELLS, Floats, Positions, Term

__all__ = ["ProvisionalColumns", "unit_terms"]


class ProvisionalColumns:
    """Which variable or read each provisional column belongs to.

    Parameters
    ----------
    streams : StreamBook
        The streams that reads refer to.

    Attributes
    ----------
    count : int
        Number of provisional columns, reads of streams included.
    """

    def __init__(self, streams: StreamBook) -> None:
        self._streams = streams
        self.count = 0
        self._starts: list[int] = []
        self._blocks: list[VariableFamily | Read] = []

    def claim(self, block: VariableFamily | Read, size: int) -> None:
        """Give a block, which starts at ``count``, its numbers.

        Raises
        ------
        OverflowError
            If there are more columns than four bytes can number.
        """
        if self.count + size > np.iinfo(np.int32).max:
            raise OverflowError(f"more than {np.iinfo(np.int32).max} columns")
        if size:
            self._starts.append(self.count)
            self._blocks.append(block)
        self.count += size

    def behind(self, column: int) -> VariableFamily | Read:
        """Return the variable or the read that a provisional column belongs to."""
        return self._blocks[bisect_right(self._starts, column) - 1]

    def label(self, column: int) -> str:
        """Return the label of a provisional column."""
        block = self.behind(column)
        if isinstance(block, VariableFamily):
            return block.label(column - block.start)
        return f"total of stream {self._streams.streams[block.stream].name!r}"

    def bounds(self, columns: Positions) -> tuple[Floats, Floats]:
        """Return the bounds of provisional columns; reads of streams have none.

        Parameters
        ----------
        columns : ndarray
            Numbers of provisional columns, shape (entries,).

        Returns
        -------
        tuple of ndarray
            Lower and upper bounds, each of shape (entries,), in the unit of each column.
        """
        lower = np.full(len(columns), -math.inf)
        upper = np.full(len(columns), math.inf)
        home = np.searchsorted(self._starts, columns, side="right") - 1
        for number in np.unique(home).tolist():
            block = self._blocks[number]
            if isinstance(block, VariableFamily):
                here = np.flatnonzero(home == number)
                place = columns[here] - block.start
                lower[here] = np.broadcast_to(block.lower, block.size)[place]
                upper[here] = np.broadcast_to(block.upper, block.size)[place]
        return lower, upper


def unit_terms(start: int, size: int) -> tuple[Term]:
    """Return ``size`` columns from ``start`` on, each with coefficient 1."""
    columns = np.arange(start, start + size, dtype=np.int32)
    return (Term(None, columns, 1.0, NO_CELLS),)
