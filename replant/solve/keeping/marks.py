"""Which problem a file belongs to: digests of all its numbers."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from replant.kernel import Program
from replant.solve.staged import FirstStage, Staged

__all__ = ["digest", "fingerprint", "program_mark", "row_marks", "staged_mark"]

_LENGTH = 32


def digest(*arrays: ArrayLike) -> bytes:
    """Return a digest of arrays, 32 bytes."""
    found = hashlib.sha256()
    _take(found, *arrays)
    return found.digest()


def fingerprint(staged: Staged) -> bytes:
    """Return a digest of what the scenarios and the objective of a problem are, 32 bytes.

    The rows and bounds of the first stage are left out: see `row_marks`.
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


def row_marks(first: FirstStage) -> NDArray[np.uint8]:
    """Return a digest of each row of the first stage, bounds included, shape (rows, 32)."""
    marks = np.empty((first.matrix.shape[0], _LENGTH), dtype=np.uint8)
    for row in range(len(marks)):
        places = slice(*first.matrix.indptr[row : row + 2])
        marks[row] = np.frombuffer(
            digest(
                first.matrix.indices[places],
                first.matrix.data[places],
                [first.row_lower[row], first.row_upper[row]],
            ),
            dtype=np.uint8,
        )
    return marks


def staged_mark(staged: Staged) -> bytes:
    """Return a digest of all numbers of a problem in two stages, 32 bytes."""
    first = staged.first
    return hashlib.sha256(
        fingerprint(staged) + digest(first.lower, first.upper) + row_marks(first).tobytes()
    ).digest()


def program_mark(program: Program) -> bytes:
    """Return a digest of all numbers of a labelled program, 32 bytes."""
    matrix, columns, rows = program.matrix, program.columns, program.rows
    return digest(
        *(program.objective, [program.objective_constant]),
        *(columns.lower, columns.upper, columns.integer, rows.lower, rows.upper),
        *(matrix.data, matrix.indices, matrix.indptr),
    )


def _take(found: Any, *arrays: ArrayLike) -> None:
    for array in arrays:
        found.update(np.ascontiguousarray(array).tobytes())
