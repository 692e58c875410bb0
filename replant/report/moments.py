"""The moments at which a small map is worth looking at."""

from __future__ import annotations

from dataclasses import dataclass

from replant.report.data import Report

__all__ = ["Moment", "moments_of"]

_MOST = 6
_WORDS = (
    ("run", ("operate", "operate_and_host")),
    ("with a partner", ("host_only",)),
    ("reopening", ("reopening",)),
    ("winding down", ("wind_down",)),
    ("mothballed", ("mothballed",)),
    ("closed or sold", ("closed", "sold")),
)


@dataclass(frozen=True)
class Moment:
    """A period worth a map: its place, its id and how many plants are in which state."""

    place: int
    period: str
    words: str


def moments_of(report: Report) -> tuple[Moment, ...]:
    """Return the first and the last period and those in between in which plants change."""
    plants = [plant for plant in report.best.plants if plant.states]
    if not plants:
        return ()
    count = len(report.periods)
    changes = [
        place
        for place in range(1, count)
        if any(plant.states[place] != plant.states[place - 1] for plant in plants)
    ]
    chosen = sorted({0, count - 1, *changes})
    while len(chosen) > _MOST:
        chosen.remove(min(chosen[1:-1], key=lambda place: _weight(report, place)))
    return tuple(_moment(report, place) for place in chosen)


def _weight(report: Report, place: int) -> int:
    """Count the plants that change in a period."""
    return sum(
        plant.states[place] != plant.states[place - 1]
        for plant in report.best.plants
        if plant.states
    )


def _moment(report: Report, place: int) -> Moment:
    states = [plant.states[place] for plant in report.best.plants if plant.states]
    parts = []
    for words, which in _WORDS:
        number = sum(state in which for state in states)
        if number:
            parts.append(f"{number} {words}")
    return Moment(place, report.periods[place].id, ", ".join(parts))
