"""Labels of columns and rows, written out only when somebody reads them.

A family is what one call declares: a name, some fixed labels and an array over dimensions. A
label is ``name[label,…]``, the fixed labels first, or the bare name of a scalar. The same label
stands once in each scenario's block.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from replant.errors import ScenarioMismatch, UnknownLabel
from replant.kernel.dimension import Dimensions, near_misses, shape_of, size_of
from replant.kernel.term import Positions

__all__ = ["EVERY_SCENARIO", "AnyFamily", "Family", "Labels"]

# The scenario number of what is the same in all scenarios.
EVERY_SCENARIO = -1


@dataclass(frozen=True, eq=False)
class Family:
    """Columns or rows declared in one call.

    Parameters
    ----------
    name : str
        The public name.
    prefix : tuple of str
        Fixed labels, before those of the dimensions.
    dims : tuple of Dimension
        The axes; an element of the family is a flat position in their grid.
    scenario : int
        Number of the scenario, or ``EVERY_SCENARIO``.
    owner : str
        Who declared it.
    """

    name: str
    prefix: tuple[str, ...]
    dims: Dimensions
    scenario: int
    owner: str

    @property
    def size(self) -> int:
        """Number of elements."""
        return size_of(self.dims)

    def coordinates(self, element: int) -> tuple[str, ...]:
        """Return the labels of an element, the fixed ones first."""
        if not self.dims:
            return self.prefix
        places = np.unravel_index(element, shape_of(self.dims))
        named = zip(self.dims, places, strict=True)
        return self.prefix + tuple(dim.labels[int(place)] for dim, place in named)

    def label(self, element: int) -> str:
        """Return the label of an element."""
        return written(self.name, self.coordinates(element))

    @cached_property
    def positions(self) -> dict[str, int]:
        """Element of each label, written out once for a family that is searched."""
        grid = product(*(dim.labels for dim in self.dims))
        return {written(self.name, self.prefix + place): i for i, place in enumerate(grid)}


AnyFamily = TypeVar("AnyFamily", bound=Family)


def written(name: str, labels: Sequence[str]) -> str:
    """Return ``name[label,…]``, or the bare name where there are no labels."""
    return f"{name}[{','.join(labels)}]" if labels else name


@dataclass(frozen=True, eq=False)
class Labels(Generic[AnyFamily]):
    """Which family and which element of it stands behind each column or row.

    Parameters
    ----------
    families : tuple of Family
        All families, also those of other blocks.
    family, element : ndarray of int32, shape (n,)
        For each column or row, the number of its family and its element in it.
    scenarios : tuple of str
        Names of the scenarios that the families' numbers mean.
    """

    families: tuple[AnyFamily, ...]
    family: Positions
    element: Positions
    scenarios: tuple[str, ...]

    def __len__(self) -> int:
        """Return the number of columns or rows."""
        return len(self.family)

    def __iter__(self) -> Iterator[str]:
        """Iterate over all labels, in order."""
        return (self.label(position) for position in range(len(self)))

    def family_of(self, position: int) -> AnyFamily:
        """Return the family of a column or row."""
        return self.families[int(self.family[position])]

    def label(self, position: int) -> str:
        """Return ``name[label,…]`` of a column or row."""
        return self.family_of(position).label(int(self.element[position]))

    def scenario(self, position: int) -> str:
        """Return the scenario's name, or an empty string for what all scenarios share."""
        number = self.family_of(position).scenario
        return "" if number == EVERY_SCENARIO else self.scenarios[number]

    @cached_property
    def names(self) -> NDArray[np.object_]:
        """Name of the family of each column or row."""
        return self._each([family.name for family in self.families])

    @cached_property
    def owners(self) -> NDArray[np.object_]:
        """Owner of each column or row."""
        return self._each([family.owner for family in self.families])

    @cached_property
    def scenario_numbers(self) -> Positions:
        """Scenario of each column or row, ``EVERY_SCENARIO`` where all share it."""
        numbers = np.array([family.scenario for family in self.families], dtype=np.int32)
        return numbers[self.family]

    def _each(self, values: list[str]) -> NDArray[np.object_]:
        return np.array(values, dtype=np.object_)[self.family]

    def taken(self, chosen: NDArray[np.integer] | slice) -> Labels[AnyFamily]:
        """Return the labels of some columns or rows."""
        return Labels(self.families, self.family[chosen], self.element[chosen], self.scenarios)

    def find(self, label: str, scenario: str | None = None) -> int:
        """Return the position of a label.

        Parameters
        ----------
        label : str
            The label as ``label`` writes it.
        scenario : str, optional
            The scenario's name, needed where several scenarios have the label.

        Raises
        ------
        UnknownLabel
            If no column or row bears it; the message lists near misses.
        ScenarioMismatch
            If several scenarios have it and none is named.
        """
        found = [
            position
            for number in self._by_name.get(label.partition("[")[0], ())
            if (element := self.families[number].positions.get(label)) is not None
            and (position := self._place(number, element)) >= 0
            and (scenario is None or self.scenario(position) in ("", scenario))
        ]
        if not found:
            raise UnknownLabel(f"there is no {label!r} here{self._near(label)}")
        if len(found) > 1:
            names = ", ".join(self.scenario(position) for position in found)
            raise ScenarioMismatch(f"{label!r} stands in several scenarios, name one: {names}")
        return found[0]

    @cached_property
    def _by_name(self) -> dict[str, list[int]]:
        """Numbers of the families here, by the part of their name before any bracket."""
        numbers: dict[str, list[int]] = {}
        for number in np.unique(self.family).tolist():
            key = self.families[number].name.partition("[")[0]
            numbers.setdefault(key, []).append(number)
        return numbers

    @cached_property
    def _sorted(self) -> tuple[NDArray[np.intp], Positions, Positions]:
        order = np.lexsort((self.element, self.family))
        return order, self.family[order], self.element[order]

    def _place(self, number: int, element: int) -> int:
        """Return where a family's element stands, or -1 if it was dropped."""
        order, families, elements = self._sorted
        start, stop = np.searchsorted(families, (number, number + 1))
        here = int(start + np.searchsorted(elements[start:stop], element))
        return int(order[here]) if here < stop and elements[here] == element else -1

    def _near(self, label: str) -> str:
        names = self._by_name
        start = label.partition("[")[0]
        if start not in names:
            return near_misses(start, names)
        known = [each for number in names[start] for each in self.families[number].positions]
        return near_misses(label, known[:2000])
