"""Who does the work: one call for many tasks, wherever they are done.

A task names a share of the scenarios, a question and what the question needs. Whoever gets it
builds the share from the job if it does not hold it yet, so a worker that dies takes nothing with
it but the task it was at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from replant.solve.benders.chained_hand import hand_of
from replant.solve.benders.hand import AnyHand
from replant.solve.staged import Staged

__all__ = ["Job", "Task", "Team", "perform"]


@dataclass(frozen=True, eq=False)
class Job:
    """A problem and how its scenarios are shared out.

    Parameters
    ----------
    key : str
        Tells this job from others that a worker may hold.
    staged : Staged
        The problem; pickled once for each worker.
    shares : tuple of tuple of int
        The scenarios of each share.
    """

    key: str
    staged: Staged
    shares: tuple[tuple[int, ...], ...]


class Task(NamedTuple):
    """One question to one share.

    Attributes
    ----------
    share : int
        Which share.
    question : str
        Name of the method of `Hand`.
    needs : tuple
        Its arguments.
    """

    share: int
    question: str
    needs: tuple[Any, ...]


class Team(Protocol):
    """Workers that do tasks."""

    def do(self, tasks: Sequence[Task]) -> list[Any]:
        """Return what each task gave, in the order of the tasks.

        Raises
        ------
        ReplantError
            What the work itself raised.
        SolverError
            If a worker died again and again over the same task.
        """
        ...

    def close(self) -> None:
        """Let the workers go."""
        ...


# The shares that this process holds, with their warm bases.
_held: dict[tuple[str, int], AnyHand] = {}


def perform(job: Job, task: Task) -> Any:
    """Do a task in this process."""
    place = (job.key, task.share)
    if place not in _held:
        for other in [each for each in _held if each[0] != job.key]:
            del _held[other]
        hand = hand_of(job.staged, job.shares[task.share])
        hand.shapes()
        _held[place] = hand
    return getattr(_held[place], task.question)(*task.needs)
