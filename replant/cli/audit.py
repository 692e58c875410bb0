"""``replant audit``: what each number of a case rests on, and how much value passes through it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from replant.case import Case, audit
from replant.case.audit import Audit
from replant.cli.reading import read_case
from replant.cli.rebuilding import case_of, plan_file, rebuilt
from replant.cli.verify import verify_document
from replant.errors import PlanError, ReplantError
from replant.report.stake import reached_by_cell
from replant.units import Cell

__all__ = ["audit_command"]

USUAL = Path("out/plan.json")
"""Where a plan lies that was made with no other folder given."""

_FEW, _MOST = 12, 50
Stakes = Mapping[Cell, float]


def audit_command(
    case: Annotated[Path, typer.Argument(help="The case's folder.")],
    plan: Annotated[
        Path | None,
        typer.Option("--plan", help=f"A plan of the case; {USUAL} where it is one of this case."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as json.")] = False,
) -> None:
    """List coverage by evidence and value at stake; leave with 1 if a number rests on nothing."""
    read = read_case(case, (), as_json=as_json)
    path = plan or (USUAL if _is_of(USUAL, read) else None)
    seen, stakes = (read, None) if path is None else _through(path, read, case, as_json=as_json)
    found = audit(seen, stakes)
    if as_json:
        print(json.dumps(_content(found, path), ensure_ascii=False, indent=1))
    else:
        _print(found, seen, path, case)
    if not found.ok:
        raise typer.Exit(1)


def _is_of(path: Path, case: Case) -> bool:
    """Whether a file is a plan of exactly this case."""
    try:
        return path.is_file() and plan_file(path).fingerprint == case.fingerprint
    except ReplantError:
        return False


def _through(path: Path, case: Case, folder: Path, *, as_json: bool) -> tuple[Case, Stakes]:
    """Return the case as it was planned, and how much value passes through each of its cells.

    Raises
    ------
    PlanError
        If the plan is one of another case, or does not keep its rules.
    """
    document = plan_file(path)
    if document.case != case.name and document.fingerprint != case.fingerprint:
        raise PlanError(
            f"{path} is a plan of {document.case}, not of {case.name}: give the plan of this case"
        )
    planned = case_of(document, path, folder, as_json=as_json)
    whole = rebuilt(planned, document, path, verify_document(planned, document, path))
    return planned, reached_by_cell(whole)


def _content(found: Audit, path: Path | None) -> dict[str, Any]:
    rows = json.loads(found.coverage.to_json(orient="table", index=True))["data"]
    content: dict[str, Any] = {"coverage": rows, "naked": [str(cell) for cell in found.naked]}
    content["plan"] = None if path is None else str(path)
    content["largest"] = [
        {"cell": str(cell), "basis": basis, "value_at_stake": stake}
        for cell, basis, stake in _largest(found)
    ]
    return content


def _largest(found: Audit) -> list[tuple[Cell, str, float]]:
    """Return the cells through which most value passes, with what each rests on."""
    stakes = found.value_at_stake or {}
    known = [(each.cell, each.basis, stakes.get(each.cell, 0.0)) for each in found.supports]
    known.sort(key=lambda each: -abs(each[2]))
    return [each for each in known[:_FEW] if each[2]]


def _print(found: Audit, case: Case, path: Path | None, folder: Path) -> None:
    table = found.coverage
    shown = table.assign(share=[f"{each:.1%}" for each in table["share"]])
    if path is not None:
        shown["value_at_stake"] = [f"{each:,.1f}" for each in table["value_at_stake"]]
        shown["share_of_value"] = [f"{each:.1%}" for each in table["share_of_value"]]
    print(shown.to_string())
    for cell in found.naked[:_MOST]:
        print(f"naked: {cell}")
    if len(found.naked) > _MOST:
        print(f"… and {len(found.naked) - _MOST} more")
    if path is None:
        print(
            f"By value at stake: make a plan (`replant plan {folder} --out out`), then "
            f"`replant audit {folder} --plan out/plan.json`."
        )
        return
    money = case.settings.units.money
    print(
        f"Value at stake is what of the value of {path} passes through each number, in {money} and "
        "without its sign; where numbers are multiplied, it passes through each of them."
    )
    print("Most passes through:")
    for cell, basis, stake in _largest(found):
        print(f"  {abs(stake):>14,.1f}  {basis:<9}  {cell}")
