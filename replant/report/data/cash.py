"""The cash path: points, flows, and the limits that a plan stays within or misses."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Cash", "CashFlow", "CashPoint", "Covenant", "MissedLimit"]


@dataclass(frozen=True)
class CashPoint:
    """Cash at the end of a time, and what it must not fall below."""

    time: str
    cash: float
    floor: float
    undrawn: float

    @property
    def margin(self) -> float:
        """Cash above its floor; negative where it is below."""
        return self.cash - self.floor

    @property
    def headroom(self) -> float:
        """Cash above its floor together with the credit lines that are not drawn."""
        return self.margin + self.undrawn

    @property
    def slack(self) -> float:
        """Headroom to four digits, as decisions are rounded to six: what is nearer is as tight."""
        return round(self.headroom, 4)

    @property
    def breaks(self) -> bool:
        """Whether it is below the floor, by more than a millionth of money."""
        return self.margin < -1e-6


@dataclass(frozen=True)
class CashFlow:
    """Where cash comes from and goes to in a time."""

    time: str
    opening: float
    operating: float
    investing: float
    interest: float
    lease: float
    financing: float
    closing: float
    one_time: float
    debt_due: float
    net_cash: float

    @property
    def free(self) -> float:
        """Cash flow before financing."""
        return self.operating + self.investing + self.interest + self.lease


@dataclass(frozen=True)
class Covenant:
    """A limit that binds every plan, and how far this one stays from it."""

    sentence: str
    value: float
    margin: float


@dataclass(frozen=True)
class MissedLimit:
    """A limit that a plan misses, as it may, in one period or in several.

    Parameters
    ----------
    sentence : str
        The limit in words.
    first, worst : str
        From when it is missed, and when by most; empty where it is of no one time.
    times : int
        In how many periods it is missed.
    amount : float
        By how much at most, in the line's unit.
    size : str
        The same in words.
    scenarios : tuple of str
        Where there are scenarios, those in which it is missed; the worst is over them.
    """

    sentence: str
    first: str
    worst: str
    times: int
    amount: float
    size: str
    scenarios: tuple[str, ...] = ()


@dataclass(frozen=True)
class Cash:
    """The cash path of a plan.

    Parameters
    ----------
    lines_note : str
        From when credit lines count and when they end; empty where there are none.
    """

    points: tuple[CashPoint, ...]
    flows: tuple[CashFlow, ...]
    covenants: tuple[Covenant, ...] = ()
    lines_note: str = ""

    @property
    def lowest(self) -> CashPoint:
        """The first point with the least headroom."""
        return min(self.points, key=lambda point: point.slack)

    @property
    def deepest(self) -> CashPoint:
        """The point farthest below its floor."""
        return min(self.points, key=lambda point: point.margin)

    @property
    def has_lines(self) -> bool:
        """Whether there is ever a credit line to draw on."""
        return any(point.undrawn > 0.05 for point in self.points)

    @property
    def first_breach(self) -> CashPoint | None:
        """The first point below the floor."""
        return next((point for point in self.points if point.breaks), None)
