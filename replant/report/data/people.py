"""What becomes of people, by site and by region."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["RegionJobs", "SiteJobs"]


@dataclass(frozen=True)
class SiteJobs:
    """What becomes of the people of one site over the whole plan.

    Parameters
    ----------
    idle : float
        Those at the end whose plant neither operates nor hosts: paid, and without a workplace.
    idle_years : float
        Years for which people are paid without one over the whole plan, person by person.
    """

    name: str
    region: str
    opening: float
    attrition: float
    voluntary: float
    dismissed: float
    taken_over: float
    moved_out: float
    moved_in: float
    hired: float
    closing: float
    idle: float = 0.0
    idle_years: float = 0.0

    @property
    def kept(self) -> float:
        """Jobs of today that are still there, held by whoever was there or joined."""
        return self.closing - self.hired - self.moved_in


@dataclass(frozen=True)
class RegionJobs:
    """Jobs in one region at the end, and the change around the firm as a range."""

    name: str
    opening: float
    closing: float
    taken_over: float
    low: float
    high: float
