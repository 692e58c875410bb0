"""When to write, and what to do if that fails: a solve does not end because a disk is full."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replant.solve.keeping.arrays import write_arrays

__all__ = ["Shelf", "set_aside"]

Teller = Callable[[str], None]

# At least so many seconds pass between two writings, and so many times what the last one took.
_EVERY, _TIMES = 5.0, 20.0


@dataclass(eq=False)
class Shelf:
    """A file that is written now and then.

    Parameters
    ----------
    path : Path
        The file.
    tell : callable, optional
        Told, once, that it cannot be written; without it that is a warning.
    """

    path: Path
    tell: Teller | None = None
    _next: float = -np.inf
    _told: set[str] = field(default_factory=set)

    def put(self, make: Callable[[], Mapping[str, NDArray[Any]]], *, now: bool = False) -> None:
        """Write what is made, unless something was written a moment ago."""
        began = time.monotonic()
        if not now and began < self._next:
            return
        try:
            write_arrays(self.path, make())
        except OSError as why:
            self._say(f"what was learnt cannot be kept in {self.path}: {why.strerror or why}")
        ended = time.monotonic()
        self._next = ended + max(_EVERY, _TIMES * (ended - began))

    def _say(self, text: str) -> None:
        if text in self._told:
            return
        self._told.add(text)
        if self.tell is None:
            warnings.warn(text, RuntimeWarning, stacklevel=2)
        else:
            self.tell(text)


def set_aside(path: Path, why: str, tell: Teller) -> None:
    """Put a file that was refused out of the way, and say so."""
    aside = path.with_name(f"{path.name}.refused")
    said = why.partition(": delete it")[0]
    try:
        path.replace(aside)
    except OSError:
        tell(f"{said}; it is left aside")
    else:
        tell(f"{said}; it is now {aside}, and what it held is worked out again")
