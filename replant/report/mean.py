"""The mean of what several scenarios say: numbers are weighted, all else is the same in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

__all__ = ["mean"]

Said = TypeVar("Said")


def mean(each: Sequence[Said], weights: Sequence[float]) -> Said:
    """Return plain data whose numbers are the weighted mean of several of the same shape.

    Where all agree they keep their value to the last digit. What is no number is taken from the
    first: names, states and dates do not wait for a scenario.

    Parameters
    ----------
    each : sequence
        Numbers, tuples or frozen dataclasses, one at least.
    weights : sequence of float
        Their weights; they sum to 1.
    """
    found: Said = _mean(each, weights)
    return found


def _mean(each: Sequence[Any], weights: Sequence[float]) -> Any:
    first = each[0]
    if all(one == first for one in each):
        return first
    if isinstance(first, float):
        return sum(weight * one for weight, one in zip(weights, each, strict=True))
    if isinstance(first, tuple):
        return tuple(_mean(some, weights) for some in zip(*each, strict=False))
    if is_dataclass(first) and not isinstance(first, type):
        names = [each.name for each in fields(first)]
        return replace(
            first, **{name: _mean([getattr(one, name) for one in each], weights) for name in names}
        )
    return first
