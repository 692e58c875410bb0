"""A core and its tree in two stages, each scenario's arrays made when they are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from benchmarks.tree.core import Core
from benchmarks.tree.outcomes import Node, Tree
from replant.solve.staged import FirstStage, Recourse, Staged

Floats = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class _Block:
    """The entries of one stage's rows in one stage's columns, by place inside each."""

    stage: int
    row: Places
    column: Places
    slot: Places


@dataclass(frozen=True, eq=False)
class _Stage:
    """The columns and rows of a stage, and the blocks of its rows in its own and earlier stages."""

    columns: Places
    rows: Places
    blocks: Sequence[_Block]


def staged_of_tree(core: Core, tree: Tree) -> Staged:
    """Return the problem with the root as first stage and the root's children as scenarios."""
    stages = _stages(core)
    sign = 1.0 if core.maximise else -1.0
    values = core.values.copy()
    values[tree.root.slots] = tree.root.values
    first = stages[0]
    block = first.blocks[0] if first.blocks else None
    shape = (len(first.rows), len(first.columns))
    matrix = csr_matrix(shape)
    if block is not None:
        matrix = csr_matrix((values[block.slot], (block.row, block.column)), shape=shape)
        matrix.eliminate_zeros()
    right = values[len(core.columns) + first.rows]
    return Staged(
        first=FirstStage(
            objective=sign * values[first.columns],
            lower=core.lower[first.columns],
            upper=core.upper[first.columns],
            integer=core.integer[first.columns],
            matrix=matrix,
            row_lower=right + core.below[first.rows],
            row_upper=right + core.above[first.rows],
        ),
        probabilities=tree.probabilities,
        names=tree.names,
        make=_Scenarios(core, tree, tuple(stages)),
        constant=sign * core.constant,
    )


def _stages(core: Core) -> list[_Stage]:
    inside_column = np.empty(len(core.columns), dtype=np.intp)
    inside_row = np.empty(len(core.rows), dtype=np.intp)
    members = []
    for stage in range(core.stages):
        columns = np.flatnonzero(core.column_stage == stage)
        rows = np.flatnonzero(core.row_stage == stage)
        inside_column[columns] = np.arange(len(columns))
        inside_row[rows] = np.arange(len(rows))
        members.append((columns, rows))
    of_row = core.row_stage[core.entry_row]
    of_column = core.column_stage[core.entry_column]
    stages = []
    for stage, (columns, rows) in enumerate(members):
        blocks = []
        for other in range(stage + 1):
            which = np.flatnonzero((of_row == stage) & (of_column == other))
            if len(which):
                blocks.append(
                    _Block(
                        other,
                        inside_row[core.entry_row[which]],
                        inside_column[core.entry_column[which]],
                        len(core.columns) + len(core.rows) + which,
                    )
                )
        stages.append(_Stage(columns, rows, tuple(blocks)))
    return stages


@dataclass(frozen=True, eq=False)
class _Scenarios:
    """Makes the scenario of a number: a child of the root with all that may follow it."""

    core: Core
    tree: Tree
    stages: tuple[_Stage, ...]

    def __call__(self, number: int) -> Recourse:
        nodes = self.tree.subtree(number)
        return _Subtree(self.core, self.stages, nodes).recourse()


class _Subtree:
    """Lays the nodes' columns and rows one after another."""

    def __init__(self, core: Core, stages: Sequence[_Stage], nodes: Sequence[Node]) -> None:
        self._core, self._stages, self._nodes = core, stages, nodes
        widths = [len(stages[node.stage].columns) for node in nodes]
        heights = [len(stages[node.stage].rows) for node in nodes]
        self._column_start = np.concatenate([[0], np.cumsum(widths)]).astype(np.intp)
        self._row_start = np.concatenate([[0], np.cumsum(heights)]).astype(np.intp)
        # Of the nodes' own entries, and of the entries in the first stage's columns.
        self._own: list[tuple[Floats, Places, Places]] = []
        self._first: list[tuple[Floats, Places, Places]] = []

    def recourse(self) -> Recourse:
        core, stages = self._core, self._stages
        sign = 1.0 if core.maximise else -1.0
        objectives, lowers, uppers = [], [], []
        for place, node in enumerate(self._nodes):
            values = core.values.copy()
            values[node.change.slots] = node.change.values
            stage = stages[node.stage]
            objectives.append(sign * node.share * values[stage.columns])
            right = values[len(core.columns) + stage.rows]
            lowers.append(right + core.below[stage.rows])
            uppers.append(right + core.above[stage.rows])
            self._lay(place, stage, values)
        columns = np.concatenate([stages[node.stage].columns for node in self._nodes])
        height = int(self._row_start[-1])
        return Recourse(
            objective=np.concatenate(objectives),
            lower=core.lower[columns],
            upper=core.upper[columns],
            integer=core.integer[columns],
            matrix=_matrix(self._own, (height, len(columns))),
            technology=_matrix(self._first, (height, len(stages[0].columns))),
            row_lower=np.concatenate(lowers),
            row_upper=np.concatenate(uppers),
        )

    def _lay(self, place: int, stage: _Stage, values: Floats) -> None:
        path = self._path(place)
        for block in stage.blocks:
            rows = block.row + self._row_start[place]
            if block.stage == 0:
                self._first.append((values[block.slot], rows, block.column))
            else:
                start = self._column_start[path[block.stage]]
                self._own.append((values[block.slot], rows, block.column + start))

    def _path(self, place: int) -> dict[int, int]:
        """Return the place of the node of each stage on the way to a node."""
        path = {}
        while place >= 0:
            path[self._nodes[place].stage] = place
            place = self._nodes[place].parent
        return path


def _matrix(parts: list[tuple[Floats, Places, Places]], shape: tuple[int, int]) -> csr_matrix:
    if not parts:
        return csr_matrix(shape)
    values, rows, columns = (np.concatenate(each) for each in zip(*parts, strict=True))
    matrix = csr_matrix((values, (rows, columns)), shape=shape)
    matrix.eliminate_zeros()
    return matrix
