"""Keeping the best plan so far on disk, so that a crash loses nothing and a run can resume."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from replant.errors import ReplantError
from replant.kernel import Program
from replant.plan import Planned

__all__ = ["Keeper", "kept_start"]

FILE = "incumbent.json"


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
    """

    def __init__(self, folder: Path, fingerprint: str, program: Program) -> None:
        self.path = folder / FILE
        self.fingerprint = fingerprint
        self.program = program

    def keep(self, value: float, bound: float, values: NDArray[np.float64]) -> None:
        """Write a plan; the one before stays until this one is whole."""
        columns = self.program.columns
        content = {
            "fingerprint": self.fingerprint,
            "value": value,
            "bound": bound if np.isfinite(bound) else None,
            "values": {
                columns.label(int(column)): float(values[column])
                for column in np.flatnonzero(values)
            },
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        partial = self.path.with_suffix(".partial")
        partial.write_text(json.dumps(content), encoding="utf-8")
        partial.replace(self.path)

    def read(self) -> NDArray[np.float64] | None:
        """Return the kept plan as a start, or None if there is none of this case."""
        try:
            content = json.loads(self.path.read_text(encoding="utf-8"))
            if content["fingerprint"] != self.fingerprint:
                return None
            return _values(self.program, content["values"])
        except (OSError, ValueError, KeyError, TypeError, ReplantError):
            return None

    def close(self) -> None:
        """Leave the file: it is what a later run resumes from."""


def kept_start(program: Program, plans: Iterable[Planned]) -> NDArray[np.float64] | None:
    """Return the best comparator that keeps every rule, as a start for the best plan."""
    kept = [plan for plan in plans if not plan.falls_short]
    if not kept:
        return None
    best = max(kept, key=lambda plan: plan.value)
    labels = {
        best.program.columns.label(int(column)): float(best.values[column])
        for column in np.flatnonzero(best.values)
    }
    try:
        return _values(program, labels)
    except ReplantError:
        return None


def _values(program: Program, labels: dict[str, float]) -> NDArray[np.float64]:
    values = np.zeros(len(program.columns))
    for label, value in labels.items():
        values[program.columns.find(label)] = value
    return values
