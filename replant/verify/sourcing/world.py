"""The tables of sourcing, found by what they are asked for, with the plan's shipments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from replant.verify.cells import number, text, yes
from replant.verify.sourcing.demand import Demand
from replant.verify.sourcing.duties import Duties
from replant.verify.told import Told

__all__ = ["SHIFTS", "Shipment", "World"]

SHIFTS = ("shift_1", "shift_2", "shift_3")


@dataclass(frozen=True)
class Shipment:
    """What one line sends to one market in one period.

    Parameters
    ----------
    line, market : Any
        Rows of the case.
    period : Any
        A plan period.
    volume : Fraction
        In k, not 0.
    """

    line: Any
    market: Any
    period: Any
    volume: Fraction


class World:
    """The tables of sourcing, found by what they are asked for, with the plan's shipments.

    Parameters
    ----------
    told : Told
        What the twin is told.
    """

    def __init__(self, told: Told) -> None:
        self.told = told
        self.lines = list(told.rows("lines"))
        self.capacities = list(told.rows("capacities"))
        self.plants = {text(row.id): row for row in told.rows("plants")}
        self.models = {text(row.id): row for row in told.rows("models")}
        self.markets = {text(row.id): row for row in told.rows("markets")}
        self.lanes = {(text(row.plant), text(row.market)): row for row in told.rows("lanes")}
        self.prices = {(text(row.model), text(row.market)): row for row in told.rows("prices")}
        self.demand = Demand(told, self.models)
        self.duties = Duties(told)
        self._phi: dict[tuple[str, str], Fraction] = {}

    # ── lines and where they send ──

    @cached_property
    def launchable_lines(self) -> list[Any]:
        """The lines that are not tooled yet."""
        return [line for line in self.lines if not yes(line.tooled)]

    @cached_property
    def switched_lines(self) -> list[Any]:
        """The lines with a column that says whether they are on."""
        return [line for line in self.lines if not yes(line.tooled) or number(line.fixed_cost) > 0]

    @property
    def routes(self) -> Iterator[tuple[Any, str]]:
        """Each line with each market to which its plant has a lane."""
        return (
            (line, market)
            for line in self.lines
            for plant, market in self.lanes
            if plant == text(line.plant)
        )

    @cached_property
    def shipments(self) -> list[Shipment]:
        """All shipments on known lanes that are not 0."""
        return [
            Shipment(line, self.markets[market], period, volume)
            for line, market in self.routes
            for period in self.told.periods
            if (volume := self.told.decision("ship", text(line.id), market, period.id))
        ]

    # ── plants and their currencies ──

    def own(self, plant: str) -> bool:
        """Return whether a plant is the firm's own, and so has a path."""
        return text(self.plants[plant].kind) != "partner"

    def phi(self, currency: Any, period: Any) -> Fraction:
        """Return φ, looked up once."""
        key = (text(currency), period.id)
        if key not in self._phi:
            self._phi[key] = self.told.clock.phi(currency, period)
        return self._phi[key]

    def plant_phi(self, plant: str, period: Any) -> Fraction:
        """Return φ of a plant's currency."""
        return self.phi(self.plants[plant].currency, period)
