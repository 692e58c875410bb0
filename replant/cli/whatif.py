"""What was asked of a run beyond its case, in words, with what the case itself says."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from replant.case.reading import load
from replant.module import row_classes
from replant.plan import Choices
from replant.report.what_if import what_if

__all__ = ["what_if_of"]


def what_if_of(folder: Path, choices: Choices, sets: Sequence[str]) -> tuple[str, ...]:
    """Return one phrase for each choice and each changed cell.

    Parameters
    ----------
    folder : Path
        The case's folder, read once more without the changes to say what stood there.
    choices : Choices
        What was forced, forbidden and bounded.
    sets : sequence of str
        The cells that were changed.
    """
    before = load(folder, row_classes())[0] if sets else None
    return what_if(choices, sets, before)
