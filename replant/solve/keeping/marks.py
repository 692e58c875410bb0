"""Which problem a file belongs to: digests of all its numbers."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from replant.kernel import Program
from replant.solve.staged import FirstStage, Staged

__all__ = ["Demands", "digest", "fingerprint", "program_mark"]

_LENGTH = 32


def digest(*arrays: ArrayLike) -> bytes:
    """Return a digest of arrays, 32 bytes."""
    found = hashlib.sha256()
    _take(found, *arrays)
    return found.digest()


def fingerprint(staged: Staged) -> bytes:
    """Return a digest of what the scenarios and the objective of a problem are, 32 bytes.

    The rows and bounds of the first stage are left out: see `Demands`.
    """
    found = hashlib.sha256()
    first = staged.first
    _take(found, first.objective, first.integer, staged.probabilities, [staged.constant])
    for number in range(len(staged)):
        block = staged.make(number)
        _take(found, block.objective, block.lower, block.upper, block.integer)
        for matrix in (block.matrix, block.technology):
            _take(found, matrix.data, matrix.indices, matrix.indptr)
        _take(found, block.row_lower, block.row_upper, [block.constant])
    return found.digest()


@dataclass(frozen=True, eq=False)
class Demands:
    """What a problem asks of its columns: bounds, and a digest of each row.

    Parameters
    ----------
    stage : FirstStage
        The columns and the rows over them alone.
    """

    stage: FirstStage
    rows: NDArray[np.uint8] = field(init=False)

    KINDS: ClassVar[Mapping[str, tuple[Any, int]]] = {
        "lower": (np.float64, 1),
        "upper": (np.float64, 1),
        "rows": (np.uint8, 2),
    }

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", _row_marks(self.stage))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return what is kept of it in a file."""
        return {"lower": self.stage.lower, "upper": self.stage.upper, "rows": self.rows}

    def hold(self, found: Mapping[str, NDArray[Any]]) -> bool:
        """Return whether every plan that meets these demands meets those of a file."""
        lower, upper = found["lower"], found["upper"]
        if lower.shape != self.stage.lower.shape or upper.shape != self.stage.upper.shape:
            return False
        marks = {mark.tobytes() for mark in self.rows}
        return bool(
            (self.stage.lower >= lower).all()
            and (self.stage.upper <= upper).all()
            and all(mark.tobytes() in marks for mark in found["rows"])
        )


def _row_marks(first: FirstStage) -> NDArray[np.uint8]:
    """Return a digest of each row of the first stage, bounds included, shape (rows, 32)."""
    marks = np.empty((first.matrix.shape[0], _LENGTH), dtype=np.uint8)
    for row in range(len(marks)):
        places = slice(*first.matrix.indptr[row : row + 2])
        mark = digest(
            *(first.matrix.indices[places], first.matrix.data[places]),
            [first.row_lower[row], first.row_upper[row]],
        )
        marks[row] = np.frombuffer(mark, dtype=np.uint8)
    return marks


def program_mark(program: Program) -> bytes:
    """Return a digest of the columns of a labelled program and what they are worth, 32 bytes."""
    return digest(program.objective, [program.objective_constant], program.columns.integer)


def _take(found: Any, *arrays: ArrayLike) -> None:
    for array in arrays:
        found.update(np.ascontiguousarray(array).tobytes())
