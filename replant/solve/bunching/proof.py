"""Whether an answer is what it claims, from the figures of the problem alone.

The method that found it need not be believed: a plan within all bounds and prices whose bound is
the plan's value prove each other, and weights of rows prove that a row cannot be met.
"""

from __future__ import annotations

import math

from replant.solve.bunching.arrays import Floats, Items, Matrix
from replant.solve.bunching.compiled import compiled

__all__ = ["clashes", "optimal", "worth"]

# What is forgiven, relative to one and the size of what is compared.
_FORGIVEN = 1e-7
# A price or reduced cost this small, relative to the largest, is rounding where there is no bound.
_ROUNDING = 1e-9


@compiled
def worth(matrix: Matrix, items: Items, item: int, prices: Floats, ray: bool) -> float:
    """Return the bound that row prices prove; of a ray, with no objective.

    No plan of the problem is worth more. A ray below zero proves that there is no plan.
    """
    largest = 1.0
    if ray:
        largest = 0.0
    for i in range(matrix.height):
        largest = max(largest, abs(prices[i]))
    total = 0.0
    for i in range(matrix.height):
        price = prices[i]
        bound = items.row_upper[item, i] if price > 0.0 else items.row_lower[item, i]
        if price != 0.0:
            if math.isfinite(bound):
                total += price * bound
            elif abs(price) > _ROUNDING * largest:
                return math.inf
    for j in range(matrix.width):
        reduced = 0.0 if ray else items.objective[item, j]
        for e in range(matrix.column_starts[j], matrix.column_starts[j + 1]):
            row = matrix.column_rows[e]
            price = prices[row]
            bound = items.row_upper[item, row] if price > 0.0 else items.row_lower[item, row]
            if math.isfinite(bound):
                reduced -= price * matrix.column_values[e]
        bound = items.upper[item, j] if reduced > 0.0 else items.lower[item, j]
        if reduced != 0.0:
            if math.isfinite(bound):
                total += reduced * bound
            elif abs(reduced) > _ROUNDING * largest:
                return math.inf
    return total


@compiled
def optimal(matrix: Matrix, items: Items, item: int, columns: Floats, prices: Floats) -> bool:
    """Return whether a plan keeps all bounds and the prices prove that none is better."""
    value = 0.0
    for j in range(matrix.width):
        x = columns[j]
        allowed = _FORGIVEN * (1.0 + abs(x))
        if x < items.lower[item, j] - allowed or x > items.upper[item, j] + allowed:
            return False
        value += items.objective[item, j] * x
    for i in range(matrix.height):
        height, size = 0.0, 1.0
        for e in range(matrix.row_starts[i], matrix.row_starts[i + 1]):
            part = matrix.row_values[e] * columns[matrix.row_columns[e]]
            height += part
            size += abs(part)
        allowed = _FORGIVEN * size
        if (
            height < items.row_lower[item, i] - allowed
            or height > items.row_upper[item, i] + allowed
        ):
            return False
    bound = worth(matrix, items, item, prices, False)
    return abs(bound - value) <= _FORGIVEN * (1.0 + abs(value))


@compiled
def clashes(matrix: Matrix, items: Items, item: int, prices: Floats) -> bool:
    """Return whether weights of rows, turned around if need be, prove that there is no plan."""
    largest = 0.0
    for i in range(matrix.height):
        largest = max(largest, abs(prices[i]))
    if largest == 0.0:
        return False
    for _ in range(2):
        if worth(matrix, items, item, prices, True) < -_FORGIVEN * largest:
            return True
        for i in range(matrix.height):
            prices[i] = -prices[i]
    return False
