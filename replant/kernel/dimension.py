"""Dimensions: a name and its labels, in order.

Two arrays meet by the *names* of their dimensions. The same name with other labels is an error,
never an intersection: what is absent is not zero.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property

from replant.errors import DuplicateLabel, LabelMismatch, UnknownLabel

__all__ = ["Dimension", "Dimensions", "near_misses"]


@dataclass(frozen=True)
class Dimension:
    """A named axis with its labels in order.

    Parameters
    ----------
    name : str
        Name by which arrays meet, e.g. ``"plant"``.
    labels : tuple of str
        The labels; may be empty (a case without rows of this kind).

    Raises
    ------
    DuplicateLabel
        If a label occurs twice.
    """

    name: str
    labels: tuple[str, ...]

    def __post_init__(self) -> None:
        """Freeze the labels and refuse duplicates."""
        object.__setattr__(self, "labels", tuple(self.labels))
        if len(self._positions) < len(self.labels):
            twice = sorted({label for label in self.labels if self.labels.count(label) > 1})
            message = f"dimension {self.name!r} has these labels more than once: {', '.join(twice)}"
            raise DuplicateLabel(message)

    @cached_property
    def _positions(self) -> dict[str, int]:
        return {label: position for position, label in enumerate(self.labels)}

    def __len__(self) -> int:
        """Return the number of labels."""
        return len(self.labels)

    def __contains__(self, label: str) -> bool:
        """Return whether the label is one of this dimension's."""
        return label in self._positions

    def index(self, label: str) -> int:
        """Return the position of a label.

        Raises
        ------
        UnknownLabel
            If there is no such label; the message lists near misses.
        """
        try:
            return self._positions[label]
        except KeyError:
            message = (
                f"dimension {self.name!r} has no label {label!r}{near_misses(label, self.labels)}"
            )
            raise UnknownLabel(message) from None


Dimensions = tuple[Dimension, ...]


def near_misses(wanted: str, known: Iterable[str]) -> str:
    """Return ``; did you mean …?`` with the nearest known names, for an error message."""
    names = sorted(set(known))
    near = get_close_matches(str(wanted), names, n=3, cutoff=0.5)
    if near:
        return f"; did you mean {' or '.join(repr(name) for name in near)}?"
    return f"; known are {', '.join(names[:8])}{', …' if len(names) > 8 else ''}" if names else ""


def size_of(dims: Dimensions) -> int:
    """Return the number of elements over some dimensions."""
    return math.prod(len(dim) for dim in dims)


def shape_of(dims: Dimensions) -> tuple[int, ...]:
    """Return the shape of an array over some dimensions."""
    return tuple(len(dim) for dim in dims)


def check_distinct(dims: Sequence[Dimension], what: str) -> None:
    """Raise DuplicateLabel if one name is used by two of the dimensions."""
    names = [dim.name for dim in dims]
    if len(set(names)) < len(names):
        message = f"{what} uses a dimension twice: {', '.join(names)}"
        raise DuplicateLabel(message)


def position_of(dims: Dimensions, name: str) -> int:
    """Return the axis of the named dimension.

    Raises
    ------
    UnknownLabel
        If none of the dimensions has the name.
    """
    for axis, dim in enumerate(dims):
        if dim.name == name:
            return axis
    known = [dim.name for dim in dims]
    message = f"there is no dimension {name!r} here{near_misses(name, known)}"
    raise UnknownLabel(message)


def joined(left: Dimensions, right: Dimensions) -> Dimensions:
    """Return the left dimensions followed by those that only the right has.

    Raises
    ------
    LabelMismatch
        If a name occurs on both sides with different labels.
    """
    if left == right or not right:
        return left
    have = {dim.name: dim for dim in left}
    for dim in right:
        mine = have.get(dim.name, dim)
        if mine != dim:
            raise LabelMismatch(_difference(mine, dim))
    return left + tuple(dim for dim in right if dim.name not in have)


def _difference(left: Dimension, right: Dimension) -> str:
    only_left = [label for label in left.labels if label not in right]
    only_right = [label for label in right.labels if label not in left]
    if not only_left and not only_right:
        return f"dimension {left.name!r} has the same labels on both sides, in another order"
    sides = [
        f"only {side} has {', '.join(labels[:5])}{', …' if len(labels) > 5 else ''}"
        for side, labels in (("the left", only_left), ("the right", only_right))
        if labels
    ]
    return f"dimension {left.name!r} differs: {'; '.join(sides)}"
