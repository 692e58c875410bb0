"""The footprint model on replant's kernel: the model of the reference, maximised."""

from __future__ import annotations

from benchmarks.footprint.axes import Axes, axes_of
from benchmarks.footprint.first_stage import first_stage
from benchmarks.footprint.operation import Link, Scenario, operation, weights
from benchmarks.footprint.source import Firm, Scenarios, base
from replant.kernel import Expr, Problem, Program


def program_of(
    firm: Firm,
    scenarios: Scenarios | None = None,
    link: Link = "y",
    *,
    wanted_only: bool = False,
) -> Program:
    """Return the assembled model of a firm.

    Parameters
    ----------
    firm : mapping
        The arrays of the firm.
    scenarios : mapping, optional
        Demand, price and cost factors; the base alone if not given.
    link : {"agg", "x", "y"}
        How volumes are tied to lines.
    wanted_only : bool
        Leave out shipments to markets that never want the model.
    """
    return problem_of(firm, scenarios, link, wanted_only=wanted_only).assemble()


def problem_of(
    firm: Firm,
    scenarios: Scenarios | None = None,
    link: Link = "y",
    *,
    wanted_only: bool = False,
) -> Problem:
    """Return the model of a firm, declared; see `program_of`."""
    known = base(firm) if scenarios is None else scenarios
    axes = axes_of(firm, wanted_only=wanted_only)
    names = scenario_names(known["S"])
    problem = Problem(tuple(zip(names, known["prob"].tolist(), strict=True)))
    for number, name in enumerate(names):
        with problem.scenario(name):
            first = first_stage(problem, firm, axes)
            value = operation(problem, firm, axes, first, scenario_of(known, number), link)
            problem.objective(value + _worth(firm, axes, first.running, first.one_off))
    return problem


def scenario_names(count: int) -> tuple[str, ...]:
    """Return the names of so many scenarios."""
    return tuple(f"scenario{number}" for number in range(1, count + 1))


def scenario_of(scenarios: Scenarios, number: int) -> Scenario:
    """Return what one scenario brings."""
    return Scenario(scenarios["D"][number], scenarios["pm"][number], scenarios["cm"][number])


def _worth(firm: Firm, axes: Axes, running: Expr, one_off: Expr) -> Expr:
    factors = (Expr.constant(each, (axes.period,)) for each in weights(firm))
    parts = [
        (flow * factor).sum() for flow, factor in zip((running, one_off), factors, strict=True)
    ]
    return parts[0] + parts[1]
