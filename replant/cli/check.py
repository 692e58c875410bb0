"""``replant check``: everything that is wrong with a case, in one pass."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from replant.case import Findings, load
from replant.cli.examining import examine
from replant.cli.reading import print_findings
from replant.module import row_classes

__all__ = ["check_command"]


def check_command(
    case: Annotated[Path, typer.Argument(help="The case's folder.")],
    set_: Annotated[
        list[str] | None, typer.Option("--set", help="Change a cell: table.id.column=value.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Let a warning end with 1 too, as an error does.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print findings as json.")] = False,
) -> None:
    """Check a case and print every finding, each with where it is and how to mend it."""
    read, findings = load(case, row_classes(), sets=tuple(set_ or ()))
    if read is not None:
        findings = Findings([*findings, *examine(read)])
    if len(findings) or as_json:
        print_findings(findings, as_json=as_json)
    doubted = any(each.severity == "warning" for each in findings)
    if not findings.ok or (strict and doubted):
        raise typer.Exit(1)
    if not as_json:
        print(f"{case}: no error.")
