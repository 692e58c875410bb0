"""Where each row stands: shared rows first, then one block for each scenario.

A row is shared if it touches only here-and-now columns and is identical in every scenario. A row
without columns that holds anyway is dropped; one that cannot hold stays, for the solver to name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from replant.errors import ScenarioMismatch
from replant.kernel.columns import Rows
from replant.kernel.declaration import RowFamily
from replant.kernel.labels import EVERY_SCENARIO, Labels
from replant.kernel.problem import Problem
from replant.kernel.stacking import Numbering, Stack, stacked_in_order, substituted
from replant.kernel.term import Floats, Positions, positions

__all__ = ["LaidOut", "family_and_element", "laid_out_rows", "spread_bounds"]

# A row without columns is dropped if its constant keeps the bounds up to this share of it.
TOLERANCE = 1e-9


@dataclass(frozen=True, eq=False)
class LaidOut:
    """The rows in their final order, and the slice of each scenario's block."""

    rows: Rows
    matrix: csr_matrix
    blocks: list[slice]


@dataclass(frozen=True, eq=False)
class _Raw:
    """All rows in the order of their declaration, bounds without the constants."""

    families: list[RowFamily]
    starts: list[int]
    matrix: csr_matrix
    lower: Floats
    upper: Floats
    scenario: Positions


def laid_out_rows(
    problem: Problem, numbering: Numbering, meaning: Stack | None, column_blocks: list[slice]
) -> LaidOut:
    """Return all rows of a problem in their final order, without reads of streams.

    Raises
    ------
    ScenarioMismatch
        If a row has columns of another scenario's block.
    """
    raw = _raw_rows(problem, numbering, meaning)
    scenarios = len(problem.scenarios)
    if scenarios > 1:
        _check_blocks(raw, problem, column_blocks)
    shared = _only_here_and_now(raw.matrix, column_blocks[0].start)
    kept = _kept(raw)
    if scenarios == 1:
        first, rest = np.flatnonzero(kept & shared), kept & ~shared
    else:
        first, copies = _identical(raw, shared & kept, scenarios)
        rest = kept.copy()
        rest[copies] = False
    groups = [first] + [np.flatnonzero(rest & (raw.scenario == s)) for s in range(scenarios)]
    return _laid_out(raw, groups, tuple(name for name, _ in problem.scenarios))


def _raw_rows(problem: Problem, numbering: Numbering, meaning: Stack | None) -> _Raw:
    families = problem.rows
    sizes = [family.size for family in families]
    starts = [0, *accumulate(sizes)]
    exprs = [family.expr for family in families if family.expr is not None]
    stack = substituted(stacked_in_order(exprs, numbering), meaning, numbering)
    scenario = np.array([family.scenario for family in families], dtype=np.int32)
    return _Raw(
        families,
        starts,
        stack.matrix,
        spread_bounds([family.lower for family in families], sizes) - stack.constants,
        spread_bounds([family.upper for family in families], sizes) - stack.constants,
        np.repeat(scenario, sizes),
    )


def _only_here_and_now(matrix: csr_matrix, here_and_now: int) -> NDArray[np.bool_]:
    """Return whether each row has no recourse column (columns are sorted in each row)."""
    shared = np.ones(matrix.shape[0], dtype=bool)
    full = np.flatnonzero(np.diff(matrix.indptr))
    shared[full] = matrix.indices[matrix.indptr[full + 1] - 1] < here_and_now
    return shared


def _kept(raw: _Raw) -> NDArray[np.bool_]:
    """Return all rows but those that have no columns and keep their bounds anyway."""
    kept = np.diff(raw.matrix.indptr) > 0
    empty = np.flatnonzero(~kept)
    slack = TOLERANCE * np.maximum(1.0, _finite(raw.lower[empty], raw.upper[empty]))
    kept[empty] = (raw.lower[empty] > slack) | (raw.upper[empty] < -slack)
    return kept


def _finite(lower: Floats, upper: Floats) -> Floats:
    sizes = [np.where(np.isfinite(bound), np.abs(bound), 0.0) for bound in (lower, upper)]
    largest: Floats = np.maximum(*sizes)
    return largest


def _check_blocks(raw: _Raw, problem: Problem, column_blocks: list[slice]) -> None:
    """Raise ScenarioMismatch if a row has columns of another scenario's block."""
    first = np.array([block.start for block in column_blocks])
    last = np.array([block.stop for block in column_blocks])
    scenario = np.repeat(raw.scenario, np.diff(raw.matrix.indptr))
    columns = raw.matrix.indices
    foreign = (columns >= first[0]) & ((columns < first[scenario]) | (columns >= last[scenario]))
    if foreign.any():
        entry = int(np.flatnonzero(foreign)[0])
        row = int(np.searchsorted(raw.matrix.indptr, entry, side="right")) - 1
        family = int(np.searchsorted(raw.starts, row, side="right")) - 1
        label = raw.families[family].label(row - raw.starts[family])
        name = problem.scenarios[raw.families[family].scenario][0]
        raise ScenarioMismatch(f"row {label!r} of scenario {name!r} uses another's columns")


def _identical(
    raw: _Raw, candidate: NDArray[np.bool_], scenarios: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return the rows of the first scenario that all others repeat, and all their copies."""
    places = _alike(raw, scenarios)
    lengths = np.diff(raw.matrix.indptr)
    same = candidate[places].all(axis=0)
    for each in (lengths, raw.lower, raw.upper):
        same &= (each[places] == each[places[0]]).all(axis=0)
    places = places[:, same]
    model = raw.matrix[places[0]]
    owner = np.repeat(np.arange(places.shape[1]), np.diff(model.indptr))
    equal = np.ones(places.shape[1], dtype=bool)
    for place in places[1:]:
        copy = raw.matrix[place]
        different = (copy.indices != model.indices) | (copy.data != model.data)
        equal[owner[different]] = False
    places = places[:, equal]
    return np.sort(places[0]), places.ravel()


def _alike(raw: _Raw, scenarios: int) -> NDArray[np.intp]:
    """Return the places, shape (scenarios, rows), of rows that have the same label in all."""
    groups: dict[tuple[object, ...], dict[int, int]] = {}
    for number, family in enumerate(raw.families):
        key = (family.name, family.prefix, family.dims)
        groups.setdefault(key, {})[family.scenario] = number
    whole = [group for group in groups.values() if len(group) == scenarios]
    places = [
        np.concatenate(
            [np.arange(raw.starts[group[s]], raw.starts[group[s] + 1]) for group in whole]
            or [np.zeros(0, dtype=np.intp)]
        )
        for s in range(scenarios)
    ]
    return np.stack(places)


def _laid_out(raw: _Raw, groups: list[NDArray[np.intp]], scenarios: tuple[str, ...]) -> LaidOut:
    order = np.concatenate(groups)
    family, element = family_and_element([each.size for each in raw.families])
    matrix, lower, upper = raw.matrix, raw.lower, raw.upper
    if not np.array_equal(order, np.arange(len(lower))):
        matrix, lower, upper = matrix[order], lower[order], upper[order]
        family, element = family[order], element[order]
    family, families = _shared(raw.families, family, len(groups[0]))
    ends = np.cumsum([len(group) for group in groups]).tolist()
    labels = Labels(families, family, element, scenarios)
    blocks = [slice(start, stop) for start, stop in pairwise(ends)]
    return LaidOut(Rows(labels, lower, upper), matrix, blocks)


def _shared(
    families: list[RowFamily], family: Positions, count: int
) -> tuple[Positions, tuple[RowFamily, ...]]:
    """Let the first rows belong to no scenario: number twins of their families for them."""
    used = np.flatnonzero(np.bincount(family[:count], minlength=len(families)))
    twins = [replace(families[number], scenario=EVERY_SCENARIO) for number in used.tolist()]
    renumbered = positions(len(families))
    renumbered[used] = len(families) + positions(len(used))
    return np.concatenate([renumbered[family[:count]], family[count:]]), (*families, *twins)


def family_and_element(sizes: list[int]) -> tuple[Positions, Positions]:
    """Return, for families laid end to end, the number and element behind each position."""
    family = np.repeat(positions(len(sizes)), sizes)
    starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])[:-1].astype(np.int32)
    return family, positions(len(family)) - np.repeat(starts, sizes)


def spread_bounds(bounds: list[Floats], sizes: list[int]) -> Floats:
    """Return bounds, scalar or flat, written out for families laid end to end."""
    spread = np.empty(sum(sizes))
    start = 0
    for bound, size in zip(bounds, sizes, strict=True):
        spread[start : start + size] = bound
        start += size
    return spread
