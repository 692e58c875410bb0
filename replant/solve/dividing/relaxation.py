"""The relaxed problem of a box: of each part a mixture of the ways left there.

In the box a way that reaches ``r`` keeps a need ``t x ≤ r`` where the box allows ``t x ≤ m``, that
is ``t x + (m − r) λ ≤ m`` with its share λ; a way that reaches farther than the box keeps nothing.
So the smaller the box, the nearer is the mixture to one way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import highspy
import numpy as np
from scipy.sparse import csr_matrix

from replant.errors import SolverError
from replant.solve.dividing.box import Left
from replant.solve.dividing.ways import Floats, Places, Ways
from replant.solve.loading import loaded
from replant.solve.staged import FirstStage

__all__ = ["Relaxed", "relaxed"]

# A reduced cost this small on a column without a bound is rounding.
_ROUNDING = 1e-7


@dataclass(frozen=True, eq=False)
class Relaxed:
    """The best that a box may hold.

    Attributes
    ----------
    bound : float
        No plan in the box is worth more; proven by arithmetic from the prices of rows.
    first : ndarray, shape (n,)
        The first stage.
    share : ndarray, shape (ways left,)
        The share of each way left.
    gain : ndarray, shape (ways left,)
        What the bound would be worse by, a negative number, if a way of share zero were taken.
    reduced : ndarray, shape (n,)
        What a unit more of each column of the first stage would add to the bound.
    prices : ndarray, shape (sums,)
        What a unit more of the bound of each sum would.
    """

    bound: float
    first: Floats
    share: Floats
    gain: Floats
    reduced: Floats
    prices: Floats


@dataclass(frozen=True, eq=False)
class _Problem:
    matrix: csr_matrix
    objective: Floats
    lower: Floats
    upper: Floats
    row_lower: Floats
    row_upper: Floats
    constant: float
    # The ways that are not alone in their part, and so have columns of their own.
    open: Places

    def proven(self, prices: Floats) -> tuple[float, Floats]:
        """Return the bound that any prices of rows prove, and the reduced cost of each column."""
        high, low = np.isfinite(self.row_upper), np.isfinite(self.row_lower)
        priced = np.where(np.where(prices > 0.0, high, low), prices, 0.0)
        bounds = np.where(priced > 0.0, self.row_upper, np.where(priced < 0.0, self.row_lower, 0.0))
        reduced = self.objective - np.asarray(priced @ self.matrix)
        ends = np.where(reduced > 0.0, self.upper, self.lower)
        allowed = _ROUNDING * max(1.0, float(np.abs(prices).max(initial=0.0)))
        loose = ~np.isfinite(ends)
        if (np.abs(reduced[loose]) > allowed).any():
            return np.inf, reduced
        firm = float(reduced[~loose] @ ends[~loose])
        return float(priced @ bounds) + firm + self.constant, reduced


def relaxed(stage: FirstStage, ways: Ways, left: Left, threads: int) -> Relaxed | None:
    """Return the relaxed optimum of a box; None if it is empty.

    Raises
    ------
    SolverError
        If the solver gave up, or there is no bound.
    """
    problem = _problem(stage, ways, left)
    model = loaded(
        problem.matrix,
        problem.objective,
        problem.lower,
        problem.upper,
        problem.row_lower,
        problem.row_upper,
        constant=problem.constant,
        threads=threads,
        primal_feasibility_tolerance=1e-8,
    )
    status = _run(model)
    if status == highspy.HighsModelStatus.kInfeasible:
        return None
    if status not in (
        highspy.HighsModelStatus.kOptimal,
        highspy.HighsModelStatus.kModelEmpty,
    ):
        raise SolverError(f"the relaxed problem of a box could not be solved: {status}")
    return _read(model, problem, stage, ways, left)


def _run(model: Any) -> Any:
    """Solve; what presolve calls infeasible for a hair's breadth is asked for again without it."""
    model.run()
    if model.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
        model.setOptionValue("presolve", "off")
        model.run()
    return model.getModelStatus()


def _read(model: Any, problem: _Problem, stage: FirstStage, ways: Ways, left: Left) -> Relaxed:
    solution, width = model.getSolution(), len(stage)
    values = np.array(solution.col_value, dtype=np.float64)
    prices = np.array(solution.row_dual, dtype=np.float64)
    bound, reduced = problem.proven(prices)
    share, gain = np.ones(len(left.ways)), np.zeros(len(left.ways))
    share[problem.open], gain[problem.open] = values[width:], reduced[width:]
    before = stage.matrix.shape[0]
    return Relaxed(
        bound,
        np.clip(values[:width], problem.lower[:width], problem.upper[:width]),
        share,
        gain,
        reduced[:width],
        prices[before : before + len(ways.sums)],
    )


def _problem(stage: FirstStage, ways: Ways, left: Left) -> _Problem:
    """Return the relaxed problem; parts with one way left have no column in it."""
    width, sums = len(stage), len(ways.sums)
    part = ways.part[left.ways]
    worth = ways.worth[left.ways]
    alone = np.bincount(part, minlength=len(ways.needs))[part] == 1
    open_ = np.flatnonzero(~alone)
    parts, row_of = np.unique(part[open_], return_inverse=True)
    count = len(open_)
    # A row for each need of a part that some way left keeps: others keep nothing.
    short = left.short[open_]
    way, slot = np.nonzero(short > 0.0)
    slots = max(1, short.shape[1])
    kept, row = np.unique(row_of[way] * slots + slot, return_inverse=True)
    need = ways.needs[parts[kept // slots], kept % slots] if len(kept) else np.zeros(0, np.intp)
    both = np.vstack([ways.sums, -ways.sums])
    above, box = stage.matrix.shape[0], left.box
    before = above + sums, above + sums + len(kept)
    pieces = (
        _entries(stage.matrix, 0),
        _entries(csr_matrix(np.vstack([ways.sums, both[need]])), above),
        (before[0] + row, width + way, short[way, slot]),
        (before[1] + row_of, width + np.arange(count), np.ones(count)),
    )
    rows, columns, values = (np.concatenate(each) for each in zip(*pieces, strict=True))
    shape = before[1] + len(parts), width + count
    return _Problem(
        matrix=csr_matrix((values, (rows, columns)), shape=shape),
        objective=np.concatenate([stage.objective, worth[open_]]),
        lower=np.concatenate([box.lower, np.zeros(count)]),
        upper=np.concatenate([box.upper, np.ones(count)]),
        row_lower=np.concatenate(
            [stage.row_lower, box.least[:sums], np.full(len(kept), -np.inf), np.ones(len(parts))]
        ),
        row_upper=np.concatenate(
            [stage.row_upper, box.most[:sums], box.most[need], np.ones(len(parts))]
        ),
        constant=ways.constant + float(worth[alone].sum()),
        open=open_,
    )


def _entries(matrix: csr_matrix, below: int) -> tuple[Places, Places, Floats]:
    """Return rows, so many further down, columns and values of a matrix's entries."""
    found = matrix.tocoo()
    rows, columns = found.row.astype(np.intp), found.col.astype(np.intp)
    return rows + below, columns, np.asarray(found.data, dtype=np.float64)
