"""The limits of the case: how far a plan stays from each, and which a comparator misses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from replant.report.covenants import lenders_missed, lenders_of
from replant.report.data import Covenant, MissedLimit
from replant.report.figures import Figures
from replant.report.words import people, plain
from replant.units import MONEY, PEOPLE, VOLUME

__all__ = ["covenants_of", "missed_of"]

_NOTICED = 1e-6


def covenants_of(figures: Figures) -> tuple[Covenant, ...]:
    """Return every limit of the case with the plan's distance from it."""
    return (*_covenants(figures), *lenders_of(figures))


def missed_of(figures: Figures) -> tuple[MissedLimit, ...]:
    """Return the limits that a plan misses; those of one line are told together, over time."""
    found: dict[tuple[str, ...], list[tuple[str, Any, float]]] = {}
    for row in figures.rows("limits"):
        amount = figures.at("missed", row.id)
        if amount > _NOTICED:
            time = next((each for each in row.labels if each in _times(figures)), "")
            line = (row.stream, *(each for each in row.labels if each != time))
            found.setdefault(line, []).append((time, row, amount))
    return (*(_missed(figures, each) for each in found.values()), *lenders_missed(figures))


def _covenants(figures: Figures) -> Iterator[Covenant]:
    for row in figures.rows("limits"):
        value = figures.at(row.stream, *row.labels)
        sides = [value - float(row.lower)] if row.lower is not None else []
        sides += [float(row.upper) - value] if row.upper is not None else []
        if sides:
            yield Covenant(row.sentence, value, min(sides))


def _times(figures: Figures) -> list[str]:
    """Return the labels that are times, in order; a fiscal year may be named like its period."""
    return list(dict.fromkeys((*figures.times, *figures.years)))


def _missed(figures: Figures, each: list[tuple[str, Any, float]]) -> MissedLimit:
    order = {time: place for place, time in enumerate(_times(figures))}
    ordered = sorted(each, key=lambda miss: order.get(miss[0], -1))
    first, row, _ = ordered[0]
    worst, _, amount = max(ordered, key=lambda miss: round(miss[2], 6))
    return MissedLimit(
        row.sentence, first, worst, len(each), amount, _size(figures, row.stream, amount)
    )


def _size(figures: Figures, stream: str, amount: float) -> str:
    """Return by how much a line misses its limit, with its unit."""
    unit = figures.plan.program.streams.unit(stream)
    if unit == MONEY:
        return figures.wording.amount(amount)
    if unit == PEOPLE:
        return f"{people(amount)} people"
    if unit == VOLUME:
        return f"{plain(amount)} {figures.case.settings.units.volume}"
    return plain(amount, 2).rstrip("0").rstrip(".")
