"""The plan file: decisions only, and what the solver claims for them.

It holds no clock times: the same input gives the same bytes when a run ends by its gap.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from replant.errors import PlanError
from replant.plan.decisions import Decisions

__all__ = ["PlanDocument", "Solver", "read_plan", "seal_of", "write_plan"]

FORMAT = 1
_LARGEST = 100_000_000


@dataclass(frozen=True)
class Solver:
    """What the solver claims: never a clock time.

    Parameters
    ----------
    name : str
        Solver and version.
    status : str
        How it ended.
    value, bound, gap : str
        Decimal texts, in the case's money.
    """

    name: str
    status: str
    value: str
    bound: str
    gap: str


@dataclass(frozen=True)
class PlanDocument:
    """A plan as a file holds it.

    Parameters
    ----------
    case : str
        Name of the case.
    as_of : str
        Its date.
    folder : str
        Path of the case's folder, relative to the plan file's folder.
    fingerprint : str
        Hash of the case's content as it was planned, changed cells included.
    plan : str
        Id of the comparator, or ``best``.
    sets, force, forbid, limits : tuple of str
        What was asked on the command line.
    allow_shortfall : bool
        Whether the command line allowed cash to miss its floor, and limits to be missed.
    decisions : mapping
        Module to column to decimal text.
    solver : Solver
        What the solver claims.
    seal : str
        What `seal_of` gave when the plan was written.
    """

    case: str
    as_of: str
    folder: str
    fingerprint: str
    plan: str
    decisions: Decisions
    solver: Solver
    sets: tuple[str, ...] = ()
    force: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    limits: tuple[str, ...] = ()
    allow_shortfall: bool = False
    seal: str = ""


def seal_of(document: PlanDocument) -> str:
    """Return a hash of what a plan was asked to keep and what the solver said of it.

    Decisions can be computed again; what was asked, and the bound, cannot. A file in which they
    were changed afterwards no longer fits its seal. It guards against slips, not against forgers.
    """
    told = {name: getattr(document, name) for name in ("fingerprint", "plan", *_LISTS)}
    if document.allow_shortfall:  # a file that is bound by every rule is sealed as it ever was
        told["allow_shortfall"] = True
    content = json.dumps([told, vars(document.solver)], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()


def write_plan(document: PlanDocument, path: Path) -> None:
    """Write a plan file in one canonical form; the old one stays until the new one is whole."""
    content = {
        "format": FORMAT,
        "case": document.case,
        "as_of": document.as_of,
        "folder": document.folder,
        "fingerprint": document.fingerprint,
        "plan": document.plan,
        "sets": list(document.sets),
        "force": list(document.force),
        "forbid": list(document.forbid),
        "limits": list(document.limits),
        "allow_shortfall": document.allow_shortfall,
        "solver": vars(document.solver),
        "seal": seal_of(document),
        "decisions": document.decisions,
    }
    text = json.dumps(content, indent=1, ensure_ascii=False, sort_keys=False) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def read_decisions(path: Path) -> dict[str, dict[str, str]]:
    """Read the decisions of a file that holds nothing else of a plan, such as a closed year.

    Raises
    ------
    PlanError
        If it is no such file.
    """
    return _decisions(_content(path), path)


def read_plan(path: Path) -> PlanDocument:
    """Read a plan file.

    Raises
    ------
    PlanError
        If it is no plan file, or one of another format.
    """
    return _document(_content(path), path)


def _content(path: Path) -> Any:
    try:
        if path.exists() and not path.is_file():  # a device may never end
            raise PlanError(f"{path} is no file: give a plan file, such as out/plan.json")
        if path.stat().st_size > _LARGEST:
            raise PlanError(f"{path} is larger than any plan file ({_LARGEST:,} bytes)")
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as why:
        raise PlanError(f"{path} cannot be read: {why.strerror}") from why
    except (ValueError, RecursionError) as why:
        raise PlanError(f"{path} is no plan file: {why}") from why


def _decisions(content: Any, path: Path) -> dict[str, dict[str, str]]:
    try:
        return {
            str(module): {str(column): str(value) for column, value in columns.items()}
            for module, columns in content["decisions"].items()
        }
    except (KeyError, TypeError, AttributeError) as why:
        raise PlanError(f"{path} holds no decisions: {why}") from why


def _document(content: Any, path: Path) -> PlanDocument:
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise PlanError(f"{path} is no plan file of format {FORMAT}; make it with replant plan")
    decisions = _decisions(content, path)
    try:
        solver = Solver(**{name: str(content["solver"][name]) for name in _SOLVER})
        texts = {name: str(content[name]) for name in _TEXTS}
        lists = {name: tuple(str(each) for each in content.get(name, ())) for name in _LISTS}
    except (KeyError, TypeError, AttributeError) as why:
        raise PlanError(f"{path} lacks a part of a plan file: {why}") from why
    allowed = content.get("allow_shortfall", False)
    if not isinstance(allowed, bool):
        raise PlanError(f"{path}: allow_shortfall is true or false, not {str(allowed)[:40]!r}")
    known: dict[str, Any] = {**texts, **lists, "allow_shortfall": allowed}
    seal = str(content.get("seal", ""))
    return PlanDocument(decisions=decisions, solver=solver, seal=seal, **known)


_SOLVER = ("name", "status", "value", "bound", "gap")
_TEXTS = ("case", "as_of", "folder", "fingerprint", "plan")
_LISTS = ("sets", "force", "forbid", "limits")
