"""Program: one labelled sparse matrix, and all that a solver or a report asks of it.

Maximise ``objective @ x + objective_constant`` where ``rows.lower <= matrix @ x <= rows.upper``
and ``columns.lower <= x <= columns.upper``. A program never changes: what alters bounds, rows or
the objective returns a new one that shares all the rest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, vstack

from replant.errors import LabelMismatch, ScenarioMismatch, UnknownLabel
from replant.kernel.columns import Columns, Rows
from replant.kernel.dimension import near_misses
from replant.kernel.extra_rows import ExtraRow, with_rows
from replant.kernel.streams import Streams
from replant.kernel.term import NO_CELLS, Floats
from replant.kernel.tracing import Entry, Posting, Trace

__all__ = ["Block", "OptionRow", "Program"]


@dataclass(frozen=True)
class Block:
    """One scenario: its name, its probability, its own columns and rows."""

    name: str
    probability: float
    columns: slice
    rows: slice


class OptionRow(NamedTuple):
    """An option as an expression over here-and-now columns that equals 1 when it is taken."""

    indices: NDArray[np.int32]
    coefficients: Floats
    constant: float

    def equals(self, other: OptionRow) -> bool:
        """Return whether both are the same expression."""
        return (
            np.array_equal(self.indices, other.indices)
            and np.array_equal(self.coefficients, other.coefficients)
            and self.constant == other.constant
        )


@dataclass(frozen=True, eq=False)
class Program:
    """The assembled problem; what a solver sees.

    Attributes
    ----------
    columns, rows : Columns, Rows
        Labels and bounds.
    matrix : csr_matrix, shape (rows, columns)
        Coefficients; sorted columns in each row, no duplicates, no stored zeros.
    objective : ndarray, shape (columns,)
        To be maximised; scenarios are weighted by probability.
    objective_constant : float
        Added to it.
    here_and_now : slice
        The columns that all scenarios share; they come first.
    first_stage_rows : slice
        The rows over these columns alone that all scenarios share; they come first.
    blocks : tuple of Block
        One for each scenario, contiguous in columns and rows.
    linking_rows : slice
        Added rows that touch several blocks; they come last.
    streams : Streams
        Every posted stream element as a free row.
    options : dict of str to OptionRow
        Options by id.
    option_sentences : dict of str to str
        What taking each option means.
    scenario_objectives : csr_matrix, shape (scenarios, columns)
        Objective of each scenario, not weighted.
    scenario_constants : ndarray, shape (scenarios,)
        Constant of each scenario's objective.
    trace : Trace
        The declarations behind it.
    """

    columns: Columns
    rows: Rows
    matrix: csr_matrix
    objective: Floats
    objective_constant: float
    here_and_now: slice
    first_stage_rows: slice
    blocks: tuple[Block, ...]
    linking_rows: slice
    streams: Streams
    options: dict[str, OptionRow]
    option_sentences: dict[str, str]
    scenario_objectives: csr_matrix
    scenario_constants: Floats
    trace: Trace

    # -- slicing -----------------------------------------------------------------------------

    def block(self, scenario: str) -> Program:
        """Return the here-and-now columns and one scenario's block, as a program.

        Its rows are the first-stage rows and the block's, entry for entry as in the whole
        matrix; its objective is the scenario's own, not weighted by its probability.

        Raises
        ------
        UnknownLabel
            If there is no such scenario.
        ScenarioMismatch
            If rows were added that link several scenarios.
        """
        number, block = self._block(scenario)
        if self.linking_rows.start < self.linking_rows.stop:
            label = self.rows.label(self.linking_rows.start)
            raise ScenarioMismatch(f"row {label!r} links scenarios, so no block stands alone")
        shared, first = self.here_and_now.stop, self.first_stage_rows.stop
        chosen = np.r_[0:shared, block.columns]
        picked = np.r_[0:first, block.rows]
        width = len(chosen)
        offset = block.columns.start - shared
        place = self.streams.scenario_number(scenario)
        posts = self.streams.places(place)
        objective = _narrowed(self.scenario_objectives[number], shared, offset, width)
        return replace(
            self,
            columns=self.columns.taken(chosen),
            rows=self.rows.taken(picked),
            matrix=_narrowed(self.matrix[picked], shared, offset, width),
            objective=objective.toarray().ravel(),
            objective_constant=float(self.scenario_constants[number]),
            blocks=(Block(block.name, 1.0, slice(shared, width), slice(first, len(picked))),),
            linking_rows=slice(len(picked), len(picked)),
            streams=self.streams.taken(
                place, _narrowed(self.streams.matrix[posts], shared, offset, width), posts
            ),
            scenario_objectives=objective,
            scenario_constants=self.scenario_constants[number : number + 1],
        )

    def _block(self, scenario: str) -> tuple[int, Block]:
        for number, block in enumerate(self.blocks):
            if block.name == scenario:
                return number, block
        near = near_misses(scenario, [block.name for block in self.blocks])
        raise UnknownLabel(f"there is no scenario {scenario!r}{near}")

    # -- tracing -----------------------------------------------------------------------------

    def row_entries(self, row: int) -> list[Entry]:
        """Return the column labels, coefficients and cells behind a row.

        One entry for each column and set of cells; reads of streams are followed into what was
        posted. The constant, if any, has the column label ``""``.
        """
        family = self.rows.labels.family_of(row)
        if family.expr is not None:
            return self.trace.entries(family.expr, int(self.rows.labels.element[row]))
        start, stop = self.matrix.indptr[row : row + 2]
        return [
            Entry(self.columns.label(int(self.matrix.indices[place])), float(value), NO_CELLS)
            for place, value in enumerate(self.matrix.data[start:stop], start)
        ]

    def stream_entries(
        self, stream: str, *, scenario: str | None = None, **labels: str
    ) -> list[Entry]:
        """Return the column labels, coefficients and cells behind a stream element.

        Raises
        ------
        UnknownLabel, LabelMismatch, ScenarioMismatch
            As ``Streams.row``.
        """
        return self.trace.stream_entries(self._key(stream, scenario, labels))

    def stream_postings(
        self, stream: str, *, scenario: str | None = None, **labels: str
    ) -> list[Posting]:
        """Return what each owner posted to a stream element, call by call.

        Raises
        ------
        UnknownLabel, LabelMismatch, ScenarioMismatch
            As ``Streams.row``.
        """
        return self.trace.postings(self._key(stream, scenario, labels))

    def _key(self, stream: str, scenario: str | None, labels: dict[str, str]) -> int:
        return self.streams.index.key(self.streams.scenario_number(scenario), stream, labels)

    # -- altering ----------------------------------------------------------------------------

    def with_bounds(
        self,
        lower: Floats | None = None,
        upper: Floats | None = None,
        *,
        row_lower: Floats | None = None,
        row_upper: Floats | None = None,
    ) -> Program:
        """Return the program with other bounds of all columns, or of all rows.

        Raises
        ------
        LabelMismatch
            If an array has not one bound for each column or row.
        """
        columns, rows = self.columns, self.rows
        return replace(
            self,
            columns=replace(
                columns,
                lower=_fitting(lower, columns.lower, "columns"),
                upper=_fitting(upper, columns.upper, "columns"),
            ),
            rows=replace(
                rows,
                lower=_fitting(row_lower, rows.lower, "rows"),
                upper=_fitting(row_upper, rows.upper, "rows"),
            ),
        )

    def with_objective(self, objective: Floats, constant: float = 0.0) -> Program:
        """Return the program with another objective, to be maximised.

        Parameters
        ----------
        objective : ndarray, shape (columns,)
            Coefficients; those of a block count as already weighted by its probability.
        constant : float
            Added to it.

        Raises
        ------
        LabelMismatch
            If there is not one coefficient for each column.
        """
        weighted = _fitting(np.asarray(objective, dtype=np.float64), self.objective, "columns")
        rows = []
        for block in self.blocks:
            own = np.zeros(len(weighted))
            own[self.here_and_now] = weighted[self.here_and_now]
            # A scenario without weight has no objective that could be told from its share.
            own[block.columns] = weighted[block.columns] / (block.probability or 1.0)
            rows.append(csr_matrix(own))
        return replace(
            self,
            objective=weighted,
            objective_constant=float(constant),
            scenario_objectives=csr_matrix(vstack(rows)),
            scenario_constants=np.full(len(self.blocks), float(constant)),
        )

    def expected(self, stream: str, **labels: str) -> tuple[Floats, float]:
        """Return a stream element's expected value over the blocks, as an objective.

        Returns
        -------
        tuple of ndarray and float
            Coefficients, shape (columns,), and the constant: fit for ``with_objective``.

        Raises
        ------
        UnknownLabel, LabelMismatch
            As ``Streams.row``.
        """
        objective = np.zeros(len(self.columns))
        constant = 0.0
        for block in self.blocks:
            row = self.streams.row(stream, scenario=block.name, **labels)
            objective[row.indices] += block.probability * row.coefficients
            constant += block.probability * row.constant
        return objective, constant

    def with_rows(self, extra: Sequence[ExtraRow]) -> Program:
        """Return the program with more rows.

        A row over here-and-now columns joins the first-stage rows, a row that also touches one
        block joins that block's, and a row that links several blocks comes last.

        Raises
        ------
        DuplicateLabel
            If a row of that name is there already.
        """
        return with_rows(self, extra)


def _narrowed(matrix: csr_matrix, shared: int, offset: int, width: int) -> csr_matrix:
    """Return rows over shared columns and one block's, with the block moved next to them."""
    indices = np.where(matrix.indices < shared, matrix.indices, matrix.indices - offset)
    return csr_matrix((matrix.data, indices, matrix.indptr), shape=(matrix.shape[0], width))


def _fitting(given: Floats | None, have: Floats, what: str) -> Floats:
    if given is None:
        return have
    if given.shape != have.shape:
        raise LabelMismatch(f"{given.shape} values for {len(have)} {what}")
    return given
