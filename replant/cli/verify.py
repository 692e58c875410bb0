"""``replant verify``: compute a plan again, exactly, by the second engine."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from replant.case import Case, audit
from replant.case.audit import Audit
from replant.cli.rebuilding import BEST, case_of, choices_of, plan_file
from replant.errors import PlanError
from replant.plan import PlanDocument, seal_of
from replant.plan.pipeline import EXCUSED, asked_of
from replant.verify import Asked, Breach, Leaf, Verification, evaluate, held_against, with_bound
from replant.verify.compare import Claimed
from replant.verify.names import by_number, called

__all__ = ["rows_beside", "verify_command", "verify_document"]

_ALLOWED = ("do_nothing", "announced")
_ASKED = ("force", "forbid", "limits", "sets")
_LARGEST = 500_000_000
_LISTED = 12


def verify_command(
    plan: Annotated[Path, typer.Argument(help="The plan file, such as out/plan.json.")],
    case: Annotated[
        Path | None, typer.Option("--case", help="The case's folder, if it has moved.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print as json.")] = False,
) -> None:
    """Re-compute a plan with the exact evaluator, scenario by scenario; say what was checked."""
    document = plan_file(plan)
    read = case_of(document, plan, case, as_json=as_json)
    found = verify_document(read, document, plan)
    _print(found, document, audit(read), as_json=as_json)
    if not found.ok:
        raise typer.Exit(1)


def verify_document(case: Case, document: PlanDocument, path: Path) -> Verification:
    """Evaluate a plan file exactly, and hold the rows beside it against the result."""
    name = "" if document.plan == BEST else document.plan
    exact = evaluate(case, document.decisions, plan=name, asked=_asked(case, document))
    claimed = rows_beside(path)
    unknown = sorted({leaf for leaf in claimed if leaf} - {leaf.name for leaf in exact.leaves})
    if unknown:
        table = _table_beside(path)
        raise PlanError(f"{table} tells of a scenario {unknown[0]!r} that the case has not")
    claimed[""] = [("value", (), float(document.solver.value)), *claimed.get("", ())]
    solver = document.solver
    found = with_bound(held_against(exact, claimed), float(solver.bound), float(solver.gap))
    found = _sealed(found, document)
    kinds = {each.id: each.kind for each in case.rows("plans")}
    allowed = kinds.get(name) in _ALLOWED if name else document.allow_shortfall
    return found.without(*EXCUSED) if allowed else found


def _sealed(found: Verification, document: PlanDocument) -> Verification:
    """Return the verification with a breach where what was asked is not what was planned with."""
    if document.seal == seal_of(document):
        return found
    sentence = (
        "What the file says was asked of the plan, or what the solver said of it, was changed "
        "after it was planned: plan again."
        if document.seal
        else "The file bears no seal of what was asked of the plan: plan again."
    )
    return replace(found, breaches=(*found.breaches, Breach("seal", sentence)))


def _asked(case: Case, document: PlanDocument) -> Asked:
    """Return what a plan file says was asked of it; a comparator is bound by the case alone."""
    if document.plan != BEST:
        return Asked()
    return asked_of(choices_of(case, document))


def rows_beside(path: Path) -> dict[str, list[Claimed]]:
    """Return the rows that were written beside a plan file, by scenario, if they are there."""
    table = _table_beside(path)
    if not table.is_file():
        return {}
    found: dict[str, list[Claimed]] = {}
    try:
        if table.stat().st_size > _LARGEST:
            raise ValueError(f"it is larger than {_LARGEST:,} bytes")
        with table.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found.setdefault(row.get("scenario") or "", []).append(_figure(row))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, csv.Error) as why:
        raise PlanError(
            f"{table} is no table of a plan's rows ({why}): plan again, or take it away"
        ) from why
    return found


def _table_beside(path: Path) -> Path:
    return path.parent / "tables" / f"{path.stem}_rows.csv"


def _figure(row: dict[str, str]) -> Claimed:
    labels = tuple(row["labels"].split(";")) if row["labels"] else ()
    value = float(row["value"])
    if not math.isfinite(value):
        raise ValueError(f"{row['stream']} is {row['value']}")
    return row["stream"], labels, value


def _print(found: Verification, document: PlanDocument, evidence: Audit, *, as_json: bool) -> None:
    if as_json:
        content: dict[str, Any] = {
            "case": document.case,
            "plan": document.plan,
            "verified": found.ok,
            "value": float(found.value),
            "checked": dict(found.checked),
            "breaches": [str(each) for each in found.breaches],
            "allow_shortfall": document.allow_shortfall,
            "missed": [str(each) for each in found.excused],
            "without_twin": list(found.without_twin),
            "asked": {name: list(getattr(document, name)) for name in _ASKED},
            "bound": _finite(float(document.solver.bound)),
            "bound_is_verified": False,
            "numbers": len(evidence.supports),
            "naked": len(evidence.naked),
        }
        if len(found.leaves) > 1:
            content["scenarios"] = {leaf.name: _content(leaf) for leaf in found.leaves}
        print(json.dumps(content, ensure_ascii=False, indent=1))
        return
    short = ", BUT IT DOES NOT KEEP EVERY RULE" if found.ok and found.excused else ""
    verdict = f"verified{short}" if found.ok else "NOT VERIFIED"
    print(f"{document.case}, plan {document.plan}: {verdict}.")
    several = len(found.leaves) > 1
    print(f"Exact {'expected ' if several else ''}value {float(found.value):,.3f}.")
    for line in found.sentences():
        print(line)
    for line in _missed(found, document):
        print(line)
    if several:
        _print_leaves(found)
    for line in _of_the_solver(document, short=bool(found.excused)):
        print(line)
    for name, count in sorted(found.checked.items(), key=lambda each: by_number(each[0])):
        known = called(name)
        label = known if known == name.replace("_", " ") else f"{name}: {known}"
        print(f"  {label:<52} {count:>7,} checks")
    # What is not documented may still be computed right: it is told, and breaks nothing.
    rest = f"{len(evidence.naked):,} rest on nothing" if evidence.naked else "none rests on nothing"
    label = "I17: every number says what it rests on"
    print(f"  {label:<52} {len(evidence.supports):>7,} numbers, {rest} (replant audit)")


def _missed(found: Verification, document: PlanDocument) -> Iterator[str]:
    """Say which rules are missed, of those that may be."""
    if not found.excused:
        return
    by = "by --allow-shortfall" if document.allow_shortfall else "for a plan to compare with"
    count = len(found.excused)
    yield f"{count:,} {'rule is' if count == 1 else 'rules are'} missed, as was allowed {by}:"
    yield from (f"  {each}" for each in found.excused[:_LISTED])
    if count > _LISTED:
        yield f"  and {count - _LISTED:,} more (--json lists them all)."


def _finite(number: float) -> float | None:
    """Return a number that json has; None for a bound that was never found."""
    return number if math.isfinite(number) else None


def _of_the_solver(document: PlanDocument, *, short: bool) -> Iterator[str]:
    """Say what the plan was asked to keep, and what of its file is the solver's word alone."""
    asked = [f"{name} {text}" for name in _ASKED for text in getattr(document, name)]
    asked += ["allow-shortfall"] if document.allow_shortfall else []
    such = " which keeps every rule" if document.allow_shortfall else ""
    such = " which misses no more, all told," if short else such
    if asked:
        yield f"Made under and checked against: {'; '.join(asked)}."
    yield (
        f"That no plan{such} is worth more than {float(document.solver.bound):,.3f} is the word of "
        f"{document.solver.name}: a bound is not computed again here."
    )


def _print_leaves(found: Verification) -> None:
    """Print a line for each scenario: how likely, worth what, what was looked at."""
    width = max(len(leaf.name) for leaf in found.leaves)
    for leaf in found.leaves:
        checks, breaches = sum(leaf.found.checked.values()), len(leaf.found.breaches)
        print(
            f"  {leaf.name:<{width}}  probability {float(leaf.probability):<6.4g} "
            f"value {float(leaf.found.value):>14,.3f}  {checks:>7,} checks, "
            f"{breaches or 'no'} breach{'es' if breaches > 1 else ''}"
        )


def _content(leaf: Leaf) -> dict[str, Any]:
    return {
        "probability": float(leaf.probability),
        "value": float(leaf.found.value),
        "verified": leaf.found.ok,
        "checked": dict(leaf.found.checked),
        "breaches": [str(each) for each in leaf.found.breaches],
    }
