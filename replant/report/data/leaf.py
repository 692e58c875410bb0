"""A plan in one scenario, and where over all scenarios it comes closest to its floor."""

from __future__ import annotations

from dataclasses import dataclass

from replant.report.data.accounts import Statement
from replant.report.data.cash import Cash, CashPoint

__all__ = ["LeafView", "Paths", "Spot"]


@dataclass(frozen=True)
class LeafView:
    """One scenario of a plan.

    Parameters
    ----------
    id, name : str
        The scenario's id, and what it is called in words.
    probability, value : float
        How likely it is, and what the plan is worth in it.
    cash : Cash
        The cash path in it.
    jobs : float
        Own jobs at the end.
    verified : bool
        Whether the exact computation confirms the plan in it.
    statements : tuple of Statement
        The statements in it; given for one scenario only, the one nearest to the expected value.
    """

    id: str
    name: str
    probability: float
    value: float
    cash: Cash
    jobs: float
    verified: bool
    statements: tuple[Statement, ...] = ()


@dataclass(frozen=True)
class Spot:
    """A point of a cash path, and the scenario that it belongs to; empty where there is none."""

    point: CashPoint
    scenario: str = ""


@dataclass(frozen=True)
class Paths:
    """The cash paths of a plan by the names of its scenarios; one without a name where it has none.

    Each question to them is the question to a single :class:`Cash`, and which path answers.
    """

    each: tuple[tuple[str, Cash], ...]

    @property
    def tightest(self) -> Spot:
        """Where headroom is least."""
        spots = (Spot(cash.lowest, name) for name, cash in self.each)
        return min(spots, key=lambda spot: spot.point.slack)

    @property
    def deepest(self) -> Spot:
        """Where cash is farthest below its floor, or nearest to it."""
        spots = (Spot(cash.deepest, name) for name, cash in self.each)
        return min(spots, key=lambda spot: spot.point.margin)

    @property
    def first_breach(self) -> Spot | None:
        """The earliest point below the floor; None where all paths keep it."""
        found = [
            (cash.points.index(breach), Spot(breach, name))
            for name, cash in self.each
            if (breach := cash.first_breach) is not None
        ]
        return min(found, key=lambda each: each[0])[1] if found else None

    @property
    def has_lines(self) -> bool:
        """Whether there is ever a credit line to draw on."""
        return any(cash.has_lines for _, cash in self.each)
