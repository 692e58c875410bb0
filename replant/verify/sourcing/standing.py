"""Why a plant does not build, in words: the state in which it stands."""

from __future__ import annotations

from typing import Any

from replant.verify.told import Told

__all__ = ["standing"]

_IDLE = {"wind_down": "is winding down", "host_only": "only hosts a partner"}


def standing(told: Told, plant: str, period: Any) -> str:
    """Return in words why a plant does not build: the state it is in."""
    for labels, value in told.books.elements("state").items():
        if value and labels[0] == plant and labels[2] == period.id:
            return _IDLE.get(labels[1], f"is {labels[1]}")
    return "does not operate"
