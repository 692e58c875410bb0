"""Workers on several machines: a dask.distributed scheduler hands the tasks out.

Needs the extra ``dist``. A worker that is lost takes its shares with it; the scheduler gives its
tasks to another, which builds the shares anew.
"""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Sequence
from concurrent.futures import CancelledError as FutureCancelled
from dataclasses import dataclass, field
from typing import Any

from replant.errors import ReplantError, SolverError
from replant.solve.algebra import one_thread
from replant.solve.benders.team import Job, Task, perform

__all__ = ["Cluster"]

# So many times questions are asked whose workers were all lost.
_TIMES = 5


@dataclass(eq=False)
class Cluster:
    """The workers behind a scheduler.

    Parameters
    ----------
    job : Job
        The problem and its shares.
    address : str
        The scheduler's address, such as ``tcp://127.0.0.1:8786``.
    patience : float
        Seconds to wait for the scheduler, and for its first worker.

    Raises
    ------
    SolverError
        If dask.distributed is not installed, the scheduler does not answer or has no worker.
    """

    job: Job
    address: str
    patience: float = 10.0
    _client: Any = field(init=False)
    _sent: Any = field(init=False)

    def __post_init__(self) -> None:
        try:
            from distributed import Client
        except ImportError as missing:
            raise SolverError(
                "a cluster needs dask.distributed: pip install 'replant[dist]'"
            ) from missing
        client: Any = Client  # its own types say nothing
        self._client = None
        try:
            self._client = client(self.address, timeout=self.patience, set_as_default=False)
            self._client.wait_for_workers(1, timeout=self.patience)
        except (OSError, TimeoutError, ValueError) as problem:
            if self._client is not None:
                self._client.close()
            raise SolverError(
                f"no scheduler with workers answers at {self.address}: {problem}"
            ) from problem
        self._send()

    def do(self, tasks: Sequence[Task]) -> list[Any]:
        """Return what each task gave, in the order of the tasks; see `Team`.

        Raises
        ------
        SolverError
            If the scheduler is lost, or all workers and no other comes.
        """
        for _ in range(_TIMES):
            try:
                return self._asked(tasks)
            except (CancelledError, FutureCancelled, OSError, TimeoutError):
                # With all workers that held it the problem itself is lost: others get it anew.
                self._send()
        raise SolverError(f"the workers at {self.address} are lost again and again")

    def _send(self) -> None:
        """Give the workers the problem."""
        try:
            self._client.wait_for_workers(1, timeout=self.patience)
            self._sent = self._client.scatter(self.job, broadcast=True, hash=False)
        except (CancelledError, FutureCancelled, OSError, TimeoutError, RuntimeError) as problem:
            raise SolverError(
                f"the scheduler at {self.address} is lost, or all its workers"
            ) from problem

    def _asked(self, tasks: Sequence[Task]) -> list[Any]:
        workers = sorted(self._client.scheduler_info()["workers"])
        futures = [
            self._client.submit(
                _done,
                self._sent,
                task,
                # The same share goes to the same worker as long as the worker is there.
                workers=[workers[task.share % len(workers)]] if workers else None,
                allow_other_workers=bool(workers),
                pure=False,
                retries=3,
            )
            for task in tasks
        ]
        answers = self._client.gather(futures)
        for answer in answers:
            if isinstance(answer, ReplantError):
                raise answer
        return list(answers)

    def close(self) -> None:
        """Leave the scheduler."""
        self._client.close()


@one_thread()
def _done(job: Job, task: Task) -> Any:
    """Do a task at a worker; what replant itself says is an answer, not a failure to be retried."""
    try:
        return perform(job, task)
    except ReplantError as problem:
        return problem
