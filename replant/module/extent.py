"""Extent: how small and how large a stream's element can be in an assembled program."""

from __future__ import annotations

import numpy as np

from replant.errors import UnboundedRange
from replant.kernel import Program

__all__ = ["reach"]


def reach(program: Program, stream: str, scenario: str, **labels: str) -> tuple[float, float]:
    """Return the least and the most that a stream's element can be, by the columns' bounds.

    Parameters
    ----------
    program : Program
        An assembled program.
    stream, scenario : str
        The stream, in which scenario.
    **labels : str
        A label for each of the stream's dimensions.

    Returns
    -------
    tuple of float
        In the stream's unit.

    Raises
    ------
    UnboundedRange
        If a column behind it has no bound on the side that matters, by its name.
    """
    row = program.streams.row(stream, scenario=scenario, **labels)
    lower, upper = program.columns.lower[row.indices], program.columns.upper[row.indices]
    ends = np.sort(np.array([row.coefficients * lower, row.coefficients * upper]), axis=0)
    for side in ends:
        if not np.isfinite(side).all():
            column = int(row.indices[np.flatnonzero(~np.isfinite(side))[0]])
            label = program.columns.label(column)
            raise UnboundedRange(f"{stream} has no bound because {label} has none")
    low, high = ends.sum(axis=1) + row.constant
    return float(low), float(high)
