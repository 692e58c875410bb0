"""What a search by boxes knows, on disk: its open boxes, what divisions have kept, the best plan.

It is read again at the point between two boxes at which it was written, and goes on as if nothing
had been. The ways left in a box are kept as bits. A search that is to come nearer than the one
before cannot use its boxes, for some were closed that may hold a plan as good as is now asked for:
of these only the bound is left, and the best plan.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replant.solve.dividing.box import Box
from replant.solve.dividing.divider import Division
from replant.solve.dividing.ways import Floats, Places, Ways
from replant.solve.feasible import keeps_first
from replant.solve.keeping.arrays import Refused, foreign, read_arrays
from replant.solve.keeping.marks import digest
from replant.solve.keeping.shelf import Shelf, Teller
from replant.solve.staged import FirstStage

__all__ = ["BoxKeeper", "Known", "OpenBox"]

Arrays = dict[str, NDArray[Any]]

_KINDS = {
    "numbers": (np.float64, 1),
    "first": (np.float64, 1),
    "bounds": (np.float64, 1),
    "lower": (np.float64, 2),
    "upper": (np.float64, 2),
    "least": (np.float64, 2),
    "most": (np.float64, 2),
    "ways": (np.uint8, 2),
    "divisions": (np.int64, 2),
    "promised": (np.float64, 1),
    "kept": (np.float64, 2),
    "seen": (np.float64, 2),
    "fingerprint": (np.uint8, 1),
}
# What the numbers mean; another meaning is another problem.
_FORMAT = np.frombuffer(b"boxes 1", dtype=np.uint8)
# A plan is worth what the file says if that is off by no more than this share.
_OFF = 1e-6


@dataclass(frozen=True, eq=False)
class OpenBox:
    """A box that is still to be looked at.

    Attributes
    ----------
    bound : float
        No plan in it is worth more.
    box : Box
        The box.
    ways : ndarray of int
        The ways that may be left in it.
    division : Division or None
        How it came about.
    """

    bound: float
    box: Box
    ways: Places
    division: Division | None


@dataclass(frozen=True, eq=False)
class Known:
    """What a search knows between two boxes.

    Attributes
    ----------
    value : float
        What the best plan is worth.
    first : ndarray or None
        Its first stage, shape (n,).
    bound : float
        No plan is worth more.
    unsettled, dropped : float
        The most that boxes may hold that could not be divided further, and that were given up
        because no more than this was sought.
    boxes : int
        How many were looked at.
    open : sequence of OpenBox
        What is left, the most promising first.
    kept, seen : ndarray, shape (2, places)
        What divisions have kept of their promises; see `Divider`.
    """

    value: float
    first: Floats | None
    bound: float
    unsettled: float
    dropped: float
    boxes: int
    open: Sequence[OpenBox]
    kept: Floats
    seen: Floats


@dataclass(eq=False)
class BoxKeeper:
    """Writes what a search by boxes knows, and reads it again.

    Parameters
    ----------
    path : Path
        The file.
    stage : FirstStage
        The first stage.
    ways : Ways
        The ways of all parts.
    tell : callable, optional
        Told if the file cannot be written.
    """

    path: Path
    stage: FirstStage
    ways: Ways
    tell: Teller | None = None
    _mark: NDArray[np.uint8] = field(init=False)
    _shelf: Shelf = field(init=False)

    def __post_init__(self) -> None:
        stage, ways, matrix = self.stage, self.ways, self.stage.matrix
        mark = digest(
            _FORMAT,
            *(stage.objective, stage.lower, stage.upper, stage.integer),
            *(stage.row_lower, stage.row_upper, matrix.data, matrix.indices, matrix.indptr),
            *(ways.sums, ways.worth, ways.part, ways.needs, ways.reach, [ways.constant]),
        )
        self._mark = np.frombuffer(mark, dtype=np.uint8)
        self._shelf = Shelf(self.path, self.tell)

    def write(self, known: Callable[[], Known], *, now: bool = False) -> None:
        """Write what a search knows, unless that was done a moment ago.

        Parameters
        ----------
        known : callable
            Returns it.
        now : bool
            Write in any case.
        """
        self._shelf.put(lambda: self._arrays(known()), now=now)

    def _arrays(self, known: Known) -> Arrays:
        boxes, divisions = known.open, [each.division for each in known.open]
        width, needs = len(self.stage), 2 * len(self.ways.sums)
        return {
            "numbers": np.array(
                [known.value, known.bound, known.unsettled, known.dropped, known.boxes]
            ),
            "first": np.zeros(0) if known.first is None else known.first,
            "bounds": np.array([each.bound for each in boxes], dtype=np.float64),
            "lower": _table([each.box.lower for each in boxes], width),
            "upper": _table([each.box.upper for each in boxes], width),
            "least": _table([each.box.least for each in boxes], needs),
            "most": _table([each.box.most for each in boxes], needs),
            "ways": self._bits(boxes),
            "divisions": np.array(
                [(-1, 0) if each is None else (each.place, each.side) for each in divisions],
                dtype=np.int64,
            ).reshape(len(boxes), 2),
            "promised": np.array(
                [1.0 if each is None else each.promised for each in divisions], dtype=np.float64
            ),
            "kept": known.kept,
            "seen": known.seen,
            "fingerprint": self._mark,
        }

    def _bits(self, boxes: Sequence[OpenBox]) -> NDArray[np.uint8]:
        found = np.zeros((len(boxes), (len(self.ways) + 7) // 8), dtype=np.uint8)
        for place, each in enumerate(boxes):
            left = np.zeros(len(self.ways), dtype=bool)
            left[each.ways] = True
            found[place] = np.packbits(left)
        return found

    def read(self) -> Known | None:
        """Return what the file knows; None if there is none.

        Raises
        ------
        Refused
            If the file is of another problem, or no file of this kind.
        """
        if not self.path.exists():
            return None
        found = read_arrays(self.path, _KINDS)
        if found["fingerprint"].tobytes() != self._mark.tobytes():
            raise foreign(self.path)
        if not self._fits(found):
            raise Refused(f"{self.path} does not fit the problem: delete it to begin anew")
        value, bound, unsettled, dropped, boxes = found["numbers"].tolist()
        return Known(
            *(value, found["first"].copy() if len(found["first"]) else None),
            *(bound, unsettled, dropped, int(boxes)),
            open=[self._box(found, place) for place in range(len(found["bounds"]))],
            kept=found["kept"].copy(),
            seen=found["seen"].copy(),
        )

    def _box(self, found: Arrays, place: int) -> OpenBox:
        box = Box(*(found[name][place].copy() for name in ("lower", "upper", "least", "most")))
        left = np.flatnonzero(np.unpackbits(found["ways"][place], count=len(self.ways)))
        where, side = found["divisions"][place].tolist()
        promised = float(found["promised"][place])
        division = None if where < 0 else Division(where, side, promised)
        return OpenBox(float(found["bounds"][place]), box, left, division)

    def _fits(self, found: Arrays) -> bool:
        """Return whether the numbers of a file can be what a search of this problem kept."""
        width, needs = len(self.stage), 2 * len(self.ways.sums)
        boxes, places = len(found["bounds"]), needs + width
        shapes = {
            "numbers": (5,),
            "lower": (boxes, width),
            "upper": (boxes, width),
            "least": (boxes, needs),
            "most": (boxes, needs),
            "ways": (boxes, (len(self.ways) + 7) // 8),
            "divisions": (boxes, 2),
            "promised": (boxes,),
            "kept": (2, places),
            "seen": (2, places),
        }
        if any(found[name].shape != shape for name, shape in shapes.items()):
            return False
        numbers, divisions, promised = found["numbers"], found["divisions"], found["promised"]
        floats = [each for each in found.values() if each.dtype == np.float64]
        return bool(
            not any(np.isnan(each).any() for each in floats)
            and 0.0 <= numbers[4] < np.inf
            and (np.abs(found["kept"]) < np.inf).all()
            and (np.abs(found["seen"]) < np.inf).all()
            and ((divisions[:, 0] >= -1) & (divisions[:, 0] < places)).all()
            and np.isin(divisions[:, 1], (0, 1)).all()
            and ((promised > 0.0) & (promised < np.inf)).all()
            and self._earned(found["first"], float(numbers[0]), float(numbers[1]))
        )

    def _earned(self, first: Floats, value: float, bound: float) -> bool:
        """Return whether a plan is one, and worth what is said of it, which the bound allows."""
        if not len(first):
            return value == -np.inf
        stage, ways = self.stage, self.ways
        if not np.isfinite(first).all() or not keeps_first(stage, first):
            return False
        chosen = ways.best(ways.heights(first))
        worth = float(stage.objective @ first + ways.worth[chosen].sum()) + ways.constant
        hair = _OFF * max(1.0, abs(worth))
        return bool((chosen >= 0).all() and abs(worth - value) <= hair and bound >= worth - hair)


def _table(rows: list[Floats], width: int) -> Floats:
    return np.array(rows, dtype=np.float64).reshape(len(rows), width)
