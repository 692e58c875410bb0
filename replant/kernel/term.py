"""The parts of an expression: linear terms and constants, as flat arrays over a grid.

A grid is the row-major product of some dimensions; an *element* is a flat position in it. All
that an expression does by dimension name (spread, sum, select, shift) is done here by arithmetic
on flat positions, without a loop over elements.
"""

from __future__ import annotations

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from replant.kernel.dimension import Dimensions, shape_of, size_of
from replant.units import Cell

__all__ = ["Cells", "Fixed", "Floats", "Positions", "Term"]

Floats: TypeAlias = NDArray[np.float64]
# Four bytes halve the memory of the largest arrays, and are what the solver takes.
Positions: TypeAlias = NDArray[np.int32]
Cells: TypeAlias = frozenset[Cell]

NO_CELLS: Cells = frozenset()


class Fixed(NamedTuple):
    """A constant over the grid, and the cells behind it.

    ``values`` has the grid's shape, or no dimension at all: then it is the same everywhere.
    """

    values: Floats
    cells: Cells


class Term(NamedTuple):
    """Coefficients of columns: element ``elements[k]`` has ``values[k]`` of ``columns[k]``.

    ``elements`` of None means one entry for each element, in order (no copy of 0, 1, 2, … is
    kept); ``values`` may be one float for all entries.
    """

    elements: Positions | None
    columns: Positions
    values: Floats | float
    cells: Cells


def positions(count: int) -> Positions:
    """Return 0, 1, … count - 1."""
    return np.arange(count, dtype=np.int32)


def spread_array(
    values: NDArray[np.generic], source: Dimensions, target: Dimensions
) -> NDArray[np.generic]:
    """Return an array of the source's shape as a view of the target's shape.

    Every dimension of the source must be in the target.
    """
    if source == target:
        return values
    axis = {dim.name: position for position, dim in enumerate(source)}
    order = [axis[dim.name] for dim in target if dim.name in axis]
    widened = tuple(len(dim) if dim.name in axis else 1 for dim in target)
    return np.broadcast_to(values.transpose(order).reshape(widened), shape_of(target))


def source_positions(source: Dimensions, target: Dimensions) -> Positions:
    """Return, for each element of the target, the element of the source that it repeats."""
    grid = positions(size_of(source)).reshape(shape_of(source))
    spread: Positions = spread_array(grid, source, target).ravel()  # type: ignore[assignment]
    return spread


def spread_term(term: Term, source: Dimensions, target: Dimensions) -> Term:
    """Return the term repeated over the dimensions that only the target has."""
    if source == target:
        return term
    if term.elements is None:
        here = source_positions(source, target)
        return Term(None, term.columns[here], _picked(term.values, here), term.cells)
    repeats = _repeats(source, target)
    count = repeats.shape[1]
    values = term.values if isinstance(term.values, float) else np.repeat(term.values, count)
    columns = np.repeat(term.columns, count)
    return Term(repeats[term.elements].ravel(), columns, values, term.cells)


def _repeats(source: Dimensions, target: Dimensions) -> Positions:
    """Return, for each element of the source (row), the target elements that repeat it."""
    names = {dim.name for dim in source}
    axis = {dim.name: position for position, dim in enumerate(target)}
    first = [axis[dim.name] for dim in source]
    rest = [position for position, dim in enumerate(target) if dim.name not in names]
    grid = positions(size_of(target)).reshape(shape_of(target)).transpose(first + rest)
    count = size_of(tuple(target[position] for position in rest))
    return grid.reshape(size_of(source), count)


def spread_fixed(fixed: Fixed, source: Dimensions, target: Dimensions) -> Fixed:
    """Return the constant repeated over the dimensions that only the target has."""
    if source == target or fixed.values.ndim == 0:
        return fixed
    values: Floats = spread_array(fixed.values, source, target)  # type: ignore[assignment]
    return Fixed(values, fixed.cells)


def sum_term(term: Term, dims: Dimensions, kept: Dimensions) -> Term:
    """Return the term summed over the dimensions that are not kept (entries stay apart)."""
    return group_term(term, source_positions(kept, dims))


def sum_fixed(fixed: Fixed, dims: Dimensions, axes: tuple[int, ...]) -> Fixed:
    """Return the constant summed over some axes."""
    if fixed.values.ndim == 0:
        count = size_of(tuple(dims[axis] for axis in axes))
        return Fixed(fixed.values * np.float64(count), fixed.cells)
    return Fixed(np.asarray(fixed.values.sum(axis=axes)), fixed.cells)


def select_term(term: Term, dims: Dimensions, where: tuple[int | slice, ...]) -> Term:
    """Return the term at fixed positions along some axes; ``where`` indexes the grid."""
    shape = shape_of(dims)
    if term.elements is None:
        columns = term.columns.reshape(shape)[where].ravel()
        if isinstance(term.values, float):
            return Term(None, columns, term.values, term.cells)
        return Term(None, columns, term.values.reshape(shape)[where].ravel(), term.cells)
    chosen = positions(size_of(dims)).reshape(shape)[where].ravel()
    if len(chosen) == 1:
        inside = np.flatnonzero(term.elements == chosen[0])
        elements = np.zeros(len(inside), dtype=np.int32)
        return Term(elements, term.columns[inside], _picked(term.values, inside), term.cells)
    renumbered = np.full(size_of(dims), -1, dtype=np.int32)
    renumbered[chosen] = positions(len(chosen))
    moved = renumbered[term.elements]
    inside = np.flatnonzero(moved >= 0)
    return Term(moved[inside], term.columns[inside], _picked(term.values, inside), term.cells)


def select_fixed(fixed: Fixed, where: tuple[int | slice, ...]) -> Fixed:
    """Return the constant at fixed positions along some axes; ``where`` indexes the grid."""
    if fixed.values.ndim == 0:
        return fixed
    return Fixed(np.asarray(fixed.values[where]), fixed.cells)


def shift_term(term: Term, dims: Dimensions, axis: int, by: int) -> Term:
    """Return the term moved ``by`` places along an axis; what leaves the grid is dropped."""
    length = len(dims[axis])
    stride = size_of(dims[axis + 1 :])
    elements = positions(size_of(dims)) if term.elements is None else term.elements
    place = elements // stride % length + by if length else elements
    inside = np.flatnonzero((place >= 0) & (place < length))
    moved = elements[inside] + np.int32(by * stride)
    return Term(moved, term.columns[inside], _picked(term.values, inside), term.cells)


def shift_fixed(fixed: Fixed, dims: Dimensions, axis: int, by: int, fill: float) -> Fixed:
    """Return the constant moved ``by`` places along an axis, ``fill`` where none arrives."""
    shape = shape_of(dims)
    length = shape[axis]
    shifted = np.full(shape, fill)
    lost = min(abs(by), length)
    arriving = slice(by, None) if by >= 0 else slice(0, length - lost)
    leaving = slice(0, length - lost) if by >= 0 else slice(-by, None)
    whole = np.broadcast_to(fixed.values, shape)
    front = (slice(None),) * axis
    shifted[(*front, arriving)] = whole[(*front, leaving)]
    return Fixed(shifted, fixed.cells)


def take_term(term: Term, dims: Dimensions, axis: int, chosen: Positions) -> Term:
    """Return the term at chosen positions along an axis, each as often as it is chosen."""
    shape = shape_of(dims)
    if term.elements is None:
        columns = term.columns.reshape(shape).take(chosen, axis=axis).ravel()
        if isinstance(term.values, float):
            return Term(None, columns, term.values, term.cells)
        values = term.values.reshape(shape).take(chosen, axis=axis).ravel()
        return Term(None, columns, values, term.cells)
    stride = size_of(dims[axis + 1 :])
    outer, rest = np.divmod(term.elements, max(stride * shape[axis], 1))
    old, inner = np.divmod(rest, max(stride, 1))
    # The takers of each old position lie next to each other, from its start on.
    takers = np.argsort(chosen, kind="stable").astype(np.int32)
    counts = np.bincount(chosen, minlength=shape[axis])
    starts = np.cumsum(counts) - counts
    repeats = counts[old]
    entry = np.repeat(np.arange(len(old)), repeats)
    nth = np.arange(len(entry)) - np.repeat(np.cumsum(repeats) - repeats, repeats)
    new = takers[starts[old[entry]] + nth]
    elements = (outer[entry] * len(chosen) + new) * stride + inner[entry]
    return Term(
        elements.astype(np.int32), term.columns[entry], _picked(term.values, entry), term.cells
    )


def take_fixed(fixed: Fixed, axis: int, chosen: Positions) -> Fixed:
    """Return the constant at chosen positions along an axis, each as often as it is chosen."""
    if fixed.values.ndim == 0:
        return fixed
    return Fixed(np.asarray(fixed.values.take(chosen, axis=axis)), fixed.cells)


def scale_term(term: Term, factor: Floats | float, cells: Cells) -> Term:
    """Return the term times one float, or times a flat array over the grid."""
    if isinstance(factor, float):
        values: Floats | float = term.values * factor
    else:
        values = term.values * (factor if term.elements is None else factor[term.elements])
    return Term(term.elements, term.columns, values, term.cells | cells if cells else term.cells)


def merged(terms: tuple[Term, ...], cells: Cells) -> Term:
    """Return one term with the entries of several, sorted and without zeros."""
    elements = np.concatenate([positions(0), *map(dense_elements, terms)])
    columns = np.concatenate([positions(0), *(term.columns for term in terms)])
    values = np.concatenate([np.zeros(0), *map(dense_values, terms)])
    width = int(columns.max(initial=0)) + 1
    keys, home = np.unique(elements.astype(np.int64) * width + columns, return_inverse=True)
    sums = np.zeros(len(keys))
    np.add.at(sums, home.ravel(), values)
    kept = np.flatnonzero(sums)
    element, column = np.divmod(keys[kept], width)
    return Term(element.astype(np.int32), column.astype(np.int32), sums[kept], cells)


def group_term(term: Term, home: Positions) -> Term:
    """Return the term with each element moved to its home (entries stay apart)."""
    elements = home if term.elements is None else home[term.elements]
    return Term(elements, term.columns, term.values, term.cells)


def group_fixed(fixed: Fixed, dims: Dimensions, home: Positions, target: Dimensions) -> Fixed:
    """Return the constant added up where its elements have the same home in the target."""
    total = np.zeros(size_of(target))
    np.add.at(total, home, np.broadcast_to(fixed.values, shape_of(dims)).ravel())
    return Fixed(total.reshape(shape_of(target)), fixed.cells)


def gathered(fixed: tuple[Fixed, ...]) -> tuple[Fixed, ...]:
    """Return the constants with those of equal cells added up."""
    if len(fixed) < 2:
        return fixed
    sums: dict[Cells, Floats] = {}
    for part in fixed:
        have = sums.get(part.cells)
        sums[part.cells] = part.values if have is None else np.asarray(have + part.values)
    return tuple(Fixed(values, cells) for cells, values in sums.items())


def _picked(values: Floats | float, where: NDArray[np.integer]) -> Floats | float:
    return values if isinstance(values, float) else values[where]


def dense_elements(term: Term) -> Positions:
    """Return the elements written out."""
    return positions(len(term.columns)) if term.elements is None else term.elements


def dense_values(term: Term) -> Floats:
    """Return the values written out."""
    if isinstance(term.values, float):
        return np.full(len(term.columns), term.values)
    return term.values
