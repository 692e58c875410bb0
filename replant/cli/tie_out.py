"""``replant tie-out``: whether the closed years come out as reported."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from replant.analysis import Tie, tie_out
from replant.cli.reading import read_case

__all__ = ["tie_out_command"]


def tie_out_command(
    case: Annotated[Path, typer.Argument(help="The case's folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print as json.")] = False,
) -> None:
    """Compute the closed years exactly and hold them against the accounts."""
    ties = tie_out(read_case(case, (), as_json=as_json))
    if as_json:
        print(json.dumps([_plain(each) for each in ties], ensure_ascii=False, indent=1))
    else:
        for each in ties:
            print(_line(each))
        if not ties:
            print(f"{case} has no table tie_out: nothing is held against reported accounts.")
    if any(each.within is False for each in ties):
        raise typer.Exit(1)


def _line(tie: Tie) -> str:
    reported, model, miss = float(tie.reported), float(tie.model), float(tie.miss)
    return (
        f"{tie.fiscal_year}  {tie.quantity:<44.44} reported {reported:>10,.1f}  "
        f"model {model:>10,.1f}  miss {miss:>+8.1f}  {_said(tie)}"
    )


def _said(tie: Tie) -> str:
    return {True: "ties", False: "DOES NOT TIE", None: "foretold, not fitted"}[tie.within]


def _plain(tie: Tie) -> dict[str, object]:
    return {
        "id": tie.id,
        "fiscal_year": tie.fiscal_year,
        "quantity": tie.quantity,
        "reported": float(tie.reported),
        "model": float(tie.model),
        "miss": float(tie.miss),
        "within": tie.within,
    }
