"""The scenarios' chains, kept in the master beside the first stage.

A scenario that falls into periods and a chain (`chained.py`) need not be estimated as one figure.
Its chain is small, so the master keeps it, and estimates only what each period earns. Cuts are then
told apart by scenario and period: each speaks of few columns, and those of one period serve
wherever another one has changed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_diag, csc_matrix, csr_matrix, hstack, vstack

__all__ = ["Chains", "ScenarioChain", "chains_of"]

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

# With more estimates than this, or more entries in all chains, the master would be too large.
_ESTIMATES, _ENTRIES = 600, 200_000


@dataclass(frozen=True, eq=False)
class ScenarioChain:
    """The chain of one scenario.

    Attributes
    ----------
    objective, lower, upper : ndarray, shape (k,)
        Objective, not weighted, and bounds of its columns.
    matrix : csr_matrix, shape (m, k)
        Coefficients of its columns.
    technology : csr_matrix, shape (m, n)
        Coefficients of the first stage in its rows.
    row_lower, row_upper : ndarray, shape (m,)
        Bounds of its rows.
    earned : ndarray of int, shape (periods,)
        The column that each period earns into; it has no bounds.
    """

    objective: Floats
    lower: Floats
    upper: Floats
    matrix: csr_matrix
    technology: csr_matrix
    row_lower: Floats
    row_upper: Floats
    earned: Places


@dataclass(frozen=True, eq=False)
class Chains:
    """All chains as columns and rows of the master: first stage, estimates, then these columns.

    Attributes
    ----------
    weights : ndarray, shape (estimates,)
        What a unit that a period earns adds to the objective by itself.
    objective, lower, upper : ndarray, shape (k,)
        Objective and bounds of the other columns of all chains.
    matrix : csr_matrix, shape (m, n + estimates + k)
        Their rows.
    row_lower, row_upper : ndarray, shape (m,)
        Bounds of the rows.
    totals : csr_matrix, shape (scenarios, estimates + k)
        What each scenario adds to the objective.
    """

    weights: Floats
    objective: Floats
    lower: Floats
    upper: Floats
    matrix: csr_matrix
    row_lower: Floats
    row_upper: Floats
    totals: csr_matrix

    def groups(self) -> list[list[int]]:
        """Return for each scenario the number of each period's estimate, then of its total."""
        count, scenarios = len(self.weights), self.totals.shape[0]
        each = count // scenarios
        return [
            [*range(number * each, (number + 1) * each), count + number]
            for number in range(scenarios)
        ]


def chains_of(chains: Sequence[ScenarioChain | None], probabilities: Floats) -> Chains | None:
    """Return the chains of all scenarios together; None if one has none, or they are too many.

    Parameters
    ----------
    chains : sequence of ScenarioChain or None
        The chain of each scenario.
    probabilities : ndarray, shape (scenarios,)
        Weight of each scenario.
    """
    known = [chain for chain in chains if chain is not None]
    if not known or len(known) < len(chains):
        return None
    periods = len(known[0].earned)
    entries = sum(chain.matrix.nnz + chain.technology.nnz for chain in known)
    alike = all(len(chain.earned) == periods for chain in known)
    if not alike or len(known) * periods > _ESTIMATES or entries > _ENTRIES:
        return None
    beside = [np.setdiff1d(np.arange(len(chain.lower)), chain.earned) for chain in known]
    pairs = list(zip(known, beside, strict=True))
    weighted = [p * chain.objective for p, chain in zip(probabilities, known, strict=True)]
    weights = [each[chain.earned] for each, chain in zip(weighted, known, strict=True)]
    objective = [each[others] for each, others in zip(weighted, beside, strict=True)]
    earned = block_diag([csc_matrix(chain.matrix)[:, chain.earned] for chain in known])
    other = block_diag([csc_matrix(chain.matrix)[:, others] for chain, others in pairs])
    taken = vstack([csr_matrix(chain.technology) for chain in known])
    totals = hstack([_rows(weights), _rows(objective)])
    return Chains(
        weights=np.concatenate(weights),
        objective=np.concatenate(objective),
        lower=np.concatenate([chain.lower[others] for chain, others in pairs]),
        upper=np.concatenate([chain.upper[others] for chain, others in pairs]),
        matrix=csr_matrix(hstack([taken, earned, other])),
        row_lower=np.concatenate([chain.row_lower for chain in known]),
        row_upper=np.concatenate([chain.row_upper for chain in known]),
        totals=csr_matrix(totals),
    )


def _rows(figures: Sequence[Floats]) -> csr_matrix:
    """Return a matrix with a row for each, one beside the other."""
    return csr_matrix(block_diag([each[None, :] for each in figures]))
