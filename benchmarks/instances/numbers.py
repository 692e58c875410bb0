"""Files that are numbers between blanks."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.errors import BadFile, Finding
from benchmarks.smps.lines import text_of

Floats = NDArray[np.float64]


class Numbers:
    """The numbers of a file in order, taken from the front.

    Parameters
    ----------
    path : Path
        The file.
    words : dict of str to float, optional
        Words that stand for a number.
    """

    def __init__(self, path: Path, words: dict[str, float] | None = None) -> None:
        self._path, self._at = path, 0
        known = words or {}
        try:
            numbers = [
                known[word] if word in known else float(word) for word in text_of(path).split()
            ]
        except ValueError as error:
            raise BadFile([Finding(path.name, 0, str(error))]) from None
        self._numbers = np.array(numbers, dtype=np.float64)

    def take(self, *shape: int) -> Floats:
        """Return the next numbers as an array of a shape."""
        size = math.prod(shape)
        found = self._numbers[self._at : self._at + size]
        if len(found) < size:
            raise self._bad(f"holds {len(self._numbers)} numbers, too few")
        self._at += size
        return found.reshape(shape)

    def whole(self) -> int:
        """Return the next number, which counts something."""
        number = float(self.take(1)[0])
        if number != int(number) or number < 0:
            raise self._bad(f"{number:g} where a count is expected")
        return int(number)

    def finish(self) -> None:
        """Check that nothing is left."""
        left = len(self._numbers) - self._at
        if left:
            raise self._bad(f"{left} numbers are left over")

    def _bad(self, text: str) -> BadFile:
        return BadFile([Finding(self._path.name, 0, text)])


def json_of(path: Path) -> dict[str, Any]:
    """Return what a JSON file holds."""
    try:
        found: dict[str, Any] = json.loads(text_of(path))
    except json.JSONDecodeError as error:
        raise BadFile([Finding(path.name, error.lineno, error.msg)]) from None
    return found
