"""Which way suits a problem in two stages; a user sees one choice, ``auto``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from replant.solve.assigning import ASSIGNED, Assigning, assigning_of
from replant.solve.benders.chained import layout_of
from replant.solve.bunching import COMPILED
from replant.solve.dividing import DIVIDED
from replant.solve.dividing.ways import Ways, ways_of
from replant.solve.patterns import listed
from replant.solve.staged import Staged

__all__ = ["ASSIGNED", "BENDERS", "DIVIDED", "SCIP", "WHOLE", "Choice", "choose"]

WHOLE, BENDERS, SCIP = "whole", "Benders", "SCIP"

# A problem of fewer entries than this in all its scenarios is solved whole in a moment.
_SMALL = 60_000
# One that falls into periods is solved faster by these from fewer entries on.
_CHAINED = 10_000
# Listed ways beyond this many are too many for one problem.
_WAYS = 300_000
# With fewer scenarios than this a problem of whole numbers is left to the solver's own cuts.
_FEW = 2


@dataclass(frozen=True, eq=False)
class Choice:
    """How a problem is solved.

    Attributes
    ----------
    way : str
        `WHOLE`, `BENDERS`, `DIVIDED` or `ASSIGNED`.
    staged : Staged
        What is solved: the problem, or a tighter way of writing it with the same first stage.
    words : str
        Why, in a few words.
    chained : bool
        Whether its scenarios fall into periods that a chain ties.
    ways : Ways, optional
        What can be done in its parts, where the first stage is to be divided.
    assigning : Assigning, optional
        What can be served from where, where the problem is an assignment with switches.
    """

    way: str
    staged: Staged
    words: str
    chained: bool = False
    ways: Ways | None = None
    assigning: Assigning | None = None


def choose(staged: Staged) -> Choice:
    """Return the way that suits a problem, from the size and kind of its first scenario."""
    sample = staged.make(0) if len(staged) else None
    if sample is None:
        return Choice(WHOLE, staged, "no scenario")
    entries = len(staged) * (sample.matrix.nnz + sample.technology.nnz)
    if sample.integer.any():
        found = listed(staged, _WAYS) if sample.integer.all() and len(staged) >= _FEW else None
        if found is not None:
            ways = ways_of(found)
            way = WHOLE if ways is None else DIVIDED
            return Choice(way, found.staged, "small parts listed", ways=ways)
        if staged.first.yes_or_no and len(staged) >= _FEW:
            return Choice(BENDERS, staged, "whole numbers in scenarios, yes or no before them")
        # Knapsacks by the thousand are of use only where they are compiled.
        assigning = assigning_of(staged) if COMPILED else None
        if assigning is not None:
            words = f"{len(assigning.rows.lower)} rows over {len(assigning.items.room)} blocks"
            return Choice(ASSIGNED, staged, words, assigning=assigning)
        return Choice(WHOLE, staged, "whole numbers in the recourse")
    words = "one scenario" if len(staged) == 1 else f"{len(staged)} scenarios"
    if entries >= _CHAINED and layout_of(sample) is not None:
        return Choice(BENDERS, staged, f"{words} in periods", chained=True)
    if entries < _SMALL:
        return Choice(WHOLE, staged, "small")
    if not np.any(staged.first.integer) and len(staged) == 1:
        return Choice(WHOLE, staged, "one linear problem")
    return Choice(BENDERS, staged, words)
