"""A plan in one scenario, and where over all scenarios it comes closest to its floor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from replant.report.data import Cash, CashPoint, Statement

__all__ = ["LeafView", "Spot", "deepest", "first_breach", "tightest"]


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


Paths = Iterable[tuple[str, "Cash"]]
"""Cash paths by the names of their scenarios."""


def tightest(paths: Paths) -> Spot:
    """Return the first point with the least headroom."""
    spots = (Spot(cash.lowest, name) for name, cash in paths)
    return min(spots, key=lambda spot: round(spot.point.headroom, 6))


def deepest(paths: Paths) -> Spot:
    """Return the point farthest below its floor."""
    return min((Spot(cash.deepest, name) for name, cash in paths), key=lambda at: at.point.margin)


def first_breach(paths: Paths) -> Spot | None:
    """Return the earliest point below the floor; None where all paths keep it."""
    found = [
        (cash.points.index(breach), Spot(breach, name))
        for name, cash in paths
        if (breach := cash.first_breach) is not None
    ]
    return min(found, key=lambda each: each[0])[1] if found else None
