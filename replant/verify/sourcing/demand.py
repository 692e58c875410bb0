"""Demand: what each model is wanted, as the case tells it, and the most that it can be sold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

from replant.verify.cells import number, text
from replant.verify.told import Told

__all__ = ["Demand", "Segment"]

ZERO = Fraction(0)
ONE = Fraction(1)


@dataclass(frozen=True)
class Segment:
    """The demand of one market's segment in one period, in k.

    Parameters
    ----------
    outside : Fraction or None
        What others than the firm sell; None where models do not take from each other.
    volume : Fraction
        What all of the firm's models are wanted.
    """

    outside: Fraction | None
    volume: Fraction

    @property
    def all(self) -> Fraction:
        """Everybody's demand, the outside's too."""
        return (self.outside or ZERO) + self.volume


class Demand:
    """The tables of demand, each read once when it is first asked for.

    Parameters
    ----------
    told : Told
        What the twin is told.
    models : mapping of str to Any
        The rows of the models, by id.
    """

    def __init__(self, told: Told, models: Mapping[str, Any]) -> None:
        self._told = told
        self._models = models

    @cached_property
    def wanted(self) -> dict[tuple[str, str, str], Fraction]:
        """Volume by model, market and period, in k."""
        return {
            (text(row.model), text(row.market), text(row.period)): number(row.volume)
            for row in self._told.rows("demand")
        }

    @cached_property
    def _ageing(self) -> dict[str, dict[str, Fraction]]:
        """The share of attraction left, by model and period."""
        found: dict[str, dict[str, Fraction]] = {}
        for row in self._told.rows("ageing"):
            found.setdefault(text(row.model), {})[text(row.period)] = number(row.share)
        return found

    @cached_property
    def _volumes(self) -> dict[tuple[str, str, str], Fraction]:
        """Volume of all the firm's models by market, segment and period."""
        found: defaultdict[tuple[str, str, str], Fraction] = defaultdict(Fraction)
        for (model, market, period), volume in self.wanted.items():
            found[market, self.segment_of(model), period] += volume
        return found

    @cached_property
    def _outside(self) -> dict[tuple[str, str], Fraction]:
        """Attraction outside ÷ all of the firm's own, by market and segment."""
        return {
            (text(row.market), text(row.segment)): number(row.outside)
            for row in self._told.rows("substitutions")
        }

    def segment_of(self, model: str) -> str:
        """Return the name of a model's segment."""
        return text(self._models[model].segment)

    def segment(self, market: str, name: str, period: Any) -> Segment:
        """Return the demand of a market's segment in a period."""
        volume = self._volumes.get((market, name, period.id), ZERO)
        outside = self._outside.get((market, name))
        return Segment(None if outside is None else outside * volume, volume)

    def left_by_age(self, model: str, period: Any) -> Fraction:
        """Return the share of attraction that a model has left unless it is renewed."""
        return self._ageing.get(model, {}).get(period.id, ONE)

    def most(self, model: str, market: str, period: Any) -> Fraction:
        """Return the most that a model can sell, were all its rivals of the firm gone."""
        wanted = self.wanted.get((model, market, period.id), ZERO)
        segment = self.segment(market, self.segment_of(model), period)
        if segment.outside is None or not segment.outside + wanted:
            return wanted
        return segment.all * wanted / (segment.outside + wanted)
