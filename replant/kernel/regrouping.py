"""Regrouping: an affine array summed, selected, shifted and grouped by the names of its axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np

from replant.errors import LabelMismatch, UnitMismatch
from replant.kernel import term as parts
from replant.kernel.affine import Affine
from replant.kernel.dimension import (
    Dimension,
    Dimensions,
    check_distinct,
    position_of,
    shape_of,
    size_of,
)
from replant.kernel.term import NO_CELLS, Fixed, Term
from replant.units import Quantity, cells_text

__all__ = ["Regrouping"]


class Regrouping(Affine):
    """An affine array that can be taken along its dimensions by name; each time a new one."""

    __slots__ = ()

    def sum(self, *names: str) -> Self:
        """Return the sum over the named dimensions, or over all of them.

        Raises
        ------
        UnknownLabel
            If a name is not one of the expression's dimensions.
        """
        axes = tuple(sorted({position_of(self.dims, name) for name in names}))
        axes = axes if names else tuple(range(len(self.dims)))
        if not axes:
            return self
        kept = tuple(dim for axis, dim in enumerate(self.dims) if axis not in axes)
        terms = tuple(parts.sum_term(term, self.dims, kept) for term in self._terms)
        fixed = tuple(parts.sum_fixed(part, self.dims, axes) for part in self._fixed)
        return type(self)(kept, self.unit, terms, fixed)

    def at(self, **labels: str) -> Self:
        """Return the expression at one label of each named dimension, which then falls away.

        Raises
        ------
        UnknownLabel
            If a dimension or label does not exist; the message lists near misses.
        """
        where: list[int | slice] = [slice(None)] * len(self.dims)
        for name, label in labels.items():
            axis = position_of(self.dims, name)
            where[axis] = self.dims[axis].index(label)
        kept = tuple(dim for dim in self.dims if dim.name not in labels)
        index = tuple(where)
        terms = tuple(parts.select_term(term, self.dims, index) for term in self._terms)
        fixed = tuple(parts.select_fixed(part, index) for part in self._fixed)
        return type(self)(kept, self.unit, terms, fixed)

    def lag(self, name: str, by: int = 1, fill: float | np.number | Quantity = 0) -> Self:
        """Return the expression as it was ``by`` labels earlier along a dimension.

        Parameters
        ----------
        name : str
            The dimension, e.g. ``"period"``.
        by : int
            How many labels back; negative looks ahead.
        fill : number or Quantity
            Value, in the expression's unit, where there is no earlier label.

        Raises
        ------
        UnknownLabel
            If the expression has no such dimension.
        UnitMismatch
            If ``fill`` is a quantity of another unit.
        """
        axis = position_of(self.dims, name)
        cells = NO_CELLS
        if isinstance(fill, Quantity):
            if fill.unit != self.unit:
                message = f"cannot fill {self.unit} with {fill.unit}{cells_text(fill.cells)}"
                raise UnitMismatch(message)
            cells = fill.cells
        terms = tuple(parts.shift_term(term, self.dims, axis, by) for term in self._terms)
        fixed = tuple(parts.shift_fixed(part, self.dims, axis, by, 0.0) for part in self._fixed)
        if float(fill):
            nothing = Fixed(np.zeros(()), cells)
            fixed += (parts.shift_fixed(nothing, self.dims, axis, by, float(fill)),)
        return type(self)(self.dims, self.unit, terms, parts.gathered(fixed))

    def into(self, name: str, target: Dimension, labels: Sequence[str]) -> Self:
        """Return the expression summed along one dimension into groups.

        Parameters
        ----------
        name : str
            The dimension that is replaced, e.g. ``"model"``.
        target : Dimension
            The dimension of the groups, e.g. platforms; it takes the old one's place.
        labels : sequence of str
            The group of each old label, in order.

        Raises
        ------
        LabelMismatch
            If there is not one group for each old label.
        UnknownLabel
            If a group is not a label of the target.
        """
        axis = position_of(self.dims, name)
        if len(labels) != len(self.dims[axis]):
            message = f"{len(labels)} groups for the {len(self.dims[axis])} labels of {name!r}"
            raise LabelMismatch(message)
        groups = np.array([target.index(label) for label in labels], dtype=np.int32)
        dims = (*self.dims[:axis], target, *self.dims[axis + 1 :])
        check_distinct(dims, "a grouped expression")
        grid = parts.positions(size_of(dims)).reshape(shape_of(dims))
        home = np.take(grid, groups, axis=axis).ravel()
        terms = tuple(parts.group_term(term, home) for term in self._terms)
        fixed = tuple(parts.group_fixed(part, self.dims, home, dims) for part in self._fixed)
        return type(self)(dims, self.unit, terms, fixed)

    def along(self, name: str, target: Dimension, labels: Sequence[str]) -> Self:
        """Return the expression looked up along one dimension, once for each new label.

        The reverse of ``into``: several new labels may take the same old one, and an old one
        that none takes falls away.

        Parameters
        ----------
        name : str
            The dimension that is replaced, e.g. ``"platform"``.
        target : Dimension
            The dimension of the result, e.g. models; it takes the old one's place.
        labels : sequence of str
            The old label that each of the target's labels takes, in order.

        Raises
        ------
        LabelMismatch
            If there is not one old label for each label of the target.
        UnknownLabel
            If it is not a label of the dimension.
        """
        axis = position_of(self.dims, name)
        if len(labels) != len(target):
            message = f"{len(labels)} labels of {name!r} for the {len(target)} of {target.name!r}"
            raise LabelMismatch(message)
        source = self.dims[axis]
        chosen = np.array([source.index(label) for label in labels], dtype=np.int32)
        dims = (*self.dims[:axis], target, *self.dims[axis + 1 :])
        check_distinct(dims, "a looked-up expression")
        terms = tuple(parts.take_term(term, self.dims, axis, chosen) for term in self._terms)
        fixed = tuple(parts.take_fixed(part, axis, chosen) for part in self._fixed)
        return type(self)(dims, self.unit, terms, fixed)

    def _spread(self, dims: Dimensions) -> tuple[tuple[Term, ...], tuple[Fixed, ...]]:
        if dims == self.dims:
            return self._terms, self._fixed
        terms = tuple(parts.spread_term(term, self.dims, dims) for term in self._terms)
        return terms, tuple(parts.spread_fixed(part, self.dims, dims) for part in self._fixed)
