"""All scenarios in shares, each held by a worker with its warm bases."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from replant.solve.benders.crew import Exact, Round, joined, tallied
from replant.solve.benders.hand import Shape
from replant.solve.benders.team import Job, Task, Team
from replant.solve.staged import Staged

__all__ = ["Crowd", "shares_of"]

Floats = NDArray[np.float64]


def shares_of(scenarios: int, count: int) -> tuple[tuple[int, ...], ...]:
    """Return scenarios dealt out evenly, neighbours together.

    Parameters
    ----------
    scenarios : int
        How many.
    count : int
        Into how many shares, at most one for each scenario.
    """
    pieces = np.array_split(np.arange(scenarios), max(1, min(count, scenarios)))
    return tuple(tuple(piece.tolist()) for piece in pieces)


@dataclass(eq=False)
class Crowd:
    """All scenarios, in the hands of a team.

    Parameters
    ----------
    staged : Staged
        The problem; it must be picklable.
    shares : int
        Into how many shares the scenarios are dealt.
    gather : callable
        Returns the team for a job.
    """

    staged: Staged
    shares: int
    gather: Callable[[Job], Team]
    _job: Job = field(init=False)
    _team: Team = field(init=False)

    def __post_init__(self) -> None:
        key = hashlib.sha256(os.urandom(16)).hexdigest()[:16]
        self._job = Job(key, self.staged, shares_of(len(self.staged), self.shares))
        self._team = self.gather(self._job)

    @property
    def team(self) -> Team:
        """Who does the work."""
        return self._team

    def shapes(self) -> list[Shape]:
        """Return what each scenario looks like."""
        tasks = [Task(share, "shapes", ()) for share in range(len(self._job.shares))]
        return [shape for shapes in self._team.do(tasks) for shape in shapes]

    def ask(
        self,
        first: Floats,
        groups: Sequence[Sequence[int]],
        shares: Floats | None = None,
        only: frozenset[int] | None = None,
    ) -> Round:
        """Return what all scenarios are worth at a first stage, whole numbers relaxed."""
        told = np.ones(len(self.staged)) if shares is None else shares
        dealt = self._job.shares
        tasks = [
            Task(share, "ask", (first, [groups[number] for number in mine], told[list(mine)], only))
            for share, mine in enumerate(dealt)
        ]
        reports = self._team.do(tasks)
        pairs = list(zip(dealt, reports, strict=True))
        return joined(self.staged, groups, pairs, known=only is None)

    def solve(self, first: Floats, relaxed: Floats, enough: float, time_limit: float) -> Exact:
        """Return what all scenarios are worth at a first stage with their whole numbers."""
        values, bounds = np.full(len(relaxed), -np.inf), relaxed.copy()
        weights = self.staged.probabilities
        left = [list(numbers) for numbers in self._job.shares]
        while any(left):
            if tallied(weights, bounds) <= enough:
                return Exact(-np.inf, tallied(weights, bounds), complete=False)
            now = [(share, numbers.pop(0)) for share, numbers in enumerate(left) if numbers]
            tasks = [Task(share, "solve", ([number], first, time_limit)) for share, number in now]
            for (_, number), (value, bound) in zip(now, self._team.do(tasks), strict=True):
                values[number], bounds[number] = value[0], min(bounds[number], bound[0])
        return Exact(tallied(weights, values), tallied(weights, bounds), complete=True)

    def close(self) -> None:
        """Let the team go."""
        self._team.close()
