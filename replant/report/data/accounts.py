"""Statements, and the bridge from one plan to another."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Bridge", "BridgeStep", "Line", "Posting", "Price", "Statement"]


@dataclass(frozen=True)
class BridgeStep:
    """A group of accounts, and by how much it makes one plan worth more than another."""

    name: str
    amount: float
    accounts: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True)
class Bridge:
    """From one plan's value to another's."""

    base: str
    start: float
    end: float
    steps: tuple[BridgeStep, ...]

    @property
    def total(self) -> float:
        """The whole difference."""
        return self.end - self.start


@dataclass(frozen=True)
class Price:
    """What it costs not to take a decision, where somebody worked it out."""

    option: str
    sentence: str
    loss: float
    tie: bool


@dataclass(frozen=True)
class Posting:
    """What one decision or rule booked on a line, by time and by fiscal year."""

    owner: str
    amounts: tuple[float, ...]
    years: tuple[float, ...]


@dataclass(frozen=True)
class Line:
    """One line of a statement.

    Parameters
    ----------
    kind : str
        ``line`` or ``sum``.
    amounts, years : tuple of float
        By time and by fiscal year.
    """

    name: str
    account: str
    kind: str
    amounts: tuple[float, ...]
    years: tuple[float, ...]
    postings: tuple[Posting, ...] = ()


@dataclass(frozen=True)
class Statement:
    """Profit and loss, cash flow or balance sheet."""

    name: str
    lines: tuple[Line, ...]

    def line(self, name: str) -> Line:
        """Return a line by its name."""
        return next(line for line in self.lines if line.name == name)
