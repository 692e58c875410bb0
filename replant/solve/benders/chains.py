"""The scenarios' chains, kept in the master beside the first stage.

A scenario that falls into periods and a chain (`chained.py`) need not be estimated as one figure.
Its chain is small, so the master keeps it, and estimates only what each period earns. Cuts are then
told apart by scenario and period: each speaks of few columns, and those of one period serve
wherever another one has changed.

Many scenarios are told in bundles. A bundle's chain is the mean of its scenarios' chains, and its
estimates are what its periods earn on average: the mean of plans of alike chains is a plan of the
mean chain, so nothing is cut off. What the scenarios of a bundle lose by not sharing their cash is
told by cuts on what the bundle is worth as a whole.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import block_diag, csc_matrix, csr_matrix, hstack, vstack

__all__ = ["Chains", "ScenarioChain", "chains_of"]

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

# With more estimates than this, or more entries in all chains, the master would be too large.
_ESTIMATES, _ENTRIES = 600, 200_000
# More scenarios than that are bundled, into so many estimates; fewer bundles tell too little.
_BUNDLED, _FEWEST = 300, 4


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
    bundle : ndarray of int, shape (scenarios,)
        The bundle of each scenario; one with few scenarios is a scenario alone.
    shares : ndarray, shape (scenarios,)
        Each scenario's part of its bundle's weight.
    weights : ndarray, shape (estimates,)
        What a unit that a period earns adds to the objective by itself.
    objective, lower, upper : ndarray, shape (k,)
        Objective and bounds of the other columns of all chains.
    matrix : csr_matrix, shape (m, n + estimates + k)
        Their rows.
    row_lower, row_upper : ndarray, shape (m,)
        Bounds of the rows.
    totals : csr_matrix, shape (bundles, estimates + k)
        What each bundle adds to the objective.
    """

    bundle: Places
    shares: Floats
    weights: Floats
    objective: Floats
    lower: Floats
    upper: Floats
    matrix: csr_matrix
    row_lower: Floats
    row_upper: Floats
    totals: csr_matrix

    def estimates(self, bundle: int) -> list[int]:
        """Return the numbers of a bundle's estimates, one for each period."""
        each = len(self.weights) // int(self.totals.shape[0])
        return list(range(bundle * each, (bundle + 1) * each))

    def groups(self) -> list[list[int]]:
        """Return for each scenario its bundle's estimate of each period, then of its total."""
        count = len(self.weights)
        return [[*self.estimates(bundle), count + bundle] for bundle in self.bundle.tolist()]


def chains_of(chains: Sequence[ScenarioChain | None], probabilities: Floats) -> Chains | None:
    """Return the chains of all scenarios together; None if one has none, or they do not fit.

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
    if not periods or any(len(chain.earned) != periods for chain in known):
        return None
    largest = max(chain.matrix.nnz + chain.technology.nnz for chain in known)
    most = min(_ESTIMATES // periods, _ENTRIES // max(1, largest))
    count = len(known)
    if count > most:
        count = min(most, max(_FEWEST, _BUNDLED // periods))
        if count < _FEWEST or not all(_alike(known[0], chain) for chain in known):
            return None
    bundle = np.arange(len(known)) * count // len(known)
    weights, shares = _shared(bundle, probabilities)
    if count < len(known):
        starts = np.searchsorted(bundle, np.arange(count + 1)).tolist()
        pieces = [slice(*pair) for pair in pairwise(starts)]
        known = [_mean(known[piece], shares[piece]) for piece in pieces]
    return _together(known, weights, bundle, shares)


def _alike(one: ScenarioChain, other: ScenarioChain) -> bool:
    """Return whether two chains differ in bounds alone."""
    return (
        np.array_equal(one.objective, other.objective)
        and np.array_equal(one.earned, other.earned)
        and _same(one.matrix, other.matrix)
        and _same(one.technology, other.technology)
    )


def _same(one: csr_matrix, other: csr_matrix) -> bool:
    return one is other or (
        np.array_equal(one.indptr, other.indptr)
        and np.array_equal(one.indices, other.indices)
        and np.array_equal(one.data, other.data)
    )


def _shared(bundle: Places, probabilities: Floats) -> tuple[Floats, Floats]:
    """Return the weight of each bundle, and each scenario's part of it."""
    weights: Floats = np.bincount(bundle, weights=probabilities).astype(np.float64)
    # In a bundle without any weight all count alike: it is of no account.
    given = np.where(weights[bundle] > 0.0, probabilities, 1.0)
    return weights, given / np.bincount(bundle, weights=given)[bundle]


def _mean(chains: Sequence[ScenarioChain], shares: Floats) -> ScenarioChain:
    """Return the mean of chains that differ in bounds alone."""

    def mean(bounds: list[Floats]) -> Floats:
        found = np.zeros_like(bounds[0])
        for share, each in zip(shares, bounds, strict=True):
            if share > 0.0:
                found += share * each
        return found

    return replace(
        chains[0],
        lower=mean([chain.lower for chain in chains]),
        upper=mean([chain.upper for chain in chains]),
        row_lower=mean([chain.row_lower for chain in chains]),
        row_upper=mean([chain.row_upper for chain in chains]),
    )


def _together(
    known: Sequence[ScenarioChain], probabilities: Floats, bundle: Places, shares: Floats
) -> Chains:
    """Return chains side by side."""
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
        bundle=bundle,
        shares=shares,
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
