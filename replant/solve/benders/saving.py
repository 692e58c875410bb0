"""What a solve has learnt, on disk: killed at any moment, it goes on from there.

The file holds numbers only and is read without executing anything. It belongs to one problem and
to those that ask for more: the same scenarios and objective, with further rows or tighter bounds
on the first stage (an option forced, a limit added). What was proven of all first stages holds for
some of them. Anything else is refused before a number of it is believed.
"""

from __future__ import annotations

import hashlib
import os
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from replant.errors import SolverError
from replant.solve.benders.course import Course
from replant.solve.benders.cut import Cut
from replant.solve.benders.group_cut import GroupCut
from replant.solve.benders.recourse import settle
from replant.solve.staged import FirstStage, Staged

__all__ = ["Keeper", "fingerprint", "row_marks"]

Floats = NDArray[np.float64]

# At least so many seconds pass between two writings.
_EVERY = 5.0
_ARRAYS = (
    "groups", "constants", "slopes", "first", "numbers", "fingerprint", "lower", "upper", "rows"
)  # fmt: skip
_LENGTH = 32
# A plan keeps a row or bound if it misses it by no more than this.
_KEPT = 1e-6


def fingerprint(staged: Staged) -> bytes:
    """Return a digest of what the scenarios and the objective of a problem are, 32 bytes.

    The rows and bounds of the first stage are left out: see `row_marks`.
    """
    digest = hashlib.sha256()
    first = staged.first
    _take(digest, first.objective, first.integer, staged.probabilities, [staged.constant])
    for number in range(len(staged)):
        block = staged.make(number)
        _take(digest, block.objective, block.lower, block.upper, block.integer)
        for matrix in (block.matrix, block.technology):
            _take(digest, matrix.data, matrix.indices, matrix.indptr)
        _take(digest, block.row_lower, block.row_upper, [block.constant])
    return digest.digest()


def row_marks(first: FirstStage) -> NDArray[np.uint8]:
    """Return a digest of each row of the first stage, bounds included, shape (rows, 32)."""
    marks = np.empty((first.matrix.shape[0], _LENGTH), dtype=np.uint8)
    for row in range(len(marks)):
        places = slice(*first.matrix.indptr[row : row + 2])
        digest = hashlib.sha256()
        _take(digest, first.matrix.indices[places], first.matrix.data[places])
        _take(digest, [first.row_lower[row], first.row_upper[row]])
        marks[row] = np.frombuffer(digest.digest(), dtype=np.uint8)
    return marks


def _take(digest: Any, *arrays: ArrayLike) -> None:
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())


@dataclass(eq=False)
class Keeper:
    """Writes what a solve knows, and reads it again.

    Parameters
    ----------
    path : Path
        The file.
    staged : Staged
        The problem.
    """

    path: Path
    staged: Staged
    _mark: bytes = field(init=False)
    _rows: NDArray[np.uint8] = field(init=False)
    _written: float = 0.0

    def __post_init__(self) -> None:
        self._mark = fingerprint(self.staged)
        self._rows = row_marks(self.staged.first)

    def write(self, course: Course, *, now: bool = False) -> None:
        """Write what a course knows, unless that was done a moment ago.

        The file is replaced at once: a kill while writing leaves the one before.
        """
        if not now and time.monotonic() - self._written < _EVERY:
            return
        width, cuts = len(self.staged.first), course.master.cuts
        none = np.zeros(0)
        beside = self.path.with_name(self.path.name + ".part")
        with beside.open("wb") as file:
            np.savez(
                file,
                groups=np.array([each.group for each in cuts], dtype=np.int64),
                constants=np.array([each.cut.constant for each in cuts]),
                slopes=np.array([each.cut.slope for each in cuts]).reshape(len(cuts), width),
                first=none if course.first is None else course.first,
                numbers=np.array([course.bound, course.value]),
                fingerprint=np.frombuffer(self._of(course), dtype=np.uint8),
                lower=self.staged.first.lower,
                upper=self.staged.first.upper,
                rows=self._rows,
            )
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path)
        self._written = time.monotonic()

    def _of(self, course: Course) -> bytes:
        """Return the fingerprint of a problem and of what its cuts are told of."""
        if course.master.chains is None:
            return self._mark
        bundles = course.master.chains.totals.shape[0]
        told = "by period" if bundles == len(self.staged) else f"by period, {bundles} bundles"
        return hashlib.sha256(self._mark + told.encode()).digest()

    def read(self, course: Course) -> bool:
        """Give a course what the file knows; return whether there was anything.

        Raises
        ------
        SolverError
            If the file is of another problem, or no file of this kind.
        """
        if not self.path.exists():
            return False
        found = self._arrays()
        if found["fingerprint"].tobytes() != self._of(course) or not self._asks_more(found):
            raise SolverError(f"{self.path} was kept for another problem: delete it to begin anew")
        width, groups = len(self.staged.first), len(course.master.weights)
        slopes, constants = found["slopes"], found["constants"]
        numbers = found["numbers"]
        fits = (
            slopes.shape == (len(constants), width)
            and found["groups"].shape == constants.shape
            and found["groups"].max(initial=-1) < groups
            and numbers.shape == (2,)
            and len(found["first"]) in (0, width)
        )
        if not fits:
            raise SolverError(f"{self.path} does not fit the problem: delete it to begin anew")
        course.master.add(
            [
                GroupCut(int(group), Cut(float(constant), slope))
                for group, constant, slope in zip(found["groups"], constants, slopes, strict=True)
            ]
        )
        bound = float(numbers[0])
        if np.isfinite(bound):
            course.bound = bound
        plan = np.asarray(found["first"], dtype=np.float64)
        if len(plan) and self._keeps(plan):
            # What the plan is worth is asked anew.
            settle(course, plan, None)
        return True

    def _asks_more(self, found: dict[str, NDArray[np.generic]]) -> bool:
        """Return whether every first stage of this problem is one of that in the file."""
        first = self.staged.first
        lower, upper = (np.asarray(found[name], dtype=np.float64) for name in ("lower", "upper"))
        if lower.shape != first.lower.shape or upper.shape != first.upper.shape:
            return False
        marks = {mark.tobytes() for mark in self._rows}
        return bool(
            (first.lower >= lower).all()
            and (first.upper <= upper).all()
            and all(mark.tobytes() in marks for mark in found["rows"])
        )

    def _keeps(self, plan: Floats) -> bool:
        """Return whether a plan keeps the bounds and rows of the first stage."""
        first = self.staged.first
        body = first.matrix @ plan
        return bool(
            (plan >= first.lower - _KEPT).all()
            and (plan <= first.upper + _KEPT).all()
            and (body >= first.row_lower - _KEPT).all()
            and (body <= first.row_upper + _KEPT).all()
        )

    def _arrays(self) -> dict[str, NDArray[np.generic]]:
        try:
            with self.path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
                return {name: file[name] for name in _ARRAYS}
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as problem:
            raise SolverError(
                f"{self.path} holds nothing that a solve kept: delete it to begin anew"
            ) from problem
