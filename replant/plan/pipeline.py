"""The road from a case to a verified plan."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from replant.case import Case
from replant.errors import Infeasible, NoPlan, PlanError, Unbounded
from replant.kernel import Program
from replant.ledger import Clock
from replant.module import Sentence, calendars_of
from replant.plan.assemble import applying, assemble
from replant.plan.choices import Choices
from replant.plan.decisions import Decisions, decisions_of
from replant.plan.document import PlanDocument, Solver
from replant.plan.snapping import ATTEMPTS, Missed, snap
from replant.solve import Solution, SolveSettings, Status, solve
from replant.verify import Verification, compare, evaluate

__all__ = ["Planned", "make_plan"]

# A comparator may miss the cash floor; the report then says from when and by how much.
FLOOR = "I13"
# How often a plan that leans on the solver's tolerance is sought again, and by how much at least
# the rows that it leaned on are tightened.
_TIGHTENINGS, _HAIR = 4, 1e-6


@dataclass(frozen=True, eq=False)
class Planned:
    """A plan with all that stands behind it.

    Parameters
    ----------
    case : Case
        The case that was planned.
    choices : Choices
        What was forced, forbidden or bounded.
    program : Program
        The labelled matrix.
    solution : Solution
        What the solver said.
    values : ndarray
        The snapped plan and what follows from it, shape (columns,).
    verification : Verification
        The exact second evaluation, with every difference between the two.
    """

    case: Case
    choices: Choices
    program: Program
    solution: Solution
    values: NDArray[np.float64]
    verification: Verification

    @cached_property
    def decisions(self) -> Decisions:
        """The decisions as decimals."""
        return decisions_of(self.program, self.values)

    @cached_property
    def taken(self) -> dict[str, float]:
        """The columns that are not zero: label to value."""
        columns = self.program.columns
        found = np.flatnonzero(self.values).tolist()
        return {columns.label(column): float(self.values[column]) for column in found}

    @property
    def value(self) -> float:
        """The exact value, as the second engine computes it."""
        return float(self.verification.value)

    @property
    def bound(self) -> float:
        """The proven bound on the value; for a plan that falls short, with its own shortfall.

        Such a plan was sought by value less a penalty on what it falls short, and so was its
        bound.
        """
        return self.solution.bound + sum(self.rows.get("penalty", {}).values())

    @property
    def gap(self) -> float:
        """How far above the plan's exact value the proven bound lies."""
        return max(0.0, self.bound - self.value)

    @cached_property
    def rows(self) -> dict[str, dict[tuple[str, ...], float]]:
        """Every stream element at the snapped plan: stream to labels to value."""
        scenario = self.program.blocks[0].name if len(self.program.blocks) > 1 else None
        found: dict[str, dict[tuple[str, ...], float]] = {}
        for figure in self.program.streams.frame(self.values, scenario):
            found.setdefault(figure.stream, {})[figure.labels] = figure.value
        return found

    def row(self, stream: str, *labels: str) -> float:
        """Return the value of a stream's element; 0 where nobody posted."""
        return self.rows.get(stream, {}).get(labels, 0.0)

    @property
    def falls_short(self) -> bool:
        """Whether cash falls below its floor somewhere (only a comparator may)."""
        return any(value > 1e-9 for value in self.rows.get("shortfall", {}).values())

    def sentences(self) -> tuple[Sentence, ...]:
        """Return what every module says of the plan, in the order of time."""
        told = [
            sentence
            for module in applying(self.case)
            for sentence in module.explain(_ToldPlan(self, module.name))
        ]
        order = {each.id: number for number, each in enumerate(self.case.periods, 1)}
        return tuple(sorted(told, key=lambda each: order.get(each.period, 0)))

    def document(self, folder: Path, **asked: tuple[str, ...]) -> PlanDocument:
        """Return the plan file's content for a plan written into a folder."""
        return PlanDocument(
            case=self.case.name,
            as_of=self.case.as_of.isoformat(),
            folder=_relative(self.case.path, folder),
            fingerprint=self.case.fingerprint,
            plan=self.choices.plan or "best",
            decisions=self.decisions,
            solver=Solver(
                name=self.solution.solver,
                status=self.solution.status.value,
                value=f"{self.value:.6f}",
                bound=f"{self.bound:.6f}",
                gap=f"{self.gap:.6f}",
            ),
            **asked,
        )


def _relative(path: Path | None, folder: Path) -> str:
    """Return a path as seen from a folder; a case made in memory has none."""
    if path is None:
        return ""
    return Path(os.path.relpath(str(path), str(folder))).as_posix()


@dataclass(frozen=True, eq=False)
class _ToldPlan:
    """A plan as one module may ask about it."""

    plan: Planned
    module: str

    @property
    def case(self) -> Case:
        """The case that was planned."""
        return self.plan.case

    @cached_property
    def clock(self) -> Clock:
        """The case's time conventions."""
        return Clock(self.case.periods, calendars_of(self.case))

    def chosen(self, name: str) -> Mapping[tuple[str, ...], float]:
        """Return this module's columns of one name that are not zero."""
        return dict(self._chosen(name))

    def _chosen(self, name: str) -> Iterator[tuple[tuple[str, ...], float]]:
        prefix = f"{self.module}.{name}["
        for label, value in self.plan.taken.items():
            if label.startswith(prefix):
                yield tuple(label[len(prefix) : -1].split(",")), value

    def stream(self, stream: str, *labels: str) -> float:
        """Return the value of a stream's element (0 where nobody posted)."""
        return self.plan.row(stream, *labels)


def make_plan(
    case: Case,
    choices: Choices | None = None,
    settings: SolveSettings | None = None,
    program: Program | None = None,
) -> Planned:
    """Plan a case: assemble, solve, snap to decimals, verify.

    Parameters
    ----------
    case : Case
        The case.
    choices : Choices, optional
        What is forced, forbidden or bounded.
    settings : SolveSettings, optional
        Gap, time limit, whom to tell.
    program : Program, optional
        The assembled program of exactly this case and these choices, where it is at hand.

    Raises
    ------
    Infeasible
        If no plan keeps every rule.
    NoPlan
        If time ran out before any plan was found.
    """
    chosen = choices or Choices()
    whole = assemble(case, chosen) if program is None else program
    solution = solve(whole, settings)
    return planned(case, chosen, whole, solution, settings)


def planned(
    case: Case,
    choices: Choices,
    program: Program,
    solution: Solution,
    settings: SolveSettings | None = None,
) -> Planned:
    """Snap and verify what a solver found; see `make_plan`."""
    if solution.status is Status.INFEASIBLE:
        raise Infeasible("no plan keeps every rule")
    if solution.status is Status.UNBOUNDED:
        raise Unbounded("the plan's value has no bound: some price or cost is missing a limit")
    if solution.values is None:
        raise NoPlan(f"no plan was found in {solution.seconds:.0f} seconds: allow more time")
    bound = solution.bound
    asked = np.zeros(len(program.rows))
    for _ in range(_TIGHTENINGS):
        found = _snapped(case, choices, program, solution)
        if isinstance(found, Planned):
            return found
        asked = np.maximum(2.0 * asked, np.where(found.rows > 0.0, found.rows + _HAIR, 0.0))
        solution = solve(_tightened(program, asked), settings)
        if solution.values is None:
            break
        solution = replace(solution, bound=bound)
    raise PlanError("no rounding of the plan keeps every rule: the plan is too tight by a hair")


def _tightened(program: Program, asked: NDArray[np.float64]) -> Program:
    """Return the program with rows that ask for more than the solver's tolerance forgives."""
    rows = program.rows
    more = np.where(rows.upper - rows.lower > 2.0 * asked + 1e-9, asked, 0.0)
    return program.with_bounds(row_lower=rows.lower + more, row_upper=rows.upper - more)


def _snapped(
    case: Case, choices: Choices, program: Program, solution: Solution
) -> Planned | Missed:
    """Return the first rounding in which the exact engine finds no breach; else the last."""
    assert solution.values is not None
    least = {
        f"{module.name}.{name}"
        for module in applying(case)
        for name in getattr(module, "least", ())
    }
    plan: Planned | None = None
    for first in range(len(ATTEMPTS)):
        snapped = snap(program, solution.values, first, least)
        if isinstance(snapped, Missed):
            return snapped if plan is None else plan
        plan = Planned(
            case=case,
            choices=choices,
            program=program,
            solution=solution,
            values=snapped.values,
            verification=evaluate(case, {}, among=()),
        )
        plan = replace(plan, verification=_verified(plan))
        if not plan.verification.breaches:
            break
    assert plan is not None
    return plan


def _verified(plan: Planned) -> Verification:
    """Return the exact evaluation, with a breach for every row on which the two differ."""
    exact = evaluate(plan.case, plan.decisions, plan=plan.choices.plan)
    claimed = [
        (stream, labels, value)
        for stream, elements in plan.rows.items()
        if stream in exact.books.streams()
        for labels, value in elements.items()
    ]
    differences = compare(exact.books, claimed)
    found = replace(exact, breaches=(*exact.breaches, *differences))
    return found.without(FLOOR) if plan.choices.allow_shortfall else found
