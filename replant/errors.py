"""One exception tree, each leaf with a code.

    ReplantError
      KernelError        K1xx  LabelMismatch, UnitMismatch, DuplicateLabel, UnknownLabel,
                               CyclicStream, UnboundedRange, ScenarioMismatch
      CaseError          C2xx  EvidenceError, HindsightError
      ModuleError        M3xx
      SolverError        S4xx  WrongSolverVersion, Infeasible, Unbounded, NoPlan
      PlanError          V5xx  VerificationFailed
      UsageError         U6xx

A message says what was met, what was expected and where; the code leads to the page that
explains it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

__all__ = [
    "CaseError",
    "CyclicStream",
    "DuplicateLabel",
    "EvidenceError",
    "HindsightError",
    "Infeasible",
    "KernelError",
    "LabelMismatch",
    "ModuleError",
    "NoPlan",
    "PlanError",
    "ReplantError",
    "ScenarioMismatch",
    "SolverError",
    "Unbounded",
    "UnboundedRange",
    "UnitMismatch",
    "UnknownLabel",
    "UsageError",
    "VerificationFailed",
    "WrongSolverVersion",
]


class ReplantError(Exception):
    """Anything that replant raises on purpose.

    Parameters
    ----------
    message : str
        What happened, where, and what would put it right.
    """

    code: ClassVar[str] = "R000"

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        """Return the code and the message."""
        return f"{self.code} {self.message}"


class KernelError(ReplantError):
    """The labelled algebra was asked for something that has no meaning."""

    code = "K100"


class LabelMismatch(KernelError):
    """Two arrays share a dimension's name but not its labels, or dimensions are missing."""

    code = "K101"


class UnitMismatch(KernelError):
    """Two amounts of different units were added, subtracted or compared."""

    code = "K102"


class DuplicateLabel(KernelError):
    """The same label or name was declared twice."""

    code = "K103"


class UnknownLabel(KernelError):
    """A label or name was asked for that nobody declared."""

    code = "K104"


class CyclicStream(KernelError):
    """The total of a stream depends on itself."""

    code = "K105"


class UnboundedRange(KernelError):
    """A finite range was asked for of an expression with an unbounded column."""

    code = "K106"


class ScenarioMismatch(KernelError):
    """Scenarios disagree on what must be the same, or one uses another's columns."""

    code = "K107"


class CaseError(ReplantError):
    """The case cannot be used as it stands.

    Parameters
    ----------
    message : str
        The summary.
    findings : iterable of object
        The findings of the check, worst first.
    """

    code = "C200"

    def __init__(self, message: str, findings: Iterable[object] = ()) -> None:
        super().__init__(message)
        self.findings: tuple[object, ...] = tuple(findings)


class EvidenceError(CaseError):
    """A number lacks the evidence that the case must give for it."""

    code = "C201"


class HindsightError(CaseError):
    """Something was used that nobody could know on the date of the plan."""

    code = "C202"


class ModuleError(ReplantError):
    """A decision or rule breaks the contract of a module."""

    code = "M300"


class SolverError(ReplantError):
    """The solver failed, or returned what cannot be trusted."""

    code = "S400"


class WrongSolverVersion(SolverError):
    """The installed solver is a version known to return wrong answers."""

    code = "S401"


class Infeasible(SolverError):
    """No plan keeps all the rows."""

    code = "S402"


class Unbounded(SolverError):
    """The objective can be made as good as one likes: a bound is missing."""

    code = "S403"


class NoPlan(SolverError):
    """The search stopped before it found any plan."""

    code = "S404"


class PlanError(ReplantError):
    """A plan does not belong to the case, or is not complete."""

    code = "V500"


class VerificationFailed(PlanError):
    """The second evaluation of the plan disagrees with the first."""

    code = "V501"


class UsageError(ReplantError):
    """The command was given what it does not understand."""

    code = "U600"
