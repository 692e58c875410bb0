"""Workers in processes of this machine; one that dies is replaced, and its task done again."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from replant.errors import ReplantError, SolverError
from replant.solve.algebra import one_thread
from replant.solve.benders.team import Job, Task, perform

__all__ = ["Processes"]

# So often one task may cost a worker its life.
_LIVES = 3
# How a process ends that met an error in Python, and how long it may take to be told, in seconds.
_ERROR, _MOMENT = 1, 2.0


@dataclass(eq=False)
class Processes:
    """Worker processes, each with its own shares of a job.

    Parameters
    ----------
    job : Job
        The problem and its shares.
    count : int
        Number of processes.
    """

    job: Job
    count: int
    _workers: list[_Worker] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._workers = [_Worker(self.job) for _ in range(self.count)]

    @property
    def pids(self) -> list[int]:
        """The workers' process numbers."""
        return [worker.pid for worker in self._workers]

    def do(self, tasks: Sequence[Task]) -> list[Any]:
        """Return what each task gave, in the order of the tasks; see `Team`."""
        answers: list[Any] = [None] * len(tasks)
        queues: list[list[int]] = [[] for _ in self._workers]
        for place, task in enumerate(tasks):
            queues[task.share % self.count].append(place)
        # One task is under way with each worker at a time; the next follows its answer.
        for worker, queue in zip(self._workers, queues, strict=True):
            if queue:
                worker.begin(tasks[queue[0]])
        waiting = [number for number, queue in enumerate(queues) if queue]
        while waiting:
            for number in list(waiting):
                worker, queue = self._workers[number], queues[number]
                place = queue.pop(0)
                answers[place] = worker.finish(tasks[place])
                if queue:
                    worker.begin(tasks[queue[0]])
                else:
                    waiting.remove(number)
        for answer in answers:
            if isinstance(answer, ReplantError):
                raise answer
        return answers

    def close(self) -> None:
        """End the processes."""
        for worker in self._workers:
            worker.end()
        self._workers = []


class _Worker:
    """One process and the line to it."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._start()

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    def _start(self) -> None:
        self._answered = False
        # A fresh interpreter: a fork would share the solver's threads.
        context = multiprocessing.get_context("spawn")
        here, there = context.Pipe()
        process = context.Process(target=_work, args=(self._job, there), daemon=True)
        process.start()
        there.close()
        self._line: Connection = here
        self._process: BaseProcess = process

    def begin(self, task: Task) -> None:
        """Hand a task over, if need be to a new worker."""
        try:
            self._line.send(task)
        except OSError:
            self._replace()
            # one that has died already is noticed when it is asked for its answer
            with suppress(OSError):
                self._line.send(task)

    def finish(self, task: Task) -> Any:
        """Return what the task gave, if need be from a new worker."""
        for _ in range(_LIVES):
            try:
                answer = self._line.recv()
            except (EOFError, OSError):
                self._replace()
                self.begin(task)
            else:
                self._answered = True
                return answer
        raise SolverError(f"{_LIVES} worker processes died over the same scenarios: memory?")

    def _replace(self) -> None:
        """Begin anew; one that could not even begin will not the next time."""
        self._process.join(timeout=_MOMENT)
        if not self._answered and self._process.exitcode == _ERROR:
            raise SolverError(
                "a worker process ended with an error before its first answer: a script that asks "
                'for processes must do so under if __name__ == "__main__":, as each of them reads '
                "the script anew; else memory may be short"
            )
        self.end()
        self._start()

    def end(self) -> None:
        """End the process."""
        self._line.close()
        self._process.terminate()
        self._process.join(timeout=5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()


@one_thread()
def _work(job: Job, line: Connection) -> None:
    """Do tasks until the line closes."""
    # The one who asked decides when to stop; a worker only loses its work by stopping itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            task = line.recv()
        except EOFError:
            return
        try:
            answer = perform(job, task)
        except ReplantError as problem:
            answer = problem
        try:
            line.send(answer)
        except OSError:
            return
