"""Reading a case for a command: all findings shown at once, or the case."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from replant.case import Case, Findings
from replant.case.reading import load
from replant.cli.contradictions import contradictions
from replant.cli.examining import examine, table_faults
from replant.errors import CaseError, KernelError, ModuleError, UsageError
from replant.kernel import Program
from replant.module import row_classes
from replant.plan import Choices, assemble

__all__ = ["assembled", "print_findings", "read_case"]

_FEW = 3


def read_case(folder: Path, sets: Sequence[str], *, as_json: bool = False) -> Case:
    """Return a case, or print every finding and leave with exit code 1."""
    case, findings = load(folder, row_classes(), sets=tuple(sets))
    if case is None:
        print_findings(findings, as_json=as_json)
        raise typer.Exit(1)
    return case


def assembled(case: Case, choices: Choices, *, as_json: bool = False) -> Program:
    """Return a case's program, or print what stands in its way and leave with exit code 1.

    Raises
    ------
    UsageError
        If the case is sound and the fault lies in what was asked.
    """
    try:
        program = assemble(case, choices)
        findings = Findings([*table_faults(case, program), *contradictions(case)])
    except (CaseError, KernelError, ModuleError, UsageError):
        findings = examine(case)
        if findings.ok:
            raise
    if findings.ok:
        return program
    print_findings(findings, as_json=as_json)
    raise typer.Exit(1)


def print_findings(findings: Findings, *, as_json: bool = False) -> None:
    """Print findings: as json on standard output, else one block each on standard error."""
    if as_json:
        frame = findings.frame()
        print(json.dumps(json.loads(frame.to_json(orient="records")), ensure_ascii=False, indent=1))
        return
    empty = [each.file for each in findings if each.code == "no-rows"]
    many = len(empty) > _FEW
    for each in findings:
        if not (many and each.code == "no-rows"):
            print(str(each), file=sys.stderr)
    if many:
        listed = f"{', '.join(empty[:_FEW])}, …"
        print(f"{len(empty)} tables have no rows ({listed}): take no part.", file=sys.stderr)
    errors = len(findings.errors)
    print(f"{errors} error(s), {len(findings) - errors} other finding(s).", file=sys.stderr)
