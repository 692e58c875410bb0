"""Plain arrays behind numbers, quantities and arrays of either."""

from __future__ import annotations

import numpy as np

from replant.errors import LabelMismatch, UnitMismatch
from replant.kernel.dimension import Dimensions, shape_of
from replant.kernel.term import NO_CELLS, Cells, Floats
from replant.units import Quantity, Unit, cells_text

__all__ = ["check_shape", "plain_values"]


def plain_values(value: object, unit: Unit) -> tuple[Floats, Unit, Cells]:
    """Return the floats, the unit and the cells of a number, a quantity, or an array of them.

    Raises
    ------
    UnitMismatch
        If an array of quantities mixes units.
    """
    if isinstance(value, Quantity):
        return np.asarray(value.number), value.unit, value.cells
    array = np.asarray(value)
    if array.dtype != np.object_:
        return array.astype(np.float64, copy=False), unit, NO_CELLS
    units = {each.unit: each for each in array.flat if isinstance(each, Quantity)}
    if len(units) > 1:
        two = list(units.values())[:2]
        message = (
            f"an array mixes {two[0].unit} and {two[1].unit}"
            f"{cells_text(two[0].cells | two[1].cells)}"
        )
        raise UnitMismatch(message)
    cells = [each.cells for each in array.flat if isinstance(each, Quantity)]
    floats = np.array([float(each) for each in array.flat], dtype=np.float64)
    return floats.reshape(array.shape), next(iter(units), unit), NO_CELLS.union(*cells)


def check_shape(values: Floats, dims: Dimensions) -> None:
    """Raise LabelMismatch if an array is neither one number nor of the dimensions' shape."""
    if values.ndim and values.shape != shape_of(dims):
        names = ", ".join(f"{dim.name}: {len(dim)}" for dim in dims)
        message = f"an array of shape {values.shape} does not fit ({names})"
        raise LabelMismatch(message)
