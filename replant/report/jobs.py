"""People: what becomes of them by site, and what it means for a region."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from replant.report.data import RegionJobs, SiteJobs
from replant.report.figures import Figures

__all__ = ["regions_of", "sites_of"]

KINDS = (
    "attrition",
    "voluntary",
    "dismissed",
    "taken_over",
    "moved_out",
    "moved_in",
    "hired",
)


def sites_of(figures: Figures) -> tuple[SiteJobs, ...]:
    """Return the jobs of every site: a plant's groups together, other groups each for itself."""
    plants = {row.id: row.name or row.id for row in figures.rows("plants")}
    regions = {row.id: row.name or row.id for row in figures.rows("regions")}
    gathered: dict[str, list[Any]] = {}
    for row in figures.rows("people"):
        gathered.setdefault(row.plant or f"group {row.id}", []).append(row)
    return tuple(
        _site(figures, plants.get(key) or groups[0].name or groups[0].id, regions, groups)
        for key, groups in gathered.items()
    )


def _site(figures: Figures, name: str, regions: dict[str, str], groups: Sequence[Any]) -> SiteJobs:
    region = groups[0].region or ""
    flows = {kind: sum(_exits(figures, row.id, kind) for row in groups) for kind in KINDS}
    last = figures.periods[-1]
    return SiteJobs(
        name=name,
        region=regions.get(region, region),
        opening=sum(float(row.count) for row in groups),
        closing=sum(figures.at("heads", row.id, last) for row in groups),
        idle=sum(
            figures.at("heads", row.id, last) - figures.at("at_work", row.id, last)
            for row in groups
        ),
        idle_years=_idle_years(figures, groups),
        **flows,
    )


def _idle_years(figures: Figures, groups: Sequence[Any]) -> float:
    """Return the person-years that are paid though the plant neither operates nor hosts."""
    found = 0.0
    for period in figures.case.periods:
        there = sum(figures.at("heads", row.id, period.id) for row in groups)
        busy = sum(figures.at("at_work", row.id, period.id) for row in groups)
        found += (there - busy) * period.months / 12
    return found


def _exits(figures: Figures, group: str, kind: str) -> float:
    return sum(figures.by_period("exits", group, kind))


def regions_of(figures: Figures) -> tuple[RegionJobs, ...]:
    """Return the jobs of every region in which the firm has people."""
    people, last = figures.rows("people"), figures.periods[-1]
    found = []
    for row in figures.rows("regions"):
        opening = sum(float(each.count) for each in people if each.region == row.id)
        if opening:
            found.append(
                RegionJobs(
                    name=row.name or row.id,
                    opening=opening,
                    closing=figures.at("jobs", row.id, last),
                    taken_over=figures.at("jobs_taken_over", row.id, last),
                    low=figures.at("regional_change_low", row.id, last),
                    high=figures.at("regional_change_high", row.id, last),
                )
            )
    return tuple(found)
