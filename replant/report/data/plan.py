"""One plan, as a reader sees it."""

from __future__ import annotations

from dataclasses import dataclass, field

from replant.report.data.accounts import Statement
from replant.report.data.cash import Cash, MissedLimit
from replant.report.data.deeds import Action, Offer
from replant.report.data.leaf import LeafView, Paths, Spot
from replant.report.data.means import Means
from replant.report.data.people import RegionJobs, SiteJobs
from replant.report.data.places import PlantPath, Platform

__all__ = ["PlanView"]


@dataclass(frozen=True)
class PlanView:
    """One plan; with scenarios its numbers are expected values, and `leaves` tells each apart.

    Parameters
    ----------
    parts : tuple of (str, float)
        What its value is made of, in words, with each part's amount.
    due_soon : float
        Debt that falls due within two years after the horizon.
    bounded : bool
        Whether the case gives a floor that cash must keep.
    note : str
        What a reader of the comparison must know of the plan.
    means : Means
        What it borrows, whom it puts on cost work, and which cars it launches where.
    """

    id: str
    name: str
    kind: str
    date: str
    value: float
    bound: float
    gap: float
    status: str
    verified: bool
    cash: Cash
    plants: tuple[PlantPath, ...]
    actions: tuple[Action, ...]
    sites: tuple[SiteJobs, ...]
    regions: tuple[RegionJobs, ...]
    platforms: tuple[Platform, ...]
    platform_count: tuple[float, ...]
    offers: tuple[Offer, ...]
    statements: tuple[Statement, ...]
    profit: tuple[float, ...]
    parts: tuple[tuple[str, float], ...] = ()
    due_soon: float = 0.0
    bounded: bool = True
    missed: tuple[MissedLimit, ...] = ()
    findings: tuple[str, ...] = ()
    leaves: tuple[LeafView, ...] = ()
    note: str = ""
    means: Means = field(default_factory=Means)

    @property
    def paths(self) -> Paths:
        """The cash path of each scenario by its name; of the plan where there are none."""
        each = tuple((leaf.name, leaf.cash) for leaf in self.leaves)
        return Paths(each or (("", self.cash),))

    @property
    def tightest(self) -> Spot:
        """Where headroom is least, in whichever scenario."""
        return self.paths.tightest

    @property
    def deepest(self) -> Spot:
        """Where cash is farthest below its floor, or nearest to it, in whichever scenario."""
        return self.paths.deepest

    @property
    def first_breach(self) -> Spot | None:
        """The earliest point below the floor, in whichever scenario."""
        return self.paths.first_breach

    @property
    def short(self) -> tuple[LeafView, ...]:
        """The scenarios in which cash falls below its floor."""
        return tuple(each for each in self.leaves if each.cash.first_breach is not None)

    @property
    def falls_short(self) -> bool:
        """Whether cash falls below its floor, or a limit is missed, in whichever scenario."""
        return self.first_breach is not None or bool(self.missed)

    @property
    def shown(self) -> LeafView | None:
        """The scenario whose statements are given: the one nearest to the expected value."""
        return next((each for each in self.leaves if each.statements), None)

    @property
    def has_lines(self) -> bool:
        """Whether there is ever a credit line to draw on, in whichever scenario."""
        return self.paths.has_lines

    @property
    def counted(self) -> tuple[PlantPath, ...]:
        """The plants that the firm counts; all of its own where it counts none."""
        own = [plant for plant in self.plants if plant.kind == "own"]
        return tuple(plant for plant in own if plant.counted) or tuple(own)

    @property
    def running(self) -> int:
        """How many of the counted plants the firm still has at work at the end."""
        return sum(not plant.ends for plant in self.counted)

    @property
    def jobs(self) -> float:
        """Own jobs at the end."""
        return sum(site.closing for site in self.sites)

    @property
    def idle(self) -> float:
        """Own jobs at the end whose plant stands still, is closed or is sold."""
        return sum(site.idle for site in self.sites)

    @property
    def one_time(self) -> float:
        """One-time operating and investing cash over the plan."""
        return sum(flow.one_time for flow in self.cash.flows)
