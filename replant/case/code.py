"""The code of a finding: how grave it is, what it means and what brings it about."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["error", "warning", "info"]
Topic: TypeAlias = Literal["file", "table", "number", "reference", "case", "evidence", "hindsight"]


@dataclass(frozen=True)
class Code:
    """One code.

    Parameters
    ----------
    severity : {"error", "warning", "info"}
        An error stops the reading.
    topic : str
        The heading under which the page on bad input lists it.
    meaning : str
        What is wrong.
    example : str
        What brings it about.
    """

    severity: Severity
    topic: Topic
    meaning: str
    example: str
