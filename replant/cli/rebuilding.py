"""A plan from its file: the case is put together again and the decisions are held fast."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from replant.case import Case
from replant.case.near import suggestion
from replant.cli.asked import Asked
from replant.cli.naming import valued
from replant.cli.reading import read_case
from replant.errors import KernelError, PlanError
from replant.kernel import Program
from replant.plan import Choices, PlanDocument, Planned, assemble, comparator_choices, read_plan
from replant.plan.leaves import gathered, leaf_values
from replant.solve import Solution, SolveSettings, Status, fixed_at, solve
from replant.verify import Verification

__all__ = ["BEST", "case_of", "choices_of", "plan_file", "rebuilt"]

BEST = "best"

Values = NDArray[np.float64]


def plan_file(path: Path) -> PlanDocument:
    """Read a plan file and hold its numbers against what a number is.

    Raises
    ------
    PlanError
        If it is none, or its solver's figures are no numbers.
    """
    document = read_plan(path)
    for name in ("value", "bound", "gap"):
        text = getattr(document.solver, name)
        if math.isnan(_number(text)) or (name == "value" and math.isinf(_number(text))):
            raise PlanError(f"{path}: the solver's {name} is no number ({text[:40]!r})")
    return document


def case_of(document: PlanDocument, path: Path, folder: Path | None, *, as_json: bool) -> Case:
    """Return the case that a plan file was made for, exactly as it was planned.

    Raises
    ------
    PlanError
        If the file does not say where the case is, or the case has changed since.
    """
    if folder is None:
        if Path(document.folder).is_absolute():
            raise PlanError(
                f"{path}: folder must be relative to the plan file, not {document.folder!r}: "
                "mend it, or give the folder with --case"
            )
        if not document.folder:
            raise PlanError(f"{path} does not say where its case is: give the folder with --case")
        folder = path.parent / document.folder
        if not folder.is_dir():
            raise PlanError(
                f"{path}: its case is not at {folder}; where one of them has moved, give the "
                "case's folder with --case"
            )
    case = read_case(folder, document.sets, as_json=as_json)
    if case.fingerprint != document.fingerprint:
        raise PlanError(
            f"{folder} is no longer the case that was planned (its content has changed): "
            "plan again, or give the case as it was with --case"
        )
    known = [BEST, *(row.id for row in case.rows("plans"))]
    if document.plan not in known:
        fix = suggestion(document.plan, known, f"use one of {', '.join(known)}")
        raise PlanError(f"{path}: the case has no plan {document.plan[:60]!r}; {fix}")
    return case


def rebuilt(case: Case, document: PlanDocument, path: Path, checked: Verification) -> Planned:
    """Return a plan as it was before it was written.

    Parameters
    ----------
    case : Case
        Its case.
    document : PlanDocument
        Its file.
    path : Path
        Where the file is, for messages.
    checked : Verification
        What the second engine says of it.

    Raises
    ------
    PlanError
        If the decisions are not those of a plan of this case.
    """
    choices = choices_of(case, document)
    program = assemble(case, choices)
    solution = _held(program, document, path)
    assert solution.values is not None
    plan = Planned(case, choices, program, solution, solution.values, checked)
    # the file states the bound with the plan's own shortfall, the solver stated it without
    penalty = sum(plan.rows.get("penalty", {}).values())
    return replace(plan, solution=replace(solution, bound=solution.bound - penalty))


def choices_of(case: Case, document: PlanDocument) -> Choices:
    """Return what a plan file says its plan was made under."""
    if document.plan != BEST:
        return comparator_choices(case, document.plan)
    asked = Asked.of(
        document.force,
        document.forbid,
        document.limits,
        (),
        allow_shortfall=document.allow_shortfall,
    )
    return asked.choices


def _held(program: Program, document: PlanDocument, path: Path) -> Solution:
    """Solve for what follows from the decisions, with these held fast."""
    names = {
        f"{module}.{column}": text
        for module, columns in document.decisions.items()
        for column, text in columns.items()
    }
    try:
        values = valued(program, names)
    except (KernelError, ValueError) as why:
        raise PlanError(f"{path} holds a decision that this case does not know: {why}") from why
    if not np.isfinite(values).all():
        raise PlanError(f"{path} holds a decision that is no finite number")
    found = {block.name: _followed(program, values, block.name) for block in program.blocks}
    followed = {name: each.values for name, each in found.items() if each.values is not None}
    if len(followed) < len(found):
        missing = next(name for name in found if name not in followed)
        where = f" in the scenario {missing}" if len(found) > 1 else ""
        raise PlanError(
            f"the decisions of {path} do not keep every rule of the case{where}: "
            f"`replant verify {path}` says which they break"
        )
    return replace(
        next(iter(found.values())),
        status=_status(document.solver.status),
        values=gathered(program, followed),
        bound=_number(document.solver.bound),
        seconds=0.0,
        solver=document.solver.name,
    )


def _followed(program: Program, values: Values, name: str) -> Solution:
    """Solve one scenario, by its own goal, for what follows from the decisions there."""
    own = program.block(name)
    decisions = leaf_values(program, values, name)
    decided = ~own.columns.derived
    found = solve(fixed_at(own, decisions, decided), SolveSettings(gap=0.0))
    if found.values is None:
        return found
    whole = np.where(own.columns.integer, np.round(found.values), found.values)
    return replace(found, values=np.where(decided, decisions, whole))


def _status(text: str) -> Status:
    try:
        return Status(text)
    except ValueError:
        return Status.TIME_LIMIT


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
