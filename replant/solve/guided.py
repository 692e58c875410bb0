"""Search for a plan and prove how good it is: for problems with many whole numbers.

Where few rows tie the problem, it begins by prices for them (`replant.solve.pricing`), which is
often all that is needed. Else, or with what that has found, a search and a proof follow.

With a second core the proof runs beside the search, in a process of its own, and knows nothing of
it; where both words together are enough, the solve ends. Which words these are does not hang on
how fast each of them came. With one core the proof begins from the plan that was found.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from replant.kernel import Program
from replant.solve.beside import Proof, Word, proof_of
from replant.solve.feasible import keeps_all
from replant.solve.fixing import relaxed_to_continuous
from replant.solve.interrupt import Interrupted, catch_interrupt
from replant.solve.leading import leading
from replant.solve.pricing import pricing_of
from replant.solve.search import Search
from replant.solve.settings import Progress, SolveSettings
from replant.solve.solution import Solution, Status
from replant.solve.staged import arrays_of
from replant.solve.version import solver_version
from replant.solve.whole import PROOF_ALONE, solve_whole

__all__ = ["solve_guided"]

# So much of the time prices may take, before the search begins.
_PRICED = 0.4
# A plan that prices led to is near when it is known to be within this gap.
_NEAR = 0.05


def solve_guided(program: Program, settings: SolveSettings, *, known: float = np.inf) -> Solution:
    """Solve a program by a search for plans, and the whole problem from the best of them.

    Parameters
    ----------
    program : Program
        What to maximise.
    settings : SolveSettings
        When to stop, and whom to tell.
    known : float
        What is known of before: no plan is worth more.
    """
    return _Guided(program, settings, known).run()


@dataclass(eq=False)
class _Guided:
    """One solve: what it has found, and what it has told."""

    program: Program
    settings: SolveSettings
    known: float = np.inf
    began: float = field(default_factory=time.monotonic)
    bound: float = np.inf
    value: float = -np.inf
    values: NDArray[np.float64] | None = None
    _priced: bool = False
    _told: float = 0.0
    interrupted: Interrupted = field(default_factory=Interrupted)

    def run(self) -> Solution:
        """Search, then prove."""
        self.bound = self.known
        start = self.settings.start
        if start is not None and keeps_all(self.program, start):
            constant = self.program.objective_constant
            self.value, self.values = float(self.program.objective @ start) + constant, start
        with catch_interrupt() as self.interrupted:
            return self._run()

    def _run(self) -> Solution:
        priced = self._by_prices()
        if priced is not None:
            return priced
        proof = proof_of(self.program, self.settings, alone=self._near())
        if proof is None:
            return self._with(None)
        with closing(proof):
            return self._with(proof)

    def _by_prices(self) -> Solution | None:
        """Return what prices for the ties come to; None if there is more to do."""
        pricing = pricing_of(
            arrays_of(self.program),
            leading(self.program),
            self.settings,
            self._early,
            self._bounded,
            self._found,
        )
        if pricing is None:
            return None
        if self.values is not None:
            pricing.begin(self.value, self.values)
        pricing.run(self._enough)
        self._priced = pricing.values is not None
        self.settings = replace(self.settings, start=self.values)
        ending = self._ending()
        if ending is None:
            return None
        return Solution(
            status=ending,
            values=self.values,
            objective=self.value,
            bound=max(self.bound, self.value),
            seconds=self._seconds(),
            solver=solver_version(),
        )

    def _with(self, proof: Proof | None) -> Solution:
        relaxed = solve_whole(
            relaxed_to_continuous(self.program),
            SolveSettings(time_limit=self.settings.time_limit, seed=self.settings.seed),
        )
        if relaxed.status is not Status.OPTIMAL or relaxed.values is None:
            # without an end, without a plan or without time: the whole problem says which
            return self._whole(None)
        self.bound = min(self.bound, relaxed.bound)
        search = Search(self.program, self.settings, self._left, relaxed.values, self._found)
        if self._priced and self.values is not None:
            search.begin(self.value, self.values)
        search.run(self._enough)
        ending = self._ending()
        best = replace(
            relaxed,
            status=ending or Status.TIME_LIMIT,
            values=self.values,
            objective=self.value,
            bound=max(self.bound, self.value),
            seconds=self._seconds(),
        )
        if ending is Status.WITHIN_GAP or (proof is None and ending is not None):
            return best
        # stopped in the middle of the search, what the proof has told by then counts all the same
        return self._proven(best) if proof is None else self._beside(best, proof)

    def _ending(self) -> Status | None:
        """Return why it ends with the best plan so far; None if it goes on."""
        if self._enough(self.value):
            return Status.WITHIN_GAP
        if self.interrupted.requested:
            return Status.INTERRUPTED
        return Status.TIME_LIMIT if self._left() <= 0 else None

    def _proven(self, best: Solution) -> Solution:
        """Solve the whole problem from a plan; return the better of the two."""
        whole = self._whole(best.values)
        if best.values is None:
            return whole
        if whole.values is None or whole.objective < best.objective - 1e-6:
            bound = whole.bound if np.isfinite(whole.bound) else self.bound
            denied = whole.status is Status.INFEASIBLE
            return replace(
                best,
                status=Status.NOT_PROVEN if denied else whole.status,
                bound=max(bound, best.objective),
                seconds=whole.seconds,
            )
        return whole

    def _beside(self, best: Solution, proof: Proof) -> Solution:
        """Hear the proof out until its bound and the best plan of both are near enough."""
        for word in proof.words():
            if word is None:
                ending = self._ending()
                if ending is not None:
                    return self._best(best, ending)
                continue
            best = self._heard(word, best)
            if word.status is Status.INFEASIBLE and best.values is not None:
                return self._proven(best)  # it knows better who has a plan
            if word.status is not None:
                return self._best(best, word.status)
            if self._enough(best.objective):
                return self._best(best, Status.WITHIN_GAP)
            if word.asked:
                proof.answer(best.values)
        # the process was lost, and with it only its own work
        return self._proven(best)

    def _heard(self, word: Word, best: Solution) -> Solution:
        """Take a tighter bound and a better plan, and tell of them."""
        if np.isfinite(word.bound):
            self.bound = min(self.bound, word.bound)
        if word.values is not None and word.value > best.objective:
            best = replace(best, values=word.values, objective=word.value)
            self._found(word.value, word.values)
        elif self.settings.on_progress is not None and self._seconds() - self._told >= 1.0:
            self._told = self._seconds()
            self.settings.on_progress(Progress(self._told, self.bound, best.objective))
        return best

    def _best(self, best: Solution, status: Status) -> Solution:
        bound, seconds = max(self.bound, best.objective), self._seconds()
        if self.settings.on_progress is not None:
            self.settings.on_progress(Progress(seconds, bound, best.objective))
        return replace(best, status=status, bound=bound, seconds=seconds)

    def _whole(self, start: NDArray[np.float64] | None) -> Solution:
        before = self._seconds()
        settings = replace(
            self.settings,
            start=self.settings.start if start is None else start,
            time_limit=self._left(),
            on_progress=self._later(before),
        )
        options = PROOF_ALONE if self._near() else {}
        whole = solve_whole(self.program, settings, options, known=self.known)
        # A plan is the better witness where rounding brings the bound below it.
        bound = max(whole.objective, min(whole.bound, self.bound))
        return replace(whole, bound=bound, seconds=self._seconds())

    # -- time and words ----------------------------------------------------------------------

    def _seconds(self) -> float:
        return time.monotonic() - self.began

    def _left(self) -> float:
        """Return the seconds that are left; none once a person asked to stop."""
        if self.interrupted.requested:
            return 0.0
        return max(0.0, self.settings.time_limit - self._seconds())

    def _early(self) -> float:
        """Return the seconds that are left to prices."""
        return max(0.0, self._left() - (1.0 - _PRICED) * self.settings.time_limit)

    def _near(self) -> bool:
        """Return whether prices led to a plan near enough to leave better ones to the search."""
        near = replace(self.settings, gap=_NEAR).allowed(self.value)
        return self._priced and self.bound - self.value <= near

    def _enough(self, value: float) -> bool:
        return np.isfinite(value) and self.bound - value <= self.settings.allowed(value)

    def _bounded(self, bound: float) -> None:
        """Take a bound, and tell of it now and then."""
        self.bound = min(self.bound, bound)
        if self.settings.on_progress is not None and self._seconds() - self._told >= 1.0:
            self._told = self._seconds()
            self.settings.on_progress(Progress(self._told, self.bound, self.value))

    def _found(self, value: float, values: NDArray[np.float64]) -> None:
        """Take a plan, and tell of it if it is better than all before."""
        if value <= self.value:
            return
        self.value, self.values = value, values
        if self.settings.on_plan is not None:
            self.settings.on_plan(value, self.bound, values)
        if self.settings.on_progress is not None:
            self.settings.on_progress(Progress(self._seconds(), self.bound, value))

    def _later(self, before: float) -> Callable[[Progress], None] | None:
        told = self.settings.on_progress
        if told is None:
            return None

        def tell(line: Progress) -> None:
            bound = min(line.bound, self.bound)
            told(Progress(line.seconds + before, bound, line.value))

        return tell
