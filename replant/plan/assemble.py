"""Case in, Program out: every module that applies builds, scenario by scenario."""

from __future__ import annotations

from replant.case import Case
from replant.errors import ModuleError
from replant.kernel import Problem, Program
from replant.module import Builder, Finisher, Module, declare_core_streams, discover
from replant.plan.choices import Choices

__all__ = ["applying", "assemble"]


def applying(case: Case) -> tuple[Module, ...]:
    """Return the modules that have something to do in a case."""
    return tuple(module for module in discover() if module.applies(case))


def assemble(
    case: Case, choices: Choices | None = None, modules: tuple[Module, ...] | None = None
) -> Program:
    """Build the labelled matrix of a case.

    Parameters
    ----------
    case : Case
        The case; with scenarios, each gets a block of its own.
    choices : Choices, optional
        What is forced, forbidden or bounded besides the case's own tables.
    modules : tuple of Module, optional
        The modules to use; all that apply if not given.
    """
    chosen = choices or Choices()
    scenarios = _scenarios(case)
    problem = Problem(scenarios)
    declare_core_streams(problem)
    last: list[tuple[str, Case, Finisher]] = []
    for name, _ in scenarios:
        seen = case.in_scenario(name) if case.leaves else case
        with problem.scenario(name):
            found = _build(problem, seen, chosen, applying(seen) if modules is None else modules)
        last += [(name, seen, finisher) for finisher in found]
    program = problem.assemble()
    rows = [row for name, seen, finish in last for row in finish(program, seen, name)]
    return program.with_rows(rows + chosen.rows(program, case))


def _scenarios(case: Case) -> tuple[tuple[str, float], ...]:
    if not case.leaves:
        return (("base", 1.0),)
    return tuple((each.id, float(each.probability)) for each in case.leaves)


def _build(
    problem: Problem, case: Case, choices: Choices, modules: tuple[Module, ...]
) -> list[Finisher]:
    """Let every module build; return what they add once the matrix is whole."""
    finishers: list[Finisher] = []
    for module in modules:
        builder = Builder(problem, case, module.name, allow_shortfall=choices.allow_shortfall)
        builder.finishers = finishers
        with problem.owner(module.name):
            module.build(case, builder)
    if not any(module.name == "value" for module in modules):
        raise ModuleError("the case has no table valuation: nothing says what a plan is worth")
    centre = Builder(problem, case, "plan")
    with problem.owner("plan"):
        for limit in choices.limits:
            limit.require(centre)
        parts = ("operating", "investing", "terminal", "beyond", "financing")
        first, *others = (problem.total("value", part=part) for part in parts)
        problem.objective(sum(others, start=first) - problem.total("penalty"))
    return finishers
