"""Keeping the best plan so far on disk, so that a crash loses nothing and a run can resume."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from replant.cli.naming import named, valued
from replant.errors import PlanError, ReplantError
from replant.kernel import Program
from replant.plan import Planned
from replant.solve.keeping.proven import ENDING

__all__ = ["Keeper", "NothingKept", "kept_start", "learnt_in", "say"]

FILE = "incumbent.json"
# What a decomposition has learnt: cuts and bound. The bound of any way stands beside it.
LEARNT = "learnt.npz"
_LARGEST = 1_000_000_000
_ANEW = "give the --out of the run to go on from, or begin anew without --resume"


class NothingKept(PlanError):
    """A run was to go on from an earlier one, and there is nothing to go on from."""

    code = "V502"


class Keeper:
    """Writes each better plan of a run to ``incumbent.json`` and reads it back.

    Parameters
    ----------
    folder : Path
        Folder of the results.
    fingerprint : str
        Hash of the case: a plan of another case is no start.
    program : Program
        The program that is solved.
    allow_shortfall : bool
        Whether its plans may miss cash floor and limits.
    """

    def __init__(
        self, folder: Path, fingerprint: str, program: Program, *, allow_shortfall: bool = False
    ) -> None:
        self.path = folder / FILE
        self.fingerprint = fingerprint
        self.program = program
        self.allow_shortfall = allow_shortfall
        self._told: set[str] = set()

    def keep(self, value: float, bound: float, values: NDArray[np.float64]) -> None:
        """Write a plan; the one before stays until this one is whole."""
        content = {
            "fingerprint": self.fingerprint,
            "allow_shortfall": self.allow_shortfall,
            "value": value,
            "bound": bound if np.isfinite(bound) else None,
            "values": named(self.program, values),
        }
        partial = self.path.with_suffix(".partial")
        try:
            partial.write_text(json.dumps(content), encoding="utf-8")
            partial.replace(self.path)
        except OSError as why:
            self._tell(f"the best plan so far cannot be kept in {self.path}: {why.strerror}")

    def start(self) -> NDArray[np.float64] | None:
        """Return the kept plan as a start; None where only what was learnt is to go on from.

        Raises
        ------
        NothingKept
            If there is neither, or a plan that this case cannot go on from.
        """
        learnt = [each for each in _learnt(self.path.parent) if each.exists()]
        if not learnt or self.path.exists():
            return self.read()
        self._tell(f"no plan was found yet: going on from what was learnt, in {learnt[0]}")
        return None

    def read(self) -> NDArray[np.float64]:
        """Return the kept plan as a start.

        Raises
        ------
        NothingKept
            If there is none, or none that this case can go on from: who counted on it must know.
        """
        if not self.path.exists():
            raise NothingKept(f"there is no {self.path} to resume from: {_ANEW}")
        try:
            if self.path.stat().st_size > _LARGEST:
                raise ValueError("too large")
            content = json.loads(self.path.read_text(encoding="utf-8"))
            if content["fingerprint"] != self.fingerprint:
                raise NothingKept(
                    f"{self.path} is of another case, or of this one changed: {_ANEW}"
                )
            if content.get("allow_shortfall", False) and not self.allow_shortfall:
                raise NothingKept(
                    f"the plan in {self.path} was kept with --allow-shortfall, and may miss the "
                    "cash floor: give that again, or begin anew without --resume"
                )
            values = valued(self.program, content["values"])
            if not np.isfinite(values).all():
                raise ValueError("no number")
        except NothingKept:
            raise
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as why:
            raise NothingKept(f"{self.path} is broken, or no kept plan: {_ANEW}") from why
        except ReplantError as why:
            raise NothingKept(f"{self.path} was kept by another version: {_ANEW}") from why
        self._tell(f"resuming from the plan in {self.path}")
        return values

    def _tell(self, text: str) -> None:
        if text not in self._told:
            print(text, file=sys.stderr)
            self._told.add(text)


def learnt_in(folder: Path, *, resume: bool) -> Path:
    """Return the file for what a solve learns; what is in it and beside it is used on resuming."""
    path, beside = _learnt(folder)
    # What a run was writing when it was killed is of no use to anyone.
    gone = [*folder.glob(f"{path.stem}*.part"), *(() if resume else (path, beside))]
    for each in gone:
        with suppress(OSError):
            each.unlink(missing_ok=True)
    return path


def _learnt(folder: Path) -> tuple[Path, Path]:
    path = folder / LEARNT
    return path, path.with_suffix(ENDING)


def say(text: str) -> None:
    """Say what cannot be kept or gone on from; the run goes on all the same."""
    print(text, file=sys.stderr)


def kept_start(
    program: Program, plans: Iterable[Planned], *, allow_shortfall: bool = False
) -> NDArray[np.float64] | None:
    """Return the best comparator as a start for the best plan: of those that keep every rule.

    Where the best plan may fall short too, so may its start.
    """
    kept = [plan for plan in plans if allow_shortfall or not plan.falls_short]
    if not kept:
        return None
    # the goal of what falls short is its value less what is missing, at a price
    best = max(kept, key=lambda plan: plan.value - sum(plan.rows.get("penalty", {}).values()))
    try:
        return valued(program, named(best.program, best.values))
    except ReplantError:
        return None
