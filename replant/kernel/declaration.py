"""What one call declares: columns, rows or an option, kept as it was given until assembly."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from replant.errors import LabelMismatch, ScenarioMismatch, UnitMismatch
from replant.kernel.dimension import Dimensions, shape_of
from replant.kernel.expression import Expr
from replant.kernel.labels import Family
from replant.kernel.term import Floats
from replant.kernel.values import plain_values
from replant.units import Quantity, Unit, cells_text

__all__ = ["Bound", "Option", "RowFamily", "Stage", "VariableFamily", "bound_values", "check_same"]

Bound: TypeAlias = float | Quantity | NDArray[np.float64] | NDArray[np.integer]


class Stage(Enum):
    """When a column is chosen."""

    HERE_AND_NOW = 0
    RECOURSE = 1


@dataclass(frozen=True, eq=False)
class VariableFamily(Family):
    """Columns declared in one call; ``start`` is the first provisional column."""

    unit: Unit
    stage: Stage
    lower: Floats
    upper: Floats
    integer: bool
    derived: bool
    start: int

    @property
    def stop(self) -> int:
        """One past the last provisional column."""
        return self.start + self.size


@dataclass(frozen=True, eq=False)
class RowFamily(Family):
    """Rows declared in one call: the expression lies between lower and upper.

    ``expr`` is None for rows that were added to an assembled program.
    """

    rule: str
    lower: Floats
    upper: Floats
    expr: Expr | None


@dataclass(frozen=True, eq=False)
class Option:
    """An expression that equals 1 when an option is taken, and the sentence that says so."""

    expr: Expr
    sentence: str
    scenario: int


def bound_values(value: Bound, dims: Dimensions, unit: Unit, what: str) -> Floats:
    """Return a bound as a 0-d array, or flat over the dimensions.

    Raises
    ------
    UnitMismatch
        If a quantity has another unit.
    LabelMismatch
        If an array has another shape.
    """
    if isinstance(value, Quantity) and value.unit != unit:
        raise UnitMismatch(f"{what} is in {value.unit}, not {unit}{cells_text(value.cells)}")
    array, _, _ = plain_values(value, unit)
    if array.ndim == 0:
        return array
    if array.shape != shape_of(dims):
        raise LabelMismatch(f"{what} has shape {array.shape}, not {shape_of(dims)}")
    return array.ravel()


def check_same(first: VariableFamily, again: VariableFamily) -> None:
    """Raise ScenarioMismatch if a variable's declarations in two scenarios do not agree.

    Recourse variables may have other bounds in each scenario, but not other dimensions.
    """
    same: dict[str, bool] = {
        "stage": first.stage is again.stage,
        "dimensions": first.dims == again.dims,
        "unit": first.unit == again.unit,
        "integer": first.integer == again.integer,
        "derived": first.derived == again.derived,
    }
    if again.stage is Stage.HERE_AND_NOW:
        same["lower bound"] = bool(np.array_equal(first.lower, again.lower))
        same["upper bound"] = bool(np.array_equal(first.upper, again.upper))
    different = [what for what, agree in same.items() if not agree]
    if different:
        listed = ", ".join(different)
        raise ScenarioMismatch(
            f"variable {first.name!r} differs between scenarios in: {listed}; what can be decided "
            "before it is known which of them comes is the same in all: change other cells"
        )
