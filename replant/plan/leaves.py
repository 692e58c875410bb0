"""Programs with scenarios, taken apart leaf by leaf and put together again."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from replant.kernel import Block, Program
from replant.plan.work import Values

__all__ = ["gathered", "leaf_rows", "leaf_values"]


def leaf_values(program: Program, values: Values, leaf: str) -> Values:
    """Return the values of a leaf's own program, ``program.block(leaf)``, shape (its columns,)."""
    block = _block(program, leaf)
    return np.concatenate([values[program.here_and_now], values[block.columns]])


def leaf_rows(program: Program, leaf: str) -> NDArray[np.intp]:
    """Return which rows of a program its leaf's own program has, in the order of that."""
    rows: NDArray[np.intp] = np.r_[program.first_stage_rows, _block(program, leaf).rows]
    return rows


def gathered(program: Program, leaves: Mapping[str, Values]) -> Values:
    """Return the values of a program whose leaves have these values, shape (columns,).

    Parameters
    ----------
    program : Program
        A program with scenarios.
    leaves : mapping of str to ndarray
        The values of each leaf's own program, with the same here-and-now columns in all.
    """
    shared = program.here_and_now.stop
    values = np.zeros(len(program.columns))
    for block in reversed(program.blocks):
        values[program.here_and_now] = leaves[block.name][:shared]
        values[block.columns] = leaves[block.name][shared:]
    return values


def _block(program: Program, leaf: str) -> Block:
    return next(each for each in program.blocks if each.name == leaf)
