"""The core of a tree from an MPS file and its periods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.errors import BadFile, Finding
from benchmarks.smps.mps import Mps
from benchmarks.smps.periods import Periods
from benchmarks.tree.core import Core


@dataclass(frozen=True, eq=False)
class NamedCore:
    """A core, and the slot of each number by the names an outcome calls it by.

    Attributes
    ----------
    slots : dict of (str, str) to int
        By (column, row); a right-hand side by ("", row).
    """

    core: Core
    objective: str
    slots: dict[tuple[str, str], int]


def core_of(mps: Mps, periods: Periods, file: str) -> NamedCore:
    """Return the core.

    Raises
    ------
    BadFile
        If a row has an entry in a column of a later period.
    """
    columns = list(mps.columns)
    rows = [name for name, kind in mps.rows.items() if kind != "N"]
    column_number = {name: number for number, name in enumerate(columns)}
    row_number = {name: number for number, name in enumerate(rows)}
    objective = np.zeros(len(columns))
    slots: dict[tuple[str, str], int] = {}
    entry_row: list[int] = []
    entry_column: list[int] = []
    entries: list[float] = []
    findings = []
    for (column, row), value in mps.entries.items():
        if row == mps.objective:
            objective[column_number[column]] = value
        elif row in row_number:
            if periods.columns[column] > periods.rows[row]:
                text = f"row {row!r} has an entry in {column!r} of a later period"
                findings.append(Finding(file, 0, text))
            slots[column, row] = len(columns) + len(rows) + len(entries)
            entry_row.append(row_number[row])
            entry_column.append(column_number[column])
            entries.append(value)
    if findings:
        raise BadFile(findings)
    slots |= {("", name): len(columns) + number for name, number in row_number.items()}
    slots |= {(name, mps.objective): number for name, number in column_number.items()}
    limits = np.array([mps.limits(name) for name in rows], dtype=np.float64).reshape(-1, 2)
    bounds = np.array([mps.bounds.of(name) for name in columns], dtype=np.float64)
    core = Core(
        columns=columns,
        rows=rows,
        column_stage=np.array([periods.columns[name] for name in columns], dtype=np.intp),
        row_stage=np.array([periods.rows[name] for name in rows], dtype=np.intp),
        objective=objective,
        lower=bounds[:, 0],
        upper=bounds[:, 1],
        integer=np.array([mps.columns[name] or name in mps.bounds.whole for name in columns]),
        right=np.array([mps.right.get(name, 0.0) for name in rows]),
        below=limits[:, 0],
        above=limits[:, 1],
        entry_row=np.array(entry_row, dtype=np.intp),
        entry_column=np.array(entry_column, dtype=np.intp),
        entries=np.array(entries, dtype=np.float64),
        # MPS: a right-hand side of the objective is subtracted.
        constant=-mps.right.get(mps.objective, 0.0),
        maximise=mps.maximise,
    )
    return NamedCore(core, mps.objective, slots)
