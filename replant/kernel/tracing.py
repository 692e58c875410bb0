"""From a row back to columns, coefficients and the table cells behind them.

The matrix has one number for each row and column. Tracing goes back to the expressions that it
was made of: every term keeps its own cells, and a read of a stream is followed into everything
that was posted there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from replant.kernel.declaration import VariableFamily
from replant.kernel.expression import Expr
from replant.kernel.problem import Problem
from replant.kernel.stream import Keys, Post, Read, StreamIndex
from replant.kernel.term import NO_CELLS, Cells, Fixed, Term

__all__ = ["CONSTANT", "Entry", "Posting", "Trace"]

# The column label of what does not depend on any column.
CONSTANT = ""


class Entry(NamedTuple):
    """A coefficient: of which column (``""`` is the constant), how much, from which cells."""

    column: str
    coefficient: float
    cells: Cells


class Posting(NamedTuple):
    """What one owner posted to a stream element in one call."""

    owner: str
    entries: list[Entry]


# Provisional column (or None for the constant) and cells → coefficient.
_Parts = dict[tuple[int | None, Cells], float]


@dataclass(frozen=True, eq=False)
class Trace:
    """The declarations behind a program.

    Parameters
    ----------
    problem : Problem
        The assembled problem; nothing may be declared in it afterwards.
    index : StreamIndex
        Keys of the stream elements.
    """

    problem: Problem
    index: StreamIndex

    def entries(self, expr: Expr, element: int) -> list[Entry]:
        """Return the entries of one element of an expression, reads followed."""
        return self._written(self._parts(expr, element, {}))

    def stream_entries(self, key: int) -> list[Entry]:
        """Return the entries of one stream element, reads followed."""
        return self._written(self._element(key, {}))

    def postings(self, key: int) -> list[Posting]:
        """Return what was posted to one stream element, call by call."""
        return [
            Posting(post.owner, self._written(self._parts(post.amount, element, {})))
            for post, element in self._posts_to(key)
        ]

    def _written(self, found: _Parts) -> list[Entry]:
        return [
            Entry(CONSTANT if column is None else self._label(column), value, cells)
            for (column, cells), value in found.items()
            if value
        ]

    def _label(self, column: int) -> str:
        return self.problem.columns.label(column)

    def _parts(self, expr: Expr, element: int, known: dict[int, _Parts]) -> _Parts:
        found: _Parts = {}
        for term in expr.terms:
            for column, value in _at(term, element):
                self._add_column(found, column, value, term.cells, known)
        for fixed in expr.fixed:
            value = _fixed_at(fixed, element)
            if value:
                _add(found, (None, fixed.cells), value)
        return found

    def _add_column(
        self, found: _Parts, column: int, value: float, cells: Cells, known: dict[int, _Parts]
    ) -> None:
        block = self.problem.columns.behind(column)
        if isinstance(block, VariableFamily):
            _add(found, (column, cells), value)
            return
        for (behind, more), inner in self._read(block, column, known).items():
            _add(found, (behind, cells | more), value * inner)

    def _read(self, read: Read, column: int, known: dict[int, _Parts]) -> _Parts:
        key = int(self.index.keys(read)[column - read.start])
        if not len(self._places(key)):
            return {(None, NO_CELLS): read.default}
        return self._element(key, known)

    def _element(self, key: int, known: dict[int, _Parts]) -> _Parts:
        """Return the parts of a stream element; ``known`` keeps each for its next reader."""
        if key not in known:
            found: _Parts = {}
            for post, element in self._posts_to(key):
                for part, value in self._parts(post.amount, element, known).items():
                    _add(found, part, value)
            known[key] = found
        return known[key]

    def _posts_to(self, key: int) -> list[tuple[Post, int]]:
        _, posts, elements = self._posted
        return [
            (self.problem.posts[int(posts[place])], int(elements[place]))
            for place in self._places(key)
        ]

    def _places(self, key: int) -> NDArray[np.intp]:
        keys, _, _ = self._posted
        start, stop = np.searchsorted(keys, (key, key + 1))
        return np.arange(start, stop)

    @cached_property
    def _posted(self) -> tuple[Keys, NDArray[np.int64], NDArray[np.int64]]:
        """Key, post and element of all that was posted, sorted by key."""
        each = [self.index.keys(post) for post in self.problem.posts]
        if not each:
            empty = np.zeros(0, dtype=np.int64)
            return empty, empty, empty
        keys = np.concatenate(each)
        posts = np.repeat(np.arange(len(each)), [len(some) for some in each])
        elements = np.concatenate([np.arange(len(some)) for some in each])
        order = np.argsort(keys, kind="stable")
        return keys[order], posts[order], elements[order]


def _add(found: _Parts, part: tuple[int | None, Cells], value: float) -> None:
    found[part] = found.get(part, 0.0) + value


def _at(term: Term, element: int) -> list[tuple[int, float]]:
    if term.elements is None:
        places = np.array([element])
    else:
        places = np.flatnonzero(term.elements == element)
    values = np.broadcast_to(term.values, len(term.columns))
    return [(int(term.columns[place]), float(values[place])) for place in places]


def _fixed_at(fixed: Fixed, element: int) -> float:
    return float(fixed.values) if fixed.values.ndim == 0 else float(fixed.values.ravel()[element])
