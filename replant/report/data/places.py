"""Plants and platforms through time."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["GONE", "PlantPath", "Platform"]


@dataclass(frozen=True)
class PlantPath:
    """One plant through time.

    Parameters
    ----------
    states : tuple of str
        Its state in each period.
    made : tuple of float
        What it builds in each period.
    """

    id: str
    name: str
    country: str
    kind: str
    counted: bool
    latitude: float | None
    longitude: float | None
    states: tuple[str, ...]
    made: tuple[float, ...]

    @property
    def changes(self) -> bool:
        """Whether its state changes at all, or differs from plain running."""
        return set(self.states) not in ({"operate"}, set())

    @property
    def ends(self) -> bool:
        """Whether it builds no car of ours at the end."""
        return bool(self.states) and self.states[-1] in GONE


GONE = ("wind_down", "mothballed", "closed", "sold")
"""The states of a plant that builds cars no longer, or is about to stop."""


@dataclass(frozen=True)
class Platform:
    """A platform and the models that stand on it."""

    id: str
    name: str
    models: tuple[str, ...]
    ends: str
    kept: tuple[bool, ...]
