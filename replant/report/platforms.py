"""Platforms and the models on them."""

from __future__ import annotations

from replant.report.data import Platform
from replant.report.figures import Figures

__all__ = ["platform_count", "platforms_of"]


def platforms_of(figures: Figures) -> tuple[Platform, ...]:
    """Return every platform, with the first period in which it is gone."""
    models: dict[str, list[str]] = {}
    for row in figures.rows("models"):
        if row.platform:
            models.setdefault(row.platform, []).append(row.name or row.id)
    found = []
    for row in figures.rows("platforms"):
        kept = tuple(value > 0.5 for value in figures.by_period("kept", row.id))
        ends = next(
            (each for each, there in zip(figures.periods, kept, strict=True) if not there), ""
        )
        found.append(
            Platform(row.id, row.name or row.id, tuple(models.get(row.id, ())), ends, kept)
        )
    return tuple(found)


def platform_count(figures: Figures) -> tuple[float, ...]:
    """Return the number of platforms by period; none where the case has no platforms."""
    return figures.by_period("platforms") if figures.rows("platforms") else ()
