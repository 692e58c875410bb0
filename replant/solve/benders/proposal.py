"""What the master proposes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Proposal"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Proposal:
    """What the master proposes.

    Attributes
    ----------
    first : ndarray, shape (n,)
        The first stage.
    worth : ndarray, shape (groups,)
        What it believes each group is worth; with chains, then what each scenario is.
    value : float
        Its objective there.
    bound : float
        No plan within the bounds held is worth more; infinite while that is not known.
    reduced : ndarray, shape (n,)
        What a unit more of each column of the first stage would add.
    """

    first: Floats
    worth: Floats
    value: float
    bound: float
    reduced: Floats
