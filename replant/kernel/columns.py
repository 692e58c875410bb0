"""The columns and rows of a program: labels and bounds, as arrays in their final order."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from replant.kernel.declaration import RowFamily, VariableFamily
from replant.kernel.labels import Labels
from replant.kernel.term import Floats

__all__ = ["Columns", "Rows"]


@dataclass(frozen=True, eq=False)
class Columns:
    """The columns: labels, bounds, kinds; each array has shape (columns,).

    ``stage`` is the value of ``Stage``: 0 here-and-now, 1 recourse.
    """

    labels: Labels[VariableFamily]
    lower: Floats
    upper: Floats
    integer: NDArray[np.bool_]
    derived: NDArray[np.bool_]
    stage: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.lower)

    def label(self, column: int) -> str:
        """Return ``name[label,…]`` of a column."""
        return self.labels.label(column)

    def find(self, label: str, scenario: str | None = None) -> int:
        """Return the column of a label; see ``Labels.find``."""
        return self.labels.find(label, scenario)

    @property
    def names(self) -> NDArray[np.object_]:
        """Name of each column's variable."""
        return self.labels.names

    @property
    def owners(self) -> NDArray[np.object_]:
        """Owner of each column."""
        return self.labels.owners

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
class Rows:
    """The rows: labels, rules, bounds; each array has shape (rows,)."""

    labels: Labels[RowFamily]
    lower: Floats
    upper: Floats

    def __len__(self) -> int:
        return len(self.lower)

    def label(self, row: int) -> str:
        """Return ``name[label,…]`` of a row."""
        return self.labels.label(row)

    def rule(self, row: int) -> str:
        """Return the sentence that says what the row demands."""
        return self.labels.family_of(row).rule

    def find(self, label: str, scenario: str | None = None) -> int:
        """Return the row of a label; see ``Labels.find``."""
        return self.labels.find(label, scenario)

    @property
    def names(self) -> NDArray[np.object_]:
        """Name of each row's requirement."""
        return self.labels.names

    @property
    def owners(self) -> NDArray[np.object_]:
        """Owner of each row."""
        return self.labels.owners

    def taken(self, chosen: NDArray[np.integer]) -> Rows:
        """Return some of the rows."""
        return Rows(self.labels.taken(chosen), self.lower[chosen], self.upper[chosen])
