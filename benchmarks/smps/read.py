"""A problem in two stages from the three files of SMPS."""

from __future__ import annotations

from pathlib import Path

from benchmarks.smps.core import core_of
from benchmarks.smps.mps import read_mps
from benchmarks.smps.outcomes import read_outcomes
from benchmarks.smps.periods import read_periods
from benchmarks.tree.staged import staged_of_tree
from replant.solve.staged import Staged


def read_smps(core: Path, time: Path, outcomes: Path) -> Staged:
    """Return the problem, to be maximised; of more than two stages each branch is one scenario.

    Raises
    ------
    BadFile
        With findings, if a file breaks its format or does not fit the others.
    NoInstances
        If a file cannot be read.
    TooManyOutcomes
        If independent outcomes multiply beyond what can be listed.
    """
    mps = read_mps(core)
    periods = read_periods(time, mps)
    named = core_of(mps, periods, core.name)
    return staged_of_tree(named.core, read_outcomes(outcomes, named, periods, mps.right_name))
