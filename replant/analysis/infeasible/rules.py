"""Rules of a program: which rows make one, and which of them people set."""

from __future__ import annotations

from functools import cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from replant.kernel import Program
from replant.module import discover

__all__ = ["SMALL", "Rows", "is_equal", "is_missable", "is_soft", "rows_of_rules", "scenario_of"]

Rows: TypeAlias = NDArray[np.intp]
"""Numbers of rows, shape (rows of a rule,)."""

# Owners of rows that a run asks for: options, and bounds on one plan.
_ASKED = ("", "plan")
# What is smaller is the tolerance of a solver.
SMALL = 1e-6


def rows_of_rules(program: Program) -> dict[str, Rows]:
    """Return the rows of each rule: those of one requirement, or of one forced option.

    A rule that each scenario has for itself is one for each of them.
    """
    found: dict[str, list[int]] = {}
    names, owners = program.rows.names, program.rows.owners
    for row in range(len(program.rows)):
        key = _key(program.rows.label(row), str(names[row]), str(owners[row]))
        scenario = scenario_of(program, row)
        found.setdefault(f"{key}@{scenario}" if scenario else key, []).append(row)
    return {name: np.array(rows, dtype=np.intp) for name, rows in found.items()}


def _key(label: str, name: str, owner: str) -> str:
    """Return what the rows of one rule have in common."""
    if owner in _ASKED:
        return label
    return label.partition(",")[0] if _negotiable().get(owner) == "apart" else name


@cache
def _negotiable() -> dict[str, str]:
    """Return the modules whose rows people set, as against physics and arithmetic, and how."""
    return {
        module.name: str(getattr(module, "negotiable", ""))
        for module in discover()
        if getattr(module, "negotiable", "")
    }


def scenario_of(program: Program, row: int) -> str:
    """Return the scenario that a row belongs to; empty where there is one, or it is of all."""
    return program.rows.labels.scenario(row) if len(program.blocks) > 1 else ""


def is_soft(program: Program, rows: Rows) -> bool:
    """Return whether a rule may give: people set it, and it is no equality."""
    owner = str(program.rows.owners[rows[0]])
    if owner == "":
        return program.rows.label(int(rows[0])).startswith("option[")
    set_by_people = owner in _ASKED or owner in _negotiable()
    return set_by_people and not is_equal(program, rows)


@cache
def _missable() -> frozenset[str]:
    """Return the modules whose rows a plan may miss where that is allowed."""
    return frozenset(each.name for each in discover() if getattr(each, "missable", False))


def is_missable(program: Program, rows: Rows) -> bool:
    """Return whether a rule is one that a plan may miss where that is allowed."""
    return str(program.rows.owners[rows[0]]) in _missable()


def is_equal(program: Program, rows: Rows) -> bool:
    """Return whether a rule holds each of its rows to one value."""
    return bool(np.all(program.rows.upper[rows] - program.rows.lower[rows] < SMALL))
