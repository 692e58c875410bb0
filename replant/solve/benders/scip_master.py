"""The master as a problem of SCIP that does not know all of its rows yet.

SCIP takes what it is told for all there is. So every column is locked in both directions, and
whatever argues from rows that are not there (symmetry, strong dual reductions, parts solved apart)
is off. What argues from the objective stays: rows to come can only lower it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyscipopt.scip import Model, quicksum
from scipy.sparse import csr_matrix

from replant.solve.benders.group_cut import EVERY_GROUP, FIRST_STAGE, GroupCut
from replant.solve.benders.master import Master
from replant.solve.benders.proposal import Proposal

__all__ = ["ScipMaster"]

Floats = NDArray[np.float64]

# What SCIP may not do, since there are rows that it does not know, and who hears Ctrl-C.
_RESERVED: dict[str, bool | int] = {
    "misc/catchctrlc": False,
    "misc/usesymmetry": 0,
    "misc/allowstrongdualreds": False,
    "presolving/maxrestarts": 0,
    # A column is itself, fixed or not, and never a sum of others.
    "presolving/donotaggr": True,
    "presolving/donotmultaggr": True,
    "constraints/components/maxprerounds": 0,
    "constraints/components/propfreq": -1,
}
# A row of the scenarios may be missed by less than they themselves are asked to keep it.
_TOLERANCE = {"numerics/feastol": 1e-7}
# A cut that is broken by less, in shares of what a group is worth, is none that SCIP would notice.
_BROKEN = 1e-6
# Trying a column on both sides is not worth more pivots than this: rows change while it lasts.
_TRIED = {"branching/relpscost/inititer": 50}


@dataclass(eq=False)
class ScipMaster:
    """A master in SCIP.

    Parameters
    ----------
    master : Master
        The master, every group told; its cuts are there from the beginning.
    seed : int
        Seed of SCIP.

    Attributes
    ----------
    model : pyscipopt.Model
        The problem, to be maximised.
    columns : list of pyscipopt.Variable
        In the order of the master's layout.
    """

    master: Master
    seed: int = 0
    model: Any = field(init=False)
    columns: list[Any] = field(init=False)
    _objective: Floats = field(init=False)

    def __post_init__(self) -> None:
        master, layout = self.master, self.master.layout
        self.model = Model()
        self.model.hideOutput()
        own, low, high = layout.after(master.told)
        stage = master.stage
        self._objective = np.concatenate([stage.objective, own])
        integer = np.append(stage.integer, np.zeros(len(own), dtype=bool))
        lower, upper = np.append(stage.lower, low), np.append(stage.upper, high)
        self.columns = [
            self.model.addVar(vtype="I" if whole else "C", lb=_ended(least), ub=_ended(most))
            for whole, least, most in zip(integer, lower, upper, strict=True)
        ]
        self.model.setObjective(self._sum(self._objective, np.arange(len(own) + len(stage))))
        self.model.setMaximize()
        self.model.addObjoffset(float(master.constant))
        rows = layout.rows(told=True)
        self._require(rows.matrix, rows.lower, rows.upper)
        if master.cuts:
            cuts = layout.cut_rows(master.cuts)
            self._require(cuts.matrix, cuts.lower, cuts.upper, removable=True)
        for name, value in {**_RESERVED, **_TOLERANCE, **_TRIED}.items():
            self.model.setParam(name, value)
        self.model.setParam("randomization/randomseedshift", self.seed)

    def close(self) -> None:
        """Let go of SCIP's memory, and of whoever listens to it."""
        if hasattr(self.model, "free"):
            self.model.free()
        else:  # before PySCIPOpt 6
            self.model.freeProb()

    # -- rows --------------------------------------------------------------------------------

    def _require(self, matrix: csr_matrix, lower: Floats, upper: Floats, **kind: bool) -> None:
        for number, (low, high) in enumerate(zip(lower, upper, strict=True)):
            places = slice(*matrix.indptr[number : number + 2])
            if not np.isfinite([low, high]).any():
                continue
            total = self._sum(matrix.data[places], matrix.indices[places])
            if low == high:
                self.model.addCons(total == float(low), **kind)
                continue
            if np.isfinite(low):
                self.model.addCons(total >= float(low), **kind)
            if np.isfinite(high):
                self.model.addCons(total <= float(high), **kind)

    def _sum(self, values: Floats, places: NDArray[Any]) -> Any:
        used = zip(values.tolist(), places.tolist(), strict=True)
        # A zero is added so that a sum of nothing is one too.
        return quicksum(value * self.columns[place] for value, place in used if value) + 0.0

    def add(self, cuts: Sequence[GroupCut]) -> bool:
        """Add cuts while SCIP looks at a node; return whether one leaves nothing of the node."""
        if not cuts:
            return False
        rows = self.master.layout.cut_rows(cuts)
        ended = False
        for number in range(len(cuts)):
            places = slice(*rows.matrix.indptr[number : number + 2])
            row = self.model.createEmptyRowUnspec(
                lhs=None, rhs=float(rows.upper[number]), local=False, removable=True
            )
            self.model.cacheRowExtensions(row)
            used = zip(
                rows.matrix.data[places].tolist(),
                rows.matrix.indices[places].tolist(),
                strict=True,
            )
            for value, place in used:
                self.model.addVarToRow(row, self.columns[place], value)
            self.model.flushRowExtensions(row)
            ended = bool(self.model.addCut(row, forcecut=True)) or ended
            self.model.addPoolCut(row)
            self.model.releaseRow(row)
        return ended

    def breaks(self, cut: GroupCut, out: Proposal) -> bool:
        """Return whether a solution breaks a cut."""
        height = cut.cut.at(out.first)
        if cut.group == FIRST_STAGE:
            return height < -_BROKEN
        total = out.worth[: self.master.groups].sum()
        worth = total if cut.group == EVERY_GROUP else out.worth[cut.group]
        return bool(height < worth - _BROKEN * max(1.0, abs(worth)))

    # -- what SCIP thinks --------------------------------------------------------------------

    def proposal(self, solution: Any = None) -> Proposal:
        """Return a solution of SCIP, by default that of the linear program it looks at."""
        model, width = self.model, len(self.master.stage)
        values = np.array([model.getSolVal(solution, column) for column in self.columns])
        stage = self.master.stage
        value = float(self._objective @ values) + self.master.constant
        first = np.clip(values[:width], stage.lower, stage.upper)
        return Proposal(first, self.master.worth_in(values), value, np.inf, np.zeros(width))

    def free(self, place: int) -> bool:
        """Return whether a whole column may still change where SCIP is."""
        column = self.model.getTransformedVar(self.columns[place])
        return bool(column.getUbLocal() - column.getLbLocal() > 0.5)

    def divide(self, place: int, value: float) -> None:
        """Divide the node at a whole value of a column: less, just that, more."""
        self.model.branchVarVal(self.model.getTransformedVar(self.columns[place]), value)

    def raise_floor(self, floor: float) -> None:
        """Seek nothing that is worth no more than this from now on."""
        if np.isfinite(floor) and self.floor() < floor:
            self.model.setObjlimit(float(floor))

    def floor(self) -> float:
        """Return what something must be worth more than to be sought."""
        limit = float(self.model.getObjlimit())
        return limit if abs(limit) < self.model.infinity() else -np.inf

    def bound(self) -> float:
        """Return what nothing that SCIP has left is worth more than; infinite if unknown."""
        bound = float(self.model.getDualbound())
        return bound if abs(bound) < self.model.infinity() else np.inf


def _ended(bound: float) -> float | None:
    return float(bound) if np.isfinite(bound) else None
