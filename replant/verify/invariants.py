"""The invariants that no single twin owns: the books as a whole."""

from __future__ import annotations

from replant.verify.told import Told

__all__ = ["check"]


def check(told: Told) -> None:
    """Check the invariants of the books as a whole."""
