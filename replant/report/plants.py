"""Plants through time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from replant.report.data import PlantPath
from replant.report.figures import Figures

__all__ = ["STATES", "plants_of", "spells"]

STATES = (
    "operate",
    "operate_and_host",
    "host_only",
    "reopening",
    "wind_down",
    "mothballed",
    "closed",
    "sold",
)
"""States of a plant, from running to gone."""


def plants_of(figures: Figures) -> tuple[PlantPath, ...]:
    """Return every plant with its state and output by period; partners have no state."""
    countries = {row.id: row.name for row in figures.rows("countries")}
    return tuple(
        PlantPath(
            id=row.id,
            name=row.name or row.id,
            country=countries.get(row.country, row.country) or row.country,
            kind=row.kind,
            counted=bool(row.counted),
            latitude=None if row.latitude is None else float(row.latitude),
            longitude=None if row.longitude is None else float(row.longitude),
            states=_states(figures, row.id) if row.kind == "own" else (),
            made=figures.by_period("produced", row.id),
        )
        for row in figures.rows("plants")
    )


def _states(figures: Figures, plant: str) -> tuple[str, ...]:
    return tuple(
        next((state for state in STATES if figures.at("state", plant, state, period) > 0.5), "")
        for period in figures.periods
    )


def spells(states: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Yield each run of one state: the state, its first and its last period's place."""
    first = 0
    for place in range(1, len(states) + 1):
        if place == len(states) or states[place] != states[first]:
            yield states[first], first, place - 1
            first = place
