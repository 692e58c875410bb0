"""The road from a case to a verified plan."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from replant.case import Case
from replant.errors import Infeasible, NoPlan, PlanError, Unbounded
from replant.kernel import Program
from replant.plan.assemble import applying, assemble
from replant.plan.choices import Choices
from replant.plan.leafwise import snap_leaves
from replant.plan.planned import Planned
from replant.plan.snapping import ATTEMPTS, WARY, Missed, Snapped, snap
from replant.solve import Solution, SolveSettings, Status, solve
from replant.solve.interrupt import Interrupted, catch_interrupt, finish_first
from replant.solve.strategies import scenario_by_scenario
from replant.verify import Asked, Bound, Verification, evaluate, held_against, with_bound

__all__ = ["asked_of", "make_plan", "planned"]

# What a plan may miss where that is allowed, the cash floor, covenants and limits of the case; the
# report then says which, from when and by how much.
EXCUSED = ("I13", "limits")
ROUNDING = "rounding it to decimals"
COMPUTING = "computing it again in exact fractions"
# How often a plan that leans on the solver's tolerance is sought again, and by how much at least
# the rows that it leaned on are tightened.
_TIGHTENINGS, _HAIR = 4, 1e-6


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
    tell = (settings.on_stage if settings else None) or _silent
    asked = np.zeros(len(program.rows))
    again = None if settings is None else _of_the_tightened(program, settings)
    for _ in range(_TIGHTENINGS):
        with _rounding(program) as stop:
            found = _snapped(case, choices, program, solution, tell)
        if isinstance(found, Planned):
            return _stopped(found) if stop.requested else found
        if stop.requested:
            raise KeyboardInterrupt
        asked = np.maximum(2.0 * asked, np.where(found.rows > 0.0, found.rows + _HAIR, 0.0))
        solution = solve(_tightened(program, asked), again)
        if solution.values is None:
            break
        solution = replace(solution, bound=bound)
    raise PlanError("no rounding of the plan keeps every rule: the plan is too tight by a hair")


def _rounding(program: Program) -> AbstractContextManager[Interrupted]:
    """Return what hears a person who asks to stop while a plan is rounded.

    It takes seconds and makes the plan, so it is finished first. Where there are scenarios it may
    take minutes, and hears for itself.
    """
    return finish_first() if len(program.blocks) == 1 else nullcontext(Interrupted())


def _stopped(plan: Planned) -> Planned:
    """Return a plan after which no more is wanted."""
    return replace(plan, solution=replace(plan.solution, status=Status.INTERRUPTED))


def _of_the_tightened(program: Program, settings: SolveSettings) -> SolveSettings:
    """Return how to solve a tightened program: another problem, so what is on disk is not of it.

    Where no plan begun with is ever given up for a lesser one, one that misses by a hair would
    come out again and again.
    """
    kept = not scenario_by_scenario(program, settings)
    return replace(settings, saving=None, start=settings.start if kept else None)


def _tightened(program: Program, asked: NDArray[np.float64]) -> Program:
    """Return the program with rows that ask for more than the solver's tolerance forgives."""
    rows = program.rows
    more = np.where(rows.upper - rows.lower > 2.0 * asked + 1e-9, asked, 0.0)
    return program.with_bounds(row_lower=rows.lower + more, row_upper=rows.upper - more)


def _snapped(
    case: Case,
    choices: Choices,
    program: Program,
    solution: Solution,
    tell: Callable[[str], None],
) -> Planned | Missed:
    """Return the first rounding in which the exact engine finds no breach; else the last."""
    assert solution.values is not None
    least = {
        f"{module.name}.{name}"
        for module in applying(case)
        for name in getattr(module, "least", ())
    }
    attempts = ATTEMPTS if len(program.blocks) == 1 else WARY
    plan: Planned | None = None
    for first in range(len(attempts)):
        snapped = _rounded(program, solution.values, first, least, tell)
        if isinstance(snapped, Missed):
            return snapped if plan is None else plan
        tell(COMPUTING)
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


def _rounded(
    program: Program,
    values: NDArray[np.float64],
    first: int,
    least: set[str],
    tell: Callable[[str], None],
) -> Snapped | Missed:
    """Return the decimals; with scenarios a person may stop it between any two of its steps."""
    if len(program.blocks) == 1:
        tell(ROUNDING)
        return snap(program, values, first, least)
    with catch_interrupt() as stop:

        def step(text: str) -> None:
            if stop.requested:
                raise KeyboardInterrupt
            tell(text)

        found = snap_leaves(program, values, first, least, step)
    if stop.requested:
        raise KeyboardInterrupt
    return found


def _silent(text: str) -> None:
    """Tell nobody."""


def _verified(plan: Planned) -> Verification:
    """Return the exact evaluation, with a breach for every row on which the two differ."""
    name = plan.choices.plan
    asked = Asked() if name else asked_of(plan.choices)
    exact = evaluate(plan.case, plan.decisions, plan=name, asked=asked)
    claimed = {
        leaf.name: [
            (stream, labels, value)
            for stream, elements in leaf.plan.rows.items()
            for labels, value in elements.items()
        ]
        for leaf in plan.leaves
    }
    found = with_bound(held_against(exact, claimed), plan.bound)
    return found.without(*EXCUSED) if plan.choices.allow_shortfall else found


def asked_of(choices: Choices) -> Asked:
    """Return what choices bind a plan to, as the exact engine checks it."""
    return Asked(
        force=choices.force,
        forbid=choices.forbid,
        bounds=tuple(
            Bound(each.stream, each.labels, _exact(each.lower), _exact(each.upper), each.rule)
            for each in choices.limits
        ),
    )


def _exact(bound: float | None) -> Fraction | None:
    """Return the decimal that was written, and not the binary number next to it."""
    return None if bound is None else Fraction(repr(float(bound)))
