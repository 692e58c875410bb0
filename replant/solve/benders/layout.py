"""What stands where in the master: first stage, an estimate for each group, chains or the kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from replant.solve.benders.chains import Chains
from replant.solve.benders.group_cut import EVERY_GROUP, GroupCut, cleaned
from replant.solve.benders.kept import Kept
from replant.solve.loading import INFINITE
from replant.solve.staged import FirstStage

__all__ = ["Layout", "Rows"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows over all columns of the master: coefficients and bounds."""

    matrix: csr_matrix
    lower: Floats
    upper: Floats


@dataclass(frozen=True, eq=False)
class Layout:
    """Columns and rows of the master.

    Parameters
    ----------
    stage : FirstStage
        The first stage, with the rows of scenarios that bind it alone.
    groups : int
        Number of groups.
    chains : Chains, optional
        What ties groups to each other.
    kept : Kept, optional
        A scenario kept beside the groups; never where there are chains.
    """

    stage: FirstStage
    groups: int
    chains: Chains | None = None
    kept: Kept | None = None

    @property
    def beside(self) -> int:
        """Number of columns after the groups: those of the chains, or of the kept scenario."""
        if self.kept is not None:
            return len(self.kept.lower)
        return 0 if self.chains is None else len(self.chains.objective)

    @property
    def rows_before(self) -> int:
        """Number of rows before the cuts."""
        more = self.chains if self.kept is None else self.kept
        return int(self.stage.matrix.shape[0]) + (0 if more is None else more.matrix.shape[0])

    @property
    def weights(self) -> Floats:
        """What a unit more of each figure of a proposal's worth adds to the objective."""
        if self.chains is None:
            return np.ones(self.groups)
        return np.append(self.chains.weights, np.ones(self.chains.totals.shape[0]))

    def worth_in(self, values: Floats) -> Floats:
        """Return what each group, and with chains each bundle, is worth in a solution."""
        after = values[len(self.stage) :]
        if self.chains is None:
            return after[: self.groups]
        return np.concatenate([after[: self.groups], self.chains.totals @ after])

    def spoken_of(self, group: int) -> list[int]:
        """Return the groups that a cut of a number bounds."""
        if self.chains is None or group < self.groups:
            return [group] if group >= 0 else []
        return self.chains.estimates(group - self.groups)

    def columns_of(self, group: int) -> tuple[NDArray[np.intp], Floats]:
        """Return the columns after the first stage that a cut bounds, and how much each counts."""
        if self.chains is not None and (group >= self.groups or group == EVERY_GROUP):
            totals = self.chains.totals
            some = totals[group - self.groups] if group >= 0 else csr_matrix(totals.sum(axis=0))
            return some.indices.astype(np.intp), np.asarray(some.data, dtype=np.float64)
        if group == EVERY_GROUP:
            return np.arange(self.groups), np.ones(self.groups)
        found = np.array([group] if group >= 0 else [], dtype=np.intp)
        return found, np.ones(len(found))

    # -- rows --------------------------------------------------------------------------------

    def rows(self, *, told: bool) -> Rows:
        """Return the rows before the cuts: those of the first stage, then all others.

        Parameters
        ----------
        told : bool
            Whether every group has a cut; until then, what ties them would only mislead.
        """
        stage = self.stage
        matrix = csr_matrix(
            (stage.matrix.data, stage.matrix.indices, stage.matrix.indptr),
            shape=(stage.matrix.shape[0], len(stage) + self.groups + self.beside),
        )
        if self.kept is not None:
            return Rows(
                csr_matrix(vstack([matrix, self.kept.matrix])),
                np.append(stage.row_lower, self.kept.row_lower),
                np.append(stage.row_upper, self.kept.row_upper),
            )
        if self.chains is None:
            return Rows(matrix, stage.row_lower, stage.row_upper)
        free = np.full(self.chains.matrix.shape[0], 0.0 if told else INFINITE)
        return Rows(
            csr_matrix(vstack([matrix, self.chains.matrix])),
            np.append(stage.row_lower, self.chains.row_lower - free),
            np.append(stage.row_upper, self.chains.row_upper + free),
        )

    def cut_rows(self, cuts: Sequence[GroupCut]) -> Rows:
        """Return ``worth − slope x ≤ constant`` for each cut, one cut or more."""
        width = len(self.stage)
        columns, values, starts, upper = [], [], [0], []
        for each in cuts:
            slope, constant = cleaned(each.cut, self.stage)
            touched = np.flatnonzero(slope)
            groups, shares = self.columns_of(each.group)
            columns.extend([touched, width + groups])
            values.extend([-slope[touched], shares])
            starts.append(starts[-1] + len(touched) + len(groups))
            upper.append(constant)
        matrix = csr_matrix(
            (np.concatenate(values), np.concatenate(columns), np.array(starts)),
            shape=(len(cuts), width + self.groups + self.beside),
        )
        return Rows(matrix, np.full(len(cuts), -INFINITE), np.array(upper))

    # -- columns -----------------------------------------------------------------------------

    def after(self, told: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
        """Return objective and bounds of the columns after the first stage.

        Parameters
        ----------
        told : ndarray of bool, shape (groups,)
            Which groups are bounded by anything; the others are held at zero.
        """
        worth = np.where(told, INFINITE, 0.0)
        if self.kept is not None:
            objective = np.append(np.ones(self.groups), np.zeros(self.beside))
            lower, upper = self.kept.lower, self.kept.upper
            return objective, np.append(-worth, lower), np.append(worth, upper)
        if self.chains is None:
            return np.ones(self.groups), -worth, worth
        chains = self.chains
        objective = np.append(chains.weights, chains.objective)
        lower, upper = chains.lower, chains.upper
        if not told.all():
            # They wait at a bound until the groups are counted that they hang on.
            still = np.where(np.isfinite(lower), lower, np.where(np.isfinite(upper), upper, 0.0))
            return np.zeros(len(objective)), np.append(-worth, still), np.append(worth, still)
        return objective, np.append(-worth, lower), np.append(worth, upper)
