"""What a solve has learnt, on disk: killed at any moment, it goes on from there.

The file holds numbers only and is read without executing anything. It belongs to one problem and
to those that ask for more: the same scenarios and objective, with further rows or tighter bounds
on the first stage (an option forced, a limit added). What was proven of all first stages holds for
some of them. Anything else is refused before a number of it is believed.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replant.errors import SolverError
from replant.solve.benders.course import Course
from replant.solve.benders.cut import Cut
from replant.solve.benders.figured import words_of
from replant.solve.benders.group_cut import EVERY_GROUP, FIRST_STAGE, GroupCut, hope_of
from replant.solve.benders.recourse import settle
from replant.solve.keeping.arrays import Refused, foreign, read_arrays
from replant.solve.keeping.marks import Demands, digest, fingerprint
from replant.solve.keeping.shelf import Shelf, Teller
from replant.solve.staged import Staged

__all__ = ["Keeper"]

Floats = NDArray[np.float64]
Arrays = dict[str, NDArray[Any]]

_KINDS = {
    "groups": (np.int64, 1),
    "constants": (np.float64, 1),
    "slopes": (np.float64, 2),
    "first": (np.float64, 1),
    "numbers": (np.float64, 1),
    "fingerprint": (np.uint8, 1),
    **Demands.KINDS,
}
# What the numbers mean; another meaning is another problem.
_FORMAT = b"cuts 2"
# What a file says of its own plan may be off by this share.
_OFF = 1e-6


@dataclass(eq=False)
class Keeper:
    """Writes what a solve knows, and reads it again.

    Parameters
    ----------
    path : Path
        The file.
    staged : Staged
        The problem.
    tell : callable, optional
        Told if the file cannot be written.
    """

    path: Path
    staged: Staged
    tell: Teller | None = None
    _mark: bytes = field(init=False)
    _demands: Demands = field(init=False)
    _shelf: Shelf = field(init=False)

    def __post_init__(self) -> None:
        self._mark = fingerprint(self.staged)
        self._demands = Demands(self.staged.first)
        self._shelf = Shelf(self.path, self.tell)

    def write(self, course: Course, *, now: bool = False) -> None:
        """Write what a course knows, unless that was done a moment ago.

        The file is replaced at once: a kill while writing leaves the one before.
        """
        self._shelf.put(lambda: self._arrays(course), now=now)

    def _arrays(self, course: Course) -> Arrays:
        width, cuts = len(self.staged.first), course.master.cuts
        return {
            "groups": np.array([each.group for each in cuts], dtype=np.int64),
            "constants": np.array([each.cut.constant for each in cuts], dtype=np.float64),
            "slopes": np.array([each.cut.slope for each in cuts], dtype=np.float64).reshape(
                len(cuts), width
            ),
            "first": np.zeros(0) if course.first is None else course.first,
            "numbers": np.array([course.bound, course.value]),
            "fingerprint": np.frombuffer(self._of(course), dtype=np.uint8),
            **self._demands.arrays(),
        }

    def _of(self, course: Course) -> bytes:
        """Return the fingerprint of a problem and of what its cuts are told of."""
        groups = np.concatenate([np.zeros(0), *([-1, *each] for each in course.groups)])
        told = digest(groups, course.shares, [len(course.master.weights)])
        chained = b"" if course.master.chains is None else b" by period"
        return hashlib.sha256(_FORMAT + self._mark + told + chained).digest()

    def read(self, course: Course) -> bool:
        """Give a course what the file knows; return whether there was anything.

        Raises
        ------
        Refused
            If the file is of another problem, contradicts itself, or is no file of this kind. The
            course then knows things that may be false.
        """
        if not self.path.exists():
            return False
        found = read_arrays(self.path, _KINDS)
        if found["fingerprint"].tobytes() != self._of(course) or not self._demands.hold(found):
            raise foreign(self.path)
        if not self._fits(found, course):
            raise Refused(f"{self.path} does not fit the problem: delete it to begin anew")
        course.master.add(
            [
                GroupCut(int(group), Cut(float(constant), slope))
                for group, constant, slope in zip(
                    found["groups"], found["constants"], found["slopes"], strict=True
                )
            ]
        )
        bound = float(found["numbers"][0])
        if np.isfinite(bound):
            course.bound = min(course.bound, bound)
        plan = found["first"].copy()
        if len(plan):
            # What the plan is worth is asked anew. Where a part gives no answer there, such as one
            # that is worth any amount, the solve itself will meet it.
            with suppress(SolverError):
                settle(course, plan, None)
            if self._denied(course, bound):
                raise Refused(f"{self.path} contradicts itself: delete it to begin anew")
        return True

    def _fits(self, found: Arrays, course: Course) -> bool:
        """Return whether the numbers of a file can be what a solve of this problem kept."""
        width, cuts = len(self.staged.first), len(found["constants"])
        groups, numbers, first = found["groups"], found["numbers"], found["first"]
        return bool(
            found["slopes"].shape == (cuts, width)
            and len(groups) == cuts
            and groups.min(initial=0) >= EVERY_GROUP
            and groups.max(initial=-1) < len(course.master.weights)
            and len(numbers) == 2
            and not np.isnan(numbers).any()
            and len(first) in (0, width)
            and all(np.isfinite(found[name]).all() for name in ("constants", "slopes", "first"))
        )

    def _denied(self, course: Course, bound: float) -> bool:
        """Return whether a plan, asked anew, is worth more than a file's bound or cuts allow."""
        if course.first is None:
            return False
        least = course.value - _OFF * max(1.0, abs(course.value))
        if course.master.chains is not None or words_of(self.staged):
            # Cuts speak of columns beside the first stage, at which a plan need not be at its best.
            return bound < least
        cuts = [each for each in course.master.cuts if each.group != FIRST_STAGE]
        worth = hope_of(cuts, course.master.groups, course.first[None])[0]
        return bound < least or course.objective(course.first, worth + course.constants) < least
