"""The period of each column of a labelled program, as far as its labels say it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from replant.kernel import Program
from replant.kernel.dimension import shape_of
from replant.kernel.labels import Family

__all__ = ["periods_of"]

Ints = NDArray[np.int32]

# The dimension that tells the periods; another one may have its labels too, such as points in time.
_PERIOD = "period"


def periods_of(program: Program) -> Ints:
    """Return the number of each column's period, -1 where its label tells none or more than one.

    Parameters
    ----------
    program : Program
        The program. Periods are numbered in the order of the dimension ``period``.

    Returns
    -------
    ndarray of int32, shape (columns,)
        The numbers.
    """
    labels = program.columns.labels
    numbers = _numbers(labels.families)
    if not numbers:
        return np.full(len(labels), -1, dtype=np.int32)
    tables, strides = zip(*(_table(family, numbers) for family in labels.families), strict=True)
    sizes = np.array([len(table) for table in tables])
    starts = np.cumsum(sizes) - sizes
    stride, size, start = (np.array(each)[labels.family] for each in (strides, sizes, starts))
    place = start + labels.element // np.maximum(stride, 1) % size
    found: Ints = np.concatenate(tables).astype(np.int32)[place]
    return found


def _numbers(families: Sequence[Family]) -> dict[str, int]:
    """Return the number of each period's label."""
    numbers: dict[str, int] = {}
    for family in families:
        for dim in family.dims:
            if dim.name == _PERIOD:
                for label in dim.labels:
                    numbers.setdefault(label, len(numbers))
    return numbers


def _table(family: Family, numbers: dict[str, int]) -> tuple[list[int], int]:
    """Return the number of each label along the axis of periods, and how far these lie apart."""
    fixed = [numbers[label] for label in family.prefix if label in numbers]
    axes = [
        axis
        for axis, dim in enumerate(family.dims)
        if dim.name == _PERIOD or any(label in numbers for label in dim.labels)
    ]
    if len(fixed) + len(axes) != 1:
        return [-1], 1
    if fixed:
        return fixed, 1
    axis = axes[0]
    stride = int(np.prod(shape_of(family.dims)[axis + 1 :], dtype=np.intp))
    return [numbers.get(label, -1) for label in family.dims[axis].labels] or [-1], stride
