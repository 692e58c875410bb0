"""Where SCIP asks: the scenarios as a kind of row of its own, and a look up at every node."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from pyscipopt.scip import PY_SCIP_EVENTTYPE, PY_SCIP_RESULT, Conshdlr, Eventhdlr

from replant.solve.benders.scip_master import ScipMaster

__all__ = ["Answer", "Asked", "listen"]

Answer = dict[str, Any]
# After everything that SCIP knows by itself.
_LAST = -2_000_000


class Asked(Protocol):
    """Whoever answers SCIP."""

    def guarded(self, call: Callable[[], Answer]) -> Answer | None:
        """Return what a call gives, None once it is over."""
        ...

    def separate(self) -> Answer:
        """Cut off a point that need not be whole."""
        ...

    def enforce(self) -> Answer:
        """Cut off, divide or close a node at a whole point."""
        ...

    def blind(self) -> Answer:
        """Say how to go on where no linear program was solved."""
        ...

    def check(self, solution: Any) -> Answer:
        """Look at a plan of SCIP's heuristics."""
        ...

    def watch(self) -> Answer:
        """Look up at a node."""
        ...


def listen(scip: ScipMaster, asked: Asked) -> None:
    """Let someone answer SCIP from now on."""
    scip.model.includeConshdlr(
        _Recourse(asked, scip),
        "recourse",
        "what the scenarios say",
        enfopriority=_LAST,
        chckpriority=_LAST,
        sepafreq=1,
        needscons=False,
    )
    scip.model.includeEventhdlr(_Watch(asked), "watch", "bound and stop")


class _Recourse(Conshdlr):
    """The scenarios as a kind of row."""

    def __init__(self, asked: Asked, scip: ScipMaster) -> None:
        self._asked, self._scip = asked, scip

    def conssepalp(self, constraints: Any, useful: int) -> Answer:
        """Cut off a point that need not be whole."""
        return self._asked.guarded(self._asked.separate) or {"result": PY_SCIP_RESULT.DIDNOTRUN}

    def consenfolp(self, constraints: Any, useful: int, infeasible: bool) -> Answer:
        """Cut off, divide or close a node at a whole point."""
        return self._asked.guarded(self._asked.enforce) or {"result": PY_SCIP_RESULT.INFEASIBLE}

    def consenfops(self, constraints: Any, useful: int, infeasible: bool, by_value: bool) -> Answer:
        """Go on where there is no point of a linear program."""
        return self._asked.guarded(self._asked.blind) or {"result": PY_SCIP_RESULT.INFEASIBLE}

    def conscheck(self, constraints: Any, solution: Any, *others: Any) -> Answer:
        """Look at a plan of SCIP's heuristics."""
        answer = self._asked.guarded(lambda: self._asked.check(solution))
        return answer or {"result": PY_SCIP_RESULT.INFEASIBLE}

    def conslock(self, constraint: Any, kind: int, positive: int, negative: int) -> None:
        """Say that rows to come may bind any column from either side."""
        both = positive + negative
        for column in self._scip.columns:
            self.model.addVarLocksType(column, kind, both, both)


class _Watch(Eventhdlr):
    """Looks up at every node."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    def eventinit(self) -> None:
        """Begin to listen."""
        self.model.catchEvent(PY_SCIP_EVENTTYPE.NODEFOCUSED, self)

    def eventexit(self) -> None:
        """Listen no more."""
        self.model.dropEvent(PY_SCIP_EVENTTYPE.NODEFOCUSED, self)

    def eventexec(self, event: Any) -> None:
        """Look up."""
        self._asked.guarded(self._asked.watch)
