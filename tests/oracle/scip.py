"""A second opinion on optima: the same program, solved by SCIP."""

from __future__ import annotations

import numpy as np
from pyscipopt import Model, quicksum

from replant.kernel import Program

__all__ = ["best"]


def best(program: Program) -> float | None:
    """Return the optimum of a program, or None if it has no plan."""
    model = Model()
    model.hideOutput()
    columns, rows = program.columns, program.rows
    made = [
        model.addVar(
            vtype="I" if columns.integer[column] else "C",
            lb=_bound(columns.lower[column]),
            ub=_bound(columns.upper[column]),
        )
        for column in range(len(columns))
    ]
    matrix = program.matrix
    for row in range(len(rows)):
        places = slice(*matrix.indptr[row : row + 2])
        if places.start == places.stop:
            assert rows.lower[row] <= 1e-9
            assert rows.upper[row] >= -1e-9
            continue
        terms = zip(matrix.data[places], matrix.indices[places], strict=True)
        left = quicksum(float(value) * made[int(column)] for value, column in terms)
        low, high = rows.lower[row], rows.upper[row]
        if low == high:
            model.addCons(left == float(low))
            continue
        if np.isfinite(low):
            model.addCons(left >= float(low))
        if np.isfinite(high):
            model.addCons(left <= float(high))
    wanted = np.flatnonzero(program.objective)
    goal = quicksum(float(program.objective[column]) * made[int(column)] for column in wanted)
    model.setObjective(goal, "maximize")
    model.setParam("limits/gap", 0.0)
    model.setParam("numerics/feastol", 1e-8)
    model.optimize()
    if model.getStatus() == "infeasible":
        return None
    assert model.getStatus() == "optimal", model.getStatus()
    return float(model.getObjVal()) + program.objective_constant


def _bound(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
