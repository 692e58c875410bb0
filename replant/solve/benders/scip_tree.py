"""Branch and cut over the first stage in SCIP, which asks the scenarios as it goes.

A row handler asks them wherever a linear program is solved, and of every whole first stage that
SCIP's own heuristics meet. The best plan is kept outside: SCIP is only told what is worth no more
looking for, and ends when nothing better is left. So its bound counts, and none of its plans does
before the scenarios have said what it is worth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyscipopt.scip import PY_SCIP_RESULT

from replant.errors import SolverError
from replant.solve.benders.asking import SAME, all_whole, worth_asking
from replant.solve.benders.course import Course
from replant.solve.benders.proposal import Proposal
from replant.solve.benders.recourse import settle
from replant.solve.benders.rounding import made_whole, rounded
from replant.solve.benders.scip_hooks import Answer, listen
from replant.solve.benders.scip_master import ScipMaster

__all__ = ["ScipTree"]

Floats = NDArray[np.float64]

# Cuts with so many entries are kept for what is asked outside SCIP; then the older half goes.
_KEPT = 4e6
# After so many nodes in a row without a linear program SCIP is given up.
_BLIND = 1_000


@dataclass(eq=False)
class ScipTree:
    """One search of SCIP over the whole numbers of the first stage.

    Parameters
    ----------
    course : Course
        The solve, its relaxed phase done.
    """

    course: Course
    nodes: int = 0
    _scip: ScipMaster = field(init=False)
    # The bound of what cannot be divided further, though it might hold a better plan.
    _unsettled: float = -np.inf
    _problem: BaseException | None = None
    # Whether SCIP was left without an answer: what it concludes from then on does not count.
    _silent: bool = False
    _given: int = 0
    _begun: int = 0
    # The node looked at, what it was worth when it was last asked, and how often it was.
    _here: tuple[int, float, int] = (-1, np.inf, 0)
    _asked: Counter[bytes] = field(default_factory=Counter)
    _met: set[bytes] = field(default_factory=set)
    _blind: int = 0

    def run(self) -> None:
        """Search until nothing is left that is better enough, or time is up.

        Raises
        ------
        SolverError
            If SCIP gave up, or finds no end.
        """
        course = self.course
        self._integer = np.flatnonzero(course.master.stage.integer)
        self._all_whole = bool(course.master.stage.integer.all())
        self._scip = ScipMaster(course.master, course.settings.seed)
        self._given = self._begun = len(course.master.cuts)
        model = self._scip.model
        try:
            model.setParam("limits/time", max(0.01, course.left()))
            listen(self._scip, self)
            self._scip.raise_floor(self.course.floor())
            self._optimise()
        finally:
            self._scip.close()

    def _optimise(self) -> None:
        course, model = self.course, self._scip.model
        try:
            model.optimize()
        except Exception as problem:
            # PySCIPOpt has no errors of its own.
            raise self._problem or SolverError(f"SCIP gave up: {problem}") from problem
        if self._problem is not None:
            raise self._problem
        self.nodes = int(model.getNTotalNodes())
        status = model.getStatus()
        if status in ("unbounded", "inforunbd"):
            raise SolverError("SCIP finds no bound")
        if not self._silent:
            left = -np.inf if status == "infeasible" else self._scip.bound()
            course.lower_bound_to(max(left, self._unsettled, self.course.floor()))
        course.tell()

    # -- asked by SCIP -----------------------------------------------------------------------

    def guarded(self, call: Callable[[], Answer]) -> Answer | None:
        """Return what a call gives, None once it is over.

        What it raises ends the search and is raised after it: SCIP knows nothing of exceptions.
        """
        if self._problem is None and self.course.left() > 0.0:
            try:
                return call()
            except BaseException as problem:
                self._problem = problem
        self._silent = True
        self._scip.model.interruptSolve()
        return None

    def watch(self) -> Answer:
        """Tell the bound, and stop where that is asked for."""
        course = self.course
        course.lower_bound_to(max(self._scip.bound(), self._unsettled, self.course.floor()))
        course.tell()
        if course.over():
            self._scip.model.interruptSolve()
        return {}

    def separate(self) -> Answer:
        """Ask at a point that need not be whole, while that is worth it."""
        self._blind = 0
        self._scip.raise_floor(self.course.floor())
        out = self._scip.proposal()
        told = self._tell(out)
        if told is not None:
            return told
        if out.value <= self.course.floor() or not self._worth_asking(out):
            return {"result": PY_SCIP_RESULT.DIDNOTFIND}
        self.course.take(self.course.ask(out.first), out)
        return self._tell(out) or {"result": PY_SCIP_RESULT.DIDNOTFIND}

    def _worth_asking(self, out: Proposal) -> bool:
        """Return whether cuts still lower what the node is worth."""
        number = int(self._scip.model.getCurrentNode().getNumber())
        known, last, times = self._here
        times = times + 1 if number == known else 0
        self._here = number, out.value, times
        return worth_asking(last, out.value, self.course.floor(), times)

    def enforce(self) -> Answer:
        """Ask what a whole first stage is worth; leave nothing of it but what is better."""
        self._blind = 0
        out = self._scip.proposal()
        key = rounded(out.first[self._integer]).tobytes()
        self._asked[key] += 1
        if self._asked[key] <= SAME:
            told = self._settled(out)
            self._scip.raise_floor(self.course.floor())
            if told is not None:
                return told
        if out.value <= self.course.floor():
            return {"result": PY_SCIP_RESULT.CUTOFF}
        return self._divided(out)

    def _settled(self, out: Proposal) -> Answer | None:
        """Ask the scenarios of a whole first stage, at last in earnest; return what to say."""
        course = self.course
        whole = made_whole(course.master, out)
        told = None
        if whole is not None:
            settle(course, whole.first, whole)
            told = self._tell(out)
            if told is None:
                # Nothing new that SCIP would notice: what is it worth in truth?
                settle(course, whole.first, None)
                told = self._tell(out)
        if told is None and not self._all_whole:
            # What suits best beside the whole numbers may lie elsewhere.
            course.take(course.ask(out.first), out)
            told = self._tell(out)
        return told

    def _divided(self, out: Proposal) -> Answer:
        """Divide the node at a first stage of which cuts say no more, until it is alone."""
        for place in self._integer.tolist():
            if self._scip.free(place):
                self._scip.divide(place, float(rounded(out.first[place])))
                return {"result": PY_SCIP_RESULT.BRANCHED}
        known = np.inf
        if self._all_whole:
            known = self.course.settled.get(rounded(out.first).tobytes(), np.inf)
        self._unsettled = max(self._unsettled, min(out.value, known))
        return {"result": PY_SCIP_RESULT.CUTOFF}

    def check(self, solution: Any) -> Answer:
        """Ask what a plan of SCIP's heuristics is worth; never leave it to SCIP."""
        course = self.course
        out = self._scip.proposal(solution)
        parts = out.first[self._integer]
        key = rounded(parts).tobytes()
        if all_whole(parts) and key not in self._met:
            self._met.add(key)
            whole = made_whole(course.master, out)
            if whole is not None and course.master.hope(whole.first[None, :])[0] > course.floor():
                settle(course, whole.first, None)
        return {"result": PY_SCIP_RESULT.INFEASIBLE}

    def blind(self) -> Answer:
        """Ask for the linear program that SCIP would go without."""
        self._blind += 1
        if self._blind > _BLIND:
            raise SolverError("SCIP solves no linear program any more")
        return {"result": PY_SCIP_RESULT.SOLVELP}

    # -- cuts --------------------------------------------------------------------------------

    def _tell(self, out: Proposal) -> Answer | None:
        """Give SCIP the cuts that it does not know; return what to say if one breaks a point."""
        master = self.course.master
        fresh = master.cuts[self._given :]
        ended = self._scip.add(fresh)
        kept = int(_KEPT / max(1, len(master.stage)))
        if len(master.cuts) > self._begun + kept:
            old = range(self._begun, len(master.cuts) - kept // 2)
            master.drop([place for place in old if master.cuts[place].group >= 0])
        self._given = len(master.cuts)
        if ended:
            return {"result": PY_SCIP_RESULT.CUTOFF}
        broken = any(self._scip.breaks(each, out) for each in fresh)
        return {"result": PY_SCIP_RESULT.SEPARATED} if broken else None
