"""``replant verify``: compute a plan again, exactly, by the second engine."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Annotated

import typer

from replant.case import Case
from replant.cli.rebuilding import BEST, case_of, plan_file
from replant.errors import PlanError
from replant.plan import PlanDocument
from replant.plan.pipeline import FLOOR
from replant.verify import Verification, compare, evaluate

__all__ = ["rows_beside", "verify_command", "verify_document"]

_ALLOWED = ("do_nothing", "announced")
_LARGEST = 500_000_000


def verify_command(
    plan: Annotated[Path, typer.Argument(help="The plan file, such as out/plan.json.")],
    case: Annotated[
        Path | None, typer.Option("--case", help="The case's folder, if it has moved.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as json.")] = False,
) -> None:
    """Re-compute a plan with the exact evaluator and say what was checked."""
    document = plan_file(plan)
    read = case_of(document, plan, case, as_json=as_json)
    found = verify_document(read, document, plan)
    _print(found, document, as_json=as_json)
    if not found.ok:
        raise typer.Exit(1)


def verify_document(case: Case, document: PlanDocument, path: Path) -> Verification:
    """Evaluate a plan file exactly, and hold the rows beside it against the result."""
    name = "" if document.plan == BEST else document.plan
    exact = evaluate(case, document.decisions, plan=name)
    claimed = [("value", (), float(document.solver.value)), *rows_beside(path)]
    known = exact.books.streams()
    differences = compare(exact.books, [each for each in claimed if each[0] in known])
    found = Verification(
        exact.books, (*exact.breaches, *differences), exact.checked, exact.without_twin
    )
    rows = {each.id: each.kind for each in case.rows("plans")}
    return found.without(FLOOR) if rows.get(name) in _ALLOWED else found


def rows_beside(path: Path) -> list[tuple[str, tuple[str, ...], float]]:
    """Return the rows that were written beside a plan file, if they are there."""
    table = path.parent / "tables" / f"{path.stem}_rows.csv"
    if not table.is_file():
        return []
    try:
        if table.stat().st_size > _LARGEST:
            raise ValueError(f"it is larger than {_LARGEST:,} bytes")
        with table.open(encoding="utf-8", newline="") as file:
            return [_figure(row) for row in csv.DictReader(file)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, csv.Error) as why:
        raise PlanError(
            f"{table} is no table of a plan's rows ({why}): plan again, or take it away"
        ) from why


def _figure(row: dict[str, str]) -> tuple[str, tuple[str, ...], float]:
    labels = tuple(row["labels"].split(";")) if row["labels"] else ()
    value = float(row["value"])
    if not math.isfinite(value):
        raise ValueError(f"{row['stream']} is {row['value']}")
    return row["stream"], labels, value


def _print(found: Verification, document: PlanDocument, *, as_json: bool) -> None:
    if as_json:
        content = {
            "case": document.case,
            "plan": document.plan,
            "verified": found.ok,
            "value": float(found.value),
            "checked": dict(found.checked),
            "breaches": [str(each) for each in found.breaches],
            "without_twin": list(found.without_twin),
        }
        print(json.dumps(content, ensure_ascii=False, indent=1))
        return
    print(f"{document.case}, plan {document.plan}: {'verified' if found.ok else 'NOT VERIFIED'}.")
    print(f"Exact value {float(found.value):,.3f}.")
    for line in found.sentences():
        print(line)
    for name, count in sorted(found.checked.items()):
        print(f"  {name:<34} {count:>7,} checks")
