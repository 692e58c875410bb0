"""The process that proves: it solves the whole problem and tells each bound and plan it finds.

It is run as ``python -m replant.solve.beside.prover``, reads the problem from its input and writes
to its output. What it tells does not hang on the clock, so that whoever listens can decide at the
same word in every run.
"""

from __future__ import annotations

import os
import queue
import sys
import threading
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from replant.solve.beside.messages import Message, receive, send
from replant.solve.settings import SolveSettings
from replant.solve.whole import PROOF_ALONE, solve_matrix

__all__: list[str] = []

Floats = NDArray[np.float64]
# A bound that moves by less is not worth a word.
_HAIR = 1e-9


def main() -> None:
    """Prove what is asked, then end."""
    given = sys.stdin.buffer
    # whatever a library prints must not come between the messages
    told = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    problem = receive(given)
    if problem is not None:
        _Prover(problem, given, told).run()


class _Prover:
    """One proof, and what was told of it."""

    def __init__(self, problem: Message, given: BinaryIO, told: BinaryIO) -> None:
        self._problem, self._given, self._told = problem, given, told
        self._answers: queue.Queue[Message] = queue.Queue()
        self._last = (np.inf, -np.inf)
        threading.Thread(target=self._listen, daemon=True).start()

    def run(self) -> None:
        """Solve, and tell."""
        each = self._problem
        found = solve_matrix(
            matrix=csr_matrix(
                (each["data"], each["indices"], each["indptr"]), shape=tuple(each["shape"])
            ),
            objective=each["objective"],
            constant=float(each["constant"]),
            lower=each["lower"],
            upper=each["upper"],
            integer=each["integer"],
            row_lower=each["row_lower"],
            row_upper=each["row_upper"],
            settings=self._settings(),
            options=PROOF_ALONE if each["alone"] else {},
        )
        plan = {} if found.values is None else {"values": found.values}
        self._say("end", found.bound, found.objective, status=str(found.status), **plan)

    def _settings(self) -> SolveSettings:
        each = self._problem
        return SolveSettings(
            gap=float(each["gap"]),
            baseline=float(each["baseline"]) if "baseline" in each else None,
            time_limit=float(each["time_limit"]),
            seed=int(each["seed"]),
            threads=int(each["threads"]),
            start=each.get("start"),
            on_bound=self._bound,
            on_plan=lambda value, bound, values: self._say("plan", bound, value, values=values),
            ask=self._ask,
        )

    def _bound(self, bound: float, value: float) -> None:
        """Tell a bound, if it is tighter than what was told."""
        if bound < self._last[0] - _HAIR:
            self._say("bound", bound, value)

    def _ask(self) -> Floats | None:
        """Wait for the plan of whoever searches; None if there is none."""
        self._say("ask", *self._last)
        return self._answers.get().get("values")

    def _say(self, kind: str, bound: float, value: float, **more: Any) -> None:
        self._last = (bound, value)
        send(self._told, {"kind": kind, "bound": bound, "value": value, **more})

    def _listen(self) -> None:
        """Take answers, and end with whoever asked."""
        while (answer := receive(self._given)) is not None:
            self._answers.put(answer)
        os._exit(1)


if __name__ == "__main__":
    main()
