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
from replant.kernel.dimension import Dimension, check_distinct, joined, shape_of
from replant.kernel.regrouping import Regrouping
from replant.kernel.term import NO_CELLS, Cells, Fixed, Floats
from replant.kernel.values import check_shape, plain_values
from replant.units import ONE, Quantity, Unit, cells_text

if TYPE_CHECKING:
    from replant.kernel.problem import Problem

__all__ = ["Expr", "Number", "Operand"]

Number: TypeAlias = int | float | np.number
Array: TypeAlias = NDArray[np.float64] | NDArray[np.object_] | NDArray[np.integer]
Operand: TypeAlias = "Expr | Quantity | Number | Array"


class Expr(Regrouping):
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

    __slots__ = ()
    # Without this numpy would take ``array * expr`` apart, element by element.
    __array_ufunc__ = None

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
