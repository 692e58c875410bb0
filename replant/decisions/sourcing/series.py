"""Arrays over the plan periods: quantities, columns and stream elements that run in step."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from replant.kernel import Expr
from replant.module import Builder
from replant.units import Quantity, Unit

__all__ = ["constant", "floats", "nothing", "read", "summed", "times"]


def times(expr: Expr, path: Sequence[Quantity]) -> Expr:
    """Return an expression over the periods times one quantity for each period."""
    return expr * np.array(path, dtype=np.object_)


def constant(path: Sequence[Quantity], to: Builder) -> Expr:
    """Return one quantity for each period as an expression without columns."""
    return Expr.constant(np.array(path, dtype=np.object_), (to.periods,))


def nothing(unit: Unit, to: Builder) -> Expr:
    """Return an expression over the periods that is 0 throughout."""
    return Expr.constant(0.0, (to.periods,), unit)


def read(stream: str, to: Builder, default: float | None = None, **labels: str) -> Expr:
    """Return a stream's elements over the periods, whoever posts to them and whenever."""
    return to.problem.total(stream, to.periods, default=default, **labels)


def summed(parts: Iterable[Expr]) -> Expr | None:
    """Return the sum of expressions; None if there are none."""
    found = list(parts)
    # halves keep the number of copied terms low where there are many
    while len(found) > 1:
        pairs = zip(found[::2], found[1::2], strict=False)
        rest = found[-1:] if len(found) % 2 else []
        found = [left + right for left, right in pairs] + rest
    return found[0] if found else None


def floats(paths: Sequence[Sequence[Quantity]], count: int) -> NDArray[np.float64]:
    """Return quantities as plain numbers, one row for each path."""
    numbers = [[each.number for each in path] for path in paths]
    return np.array(numbers, dtype=np.float64).reshape(len(paths), count)
