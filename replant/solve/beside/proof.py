"""A proof that another process works out, as whoever searches sees it."""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replant.kernel import Program
from replant.solve.beside.messages import Message, receive, send
from replant.solve.settings import SolveSettings
from replant.solve.solution import Status

__all__ = ["Proof", "Word", "proof_of"]

Floats = NDArray[np.float64]

# From so many entries on a second process is worth its start of about a second.
_LARGE = 30_000


@dataclass(frozen=True, eq=False)
class Word:
    """What a proof has to tell.

    Parameters
    ----------
    bound, value : float
        What no plan is worth more than, and the worth of the plan that the proof itself has.
    values : ndarray or None
        That plan, shape (columns,), where it is a new one.
    asked : bool
        Whether it waits for a plan: see :meth:`Proof.answer`.
    status : Status or None
        How it ended, if it has.
    """

    bound: float
    value: float
    values: Floats | None = None
    asked: bool = False
    status: Status | None = None


def proof_of(program: Program, settings: SolveSettings, *, alone: bool = False) -> Proof | None:
    """Begin a proof in a process of its own; None where one is not wanted or cannot be had.

    Parameters
    ----------
    program : Program
        What to maximise.
    settings : SolveSettings
        When to stop; ``side_by_side`` says whether a second process is wanted.
    alone : bool
        Whether it leaves plans to whoever searches: see `PROOF_ALONE`.
    """
    wanted = settings.side_by_side
    if wanted is None:
        wanted = program.matrix.nnz >= _LARGE and _cores() > 1
    try:
        return Proof(program, settings, alone=alone) if wanted else None
    except OSError:
        return None


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class Proof:
    """The other process, and what it has told.

    Parameters
    ----------
    program : Program
        What to maximise.
    settings : SolveSettings
        When to stop.
    alone : bool
        Whether it leaves plans to whoever searches.
    """

    def __init__(self, program: Program, settings: SolveSettings, *, alone: bool = False) -> None:
        paths = [each for each in sys.path if each]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "replant.solve.beside.prover"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
            # Ctrl-C is for the one who searches: it decides what ends
            start_new_session=True,
        )
        self._words: queue.Queue[Message | None] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        assert self._process.stdin is not None
        with suppress(OSError):  # it has ended: there will be no word
            send(self._process.stdin, {**_written(program, settings), "alone": alone})

    def words(self, wait: float = 0.2) -> Iterator[Word | None]:
        """Yield what is told, in order; None after each time nothing was; end with the process.

        Parameters
        ----------
        wait : float
            Seconds until None.
        """
        while True:
            try:
                message = self._words.get(timeout=wait)
            except queue.Empty:
                yield None
                continue
            if message is None:
                return
            yield _read(message)

    def answer(self, values: Floats | None) -> None:
        """Give the plan that was asked for."""
        assert self._process.stdin is not None
        with suppress(OSError):
            send(self._process.stdin, {} if values is None else {"values": values})

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        for line in (self._process.stdin, self._process.stdout):
            if line is not None:
                with suppress(OSError):
                    line.close()
        self._process.wait()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        # a line that is closed while it is read ends like one that has ended
        with suppress(OSError, ValueError):
            while (message := receive(self._process.stdout)) is not None:
                self._words.put(message)
        self._words.put(None)


def _read(message: Message) -> Word:
    kind = str(message["kind"])
    return Word(
        bound=float(message["bound"]),
        value=float(message["value"]),
        values=message.get("values"),
        asked=kind == "ask",
        status=Status(str(message["status"])) if kind == "end" else None,
    )


def _written(program: Program, settings: SolveSettings) -> dict[str, Any]:
    """Return a program and its settings as arrays."""
    matrix, columns, rows = program.matrix, program.columns, program.rows
    given = {"baseline": settings.baseline, "start": settings.start}
    return {
        "data": matrix.data,
        "indices": matrix.indices,
        "indptr": matrix.indptr,
        "shape": matrix.shape,
        "objective": program.objective,
        "constant": program.objective_constant,
        "lower": columns.lower,
        "upper": columns.upper,
        "integer": columns.integer,
        "row_lower": rows.lower,
        "row_upper": rows.upper,
        "gap": settings.gap,
        "time_limit": settings.time_limit,
        "seed": settings.seed,
        "threads": settings.threads,
        **{name: value for name, value in given.items() if value is not None},
    }
