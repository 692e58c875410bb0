"""All scenarios, asked together: here in one process, elsewhere in several."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from replant.solve.benders.chained_hand import hand_of
from replant.solve.benders.cut import Cut
from replant.solve.benders.hand import AnyHand, Report, Shape
from replant.solve.staged import Staged

__all__ = ["Alone", "Crew", "Exact", "Round", "joined", "tallied"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Round:
    """What all scenarios are worth at a first stage, their whole numbers relaxed.

    Attributes
    ----------
    expected : float
        Expected worth of the recourse, constants included; minus infinity where some scenario can
        do nothing, or it was not asked for.
    values : ndarray, shape (scenarios,)
        Worth of each scenario.
    worth, constants : ndarray, shape (groups,)
        Weighted worth of each group's parts, and the constant of its cut.
    slopes : ndarray, shape (groups, n)
        Slope of its cut.
    broken : list of Cut
        What the first stage must keep; the groups say nothing where there are any, unless told
        apart.
    apart : bool
        Whether the cuts of groups hold even where something is broken.
    """

    expected: float
    values: Floats
    worth: Floats
    constants: Floats
    slopes: Floats
    broken: list[Cut]
    apart: bool = False


@dataclass(frozen=True, eq=False)
class Exact:
    """What a first stage is worth with the recourse's whole numbers.

    Attributes
    ----------
    expected : float
        Expected worth of the recourse found.
    bound : float
        No recourse is worth more in expectation.
    complete : bool
        Whether every scenario was solved; else only the bound counts.
    """

    expected: float
    bound: float
    complete: bool


class Crew(Protocol):
    """Whoever answers for all scenarios."""

    def shapes(self) -> list[Shape]:
        """Return what each scenario looks like."""
        ...

    def ask(
        self,
        first: Floats,
        groups: Sequence[Sequence[int]],
        shares: Floats | None = None,
        only: frozenset[int] | None = None,
    ) -> Round:
        """Return what all scenarios are worth at a first stage; asked as in `AnyHand.ask`."""
        ...

    def solve(self, first: Floats, relaxed: Floats, enough: float, time_limit: float) -> Exact:
        """Return what all scenarios are worth at a first stage with their whole numbers.

        Parameters
        ----------
        first : ndarray, shape (n,)
            The first stage.
        relaxed : ndarray, shape (scenarios,)
            What each is worth with whole numbers relaxed.
        enough : float
            Once the bound has come down to this, the first stage is of no use and it may stop.
        time_limit : float
            Seconds.
        """
        ...

    def close(self) -> None:
        """Let go of processes and memory."""
        ...


@dataclass(eq=False)
class Alone:
    """All scenarios in this process.

    Parameters
    ----------
    staged : Staged
        The problem.
    """

    staged: Staged
    _hand: AnyHand = field(init=False)

    def __post_init__(self) -> None:
        self._hand = hand_of(self.staged, range(len(self.staged)))

    def shapes(self) -> list[Shape]:
        """Return what each scenario looks like."""
        return self._hand.shapes()

    def ask(
        self,
        first: Floats,
        groups: Sequence[Sequence[int]],
        shares: Floats | None = None,
        only: frozenset[int] | None = None,
    ) -> Round:
        """Return what all scenarios are worth at a first stage, whole numbers relaxed."""
        report = self._hand.ask(first, groups, shares, only)
        pairs = [(range(len(self.staged)), report)]
        return joined(self.staged, groups, pairs, known=only is None)

    def solve(self, first: Floats, relaxed: Floats, enough: float, time_limit: float) -> Exact:
        """Return what all scenarios are worth at a first stage with their whole numbers."""
        values, bounds = np.full(len(relaxed), -np.inf), relaxed.copy()
        weights = self.staged.probabilities
        for number in range(len(relaxed)):
            if tallied(weights, bounds) <= enough:
                return Exact(-np.inf, tallied(weights, bounds), complete=False)
            value, bound = self._hand.solve([number], first, time_limit)
            values[number], bounds[number] = value[0], min(bounds[number], bound[0])
        return Exact(tallied(weights, values), tallied(weights, bounds), complete=True)

    def close(self) -> None:
        """Let go of memory."""
        self._hand = hand_of(self.staged, range(len(self.staged)))


def tallied(weights: Floats, values: Floats) -> float:
    """Return the expected value: minus infinity where any scenario is, whatever its weight."""
    if (values == -np.inf).any():
        return -np.inf
    return float(weights @ values)


def joined(
    staged: Staged,
    groups: Sequence[Sequence[int]],
    reports: Sequence[tuple[Sequence[int], Report]],
    *,
    known: bool = True,
) -> Round:
    """Return the reports of several hands as one, in an order that does not depend on time."""
    count = 1 + max((max(each, default=-1) for each in groups), default=-1)
    width = len(staged.first)
    values = np.zeros(len(staged))
    worth, constants, slopes = np.zeros(count), np.zeros(count), np.zeros((count, width))
    broken: list[Cut] = []
    for numbers, report in sorted(reports, key=lambda each: min(each[0], default=-1)):
        values[np.asarray(numbers, dtype=np.intp)] = report.values
        worth[report.groups] += report.worth
        constants[report.groups] += report.constants
        slopes[report.groups] += report.slopes
        broken.extend(report.broken)
    expected = -np.inf if broken or not known else tallied(staged.probabilities, values)
    apart = all(report.apart for _, report in reports)
    return Round(expected, values, worth, constants, slopes, broken, apart)
