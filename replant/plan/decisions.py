"""Decisions as decimals: what a plan file holds, and nothing that follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal

import numpy as np
from numpy.typing import NDArray

from replant.kernel import Program
from replant.units import MONEY, PEOPLE, VOLUME, Unit

__all__ = ["PLACES", "Decisions", "decimal_places", "decisions_of", "rounded"]

Decisions = Mapping[str, Mapping[str, str]]
"""Module -> column (without the module's name) -> decimal text."""

PLACES: Mapping[Unit, int] = {VOLUME: 3, PEOPLE: 3, MONEY: 6}
OTHER_PLACES = 6


def decimal_places(unit: Unit) -> int:
    """Return how many decimals a plan keeps of a quantity: one car, a thousandth of a person."""
    return PLACES.get(unit, OTHER_PLACES)


def rounded(value: float, places: int, *, inward: bool) -> float:
    """Return a value rounded to so many decimals, towards zero if `inward`.

    What lies within a ten-thousandth of a step counts as that step: solvers answer 59.9999999
    where 60 is meant.
    """
    step = Decimal(1).scaleb(-places)
    nearest = Decimal(repr(value)).quantize(step, ROUND_HALF_EVEN)
    if not inward or abs(float(nearest) - value) <= 1e-4 * float(step) + 1e-9:
        return float(nearest)
    return float(Decimal(repr(value)).quantize(step, ROUND_DOWN))


def decisions_of(program: Program, values: NDArray[np.float64]) -> dict[str, dict[str, str]]:
    """Return the decisions of snapped values: module to column to decimal text, zeros left out.

    With scenarios the recourse of each is told apart by ``@scenario`` behind the column.
    """
    columns = program.columns
    several = len(program.blocks) > 1
    found: dict[str, dict[str, str]] = {}
    for column in np.flatnonzero((values != 0.0) & ~columns.derived):
        module, _, label = columns.label(int(column)).partition(".")
        if several and column >= program.here_and_now.stop:
            label += f"@{columns.labels.scenario(int(column))}"
        found.setdefault(module, {})[label] = _text(float(values[column]))
    return {module: dict(sorted(found[module].items())) for module in sorted(found)}


def _text(value: float) -> str:
    text = format(Decimal(repr(value)).normalize(), "f")
    return "0" if text in ("-0", "") else text
