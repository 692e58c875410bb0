"""What comes of snapping: decimal decisions, or what no rounding keeps."""

from __future__ import annotations

from dataclasses import dataclass

from replant.plan.work import Values

__all__ = ["Missed", "Snapped"]


@dataclass(frozen=True, eq=False)
class Snapped:
    """Decimal decisions and all that follows from them.

    Parameters
    ----------
    values : ndarray
        Value of each column, shape (columns,).
    objective : float
        What they are worth.
    """

    values: Values
    objective: float


@dataclass(frozen=True, eq=False)
class Missed:
    """No rounding keeps every rule: the solver's plan leans on its tolerance.

    Parameters
    ----------
    rows : ndarray
        By how much each row was missed at last, shape (rows,).
    """

    rows: Values
