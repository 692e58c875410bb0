"""From nearly whole to whole: rounding alone may break rows over continuous columns beside."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from replant.solve.benders.master import Master
from replant.solve.benders.proposal import Proposal

__all__ = ["made_whole", "rounded"]

Floats = NDArray[np.float64]


def rounded(values: Floats) -> Floats:
    """Return the nearest whole numbers, zero without a sign: equal points have equal bytes."""
    return np.round(values) + 0.0


def made_whole(master: Master, proposal: Proposal) -> Proposal | None:
    """Return a proposal with its whole numbers exact and what suits best beside them.

    Parameters
    ----------
    master : Master
        The master; it holds the same bounds afterwards.
    proposal : Proposal
        One whose whole numbers are whole but for rounding.

    Returns
    -------
    Proposal or None
        None if nothing fits beside them.
    """
    whole = master.stage.integer
    first = proposal.first.copy()
    first[whole] = rounded(first[whole])
    if whole.all() or np.array_equal(first, proposal.first):
        return replace(proposal, first=first)
    lower, upper = master.lower, master.upper
    master.hold(np.where(whole, first, lower), np.where(whole, first, upper))
    beside = master.relaxed(count=False)
    master.hold(lower, upper)
    return beside
