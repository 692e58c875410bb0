"""What may happen: outcomes independent from stage to stage, or scenarios that branch."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from benchmarks.errors import TooManyOutcomes

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

# More than this many children of one node, or nodes below one child, are not listed.
MOST = 200_000


@dataclass(frozen=True, eq=False)
class Change:
    """Slots of a core and the values they take."""

    slots: Places
    values: Floats

    @staticmethod
    def none() -> Change:
        return Change(np.empty(0, dtype=np.intp), np.empty(0))

    @staticmethod
    def of(numbers: dict[int, float]) -> Change:
        """Return the change of a mapping from slot to value."""
        slots = np.fromiter(numbers.keys(), dtype=np.intp, count=len(numbers))
        return Change(slots, np.fromiter(numbers.values(), dtype=np.float64, count=len(numbers)))


@dataclass(frozen=True, eq=False)
class Node:
    """A node below a child of the root: its parent's place in the list (-1: none) and share."""

    stage: int
    parent: int
    share: float
    change: Change


class Tree(Protocol):
    """The outcomes of all stages."""

    @property
    def root(self) -> Change:
        """What the root changes of the core."""

    @property
    def probabilities(self) -> Floats:
        """Of the root's children."""

    @property
    def names(self) -> tuple[str, ...]:
        """Of the root's children."""

    def subtree(self, child: int) -> list[Node]:
        """Return a child of the root and all below it, parents first, with shares of the child."""


@dataclass(frozen=True, eq=False)
class Variable:
    """One random variable: the changes it may bring, each with its probability."""

    probabilities: Sequence[float]
    changes: Sequence[Change]


@dataclass(frozen=True, eq=False)
class Stagewise:
    """Independent variables in each stage; a stage's outcomes are the product of its variables.

    Parameters
    ----------
    variables : sequence of sequences of Variable
        For each stage after the first.
    """

    variables: Sequence[Sequence[Variable]]
    _sizes: tuple[int, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        sizes = tuple(math.prod(len(v.changes) for v in stage) for stage in self.variables)
        object.__setattr__(self, "_sizes", sizes)
        inside, width = 1, 1
        for size in sizes[1:]:
            width *= size
            inside += width
        if sizes and max(sizes[0], inside) > MOST:
            raise TooManyOutcomes(
                f"{sizes[0]:,} outcomes with {inside:,} nodes each cannot be listed "
                f"(at most {MOST:,}): the problem must be sampled"
            )

    @property
    def root(self) -> Change:
        return Change.none()

    @property
    def probabilities(self) -> Floats:
        return self._weights(0)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(f"outcome {number + 1}" for number in range(self._sizes[0]))

    def subtree(self, child: int) -> list[Node]:
        nodes = [Node(1, -1, 1.0, self._outcome(0, child))]
        level = [0]
        for stage in range(1, len(self.variables)):
            weights = self._weights(stage)
            outcomes = [self._outcome(stage, number) for number in range(self._sizes[stage])]
            following = []
            for parent in level:
                for weight, outcome in zip(weights, outcomes, strict=True):
                    following.append(len(nodes))
                    share = nodes[parent].share * float(weight)
                    nodes.append(Node(stage + 1, parent, share, outcome))
            level = following
        return nodes

    def _weights(self, stage: int) -> Floats:
        weights = np.ones(1)
        for variable in self.variables[stage]:
            weights = np.multiply.outer(weights, np.asarray(variable.probabilities)).ravel()
        return weights

    def _outcome(self, stage: int, number: int) -> Change:
        slots, values = [], []
        for variable in reversed(self.variables[stage]):
            number, which = divmod(number, len(variable.changes))
            slots.append(variable.changes[which].slots)
            values.append(variable.changes[which].values)
        if not slots:
            return Change.none()
        return Change(np.concatenate(slots), np.concatenate(values))


@dataclass(frozen=True, eq=False)
class Scenario:
    """A path: whose it shares until its stage, and what it changes in each stage, all told."""

    name: str
    probability: float
    parent: int
    stage: int
    changes: Sequence[Change]


@dataclass(frozen=True, eq=False)
class Branching:
    """Scenarios that share their parent's nodes before the stage in which they branch.

    Parameters
    ----------
    scenarios : sequence of Scenario
        Parents before children; scenario 0 gives the root. Every scenario branches at stage 1
        or later, or is scenario 0.
    stages : int
        Number of stages.
    """

    scenarios: Sequence[Scenario]
    stages: int

    @cached_property
    def _owners(self) -> Places:
        """Whose node each scenario passes in each stage."""
        owners = np.zeros((len(self.scenarios), self.stages), dtype=np.intp)
        for number, scenario in enumerate(self.scenarios):
            if scenario.parent >= 0:
                owners[number, : scenario.stage] = owners[scenario.parent, : scenario.stage]
            owners[number, max(1, scenario.stage) :] = number
        return owners

    @property
    def root(self) -> Change:
        return self.scenarios[0].changes[0]

    @property
    def probabilities(self) -> Floats:
        weights = np.array([scenario.probability for scenario in self.scenarios])
        sums = np.bincount(self._owners[:, 1], weights, minlength=len(weights))
        return np.asarray(sums[self._children()], dtype=np.float64)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.scenarios[int(number)].name for number in self._children())

    def subtree(self, child: int) -> list[Node]:
        owner = self._children()[child]
        inside = [int(each) for each in np.flatnonzero(self._owners[:, 1] == owner)]
        total = sum(self.scenarios[number].probability for number in inside)
        nodes: list[Node] = []
        place: dict[tuple[int, int], int] = {}
        for stage in range(1, self.stages):
            for who, weight in self._nodes_of(stage, inside):
                before = (stage - 1, int(self._owners[who, stage - 1]))
                parent = place[before] if stage > 1 else -1
                place[stage, who] = len(nodes)
                share = weight / total if total > 0.0 else 0.0
                change = self.scenarios[who].changes[stage]
                nodes.append(Node(stage, parent, share, change))
        return nodes

    def _children(self) -> Places:
        return np.unique(self._owners[:, 1])

    def _nodes_of(self, stage: int, inside: Sequence[int]) -> Iterator[tuple[int, float]]:
        weights: dict[int, float] = {}
        for number in inside:
            who = int(self._owners[number, stage])
            weights[who] = weights.get(who, 0.0) + self.scenarios[number].probability
        yield from weights.items()
