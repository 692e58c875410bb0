"""The master: the first stage, and what the parts are worth as far as cuts have told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from replant.errors import SolverError
from replant.solve.benders.box import Box
from replant.solve.benders.chains import Chains
from replant.solve.benders.cut import Cut
from replant.solve.benders.group_cut import GroupCut, hope_of
from replant.solve.benders.kept import Kept
from replant.solve.benders.layout import Layout
from replant.solve.benders.proposal import Proposal
from replant.solve.benders.swift import SWIFT
from replant.solve.benders.warm import Warm
from replant.solve.loading import loaded
from replant.solve.staged import FirstStage

__all__ = ["Master"]

Floats = NDArray[np.float64]

# A price below this counts as none.
_PRICE = 1e-7


@dataclass(eq=False)
class Master:
    """The relaxed problem over the first stage.

    Parameters
    ----------
    stage : FirstStage
        The first stage, with the rows of scenarios that bind it alone.
    groups : int
        Number of groups.
    constant : float
        Added to the objective.
    threads : int
        Threads of the solver.
    chains : Chains, optional
        What ties groups to each other; each group is then what one period earns.
    kept : Kept, optional
        A scenario that bounds groups before they have a cut; never with chains.

    Attributes
    ----------
    cuts : list of GroupCut
        What the master knows.
    told : ndarray of bool, shape (groups,)
        Which groups have a cut, or are bounded by what is kept; while others are left these are
        held at zero, and the bound is infinite.
    lower, upper : ndarray, shape (n,)
        Bounds of the first stage that are held now.
    warm : Warm
        The relaxed problem in the solver, with the basis of the last solve.
    """

    stage: FirstStage
    groups: int
    constant: float = 0.0
    threads: int = 1
    chains: Chains | None = None
    kept: Kept | None = None
    cuts: list[GroupCut] = field(default_factory=list)
    lower: Floats = field(init=False)
    upper: Floats = field(init=False)
    _idle: list[int] = field(default_factory=list)
    _known: set[bytes] = field(default_factory=set)
    told: NDArray[np.bool_] = field(init=False)
    warm: Warm = field(init=False)
    _layout: Layout = field(init=False)
    _box: Box = field(default_factory=Box)

    def __post_init__(self) -> None:
        self._layout = Layout(self.stage, self.groups, self.chains, self.kept)
        self.warm = Warm(lambda: self.loaded(integer=False))
        self.lower, self.upper = self.stage.lower.copy(), self.stage.upper.copy()
        self.told = np.zeros(self.groups, dtype=bool)
        if self.kept is not None:
            self.told[self.kept.bounded] = True

    @property
    def layout(self) -> Layout:
        """What stands where in its columns and rows."""
        return self._layout

    @property
    def weights(self) -> Floats:
        """What a unit more of each figure of a proposal's worth adds to the objective."""
        return self._layout.weights

    def untold(self) -> NDArray[np.intp]:
        """Return the groups that nothing bounds yet."""
        return np.flatnonzero(~self.told)

    # -- cuts --------------------------------------------------------------------------------

    def add(self, cuts: Sequence[GroupCut]) -> None:
        """Add cuts."""
        if not cuts:
            return
        self.cuts.extend(cuts)
        self._idle.extend([0] * len(cuts))
        self._tell([each.group for each in cuts])
        if self.warm:
            self.warm.add(self._layout.cut_rows(cuts))

    def _tell(self, groups: list[int]) -> None:
        """Count on groups from their first cut on; until then they are held at zero."""
        spoken = sorted({group for each in groups for group in self._layout.spoken_of(each)})
        fresh = [group for group in spoken if not self.told[group]]
        self.told[fresh] = True
        if fresh and self.told.all() and self.chains is not None:
            # Only now do the chains bind.
            self.warm.forget()
        if fresh and self.told.all() and self._box:
            # Now that every group is counted, the master may well have an end of its own.
            self._box = Box()
            self.hold(self.lower, self.upper)
        if fresh:
            self.warm.free(np.array(fresh, dtype=np.int32) + len(self.stage))

    def known(self) -> bool:
        """Return whether its optimum bounds every plan, also with whole numbers."""
        return bool(self.told.all()) and not self._box

    def fresh(self, cuts: Sequence[Cut]) -> list[Cut]:
        """Return those that no cut on the first stage says already, and remember them."""
        found = []
        for cut in cuts:
            key = np.append(cut.slope, cut.constant).tobytes()
            if key not in self._known:
                self._known.add(key)
                found.append(cut)
        return found

    def drop_idle(self, patience: int) -> int:
        """Drop cuts that had no price in so many solves in a row; return how many.

        Those on the first stage alone and on all groups together stay.
        """
        gone = {place for place, times in enumerate(self._idle) if times >= patience}
        self.drop(gone)
        return len(gone)

    def drop(self, places: Collection[int]) -> None:
        """Drop the cuts at some places of `cuts`."""
        if not places:
            return
        gone = set(places)
        self.warm.drop(np.array(sorted(gone), dtype=np.int32) + self._layout.rows_before)
        self.cuts = [cut for place, cut in enumerate(self.cuts) if place not in gone]
        self._idle = [times for place, times in enumerate(self._idle) if place not in gone]

    def hope(self, points: Floats) -> Floats:
        """Return what the cuts allow each point to be worth at most.

        Parameters
        ----------
        points : ndarray, shape (points, n)
            First stages.

        Returns
        -------
        ndarray, shape (points,)
            Minus infinity for one that a cut forbids, infinity where a group has no cut yet.
        """
        return np.asarray(
            points @ self.stage.objective + self.constant + hope_of(self.cuts, self.groups, points),
            dtype=np.float64,
        )

    # -- relaxed -----------------------------------------------------------------------------

    def hold(self, lower: Floats, upper: Floats) -> None:
        """Bound the first stage's columns otherwise from now on."""
        self.lower, self.upper = lower.copy(), upper.copy()
        if self.warm:
            self.warm.bound(*self._box.around(self.lower, self.upper))

    def relaxed(self, *, count: bool = True) -> Proposal | None:
        """Solve without integrality, from the basis of the time before; None if nothing is left.

        Parameters
        ----------
        count : bool
            Whether cuts without a price are counted as idle once more.

        Raises
        ------
        SolverError
            If the solver gave up.
        """
        status = self.warm.run()
        while self._may_lie_farther(status) and self._widen():
            status = self.warm.run()
        if status == highspy.HighsModelStatus.kInfeasible:
            return None
        if status == highspy.HighsModelStatus.kModelEmpty:
            nothing = np.zeros(0)
            return Proposal(nothing, nothing, self.constant, self.constant, nothing)
        if status != highspy.HighsModelStatus.kOptimal:
            raise SolverError(f"the master could not be solved: {status}")
        solution = self.warm.model.getSolution()
        if count:
            self._count(np.array(solution.row_dual, dtype=np.float64))
        values = np.array(solution.col_value, dtype=np.float64)
        value = float(self.warm.model.getObjectiveValue())
        width = len(self.stage)
        reduced = np.array(solution.col_dual, dtype=np.float64)[:width]
        first = np.clip(values[:width], self.lower, self.upper)
        known = bool(self.told.all()) and not self._at_box(first)
        return Proposal(first, self.worth_in(values), value, value if known else np.inf, reduced)

    def glimpsed(self, pivots: int) -> tuple[float, float]:
        """Return what it is worth without integrality as far as a few pivots show, and a bound.

        Parameters
        ----------
        pivots : int
            How many. With fewer than it takes, the first figure is too high; it is minus infinity
            where nothing seems to be left. The bound is infinite unless it is known.
        """
        status = self.warm.run_briefly(pivots)
        solved = status == highspy.HighsModelStatus.kOptimal
        # A warm basis can mislead into calling infeasible what is not: no bound rests on that.
        if not solved and status != highspy.HighsModelStatus.kIterationLimit:
            return -np.inf, np.inf
        value = float(self.warm.model.getObjectiveValue())
        return value, value if solved and self.known() else np.inf

    def worth_in(self, values: Floats) -> Floats:
        """Return what each group, and with chains each scenario, is worth in its solution."""
        return self._layout.worth_in(values)

    def most_worth(self) -> float:
        """Return the most that all groups together are worth anywhere; infinite if unknown."""
        if not self.told.all():
            return np.inf
        model = self.loaded(integer=False)
        width = len(self.stage)
        columns = np.arange(width, dtype=np.int32)
        model.changeColsCost(width, columns, np.zeros(width))
        # Anywhere: also outside the bounds that are held just now.
        model.changeColsBounds(width, columns, self.stage.lower, self.stage.upper)
        model.run()
        if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return np.inf
        return float(model.getObjectiveValue()) - self.constant

    def _count(self, prices: Floats) -> None:
        """Count for each cut how often in a row it had no price."""
        start = self._layout.rows_before
        for place, price in enumerate(np.abs(prices[start:])):
            if self.cuts[place].group >= 0:
                self._idle[place] = 0 if price > _PRICE else self._idle[place] + 1

    # -- columns without a bound -------------------------------------------------------------

    def _may_lie_farther(self, status: Any) -> bool:
        """Return whether columns without a bound must be allowed to be larger."""
        return status == highspy.HighsModelStatus.kUnbounded or (
            bool(self._box) and status == highspy.HighsModelStatus.kInfeasible
        )

    def _widen(self) -> bool:
        """Bound what has no bound, or farther out than before; return whether that can help."""
        if not self._box.widen():
            return False
        self.hold(self.lower, self.upper)
        return True

    def _at_box(self, first: Floats) -> bool:
        """Return whether a proposal leans on a bound that is not its own; if so, move it away."""
        leans = self._box.bears(first, self.lower, self.upper)
        if leans:
            self._widen()
        return leans

    # -- loading -----------------------------------------------------------------------------

    def loaded(self, *, integer: bool) -> Any:
        """Return the master with its cuts as a model of its own."""
        stage, layout = self.stage, self._layout
        rows = layout.rows(told=bool(self.told.all()))
        matrix, row_lower, row_upper = rows.matrix, rows.lower, rows.upper
        if self.cuts:
            cuts = layout.cut_rows(self.cuts)
            matrix = csr_matrix(vstack([matrix, cuts.matrix]))
            row_lower = np.append(row_lower, cuts.lower)
            row_upper = np.append(row_upper, cuts.upper)
        own, after_low, after_high = layout.after(self.told)
        low, high = (
            (self.lower, self.upper) if integer else self._box.around(self.lower, self.upper)
        )
        simple = {} if integer else SWIFT
        return loaded(
            matrix,
            np.concatenate([stage.objective, own]),
            np.concatenate([low, after_low]),
            np.concatenate([high, after_high]),
            row_lower,
            row_upper,
            integer=np.append(stage.integer, np.zeros(len(own), dtype=bool)) if integer else None,
            constant=self.constant,
            threads=self.threads,
            **simple,
        )
