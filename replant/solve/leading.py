"""Which whole numbers lead: those behind an option that a person could force or forbid.

The others (shifts, lines that run, signs) follow: once the leading ones are chosen they are
found in seconds, and let go of whole numbers they hardly change what a choice is worth.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from replant.kernel import Program

__all__ = ["leading", "neighbourhoods"]

# A neighbourhood of fewer columns says little, one of more is no neighbourhood.
_FEWEST, _MOST = 4, 130


def leading(program: Program) -> NDArray[np.bool_]:
    """Return which columns lead: whole numbers, not fixed, that some option counts."""
    counted = np.zeros(len(program.columns), dtype=bool)
    for option in program.options.values():
        counted[option.indices] = True
    columns = program.columns
    return counted & columns.integer & (columns.lower < columns.upper)


def neighbourhoods(program: Program, among: NDArray[np.bool_]) -> list[NDArray[np.intp]]:
    """Return groups of columns that have a word of their labels, or their name, in common.

    Parameters
    ----------
    program : Program
        The program.
    among : ndarray of bool
        The columns to group, shape (columns,).
    """
    found: dict[str, list[int]] = {}
    for column in np.flatnonzero(among):
        for word in set(_words(program.columns.label(int(column)))):
            found.setdefault(word, []).append(int(column))
    groups = {tuple(each) for each in found.values() if _FEWEST <= len(each) < _MOST}
    return [np.array(each, dtype=np.intp) for each in sorted(groups)]


def _words(label: str) -> Iterator[str]:
    _, _, inner = label.partition("[")
    yield from (word for word in re.split(r"[],.@]", inner) if word)
    yield from (word for word in re.split(r"[],@]", inner) if word)
