"""Rows added to an assembled program: locks, cuts, and limits over several scenarios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from replant.errors import DuplicateLabel
from replant.kernel.columns import Rows
from replant.kernel.declaration import RowFamily
from replant.kernel.labels import EVERY_SCENARIO, Labels
from replant.kernel.term import Floats, positions

if TYPE_CHECKING:
    from replant.kernel.program import Program

__all__ = ["ExtraRow", "with_rows"]


@dataclass(frozen=True, eq=False)
class ExtraRow:
    """A row to add to a program: ``lower <= coefficients @ x[indices] <= upper``."""

    label: str
    indices: Sequence[int] | NDArray[np.integer]
    coefficients: Sequence[float] | Floats
    lower: float
    upper: float
    rule: str


def with_rows(program: Program, extra: Sequence[ExtraRow]) -> Program:
    """Return the program with more rows; see ``Program.with_rows``."""
    if not extra:
        return program
    _check_new(program.rows, extra)
    added = _matrix_of(extra, len(program.columns))
    homes = np.array([_home(program, row) for row in extra])
    ends = [program.first_stage_rows.stop, *(block.rows.stop for block in program.blocks)]
    ends.append(program.linking_rows.stop)
    order: list[NDArray[np.intp]] = []
    stops, start, count = [], 0, len(program.rows)
    for home, end in enumerate(ends):
        order += [np.arange(start, end), count + np.flatnonzero(homes == home)]
        start = end
        stops.append(sum(len(part) for part in order))
    chosen = np.concatenate(order)
    rows = _joined_rows(program, extra, homes)
    blocks = tuple(
        replace(block, rows=slice(stops[number], stops[number + 1]))
        for number, block in enumerate(program.blocks)
    )
    return replace(
        program,
        rows=rows.taken(chosen),
        matrix=csr_matrix(vstack([program.matrix, added], format="csr")[chosen]),
        first_stage_rows=slice(0, stops[0]),
        blocks=blocks,
        linking_rows=slice(stops[-2], stops[-1]),
    )


def _check_new(rows: Rows, extra: Sequence[ExtraRow]) -> None:
    taken = {family.label(0) for family in rows.labels.families if family.expr is None}
    for row in extra:
        if row.label in taken:
            raise DuplicateLabel(f"there is a row {row.label!r} already")
        taken.add(row.label)


def _matrix_of(extra: Sequence[ExtraRow], width: int) -> csr_matrix:
    lengths = [len(row.indices) for row in extra]
    indices = np.concatenate([np.asarray(row.indices, dtype=np.int32) for row in extra])
    values = np.concatenate([np.asarray(row.coefficients, dtype=np.float64) for row in extra])
    place = np.repeat(np.arange(len(extra)), lengths)
    matrix = csr_matrix((values, (place, indices)), shape=(len(extra), width))
    matrix.eliminate_zeros()
    return matrix


def _home(program: Program, row: ExtraRow) -> int:
    """Return 0 for a first-stage row, 1 + number for a block's, more for a linking row."""
    indices = np.asarray(row.indices)
    touched = [
        number
        for number, block in enumerate(program.blocks)
        if ((indices >= block.columns.start) & (indices < block.columns.stop)).any()
    ]
    if not touched:
        return 0
    return touched[0] + 1 if len(touched) == 1 else len(program.blocks) + 1


def _joined_rows(program: Program, extra: Sequence[ExtraRow], homes: NDArray[np.integer]) -> Rows:
    """Return the rows followed by the extra ones, each a family of its own."""
    rows, labels = program.rows, program.rows.labels
    own = [labels.scenarios.index(block.name) for block in program.blocks]
    numbers = [EVERY_SCENARIO, *own, EVERY_SCENARIO]
    scenario = [numbers[int(home)] for home in homes]
    families = [
        RowFamily(
            name=row.label,
            prefix=(),
            dims=(),
            scenario=number,
            owner="",
            rule=row.rule,
            lower=np.asarray(row.lower),
            upper=np.asarray(row.upper),
            expr=None,
        )
        for row, number in zip(extra, scenario, strict=True)
    ]
    count = len(labels.families)
    return Rows(
        Labels(
            (*labels.families, *families),
            np.concatenate([labels.family, count + positions(len(extra))]),
            np.concatenate([labels.element, np.zeros(len(extra), dtype=np.int32)]),
            labels.scenarios,
        ),
        np.concatenate([rows.lower, [row.lower for row in extra]]),
        np.concatenate([rows.upper, [row.upper for row in extra]]),
    )
