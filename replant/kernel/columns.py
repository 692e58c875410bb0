"""The columns and rows of a program: labels and bounds, as arrays in their final order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic

import numpy as np
from numpy.typing import NDArray

from replant.kernel.declaration import RowFamily, VariableFamily
from replant.kernel.labels import AnyFamily, Labels
from replant.kernel.term import Floats

__all__ = ["Columns", "Rows"]


@dataclass(frozen=True, eq=False)
class _Labelled(Generic[AnyFamily]):
    """What columns and rows have in common: labels and bounds."""

    labels: Labels[AnyFamily]
    lower: Floats
    upper: Floats

    def __len__(self) -> int:
        return len(self.lower)

    def label(self, place: int) -> str:
        """Return ``name[label,…]`` of a column or row."""
        return self.labels.label(place)

    def find(self, label: str, scenario: str | None = None) -> int:
        """Return the column or row of a label; see ``Labels.find``."""
        return self.labels.find(label, scenario)

    @property
    def names(self) -> NDArray[np.object_]:
        """Name of each one's variable or requirement."""
        return self.labels.names

    @property
    def owners(self) -> NDArray[np.object_]:
        """Owner of each."""
        return self.labels.owners


@dataclass(frozen=True, eq=False)
class Columns(_Labelled[VariableFamily]):
    """The columns: labels, bounds, kinds; each array has shape (columns,).

    ``stage`` is the value of ``Stage``: 0 here-and-now, 1 recourse.
    """

    integer: NDArray[np.bool_]
    derived: NDArray[np.bool_]
    stage: NDArray[np.int8]

    def taken(self, chosen: NDArray[np.integer]) -> Columns:
        """Return some of the columns."""
        return Columns(
            self.labels.taken(chosen),
            self.lower[chosen],
            self.upper[chosen],
            self.integer[chosen],
            self.derived[chosen],
            self.stage[chosen],
        )


@dataclass(frozen=True, eq=False)
class Rows(_Labelled[RowFamily]):
    """The rows: labels, rules, bounds; each array has shape (rows,)."""

    def rule(self, row: int) -> str:
        """Return the sentence that says what the row demands."""
        return self.labels.family_of(row).rule

    def taken(self, chosen: NDArray[np.integer]) -> Rows:
        """Return some of the rows."""
        return Rows(self.labels.taken(chosen), self.lower[chosen], self.upper[chosen])
