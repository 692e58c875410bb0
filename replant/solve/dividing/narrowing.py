"""What the prices of a relaxed problem rule out: ways and heights that no better plan has."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from replant.solve.dividing.box import Box, Left
from replant.solve.dividing.relaxation import Relaxed
from replant.solve.dividing.ways import Floats, Places

__all__ = ["narrowed"]

# A price this small rules nothing out.
_PRICE = 1e-7


def narrowed(left: Left, found: Relaxed, floor: float) -> tuple[Box, Places]:
    """Return a box, and the ways left in it, without what cannot be worth more than a floor.

    Parameters
    ----------
    left : Left
        What was left in the box.
    found : Relaxed
        Its relaxed optimum.
    floor : float
        What a plan must be worth more than.
    """
    room = found.bound - floor
    if not np.isfinite(room):
        return left.box, left.ways
    box = left.box
    least, most = _moved(box.least, box.most, np.concatenate([found.prices, -found.prices]), room)
    lower, upper = _moved(box.lower, box.upper, found.reduced, room)
    narrower = Box(lower, upper, box.least, box.most).held(
        np.minimum(most, -np.roll(least, len(least) // 2))
    )
    return narrower, left.ways[found.gain >= -room]


def _moved(low: Floats, high: Floats, price: Floats, room: float) -> tuple[Floats, Floats]:
    """Return bounds between which a value must stay if each unit away from its end costs a price.

    A value that is worth more the higher it is stands at its upper bound, and what it may fall by
    is worth no more than the room.
    """
    return np.maximum(low, -_end(price, -high, room)), np.minimum(high, _end(-price, low, room))


def _end(price: Floats, end: Floats, room: float) -> Floats:
    """Return how far above its end a value may rise at most."""
    far: NDArray[np.float64] = np.full(len(price), np.inf)
    good = (price > _PRICE) & np.isfinite(end)
    hair = _PRICE * np.maximum(1.0, np.abs(end[good]))
    far[good] = end[good] + room / price[good] + hair
    return far
