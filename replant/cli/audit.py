"""``replant audit``: what each number of a case rests on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from replant.case import audit
from replant.cli.reading import read_case

__all__ = ["audit_command"]


def audit_command(
    case: Annotated[Path, typer.Argument(help="The case's folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print as json.")] = False,
) -> None:
    """List coverage by evidence; leave with 1 if a number rests on nothing."""
    found = audit(read_case(case, (), as_json=as_json))
    naked = [str(cell) for cell in found.naked]
    if as_json:
        coverage = json.loads(found.coverage.to_json(orient="table", index=True))["data"]
        print(json.dumps({"coverage": coverage, "naked": naked}, ensure_ascii=False, indent=1))
    else:
        shown = found.coverage.assign(share=[f"{each:.1%}" for each in found.coverage["share"]])
        print(shown.to_string())
        for each in naked[:50]:
            print(f"naked: {each}")
        if len(naked) > 50:
            print(f"… and {len(naked) - 50} more")
    if not found.ok:
        raise typer.Exit(1)
