"""One worker's share of the scenarios: their parts, loaded and warm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from replant.solve.benders.chains import ScenarioChain
from replant.solve.benders.cut import Cut
from replant.solve.benders.earnest import Earnest
from replant.solve.benders.oracle import Oracle
from replant.solve.benders.part import Part, first_stage_rows_of, parts_of
from replant.solve.staged import Staged

__all__ = ["AnyHand", "Hand", "Report", "Shape"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shape:
    """What a scenario looks like to the master.

    Attributes
    ----------
    parts : int
        Number of parts.
    integer : bool
        Whether any column of it is a whole number.
    constant : float
        What it adds to its objective whatever is done.
    rows : tuple of (slopes, lower, upper)
        Rows over the first stage alone: dense slopes, shape (rows, n), and bounds.
    chain : ScenarioChain, optional
        What ties its periods, if it falls into periods and can be asked for each of them.
    apart : bool
        Whether its parts must not share an estimate with those of other scenarios.
    """

    parts: int
    integer: bool
    constant: float
    rows: tuple[Floats, Floats, Floats]
    chain: ScenarioChain | None = None
    apart: bool = False


@dataclass(frozen=True, eq=False)
class Report:
    """What some scenarios are worth at a first stage.

    Attributes
    ----------
    values : ndarray, shape (scenarios,)
        Worth of each scenario, its constant included; minus infinity where nothing can be done.
    groups : ndarray of int, shape (g,)
        The groups that the following speak of.
    worth, constants : ndarray, shape (g,)
        Weighted worth of the parts of each group, and the constant of its cut.
    slopes : ndarray, shape (g, n)
        Slope of its cut.
    broken : list of Cut
        What the first stage must keep for something to be possible at all.
    apart : bool
        Whether the cuts of groups hold even where something is broken.
    """

    values: Floats
    groups: NDArray[np.intp]
    worth: Floats
    constants: Floats
    slopes: Floats
    broken: list[Cut]
    apart: bool = False


class AnyHand(Protocol):
    """Whoever answers for some scenarios."""

    def shapes(self) -> list[Shape]:
        """Make the scenarios; return what each looks like."""
        ...

    def ask(
        self,
        first: Floats,
        groups: Sequence[Sequence[int]],
        shares: Floats | None = None,
        only: frozenset[int] | None = None,
    ) -> Report:
        """Return what the scenarios are worth at a first stage, whole numbers relaxed.

        Parameters
        ----------
        first : ndarray, shape (n,)
            The first stage.
        groups : sequence
            For each scenario, the group of each of its parts.
        shares : ndarray, shape (scenarios,), optional
            Each scenario's part of its bundle, where scenarios are told in bundles.
        only : frozenset of int, optional
            Of these groups alone cuts are wanted, which counts where scenarios are told by period;
            what the scenarios are worth is then not told.
        """
        ...

    def solve(
        self, numbers: Sequence[int], first: Floats, time_limit: float
    ) -> tuple[Floats, Floats]:
        """Return what some scenarios are worth with their whole numbers, and bounds on that.

        Parameters
        ----------
        numbers : sequence of int
            Which scenarios, among those held.
        first : ndarray, shape (n,)
            The first stage.
        time_limit : float
            Seconds for each part.
        """
        ...


@dataclass(eq=False)
class Hand:
    """Some scenarios of a problem.

    Parameters
    ----------
    staged : Staged
        The problem.
    numbers : sequence of int
        Which scenarios.
    """

    staged: Staged
    numbers: Sequence[int]
    _parts: dict[int, list[Part]] = field(default_factory=dict)
    _oracles: dict[int, list[Oracle]] = field(default_factory=dict)
    _earnest: dict[int, list[Earnest]] = field(default_factory=dict)
    _constants: dict[int, float] = field(default_factory=dict)

    def shapes(self) -> list[Shape]:
        """Make the scenarios; return what each looks like."""
        return [self._shape(number) for number in self.numbers]

    def _shape(self, number: int) -> Shape:
        block = self.staged.make(number)
        parts = parts_of(block)
        self._constants[number] = block.constant
        self._parts[number] = parts
        self._oracles[number] = [Oracle(part) for part in parts]
        matrix, lower, upper = first_stage_rows_of(block)
        integer = bool(block.integer.any())
        return Shape(len(parts), integer, block.constant, (matrix.toarray(), lower, upper))

    def ask(
        self,
        first: Floats,
        groups: Sequence[Sequence[int]],
        shares: Floats | None = None,
        only: frozenset[int] | None = None,
    ) -> Report:
        """Return what the scenarios are worth; shares and single groups are of no account here."""
        told = sorted({group for each in groups for group in each})
        place = {group: position for position, group in enumerate(told)}
        worth, constants = np.zeros(len(told)), np.zeros(len(told))
        slopes = np.zeros((len(told), len(first)))
        values = np.zeros(len(self.numbers))
        broken: list[Cut] = []
        for position, number in enumerate(self.numbers):
            weight = float(self.staged.probabilities[number])
            values[position] = self._constants[number]
            for oracle, group in zip(self._oracles[number], groups[position], strict=True):
                answer = oracle.ask(first)
                values[position] += answer.value
                if not answer.feasible:
                    broken.append(answer.cut)
                    continue
                here = place[group]
                worth[here] += weight * answer.value
                constants[here] += weight * answer.cut.constant
                slopes[here] += weight * answer.cut.slope
        return Report(values, np.array(told, dtype=np.intp), worth, constants, slopes, broken)

    def solve(
        self, numbers: Sequence[int], first: Floats, time_limit: float
    ) -> tuple[Floats, Floats]:
        """Return what some scenarios are worth with their whole numbers, and bounds on that."""
        values, bounds = np.zeros(len(numbers)), np.zeros(len(numbers))
        for position, number in enumerate(numbers):
            values[position] = bounds[position] = self._constants[number]
            if number not in self._earnest:
                self._earnest[number] = [Earnest(part) for part in self._parts[number]]
            for earnest in self._earnest[number]:
                value, bound = earnest.solve(first, time_limit)
                values[position] += value
                bounds[position] += bound
        return values, bounds
