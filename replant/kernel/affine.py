"""Affine: what an expression holds, entry by entry and element by element."""

from __future__ import annotations

import numpy as np

from replant.kernel.dimension import Dimensions, shape_of, size_of
from replant.kernel.term import (
    NO_CELLS,
    Cells,
    Fixed,
    Floats,
    Positions,
    Term,
    dense_elements,
    dense_values,
    positions,
)
from replant.units import Unit

__all__ = ["Affine"]


class Affine:
    """For each element of a grid: columns times coefficients, plus a constant.

    Kept as a list of linear terms and a list of constants, each with the cells behind it.

    Parameters
    ----------
    dims : tuple of Dimension
        The named axes, in order; empty for a scalar.
    unit : Unit
        Unit of every element.
    terms : tuple of Term
        The linear parts, over the grid of the dimensions.
    fixed : tuple of Fixed
        The constant parts, over the same grid.
    """

    __slots__ = ("_fixed", "_terms", "dims", "unit")

    def __init__(
        self,
        dims: Dimensions,
        unit: Unit,
        terms: tuple[Term, ...] = (),
        fixed: tuple[Fixed, ...] = (),
    ) -> None:
        self.dims = dims
        self.unit = unit
        self._terms = terms
        self._fixed = fixed

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of labels along each dimension."""
        return shape_of(self.dims)

    @property
    def size(self) -> int:
        """Number of elements."""
        return size_of(self.dims)

    @property
    def cells(self) -> Cells:
        """All table cells behind coefficients and constants."""
        return NO_CELLS.union(
            *(term.cells for term in self._terms), *(part.cells for part in self._fixed)
        )

    @property
    def terms(self) -> tuple[Term, ...]:
        """The linear parts, as they were put together."""
        return self._terms

    @property
    def fixed(self) -> tuple[Fixed, ...]:
        """The constant parts, as they were put together."""
        return self._fixed

    @property
    def elements(self) -> Positions:
        """Element of each entry, shape (entries,)."""
        return np.concatenate([positions(0), *map(dense_elements, self._terms)])

    @property
    def columns(self) -> Positions:
        """Provisional column number of each entry, shape (entries,)."""
        return np.concatenate([positions(0), *(term.columns for term in self._terms)])

    @property
    def values(self) -> Floats:
        """Coefficient of each entry, shape (entries,)."""
        return np.concatenate([np.zeros(0), *map(dense_values, self._terms)])

    @property
    def constants(self) -> Floats:
        """The constant of each element, shape (size,), a new array each time."""
        total = np.zeros(self.shape)
        for fixed in self._fixed:
            total += fixed.values
        return total.ravel()

    def __repr__(self) -> str:
        names = ", ".join(f"{dim.name}: {len(dim)}" for dim in self.dims)
        entries = sum(len(term.columns) for term in self._terms)
        return f"{type(self).__name__}({names or 'scalar'}; {self.unit}; {entries} entries)"
