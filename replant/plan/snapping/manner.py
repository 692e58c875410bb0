"""The manners in which a round of snapping is taken, from the plainest to the most careful."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["ATTEMPTS", "WARY", "Manner"]

_HAIR = 1e-6


@dataclass(frozen=True)
class Manner:
    """How a round is taken: inward or to the nearest step, what is kept in hand, how finely.

    Parameters
    ----------
    inward : bool
        Whether volumes are rounded towards zero; else all is rounded to the nearest step.
    hair : float
        What every row keeps in hand, in its own unit.
    part : float
        The share of what rounding could take that a row keeps in hand besides; just below half a
        step, so that what stands on a step comes back to it.
    finer : int
        How many decimals more than usual are kept.
    rounds : int
        How often at most it is tried, each time with what was missed before in hand.
    wary : bool
        Who is wary takes a row for tight once rounding all that is left could pass its bound, and
        waits where something else can give way.
    """

    inward: bool
    hair: float
    part: float
    finer: int
    rounds: int
    wary: bool = False


ATTEMPTS = (
    Manner(inward=True, hair=0.0, part=0.0, finer=0, rounds=2),
    Manner(inward=False, hair=_HAIR, part=0.0, finer=0, rounds=1),
    Manner(inward=False, hair=_HAIR, part=0.49, finer=0, rounds=3),
    Manner(inward=False, hair=_HAIR, part=0.49, finer=3, rounds=3),
    Manner(inward=False, hair=_HAIR, part=0.49, finer=3, rounds=3, wary=True),
)
WARY = (
    ATTEMPTS[0],
    Manner(inward=False, hair=_HAIR, part=0.49, finer=0, rounds=3, wary=True),
    ATTEMPTS[-1],
)
"""Fewer attempts for larger problems: wary as soon as the plain one fails."""
