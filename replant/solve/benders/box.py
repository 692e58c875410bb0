"""A box around columns without a bound, as long as the master has no end of its own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Box"]

Floats = NDArray[np.float64]

# Columns without a bound get one this far from zero, and farther each time it is reached.
_NARROW, _WIDER, _WIDEST = 1e4, 100.0, 1e12
# A column this near to the box leans on it.
_NEAR = 1e-6


@dataclass(eq=False)
class Box:
    """How far from zero columns may lie.

    Attributes
    ----------
    size : float or None
        None while there is no box.
    """

    size: float | None = None

    def __bool__(self) -> bool:
        """Return whether there is a box."""
        return self.size is not None

    def widen(self) -> bool:
        """Bound what has no bound, or farther out than before; return whether that can help."""
        wider = _NARROW if self.size is None else self.size * _WIDER
        if wider > _WIDEST:
            return False
        self.size = wider
        return True

    def around(self, lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
        """Return bounds with the box around them."""
        if self.size is None:
            return lower, upper
        return np.maximum(lower, -self.size), np.minimum(upper, self.size)

    def bears(self, first: Floats, lower: Floats, upper: Floats) -> bool:
        """Return whether a point leans on the box rather than on bounds of its own."""
        if self.size is None:
            return False
        low, high = self.around(lower, upper)
        leans = ((first <= low + _NEAR) & (low > lower)) | (
            (first >= high - _NEAR) & (high < upper)
        )
        return bool(leans.any())
