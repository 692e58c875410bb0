"""What a plan rests on: assumptions, the closed years, and how it was found."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Method", "Stake", "Tie"]


@dataclass(frozen=True)
class Stake:
    """An assumption, or several of one kind, and what hangs on it.

    Parameters
    ----------
    carried : float
        If every one of its numbers were one percent higher, and the decisions stayed, value would
        move by one percent of this.
    low, high : float or None
        By how much value moves if all of them are at the low, or the high, end of their range;
        None where there is no range.
    """

    name: str
    meaning: str
    basis: str
    numbers: int
    carried: float
    low: float | None
    high: float | None
    reason: str

    @property
    def swing(self) -> float | None:
        """The farthest that its range moves value; None without a range."""
        ends = [abs(end) for end in (self.low, self.high) if end is not None]
        return max(ends, default=None)


@dataclass(frozen=True)
class Tie:
    """One line of a closed year: what was reported, what the model gives.

    Parameters
    ----------
    within : bool or None
        Whether they tie; None where the year is foretold and not fitted.
    """

    name: str
    year: str
    target: float
    model: float
    difference: float
    unit: str = ""
    within: bool | None = True
    note: str = ""


@dataclass(frozen=True)
class Method:
    """How the plan was found and checked; the only place where seconds stand."""

    solver: str
    status: str
    value: float
    bound: float
    gap: float
    gap_share: float | None
    seconds: float
    nodes: int
    versions: tuple[tuple[str, str], ...]
    fingerprint: str
    verified: bool
    checks: int
    checked: tuple[tuple[str, int], ...]
    findings: tuple[str, ...]
    size: tuple[int, int, int]
