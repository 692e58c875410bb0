"""The bound of a problem, on disk: once proven it holds whatever way goes on from there.

It is told of the problem as it was given, before any way writes it otherwise. So it outlives a
release that writes problems in another way, and serves those that ask for more: with an option
forced or a limit added no plan is worth more than without.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replant.kernel import Program
from replant.solve.keeping.arrays import Refused, foreign, read_arrays
from replant.solve.keeping.marks import Demands, digest, fingerprint, program_mark
from replant.solve.keeping.shelf import Shelf, set_aside
from replant.solve.settings import Progress, SolveSettings
from replant.solve.staged import FirstStage, Staged

__all__ = ["ENDING", "Proven", "proven_of_program", "proven_of_staged"]

Floats = NDArray[np.float64]

# The file lies beside that of a decomposition, under its name with this ending.
ENDING = ".bound.npz"
# What the numbers mean; another meaning is another problem.
_FORMAT = np.frombuffer(b"bound 1", dtype=np.uint8)
_KINDS = {
    "bound": (np.float64, 1),
    "values": (np.float64, 1),
    "fingerprint": (np.uint8, 1),
    **Demands.KINDS,
}
# A plan worth more than a bound by this share denies it.
_OFF = 1e-6


@dataclass(eq=False)
class Proven:
    """A bound, and the plan that came with it, in memory and on disk.

    Parameters
    ----------
    settings : SolveSettings
        Where it is kept, and who is told if that fails.
    mark : bytes
        Digest of the columns and what they are worth.
    demands : Demands
        What is asked of them.
    count : int
        Number of columns.

    Attributes
    ----------
    bound : float
        No plan is worth more; infinite until known.
    values : ndarray or None
        The best plan, shape (columns,), where a way tells it.
    """

    settings: SolveSettings
    mark: bytes
    demands: Demands
    count: int
    bound: float = np.inf
    values: Floats | None = None
    _shelf: Shelf = field(init=False)

    def __post_init__(self) -> None:
        assert self.settings.saving is not None
        path = self.settings.saving.with_suffix(ENDING)
        self.mark = digest(_FORMAT, np.frombuffer(self.mark, dtype=np.uint8))
        self._shelf = Shelf(path, self.settings.on_word)
        try:
            self._read(path)
        except Refused as why:
            if self.settings.on_word is None:
                raise
            set_aside(path, why.message, self.settings.on_word)

    def watched(self, *, plans: bool) -> SolveSettings:
        """Return settings under which each bound that is told is kept.

        Parameters
        ----------
        plans : bool
            Whether plans are kept too; the one that is on disk is begun from in any case.
        """
        start = self.values if self.settings.start is None else self.settings.start
        settings = replace(self.settings, on_progress=self._progress, start=start)
        return replace(settings, on_plan=self._plan) if plans else settings

    def note(self, bound: float, values: Floats | None = None, *, now: bool = False) -> None:
        """Keep a bound and a plan, where they are better than what is known."""
        if np.isfinite(bound):
            self.bound = min(self.bound, bound)
        if values is not None:
            self.values = values
        if np.isfinite(self.bound):
            self._shelf.put(self._arrays, now=now)

    def denied(self, value: float, bound: float) -> bool:
        """Return whether a plan is worth more than the bound that was read: forget that bound."""
        if value <= bound + _OFF * max(1.0, abs(value)):
            return False
        self.bound = np.inf
        why = f"{self._shelf.path} is not true of this problem: delete it to begin anew"
        if self.settings.on_word is None:
            raise Refused(why)
        set_aside(self._shelf.path, why, self.settings.on_word)
        return True

    def _progress(self, line: Progress) -> None:
        self.note(line.bound)
        if self.settings.on_progress is not None:
            self.settings.on_progress(line)

    def _plan(self, value: float, bound: float, values: Floats) -> None:
        self.note(bound, values)
        if self.settings.on_plan is not None:
            self.settings.on_plan(value, bound, values)

    def _arrays(self) -> dict[str, NDArray[Any]]:
        return {
            "bound": np.array([self.bound]),
            "values": np.zeros(0) if self.values is None else self.values,
            "fingerprint": np.frombuffer(self.mark, dtype=np.uint8),
            **self.demands.arrays(),
        }

    def _read(self, path: Path) -> None:
        if not path.exists():
            return
        found = read_arrays(path, _KINDS)
        if found["fingerprint"].tobytes() != self.mark or not self.demands.hold(found):
            raise foreign(path)
        bound, values = found["bound"], found["values"]
        if (
            bound.shape != (1,)
            or not np.isfinite(bound).all()
            or len(values) not in (0, self.count)
            or not np.isfinite(values).all()
        ):
            raise Refused(f"{path} does not fit the problem: delete it to begin anew")
        self.bound = float(bound[0])
        self.values = values.copy() if len(values) else None


def proven_of_program(program: Program, settings: SolveSettings) -> Proven | None:
    """Return what is proven of a labelled program; None where nothing is to be kept."""
    if settings.saving is None:
        return None
    columns, rows = program.columns, program.rows
    stage = FirstStage(
        objective=program.objective,
        lower=columns.lower,
        upper=columns.upper,
        integer=columns.integer,
        matrix=program.matrix,
        row_lower=rows.lower,
        row_upper=rows.upper,
    )
    return Proven(settings, program_mark(program), Demands(stage), len(columns))


def proven_of_staged(staged: Staged, settings: SolveSettings) -> Proven | None:
    """Return what is proven of a problem in two stages; None where nothing is to be kept."""
    if settings.saving is None:
        return None
    count = len(staged.first) + sum(len(staged.make(each)) for each in range(len(staged)))
    return Proven(settings, fingerprint(staged), Demands(staged.first), count)
