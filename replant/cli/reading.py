"""Reading a case for a command: all findings shown at once, or the case."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from replant.case import Case, Findings
from replant.case.reading import load
from replant.module import row_classes

__all__ = ["print_findings", "read_case"]


def read_case(folder: Path, sets: Sequence[str], *, as_json: bool = False) -> Case:
    """Return a case, or print every finding and leave with exit code 1."""
    case, findings = load(folder, row_classes(), sets=tuple(sets))
    if case is None:
        print_findings(findings, as_json=as_json)
        raise typer.Exit(1)
    return case


def print_findings(findings: Findings, *, as_json: bool = False) -> None:
    """Print findings: as json on standard output, else one block each on standard error."""
    if as_json:
        frame = findings.frame()
        print(json.dumps(json.loads(frame.to_json(orient="records")), ensure_ascii=False, indent=1))
        return
    for each in findings:
        print(str(each), file=sys.stderr)
    errors = len(findings.errors)
    print(f"{errors} error(s), {len(findings) - errors} other finding(s).", file=sys.stderr)
