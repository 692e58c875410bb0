"""Rules of a program: which rows make one, and which of them people set."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from replant.kernel import Program

__all__ = ["SMALL", "Rows", "is_equal", "is_soft", "rows_of_rules", "scenario_of"]

Rows: TypeAlias = NDArray[np.intp]
"""Numbers of rows, shape (rows of a rule,)."""

# Requirements that a firm or its lenders set, as against what physics and arithmetic demand.
_SET_BY_PEOPLE = frozenset(
    {"liquidity", "limits", "relations", "plan", "debt", "property", "stake", "hosting", "supply"}
)
# What is smaller is the tolerance of a solver.
SMALL = 1e-6


def rows_of_rules(program: Program) -> dict[str, Rows]:
    """Return the rows of each rule: those of one requirement, or of one forced option.

    A rule that each scenario has for itself is one for each of them.
    """
    found: dict[str, list[int]] = {}
    names, owners = program.rows.names, program.rows.owners
    for row in range(len(program.rows)):
        alone = str(owners[row]) in ("", "limits", "relations", "plan")
        key = program.rows.label(row) if alone else str(names[row])
        scenario = scenario_of(program, row)
        found.setdefault(f"{key}@{scenario}" if scenario else key, []).append(row)
    return {name: np.array(rows, dtype=np.intp) for name, rows in found.items()}


def scenario_of(program: Program, row: int) -> str:
    """Return the scenario that a row belongs to; empty where there is one, or it is of all."""
    return program.rows.labels.scenario(row) if len(program.blocks) > 1 else ""


def is_soft(program: Program, rows: Rows) -> bool:
    """Return whether a rule may give: people set it, and it is no equality."""
    owner = str(program.rows.owners[rows[0]])
    if owner == "":
        return program.rows.label(int(rows[0])).startswith("option[")
    return owner in _SET_BY_PEOPLE and not is_equal(program, rows)


def is_equal(program: Program, rows: Rows) -> bool:
    """Return whether a rule holds each of its rows to one value."""
    return bool(np.all(program.rows.upper[rows] - program.rows.lower[rows] < SMALL))
