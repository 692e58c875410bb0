"""The labels that rows have taken, compared without writing them out."""

from __future__ import annotations

from collections.abc import Sequence

from replant.errors import DuplicateLabel
from replant.kernel.dimension import Dimension, Dimensions
from replant.kernel.labels import written

__all__ = ["RowNames"]


class RowNames:
    """The labels that rows of one name in one scenario have taken."""

    def __init__(self) -> None:
        self._scalars: set[tuple[str, ...]] = set()
        self._grids: list[tuple[tuple[str, ...], Dimensions]] = []

    def claim(self, name: str, prefix: tuple[str, ...], dims: Dimensions) -> None:
        """Take the labels of new rows, or raise DuplicateLabel."""
        taken = any(_meet((prefix, dims), other) for other in self._grids)
        if dims:
            taken = taken or any(_meet((prefix, dims), (other, ())) for other in self._scalars)
            self._grids.append((prefix, dims))
        else:
            taken = taken or prefix in self._scalars
            self._scalars.add(prefix)
        if taken:
            label = written(name, [*prefix, *(dim.name for dim in dims)])
            raise DuplicateLabel(f"rows {label!r} repeat labels of earlier rows")


def _meet(
    left: tuple[tuple[str, ...], Dimensions], right: tuple[tuple[str, ...], Dimensions]
) -> bool:
    """Return whether two products of labels share one."""
    sides = [[*([label] for label in prefix), *dims] for prefix, dims in (left, right)]
    if len(sides[0]) != len(sides[1]):
        return False
    return all(
        any(label in there for label in _labels(here)) for here, there in zip(*sides, strict=True)
    )


def _labels(side: list[str] | Dimension) -> Sequence[str]:
    return side.labels if isinstance(side, Dimension) else side
