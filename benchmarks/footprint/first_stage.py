"""What is decided before a scenario is known: plant paths, lines, platforms, people, deals."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

import numpy as np

from benchmarks.footprint.axes import STATES, Axes
from benchmarks.footprint.source import Firm, generator
from replant.kernel import Dimension, Expr, Problem
from replant.units import MONEY, PAY, PEOPLE, VOLUME

# The rows and columns are declared in the order of the reference model, so that both matrices
# can be compared entry for entry.


@dataclass(frozen=True)
class Arc:
    """A way from one state of a plant to another, or to stay in it."""

    source: str
    target: str
    lead: int
    capacity_share: float
    fixed_share: float
    cost: str | None
    cost_factor: float
    sale_factor: float

    @property
    def name(self) -> str:
        """Name of its columns."""
        stays = self.source == self.target
        return f"stay_{self.source}" if stays else f"{self.source}_to_{self.target}"


@dataclass(frozen=True, eq=False)
class FirstStage:
    """The columns that operation and the value refer to.

    ``running`` and ``one_off`` are cash flows of a period; the first go on after the horizon.
    """

    running: Expr
    one_off: Expr
    capacity: Expr
    line: Expr
    heads: Expr


@dataclass(frozen=True, eq=False)
class _Columns:
    """All columns of the first stage."""

    running: Expr
    one_off: Expr
    capacity: Expr
    open: Expr
    paths: tuple[tuple[Arc, Expr], ...]
    active: Expr
    dropped: Expr
    line: Expr
    installed: Expr
    heads: Expr
    hired: Expr
    fired: Expr
    deal: Expr


def arcs() -> tuple[Arc, ...]:
    """Return the arcs between the states of a plant, as the generator lists them."""
    return tuple(
        Arc(STATES[source], STATES[target], *rest) for source, target, *rest in generator().ARCS
    )


def first_stage(problem: Problem, firm: Firm, axes: Axes) -> FirstStage:
    """Declare the columns and rows of the first stage."""
    columns = _declared(problem, axes)
    with problem.owner("cash"):
        _require_cash(problem, firm, axes, columns)
    with problem.owner("paths"):
        _require_paths(problem, firm, axes, columns)
    with problem.owner("lines"):
        _require_lines(problem, firm, axes, columns)
    with problem.owner("people"):
        _require_people(problem, firm, axes, columns)
    with problem.owner("deals"):
        _require_deals(problem, axes, columns)
    return FirstStage(
        columns.running, columns.one_off, columns.capacity, columns.line, columns.heads
    )


def _declared(problem: Problem, axes: Axes) -> _Columns:
    plant, period, line = axes.plant, axes.period, axes.line
    free = -np.inf
    with problem.owner("cash"):
        running = problem.variable("running_cash", period, unit=MONEY, lower=free, derived=True)
        one_off = problem.variable("one_off_cash", period, unit=MONEY, lower=free, derived=True)
    with problem.owner("paths"):
        capacity = problem.variable("capacity", plant, period, unit=VOLUME, derived=True)
        opened = problem.variable("open", plant, period, upper=1.0, derived=True)
        paths = tuple(
            (arc, problem.variable(arc.name, plant, _starts(axes, arc), upper=1.0, integer=True))
            for arc in arcs()
        )
    with problem.owner("lines"):
        active = problem.variable("active", axes.platform, period, upper=1.0, integer=True)
        dropped = problem.variable("dropped", axes.platform, period, upper=1.0, derived=True)
        kept = problem.variable("line", line, period, upper=1.0, integer=True)
        installed = problem.variable("installed", line, period, upper=1.0, integer=True)
    with problem.owner("people"):
        people = [
            problem.variable(name, plant, period, unit=PEOPLE)
            for name in ("heads", "hired", "fired")
        ]
    with problem.owner("deals"):
        deal = problem.variable("deal", axes.deal, period, upper=1.0, integer=True)
    return _Columns(
        running, one_off, capacity, opened, paths, active, dropped, kept, installed, *people, deal
    )


def _starts(axes: Axes, arc: Arc) -> Dimension:
    """Return the periods in which an arc can start so that it arrives within the horizon."""
    return Dimension("start", axes.period.labels[: len(axes.period) - arc.lead + 1])


def _later(axes: Axes, path: Expr, by: int) -> Expr:
    """Return a path's columns in the period that is ``by`` after their start, if there is one."""
    starts, periods = path.dims[1], axes.period.labels
    if by + len(starts) <= len(periods):
        return path.into("start", axes.period, periods[by : by + len(starts)])
    return path.into("start", axes.period, starts.labels).lag("period", by)


def _sum(parts: Iterable[Expr]) -> Expr:
    return reduce(operator.add, parts)


# -- cash ------------------------------------------------------------------------------------------


def _require_cash(problem: Problem, firm: Firm, axes: Axes, columns: _Columns) -> None:
    running = columns.running + _sum(_running_costs(firm, axes, columns))
    problem.require(
        "running_cash",
        running,
        lower=-firm["other"],
        upper=-firm["other"],
        rule="running cash is what plants, platforms, lines, people, leases and the rest cost",
    )
    problem.require(
        "one_off_cash",
        columns.one_off + _sum(_one_off_costs(firm, axes, columns)),
        lower=0.0,
        upper=0.0,
        rule="one-off cash is what changes of plants, lines, platforms and people cost or bring",
    )


def _running_costs(firm: Firm, axes: Axes, columns: _Columns) -> Iterable[Expr]:
    for arc, path in columns.paths:
        cost = firm["fixed"] * arc.fixed_share
        if arc.source == arc.target == "hosting":
            cost = cost - firm["fee"]
        per_period = path * Expr.constant(cost, (axes.plant,), MONEY)
        for by in range(arc.lead):
            yield _later(axes, per_period, by).sum("plant")
    yield (columns.active * Expr.constant(firm["eng"], (axes.platform,), MONEY)).sum("platform")
    fixed = firm["linefix"][axes.line_plant, axes.line_platform]
    yield (columns.line * Expr.constant(fixed, (axes.line,), MONEY)).sum("line")
    yield (columns.heads * Expr.constant(firm["wage"], (axes.plant,), PAY)).sum("plant")
    rent = (columns.deal * Expr.constant(firm["lease"], (axes.deal,), MONEY)).sum("deal")
    for by in range(1, len(axes.period)):
        yield rent.lag("period", by)


def _one_off_costs(firm: Firm, axes: Axes, columns: _Columns) -> Iterable[Expr]:
    for arc, path in columns.paths:
        if arc.cost is not None:
            cost = Expr.constant(arc.cost_factor * firm["costs"][arc.cost], (axes.plant,), MONEY)
            yield _later(axes, path * cost, 0).sum("plant")
        if arc.sale_factor:
            price = Expr.constant(arc.sale_factor * firm["sale"], (axes.plant,), MONEY)
            yield -_later(axes, path * price, arc.lead - 1).sum("plant")
    dropping = Expr.constant(firm["dropc"], (axes.platform,), MONEY)
    yield (columns.dropped * dropping).sum("platform")
    tooling = firm["toolc"][axes.line_plant, axes.line_platform]
    yield (columns.installed * Expr.constant(tooling, (axes.line,), MONEY)).sum("line")
    yield (columns.hired * Expr.constant(firm["hire"], (axes.plant,), PAY)).sum("plant")
    yield (columns.fired * Expr.constant(firm["sev"], (axes.plant,), PAY)).sum("plant")
    yield -(columns.deal * Expr.constant(firm["proceeds"], (axes.deal,), MONEY)).sum("deal")


# -- paths -----------------------------------------------------------------------------------------


def _require_paths(problem: Problem, firm: Firm, axes: Axes, columns: _Columns) -> None:
    running = [(arc, path) for arc, path in columns.paths if arc.capacity_share]
    volume = [
        _later(
            axes, path * Expr.constant(arc.capacity_share * firm["cap"], (axes.plant,), VOLUME), by
        )
        for arc, path in running
        for by in range(arc.lead)
    ]
    problem.require(
        "capacity",
        columns.capacity - _sum(volume),
        lower=0.0,
        upper=0.0,
        rule="a plant's capacity follows from its state",
    )
    opened = [_later(axes, path, by) for arc, path in running for by in range(arc.lead)]
    problem.require(
        "open",
        columns.open - _sum(opened),
        lower=0.0,
        upper=0.0,
        rule="a plant is open while its state lets it make anything",
    )
    begins = np.zeros((len(axes.plant), len(axes.period), len(axes.state)))
    begins[:, 0, axes.state.index("operating")] = 1.0
    problem.require(
        "path",
        _sum(_leaving_less_arriving(axes, columns)),
        lower=begins,
        upper=begins,
        rule="a plant leaves each state as often as it comes into it, and begins operating",
    )


def _leaving_less_arriving(axes: Axes, columns: _Columns) -> Iterable[Expr]:
    for arc, path in columns.paths:
        yield _later(axes, path, 0) * _only(axes, arc.source)
        yield -_later(axes, path, arc.lead) * _only(axes, arc.target)


def _only(axes: Axes, state: str) -> Expr:
    return Expr.constant([float(each == state) for each in STATES], (axes.state,))


# -- lines and platforms ---------------------------------------------------------------------------


def _require_lines(problem: Problem, firm: Firm, axes: Axes, columns: _Columns) -> None:
    active, period = columns.active, axes.period
    after = Dimension("period_after", period.labels[1:])
    problem.require(
        "stays_dropped",
        active.along("period", after, after.labels)
        - active.along("period", after, period.labels[:-1]),
        upper=0.0,
        rule="a platform that is dropped stays dropped",
    )
    first = np.zeros((len(axes.platform), len(period)))
    first[:, 0] = 1.0
    problem.require(
        "dropped",
        columns.dropped + active - active.lag("period"),
        lower=first,
        upper=first,
        rule="a platform is dropped in the period in which it ceases to be active",
    )
    there = np.zeros((len(axes.line), len(period)))
    there[:, 0] = firm["init"][axes.line_plant, axes.line_platform]
    line = columns.line
    problem.require(
        "line",
        line - line.lag("period") - columns.installed.lag("period", firm["toollead"]),
        upper=there,
        rule="a line is there because it was, or because it was installed in time",
    )
    problem.require(
        "line_in_open_plant",
        line - columns.open.along("plant", axes.line, axes.plants_of_lines()),
        upper=0.0,
        rule="a line needs an open plant",
    )
    problem.require(
        "line_of_active_platform",
        line - active.along("platform", axes.line, axes.platforms_of_lines()),
        upper=0.0,
        rule="a line needs an active platform",
    )


# -- people and deals ------------------------------------------------------------------------------


def _require_people(problem: Problem, firm: Firm, axes: Axes, columns: _Columns) -> None:
    begin = np.zeros((len(axes.plant), len(axes.period)))
    begin[:, 0] = firm["heads0"]
    problem.require(
        "heads",
        columns.heads - columns.heads.lag("period") - columns.hired + columns.fired,
        lower=begin,
        upper=begin,
        rule="people are those of the period before, more those hired, less those let go",
    )


def _require_deals(problem: Problem, axes: Axes, columns: _Columns) -> None:
    sales = [
        path.along("plant", axes.deal, axes.plants_of_deals()).sum("start")
        for arc, path in columns.paths
        if arc.target == "sold" != arc.source
    ]
    problem.require(
        "deal",
        _sum([columns.deal.sum("period"), *sales]),
        upper=1.0,
        rule="a plant is leased back once at most, and then not sold",
    )
