"""How long a node of a search over whole numbers is asked for cuts; the same in either tree."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["SAME", "WHOLE", "all_whole", "worth_asking"]

# How near to a whole number counts as one.
WHOLE = 1e-6
# The same whole first stage is asked so often; then the node is divided there.
SAME = 8
# A node is asked for cuts again while that lowers its bound by more than this share of its way to
# the best plan, so many times at most.
_GAIN, _AGAIN = 0.05, 6


def all_whole(parts: NDArray[np.float64]) -> bool:
    """Return whether all of some numbers are whole."""
    return bool((np.abs(parts - np.round(parts)) <= WHOLE).all())


def worth_asking(last: float, now: float, floor: float, times: int) -> bool:
    """Return whether a node is to be asked once more.

    Parameters
    ----------
    last, now : float
        What it was worth before cuts were last added, and since.
    floor : float
        Below which it is of no use; minus infinity while no plan is known.
    times : int
        How often it was asked.
    """
    way = max(last - floor, 1e-9) if np.isfinite(floor) else np.inf
    return not times or (last - now >= _GAIN * way and times <= _AGAIN)
