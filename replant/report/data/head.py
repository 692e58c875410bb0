"""What a report is about, and the columns of its time."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Head", "Time"]


@dataclass(frozen=True)
class Head:
    """What the report is about."""

    case: str
    title: str
    description: str
    as_of: str
    money: str
    volume: str
    fingerprint: str


@dataclass(frozen=True)
class Time:
    """A column of the ledger: ``now`` or a period, with dates in ISO form."""

    id: str
    fiscal_year: str
    first_day: str
    last_day: str
    months: int
