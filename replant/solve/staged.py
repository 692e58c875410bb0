"""A problem in two stages: what all scenarios share, and each scenario's own part, made on demand.

Maximise ``c x + Σ p_s (q_s y_s + k_s) + k`` where the first stage binds ``x`` alone and scenario s
binds ``T_s x + W_s y_s``. A scenario's arrays are made when they are asked for, so that a thousand
of them need not be in memory at once; a labelled program is one source of them, a generator or a
file of scenarios another.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import bmat, csr_matrix

from replant.errors import ScenarioMismatch
from replant.kernel import Program
from replant.solve.periods import periods_of

__all__ = ["FirstStage", "Recourse", "Staged", "WholeArrays", "arrays_of", "staged_of", "whole_of"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class FirstStage:
    """What is decided before a scenario is known.

    Attributes
    ----------
    objective, lower, upper : ndarray, shape (n,)
        Objective and bounds of the columns.
    integer : ndarray of bool, shape (n,)
        Which are whole numbers.
    matrix : csr_matrix, shape (m, n)
        Rows over these columns alone.
    row_lower, row_upper : ndarray, shape (m,)
        Bounds of the rows.
    """

    objective: Floats
    lower: Floats
    upper: Floats
    integer: Flags
    matrix: csr_matrix
    row_lower: Floats
    row_upper: Floats

    def __len__(self) -> int:
        return len(self.objective)

    @property
    def switches(self) -> Flags:
        """Which columns are yes or no, and not decided yet, shape (n,)."""
        switches: Flags = self.integer & (self.lower == 0.0) & (self.upper == 1.0)
        return switches

    @property
    def yes_or_no(self) -> bool:
        """Whether every column is yes or no, decided or not."""
        within = (self.lower > -1e-9) & (self.upper < 1.0 + 1e-9)
        return bool((self.integer & within).all())


@dataclass(frozen=True, eq=False)
class Recourse:
    """What is decided once a scenario is known; not weighted by its probability.

    Attributes
    ----------
    objective, lower, upper : ndarray, shape (k,)
        Objective and bounds of the scenario's columns.
    integer : ndarray of bool, shape (k,)
        Which are whole numbers.
    matrix : csr_matrix, shape (r, k)
        Coefficients of the scenario's columns.
    technology : csr_matrix, shape (r, n)
        Coefficients of the first stage's columns in the same rows.
    row_lower, row_upper : ndarray, shape (r,)
        Bounds of the rows.
    constant : float
        Added to the scenario's objective.
    period : ndarray of int32, shape (k,), optional
        Number of each column's period, -1 where it is of none; rows that reach over several of
        these are then what couples them.
    """

    objective: Floats
    lower: Floats
    upper: Floats
    integer: Flags
    matrix: csr_matrix
    technology: csr_matrix
    row_lower: Floats
    row_upper: Floats
    constant: float = 0.0
    period: Ints | None = None

    def __len__(self) -> int:
        return len(self.objective)


@dataclass(frozen=True, eq=False)
class Staged:
    """A problem in two stages.

    Parameters
    ----------
    first : FirstStage
        What all scenarios share.
    probabilities : ndarray, shape (scenarios,)
        Weight of each scenario.
    names : tuple of str
        Name of each scenario.
    make : callable
        Returns the part of the scenario of a number; called again whenever it is needed, it must
        return the same each time (and be picklable where several processes are used).
    constant : float
        Added to the objective.
    """

    first: FirstStage
    probabilities: Floats
    names: tuple[str, ...]
    make: Callable[[int], Recourse] = field(repr=False)
    constant: float = 0.0

    def __len__(self) -> int:
        return len(self.probabilities)


@dataclass(frozen=True, eq=False)
class WholeArrays:
    """All of it as one problem: the first stage's columns first, then each scenario's in order."""

    objective: Floats
    constant: float
    lower: Floats
    upper: Floats
    integer: Flags
    matrix: csr_matrix
    row_lower: Floats
    row_upper: Floats
    starts: NDArray[np.intp]

    def held(self, places: NDArray[np.intp], values: Floats) -> WholeArrays:
        """Return the problem with some columns held at values, shape (places,)."""
        lower, upper = self.lower.copy(), self.upper.copy()
        lower[places] = upper[places] = values
        return replace(self, lower=lower, upper=upper)


@dataclass(frozen=True, eq=False)
class _OfProgram:
    """Makes the scenarios of a labelled program by slicing it."""

    program: Program
    period: Ints

    def __call__(self, number: int) -> Recourse:
        program = self.program
        block = program.blocks[number]
        shared, columns = program.here_and_now.stop, block.columns
        rows = program.matrix[block.rows]
        width = columns.stop - columns.start
        inside = rows[:, columns.start : columns.stop]
        weight = block.probability
        own = program.scenario_objectives[number].toarray().ravel()[columns]
        if weight > 0.0:
            own = program.objective[columns] / weight
        return Recourse(
            objective=np.ascontiguousarray(own, dtype=np.float64).reshape(width),
            lower=program.columns.lower[columns],
            upper=program.columns.upper[columns],
            integer=program.columns.integer[columns],
            matrix=csr_matrix(inside),
            technology=csr_matrix(rows[:, :shared]),
            row_lower=program.rows.lower[block.rows],
            row_upper=program.rows.upper[block.rows],
            period=self.period[columns],
        )


def staged_of(program: Program) -> Staged:
    """Return a labelled program as a problem in two stages.

    Raises
    ------
    ScenarioMismatch
        If rows were added that link several scenarios.
    """
    if program.linking_rows.start < program.linking_rows.stop:
        label = program.rows.label(program.linking_rows.start)
        raise ScenarioMismatch(f"row {label!r} links scenarios, so none can be solved alone")
    shared, first = program.here_and_now, program.first_stage_rows
    return Staged(
        first=FirstStage(
            objective=program.objective[shared],
            lower=program.columns.lower[shared],
            upper=program.columns.upper[shared],
            integer=program.columns.integer[shared],
            matrix=csr_matrix(program.matrix[first][:, : shared.stop]),
            row_lower=program.rows.lower[first],
            row_upper=program.rows.upper[first],
        ),
        probabilities=np.array([block.probability for block in program.blocks]),
        names=tuple(block.name for block in program.blocks),
        make=_OfProgram(program, periods_of(program)),
        constant=program.objective_constant,
    )


def whole_of(staged: Staged) -> WholeArrays:
    """Return all scenarios and the first stage as one problem."""
    first = staged.first
    parts = [staged.make(number) for number in range(len(staged))]
    weights = staged.probabilities
    grid: list[list[csr_matrix | None]] = [[first.matrix] + [None] * len(parts)]
    for number, part in enumerate(parts):
        row: list[csr_matrix | None] = [part.technology] + [None] * len(parts)
        row[number + 1] = part.matrix
        grid.append(row)
    sizes = [len(first), *(len(part) for part in parts)]
    return WholeArrays(
        objective=np.concatenate(
            [first.objective, *(p * part.objective for p, part in zip(weights, parts, strict=True))]
        ),
        constant=staged.constant + float(weights @ np.array([part.constant for part in parts])),
        lower=np.concatenate([first.lower, *(part.lower for part in parts)]),
        upper=np.concatenate([first.upper, *(part.upper for part in parts)]),
        integer=np.concatenate([first.integer, *(part.integer for part in parts)]),
        matrix=_stacked(grid),
        row_lower=np.concatenate([first.row_lower, *(part.row_lower for part in parts)]),
        row_upper=np.concatenate([first.row_upper, *(part.row_upper for part in parts)]),
        starts=np.cumsum([0, *sizes]),
    )


def arrays_of(program: Program) -> WholeArrays:
    """Return a program as plain arrays."""
    columns, rows = program.columns, program.rows
    return WholeArrays(
        objective=program.objective,
        constant=program.objective_constant,
        lower=columns.lower,
        upper=columns.upper,
        integer=columns.integer,
        matrix=program.matrix,
        row_lower=rows.lower,
        row_upper=rows.upper,
        starts=np.array([0, len(columns)]),
    )


def _stacked(grid: list[list[csr_matrix | None]]) -> csr_matrix:
    whole: csr_matrix = bmat(grid, format="csr")  # type: ignore[assignment]
    return whole
