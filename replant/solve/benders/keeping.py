"""Keep some scenarios' rows in the master: partial Benders.

Their recourse becomes part of the first stage, with its weight. Each master then knows in full what
they need, so it proposes nothing that would ruin a scenario like them, and its relaxation is
tighter than cuts alone would make it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_matrix, hstack, vstack

from replant.solve.staged import FirstStage, Recourse, Staged

__all__ = ["kept_in_master"]


@dataclass(frozen=True, eq=False)
class _Others:
    """Makes the scenarios that are not kept, over the wider first stage."""

    staged: Staged
    numbers: tuple[int, ...]
    width: int

    def __call__(self, number: int) -> Recourse:
        block = self.staged.make(self.numbers[number])
        technology = block.technology
        wider = csr_matrix(
            (technology.data, technology.indices, technology.indptr),
            shape=(technology.shape[0], self.width),
        )
        return replace(block, technology=wider)


def kept_in_master(staged: Staged, numbers: Sequence[int]) -> Staged:
    """Return the problem with some scenarios' recourse in its first stage.

    Parameters
    ----------
    staged : Staged
        The problem.
    numbers : sequence of int
        The scenarios to keep.

    Returns
    -------
    Staged
        The first columns of its first stage are those of the problem given; then come those of
        each scenario kept, in the order given.
    """
    first, kept = staged.first, [staged.make(number) for number in numbers]
    weights = [float(staged.probabilities[number]) for number in numbers]
    left = tuple(number for number in range(len(staged)) if number not in set(numbers))
    stage = FirstStage(
        objective=np.concatenate(
            [first.objective, *(w * each.objective for w, each in zip(weights, kept, strict=True))]
        ),
        lower=np.concatenate([first.lower, *(each.lower for each in kept)]),
        upper=np.concatenate([first.upper, *(each.upper for each in kept)]),
        integer=np.concatenate([first.integer, *(each.integer for each in kept)]),
        matrix=_joined(first, kept),
        row_lower=np.concatenate([first.row_lower, *(each.row_lower for each in kept)]),
        row_upper=np.concatenate([first.row_upper, *(each.row_upper for each in kept)]),
    )
    constants = sum(w * each.constant for w, each in zip(weights, kept, strict=True))
    return Staged(
        first=stage,
        probabilities=staged.probabilities[list(left)],
        names=tuple(staged.names[number] for number in left),
        make=_Others(staged, left, len(stage)),
        constant=staged.constant + constants,
    )


def _joined(first: FirstStage, kept: Sequence[Recourse]) -> csr_matrix:
    """Return the rows of the first stage and of the scenarios kept, over all their columns."""
    widths = [len(each) for each in kept]
    rows = [csr_matrix(hstack([first.matrix, csr_matrix((first.matrix.shape[0], sum(widths)))]))]
    for place, each in enumerate(kept):
        height = each.matrix.shape[0]
        before = csr_matrix((height, sum(widths[:place])))
        after = csr_matrix((height, sum(widths[place + 1 :])))
        rows.append(csr_matrix(hstack([each.technology, before, each.matrix, after])))
    return csr_matrix(vstack(rows))
