"""From a problem's declarations to one labelled sparse matrix.

Columns: here-and-now first, then one contiguous block for each scenario. Rows: those that touch
only here-and-now columns and are identical in every scenario stand once, before the blocks; all
others stand in their scenario's block.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from replant.errors import CyclicStream, ScenarioMismatch
from replant.kernel.dimension import size_of
from replant.kernel.expression import Expr
from replant.kernel.labels import EVERY_SCENARIO, Labels
from replant.kernel.problem import Option, Problem, RowFamily, VariableFamily
from replant.kernel.program import Block, Columns, OptionRow, Program, Rows
from replant.kernel.stacking import Numbering, Stack, cycle, resolved, stacked, substituted
from replant.kernel.stream import StreamIndex
from replant.kernel.streams import Streams
from replant.kernel.term import Floats, Positions, positions
from replant.kernel.tracing import Trace

__all__ = ["assemble"]

# A row without columns is dropped if its constant keeps the bounds up to this share of it.
TOLERANCE = 1e-9


def assemble(problem: Problem) -> Program:
    """Return the program of a problem; see ``Problem.assemble``."""
    scenarios = tuple(name for name, _ in problem.scenarios)
    families = _in_final_order(problem)
    starts = [0, *accumulate(family.size for family in families)]
    numbering = _numbering(problem, families, starts)
    column_blocks = _column_blocks(families, starts, len(scenarios))
    index = problem.streams.index(len(scenarios))
    posted = _posted(problem, index, numbering)
    meaning = _meaning(problem, index, posted, numbering)
    rows = _rows(problem, numbering, meaning, column_blocks)
    objectives = _objectives(problem, numbering, meaning)
    shares = np.array([share for _, share in problem.scenarios])
    total = substituted(posted.stack, meaning, numbering)
    return Program(
        columns=_columns(families, scenarios),
        rows=rows.rows,
        matrix=rows.matrix,
        objective=np.asarray(objectives.matrix.T @ shares).ravel(),
        objective_constant=float(shares @ objectives.constants),
        here_and_now=slice(0, column_blocks[0].start),
        first_stage_rows=slice(0, rows.blocks[0].start),
        linking_rows=slice(rows.blocks[-1].stop, rows.blocks[-1].stop),
        blocks=tuple(
            Block(name, share, columns, block)
            for (name, share), columns, block in zip(
                problem.scenarios, column_blocks, rows.blocks, strict=True
            )
        ),
        streams=Streams(index, posted.keys, total.matrix, total.constants, scenarios),
        options=_options(problem, numbering, meaning, column_blocks[0].start),
        option_sentences=_sentences(problem),
        scenario_objectives=objectives.matrix,
        scenario_constants=objectives.constants,
        trace=Trace(problem, index),
    )


# -- columns -----------------------------------------------------------------------------------


def _in_final_order(problem: Problem) -> list[VariableFamily]:
    # Python's sort keeps the order of declaration within a scenario.
    return sorted(problem.families, key=lambda family: family.scenario)


def _numbering(problem: Problem, families: list[VariableFamily], starts: list[int]) -> Numbering:
    places = np.empty(problem.column_count, dtype=np.int32)
    for family, start in zip(families, starts, strict=False):
        places[family.start : family.stop] = np.arange(start, start + family.size)
    columns = starts[-1]
    place = columns
    for read in problem.reads:
        size = size_of(read.dims)
        places[read.start : read.start + size] = np.arange(place, place + size)
        place += size
    same = bool(np.array_equal(places, positions(len(places))))
    return Numbering(None if same else places, columns, place - columns)


def _column_blocks(
    families: list[VariableFamily], starts: list[int], scenarios: int
) -> list[slice]:
    sizes = np.zeros(scenarios + 1, dtype=np.int64)
    for family in families:
        sizes[family.scenario - EVERY_SCENARIO] += family.size
    ends = np.cumsum(sizes).tolist()
    return [slice(start, stop) for start, stop in pairwise(ends)]


def _columns(families: list[VariableFamily], scenarios: tuple[str, ...]) -> Columns:
    sizes = [family.size for family in families]
    labels = Labels(tuple(families), *_family_and_element(sizes), scenarios)
    return Columns(
        labels=labels,
        lower=_spread([family.lower for family in families], sizes),
        upper=_spread([family.upper for family in families], sizes),
        integer=np.repeat(np.array([family.integer for family in families], dtype=bool), sizes),
        derived=np.repeat(np.array([family.derived for family in families], dtype=bool), sizes),
        stage=np.repeat(
            np.array([family.stage.value for family in families], dtype=np.int8), sizes
        ),
    )


def _family_and_element(sizes: list[int]) -> tuple[Positions, Positions]:
    family = np.repeat(positions(len(sizes)), sizes)
    starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])[:-1].astype(np.int32)
    return family, positions(len(family)) - np.repeat(starts, sizes)


def _spread(bounds: list[Floats], sizes: list[int]) -> Floats:
    spread = np.empty(sum(sizes))
    start = 0
    for bound, size in zip(bounds, sizes, strict=True):
        spread[start : start + size] = bound
        start += size
    return spread


# -- streams -----------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _Posted:
    """The posted elements in order of their keys, and the rows of what was posted."""

    keys: NDArray[np.int64]
    stack: Stack


def _posted(problem: Problem, index: StreamIndex, numbering: Numbering) -> _Posted:
    keys = [index.keys(post) for post in problem.posts]
    empty = np.zeros(0, dtype=np.int64)
    unique = np.unique(np.concatenate(keys)) if keys else empty
    homes = [np.searchsorted(unique, each).astype(np.int64) for each in keys]
    amounts = [post.amount for post in problem.posts]
    return _Posted(unique, stacked(amounts, homes, len(unique), numbering))


def _meaning(
    problem: Problem, index: StreamIndex, posted: _Posted, numbering: Numbering
) -> Stack | None:
    """Return what each pseudo column stands for; None if there are no reads."""
    if not numbering.reads:
        return None
    keys = np.concatenate([index.keys(read) for read in problem.reads])
    defaults = np.concatenate([np.full(size_of(read.dims), read.default) for read in problem.reads])
    count = len(posted.keys)
    place = np.searchsorted(posted.keys, keys)
    found = place < count
    found[found] = posted.keys[place[found]] == keys[found]
    here = np.flatnonzero(found)
    pick = csr_matrix((np.ones(len(here)), (here, place[here])), shape=(numbering.reads, count))
    constants = np.where(found, np.asarray(pick @ posted.stack.constants), defaults)
    reads = Stack(csr_matrix(pick @ posted.stack.matrix), constants)
    on_cycle = cycle(reads, numbering)
    if len(on_cycle):
        names = dict.fromkeys(index.label(int(keys[read])) for read in on_cycle[:8])
        message = f"these streams depend on themselves: {' → '.join(names)}"
        raise CyclicStream(message)
    return resolved(reads, numbering)


# -- rows --------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class _LaidOut:
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


def _rows(
    problem: Problem, numbering: Numbering, meaning: Stack | None, column_blocks: list[slice]
) -> _LaidOut:
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
    stack = substituted(stacked(exprs, starts[:-1], starts[-1], numbering), meaning, numbering)
    scenario = np.array([family.scenario for family in families], dtype=np.int32)
    return _Raw(
        families,
        starts,
        stack.matrix,
        _spread([family.lower for family in families], sizes) - stack.constants,
        _spread([family.upper for family in families], sizes) - stack.constants,
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


def _laid_out(raw: _Raw, groups: list[NDArray[np.intp]], scenarios: tuple[str, ...]) -> _LaidOut:
    order = np.concatenate(groups)
    family, element = _family_and_element([each.size for each in raw.families])
    matrix, lower, upper = raw.matrix, raw.lower, raw.upper
    if not np.array_equal(order, np.arange(len(lower))):
        matrix, lower, upper = matrix[order], lower[order], upper[order]
        family, element = family[order], element[order]
    family, families = _shared(raw.families, family, len(groups[0]))
    ends = np.cumsum([len(group) for group in groups]).tolist()
    labels = Labels(families, family, element, scenarios)
    blocks = [slice(start, stop) for start, stop in pairwise(ends)]
    return _LaidOut(Rows(labels, lower, upper), matrix, blocks)


def _shared(
    families: list[RowFamily], family: Positions, count: int
) -> tuple[Positions, tuple[RowFamily, ...]]:
    """Let the first rows belong to no scenario: number twins of their families for them."""
    used = np.flatnonzero(np.bincount(family[:count], minlength=len(families)))
    twins = [replace(families[number], scenario=EVERY_SCENARIO) for number in used.tolist()]
    renumbered = positions(len(families))
    renumbered[used] = len(families) + positions(len(used))
    return np.concatenate([renumbered[family[:count]], family[count:]]), (*families, *twins)


# -- objective and options ---------------------------------------------------------------------


def _objectives(problem: Problem, numbering: Numbering, meaning: Stack | None) -> Stack:
    scenarios = sorted(problem.objectives)
    exprs = [problem.objectives[scenario] for scenario in scenarios]
    stack = stacked(exprs, scenarios, len(problem.scenarios), numbering)
    return substituted(stack, meaning, numbering)


def _options(
    problem: Problem, numbering: Numbering, meaning: Stack | None, here_and_now: int
) -> dict[str, OptionRow]:
    listed = [(name, option) for name, given in problem.options.items() for option in given]
    exprs: list[Expr] = [option.expr for _, option in listed]
    stack = substituted(
        stacked(exprs, list(range(len(exprs))), len(exprs), numbering), meaning, numbering
    )
    options: dict[str, OptionRow] = {}
    for row, (name, option) in enumerate(listed):
        found = _option_row(stack, row)
        if len(found.indices) and found.indices[-1] >= here_and_now:
            raise ScenarioMismatch(f"option {name!r} has recourse columns; it must be here-and-now")
        if not options.setdefault(name, found).equals(found):
            where = problem.scenarios[option.scenario][0]
            raise ScenarioMismatch(f"option {name!r} is another expression in scenario {where!r}")
    return options


def _option_row(stack: Stack, row: int) -> OptionRow:
    start, stop = stack.matrix.indptr[row : row + 2]
    matrix = stack.matrix
    return OptionRow(
        matrix.indices[start:stop], matrix.data[start:stop], float(stack.constants[row])
    )


def _sentences(problem: Problem) -> dict[str, str]:
    first: dict[str, Option] = {name: given[0] for name, given in problem.options.items()}
    return {name: option.sentence for name, option in first.items()}
