"""Room for a word beside a point, where it covers no line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

__all__ = ["Line", "rise"]

Line = Sequence[tuple[float, float]]
"""Points from left to right, in pixels: how far from the left, how far from the top."""

_RISES = (18.0, -18.0, 32.0, -32.0, 46.0, -46.0)
_HALF = 8.0


def rise(left: float, right: float, level: float, lines: Iterable[Line]) -> float:
    """Return how far from a level a word is to stand so that the fewest lines run through it.

    Parameters
    ----------
    left, right, level : float
        Where the word begins and ends, and the height of what it is said of, in pixels.
    lines : iterable of Line
        What it is not to cover.

    Returns
    -------
    float
        Pixels, negative above the level; of those that are as good the nearest, below first.
    """
    spans = [span for line in lines for span in _spans(line, left, right)]

    def covered(offset: float) -> int:
        low, high = level + offset - _HALF, level + offset + _HALF
        return sum(first < high and last > low for first, last in spans)

    return min(_RISES, key=covered)


def _spans(line: Line, left: float, right: float) -> Iterable[tuple[float, float]]:
    """Yield from where to where each stretch of a line runs between two edges."""
    for (x, y), (onward, then) in pairwise(line):
        start, end = max(x, left), min(onward, right)
        if start >= end:
            continue
        slope = (then - y) / (onward - x)
        ends = (y + slope * (start - x), y + slope * (end - x))
        yield min(ends), max(ends)
