"""Interval arithmetic: how small and how large an expression can be, from its columns' bounds."""

from __future__ import annotations

import numpy as np

from replant.errors import UnboundedRange
from replant.kernel.expression import Expr
from replant.kernel.problem import Problem
from replant.kernel.term import NO_CELLS, Floats, dense_elements, dense_values, merged

__all__ = ["interval"]


def interval(expr: Expr, problem: Problem, finite: bool) -> tuple[Floats, Floats]:
    """Return the least and greatest value of each element; see ``Expr.range``."""
    # Merged first, so that what cancels has no width.
    whole = merged(expr.terms, NO_CELLS)
    elements, values = dense_elements(whole), dense_values(whole)
    lower, upper = problem.columns.bounds(whole.columns)
    up = values > 0
    low, high = expr.constants, expr.constants
    np.add.at(low, elements, values * np.where(up, lower, upper))
    np.add.at(high, elements, values * np.where(up, upper, lower))
    if finite and not (np.isfinite(low).all() and np.isfinite(high).all()):
        loose = whole.columns[~(np.isfinite(lower) & np.isfinite(upper))]
        names = ", ".join(problem.columns.label(int(column)) for column in loose[:3])
        raise UnboundedRange(f"no finite range: {names} has no finite bounds")
    return low.reshape(expr.shape), high.reshape(expr.shape)
