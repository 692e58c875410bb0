"""Agreements that are signed in one period, start after a lead and run for a time."""

from __future__ import annotations

from datetime import date
from typing import Protocol

from replant.ledger import Clock

__all__ = ["Agreement", "runs", "signings"]


class Agreement(Protocol):
    """What two parties agree on, as far as time goes."""

    @property
    def earliest(self) -> date | None:
        """First day on which it may be signed."""

    @property
    def latest(self) -> date | None:
        """Last day on which it may be signed."""

    @property
    def lead_months(self) -> int:
        """Months from its signing to its start."""

    @property
    def duration_months(self) -> int:
        """Months that it runs."""


def signings(agreement: Agreement, clock: Clock) -> list[int]:
    """Return the periods in which it may be signed; one that would start too late is none."""
    return [
        period
        for period in clock.open_periods(agreement.earliest, agreement.latest)
        if clock.ready(period, agreement.lead_months) < len(clock.periods)
    ]


def runs(agreement: Agreement, clock: Clock, signed: int, period: int) -> bool:
    """Return whether an agreement, signed in one period, runs in another."""
    ready = clock.ready(signed, agreement.lead_months)
    ending = clock.origins[ready] + agreement.duration_months
    return ready <= period and clock.origins[period] < ending
