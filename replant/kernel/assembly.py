"""From a problem's declarations to one labelled sparse matrix.

Columns: here-and-now first, then one contiguous block for each scenario. Rows: those that touch
only here-and-now columns and are identical in every scenario stand once, before the blocks; all
others stand in their scenario's block.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from replant.errors import CyclicStream, ScenarioMismatch
from replant.kernel.columns import Columns
from replant.kernel.declaration import Option, VariableFamily
from replant.kernel.dimension import size_of
from replant.kernel.expression import Expr
from replant.kernel.labels import EVERY_SCENARIO, Labels
from replant.kernel.problem import Problem
from replant.kernel.program import Block, OptionRow, Program
from replant.kernel.row_layout import family_and_element, laid_out_rows, spread_bounds
from replant.kernel.stacking import Numbering, Stack, cycle, resolved, stacked, substituted
from replant.kernel.stream import StreamIndex
from replant.kernel.streams import Streams
from replant.kernel.term import positions
from replant.kernel.tracing import Trace

__all__ = ["assemble"]


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
    rows = laid_out_rows(problem, numbering, meaning, column_blocks)
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
    places = np.empty(problem.columns.count, dtype=np.int32)
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
    labels = Labels(tuple(families), *family_and_element(sizes), scenarios)
    return Columns(
        labels=labels,
        lower=spread_bounds([family.lower for family in families], sizes),
        upper=spread_bounds([family.upper for family in families], sizes),
        integer=np.repeat(np.array([family.integer for family in families], dtype=bool), sizes),
        derived=np.repeat(np.array([family.derived for family in families], dtype=bool), sizes),
        stage=np.repeat(
            np.array([family.stage.value for family in families], dtype=np.int8), sizes
        ),
    )


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
