"""Expr: an immutable affine array over named dimensions, with a unit and its table cells.

An expression is a list of linear terms and constants, kept apart until a matrix is asked for:
adding is putting two lists together, and every term keeps the cells that stand behind it.
Dimensions meet by name; labels and units that do not agree raise.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from replant.errors import LabelMismatch, UnitMismatch
from replant.kernel import term as parts
from replant.kernel.dimension import (
    Dimension,
    Dimensions,
    check_distinct,
    joined,
    position_of,
    shape_of,
    size_of,
)
from replant.kernel.term import NO_CELLS, Cells, Fixed, Floats, Positions, Term
from replant.kernel.values import check_shape, plain_values
from replant.units import ONE, Quantity, Unit, cells_text

if TYPE_CHECKING:
    from replant.kernel.problem import Problem

__all__ = ["Expr", "Number", "Operand"]

Number: TypeAlias = int | float | np.number
Array: TypeAlias = NDArray[np.float64] | NDArray[np.object_] | NDArray[np.integer]
Operand: TypeAlias = "Expr | Quantity | Number | Array"


class Expr:
    """An affine array: for each element of its grid, columns times coefficients plus a constant.

    Made by ``Problem.variable``, ``Problem.total`` and ``Expr.constant``; all arithmetic returns
    a new expression.

    Attributes
    ----------
    dims : tuple of Dimension
        The named axes, in order; empty for a scalar.
    unit : Unit
        Unit of every element.
    """

    __slots__ = ("_fixed", "_terms", "dims", "unit")
    # Without this numpy would take ``array * expr`` apart, element by element.
    __array_ufunc__ = None

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

    # -- making ------------------------------------------------------------------------------

    @staticmethod
    def constant(
        value: Quantity | Number | Array | Sequence[object],
        dims: Sequence[Dimension] = (),
        unit: Unit = ONE,
    ) -> Expr:
        """Return an expression without columns.

        Parameters
        ----------
        value : number, Quantity, or array of either
            A scalar (repeated over the dimensions) or an array of exactly their shape. An array
            of quantities gives its common unit and the union of its cells.
        dims : sequence of Dimension
            The axes of the array.
        unit : Unit
            Unit of plain numbers; a quantity brings its own.

        Raises
        ------
        LabelMismatch
            If the array's shape is not that of the dimensions.
        UnitMismatch
            If an array mixes units.
        """
        axes = tuple(dims)
        check_distinct(axes, "a constant")
        values, found, cells = plain_values(value, unit)
        check_shape(values, axes)
        return Expr(axes, found, (), (Fixed(values, cells),))

    # -- reading -----------------------------------------------------------------------------

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
        listed = [parts.dense_elements(term) for term in self._terms]
        return np.concatenate(listed) if listed else parts.positions(0)

    @property
    def columns(self) -> Positions:
        """Provisional column number of each entry, shape (entries,)."""
        listed = [term.columns for term in self._terms]
        return np.concatenate(listed) if listed else parts.positions(0)

    @property
    def values(self) -> Floats:
        """Coefficient of each entry, shape (entries,)."""
        listed = [parts.dense_values(term) for term in self._terms]
        return np.concatenate(listed) if listed else np.zeros(0)

    @property
    def constants(self) -> Floats:
        """The constant of each element, shape (size,)."""
        total = np.zeros(self.shape)
        for fixed in self._fixed:
            total += fixed.values
        return total.ravel()

    def __repr__(self) -> str:
        names = ", ".join(f"{dim.name}: {len(dim)}" for dim in self.dims)
        entries = sum(len(term.columns) for term in self._terms)
        return f"Expr({names or 'scalar'}; {self.unit}; {entries} entries)"

    # -- adding ------------------------------------------------------------------------------

    def __add__(self, other: Operand) -> Expr:
        right = self._addend(other)
        if right is None:
            return self if _is_zero(other) else NotImplemented
        if self.unit != right.unit:
            message = (
                f"cannot add {self.unit} and {right.unit}{cells_text(self.cells | right.cells)}"
            )
            raise UnitMismatch(message)
        dims = joined(self.dims, right.dims)
        left_terms, left_fixed = self._spread(dims)
        right_terms, right_fixed = right._spread(dims)
        fixed = parts.gathered(left_fixed + right_fixed)
        return Expr(dims, self.unit, left_terms + right_terms, fixed)

    __radd__ = __add__

    def __neg__(self) -> Expr:
        return self._scaled(-1.0, self.unit, NO_CELLS)

    def __sub__(self, other: Operand) -> Expr:
        if isinstance(other, Expr | Quantity | int | float | np.ndarray | np.number):
            return self + (-other)
        return NotImplemented

    def __rsub__(self, other: Operand) -> Expr:
        return -self + other

    def _addend(self, other: object) -> Expr | None:
        """Return the other side as an expression; None if it is a plain zero or foreign."""
        if isinstance(other, Expr):
            return other
        if isinstance(other, Quantity):
            return Expr.constant(other)
        if isinstance(other, int | float | np.number):
            return Expr.constant(other) if other != 0 else None
        if isinstance(other, np.ndarray):
            return Expr.constant(other, self.dims if other.ndim else ())
        return None

    # -- multiplying -------------------------------------------------------------------------

    def __mul__(self, other: Operand) -> Expr:
        if isinstance(other, Expr):
            return self._times(other)
        if isinstance(other, Quantity):
            return self._scaled(other.number, self.unit * other.unit, other.cells)
        if isinstance(other, int | float | np.number):
            return self._scaled(float(other), self.unit, NO_CELLS)
        if isinstance(other, np.ndarray):
            values, unit, cells = plain_values(other, ONE)
            check_shape(values, self.dims)
            factor = float(values) if values.ndim == 0 else values
            return self._scaled(factor, self.unit * unit, cells)
        return NotImplemented

    __rmul__ = __mul__

    def __truediv__(self, other: Quantity | Number | Array) -> Expr:
        if isinstance(other, Quantity):
            return self._scaled(1.0 / other.number, self.unit / other.unit, other.cells)
        if isinstance(other, int | float | np.number):
            return self._scaled(1.0 / float(other), self.unit, NO_CELLS)
        if isinstance(other, np.ndarray):
            return self * (1.0 / np.asarray(other, dtype=np.float64))
        return NotImplemented

    def _times(self, other: Expr) -> Expr:
        """Return the product with a constant expression, spread by dimension name."""
        if other._terms and self._terms:
            message = "the product of two expressions with columns is not linear"
            raise LabelMismatch(message)
        if other._terms:
            return other._times(self)
        dims = joined(self.dims, other.dims)
        terms, fixed = self._spread(dims)
        spread = Expr(dims, self.unit, terms, fixed)
        if all(part.values.ndim == 0 for part in other._fixed):
            factor: Floats | float = float(sum(float(part.values) for part in other._fixed))
        else:
            _, other_fixed = other._spread(dims)
            factor = np.zeros(shape_of(dims))
            for part in other_fixed:
                factor += part.values
        return spread._scaled(factor, self.unit * other.unit, other.cells)

    def _scaled(self, factor: Floats | float, unit: Unit, cells: Cells) -> Expr:
        flat = factor if isinstance(factor, float) else factor.ravel()
        terms = tuple(parts.scale_term(term, flat, cells) for term in self._terms)
        fixed = tuple(
            Fixed(np.asarray(part.values * factor), part.cells | cells) for part in self._fixed
        )
        return Expr(self.dims, unit, terms, fixed)

    # -- by dimension name -------------------------------------------------------------------

    def sum(self, *names: str) -> Expr:
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
        return Expr(kept, self.unit, terms, fixed)

    def at(self, **labels: str) -> Expr:
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
        fixed = tuple(
            part if part.values.ndim == 0 else Fixed(np.asarray(part.values[index]), part.cells)
            for part in self._fixed
        )
        return Expr(kept, self.unit, terms, fixed)

    def lag(self, name: str, by: int = 1, fill: Number | Quantity = 0) -> Expr:
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
        return Expr(self.dims, self.unit, terms, parts.gathered(fixed))

    def into(self, name: str, target: Dimension, labels: Sequence[str]) -> Expr:
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
        terms = tuple(
            term._replace(elements=home if term.elements is None else home[term.elements])
            for term in self._terms
        )
        fixed = tuple(parts.group_fixed(part, self.dims, home, dims) for part in self._fixed)
        return Expr(dims, self.unit, terms, fixed)

    def along(self, name: str, target: Dimension, labels: Sequence[str]) -> Expr:
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
        fixed = tuple(
            part
            if part.values.ndim == 0
            else Fixed(np.asarray(part.values.take(chosen, axis=axis)), part.cells)
            for part in self._fixed
        )
        return Expr(dims, self.unit, terms, fixed)

    def _spread(self, dims: Dimensions) -> tuple[tuple[Term, ...], tuple[Fixed, ...]]:
        if dims == self.dims:
            return self._terms, self._fixed
        terms = tuple(parts.spread_term(term, self.dims, dims) for term in self._terms)
        return terms, tuple(parts.spread_fixed(part, self.dims, dims) for part in self._fixed)

    # -- whole -------------------------------------------------------------------------------

    def simplified(self) -> Expr:
        """Return the same expression with one entry for each element, column and set of cells."""
        behind = dict.fromkeys(term.cells for term in self._terms)
        terms = tuple(
            parts.merged(tuple(term for term in self._terms if term.cells == cells), cells)
            for cells in behind
        )
        terms = tuple(term for term in terms if len(term.columns))
        return Expr(self.dims, self.unit, terms, parts.gathered(self._fixed))

    def range(self, problem: Problem, *, finite: bool = False) -> tuple[Floats, Floats]:
        """Return the least and greatest value of each element, by interval arithmetic.

        Parameters
        ----------
        problem : Problem
            The problem that declared the columns; totals of streams count as unbounded,
            because others may still post to them.
        finite : bool
            Raise where the range is infinite, for whoever needs a big-M.

        Returns
        -------
        tuple of ndarray
            Low and high, of the expression's shape and in its unit.

        Raises
        ------
        UnboundedRange
            If ``finite`` and an element has no finite range.
        """
        from replant.kernel.interval import interval

        return interval(self, problem, finite)


def _is_zero(value: object) -> bool:
    return isinstance(value, int | float | np.number) and cast(float, value) == 0
