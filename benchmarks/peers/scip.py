"""SCIP on the whole problem, read from a file that HiGHS writes."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

from pyscipopt import Model

from benchmarks.peers.highs import whole_model
from benchmarks.peers.outcome import Limits, Outcome
from replant.solve.staged import Staged


def solve(staged: Staged, limits: Limits) -> Outcome:
    """Solve all scenarios and the first stage as one problem."""
    highs, constant, _ = whole_model(staged)
    model = Model()
    model.hideOutput()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "whole.mps"
        highs.writeModel(str(path))
        del highs
        model.readProblem(str(path))
    model.setParam("limits/time", limits.seconds)
    model.setParam("limits/gap", limits.gap)
    model.optimize()
    # The file's sense is kept by some readers and turned to a minimum by others.
    sign = 1.0 if model.getObjectiveSense() == "maximize" else -1.0
    value = sign * model.getObjVal() if model.getNSols() else -math.inf
    bound = sign * model.getDualbound()
    infinite = abs(bound) >= model.infinity()
    return Outcome(
        value + constant,
        math.inf if infinite else bound + constant,
        model.getStatus() in ("optimal", "gaplimit"),
        int(model.getNTotalNodes()),
    )
