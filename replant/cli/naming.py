"""Columns by name: a plan's values outlive the program whose numbers they were."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from replant.kernel import Program

__all__ = ["named", "valued"]

_AT = "@"


def named(program: Program, values: NDArray[np.float64]) -> dict[str, float]:
    """Return the values that are not zero by label; what a scenario owns has ``@scenario``."""
    several = len(program.blocks) > 1
    found = {}
    for column in np.flatnonzero(values):
        label = program.columns.label(int(column))
        scenario = program.columns.labels.scenario(int(column)) if several else ""
        found[f"{label}{_AT}{scenario}" if scenario else label] = float(values[column])
    return found


def valued(program: Program, names: Mapping[str, float | str]) -> NDArray[np.float64]:
    """Return the value of each column of a program, shape (columns,); the rest is zero.

    Raises
    ------
    KernelError
        If a name is no column of the program.
    ValueError
        If a value is no number.
    """
    values = np.zeros(len(program.columns))
    scenarios = {block.name for block in program.blocks}
    for name, value in names.items():
        label, _, scenario = name.rpartition(_AT)
        own = bool(label) and scenario in scenarios
        column = program.columns.find(label, scenario) if own else program.columns.find(name)
        values[column] = float(value)
    return values
