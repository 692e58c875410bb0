"""Our engine and its peers: each takes a staged problem and limits, and returns an outcome."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Callable
from typing import NamedTuple

from benchmarks.peers.outcome import Limits, Outcome
from replant.solve.staged import Staged

Solve = Callable[[Staged, Limits], Outcome]
OURS = "replant"


class Peer(NamedTuple):
    """Where a solver's function is, and the packages it needs."""

    module: str
    needs: tuple[str, ...] = ()

    @property
    def installed(self) -> bool:
        return all(importlib.util.find_spec(name) for name in self.needs)

    def function(self) -> Solve:
        """Import the solver."""
        found: Solve = importlib.import_module(self.module).solve
        return found


PEERS: dict[str, Peer] = {
    OURS: Peer("benchmarks.peers.ours"),
    "HiGHS": Peer("benchmarks.peers.highs"),
    "SCIP": Peer("benchmarks.peers.scip", ("pyscipopt",)),
    "plain Benders": Peer("benchmarks.peers.benders"),
    "mpi-sppy": Peer("benchmarks.peers.mpisppy", ("mpisppy", "mpi4py", "pyomo")),
}
