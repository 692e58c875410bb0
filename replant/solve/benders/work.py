"""Work that is counted and not timed: the same on a machine that is slow or busy."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Work"]

# The work of one simplex iteration is the entries of its matrix; so much of it was done in a second
# by one core of 2024. It need not be right: it only says how a time limit is divided.
_EACH_SECOND = 1e9
# One problem of whole numbers may open so many nodes: many of a small one, few of a large one.
_NODES, _FEWEST, _MOST = 2e7, 10, 500
# A step counts as this share of all that is allowed if its own work is less: what it asks of the
# scenarios is not counted by itself.
_STEP = 0.01


@dataclass(eq=False)
class Work:
    """How much may be done, and how much was.

    Parameters
    ----------
    allowed : float
        Entries passed by simplex iterations.
    most : int
        One problem of whole numbers may open no more nodes than this.
    """

    allowed: float
    most: int = _MOST
    spent: float = 0.0

    @classmethod
    def lasting(cls, seconds: float, most: int = _MOST) -> Work:
        """Return what takes about so many seconds, without looking at a clock."""
        return cls(seconds * _EACH_SECOND, most)

    def over(self) -> bool:
        """Return whether nothing is left."""
        return self.spent >= self.allowed

    def nodes(self, entries: int) -> int:
        """Return how many nodes a problem with so many entries may open."""
        return min(self.most, max(_FEWEST, int(_NODES / max(1, entries))))

    def count(self, iterations: int, entries: int) -> None:
        """Count a problem solved with so many simplex iterations over so many entries."""
        self.spent += max(_STEP * self.allowed, float(iterations) * float(entries))
