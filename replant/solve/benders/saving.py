"""What a solve has learnt, on disk: killed at any moment, it goes on from there.

The file holds numbers only and is read without executing anything. It belongs to one problem: its
fingerprint is compared before a number of it is believed. Every cut in it was proven when it was
made, and the bound with it.
"""

from __future__ import annotations

import hashlib
import os
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from replant.errors import SolverError
from replant.solve.benders.course import Course
from replant.solve.benders.cut import Cut
from replant.solve.benders.master import GroupCut
from replant.solve.benders.recourse import settle
from replant.solve.staged import Staged

__all__ = ["Keeper", "fingerprint"]

Floats = NDArray[np.float64]

# At least so many seconds pass between two writings.
_EVERY = 5.0
_ARRAYS = ("groups", "constants", "slopes", "first", "numbers", "fingerprint")


def fingerprint(staged: Staged) -> bytes:
    """Return a digest of the first stage and of every scenario's numbers, 32 bytes."""
    digest = hashlib.sha256()
    first = staged.first
    arrays = [first.objective, first.lower, first.upper, first.integer, first.matrix.data]
    arrays += [first.matrix.indices, first.row_lower, first.row_upper, staged.probabilities]
    arrays += [np.array([staged.constant])]
    for number in range(len(staged)):
        block = staged.make(number)
        arrays += [block.objective, block.lower, block.upper, block.integer]
        arrays += [block.matrix.data, block.matrix.indices, block.matrix.indptr]
        arrays += [block.technology.data, block.technology.indices, block.technology.indptr]
        arrays += [block.row_lower, block.row_upper, np.array([block.constant])]
        for array in arrays:
            digest.update(np.ascontiguousarray(array).tobytes())
        arrays = []
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.digest()


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
    _written: float = 0.0

    def __post_init__(self) -> None:
        self._mark = fingerprint(self.staged)

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
            )
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path)
        self._written = time.monotonic()

    def _of(self, course: Course) -> bytes:
        """Return the fingerprint of a problem and of what its cuts are told of."""
        if course.master.chains is None:
            return self._mark
        return hashlib.sha256(self._mark + b"by period").digest()

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
        if found["fingerprint"].tobytes() != self._of(course):
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
        if len(found["first"]):
            # What the plan is worth is asked anew.
            settle(course, np.asarray(found["first"], dtype=np.float64), None)
        return True

    def _arrays(self) -> dict[str, NDArray[np.generic]]:
        try:
            with self.path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
                return {name: file[name] for name in _ARRAYS}
        except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as problem:
            raise SolverError(
                f"{self.path} holds nothing that a solve kept: delete it to begin anew"
            ) from problem
