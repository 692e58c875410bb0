"""What is decided once a scenario is known: volumes, shipments, and the cash chain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.footprint.axes import Axes, Names
from benchmarks.footprint.first_stage import FirstStage
from benchmarks.footprint.source import Firm
from replant.kernel import Expr, Problem, Stage
from replant.units import MONEY, ONE, PEOPLE, UNIT_VALUE, VOLUME

Floats = NDArray[np.float64]
# How volumes are tied to lines: by the line's capacity only; each model's volume too; each
# shipment too.
Link = Literal["agg", "x", "y"]


@dataclass(frozen=True, eq=False)
class Scenario:
    """What one scenario brings.

    Attributes
    ----------
    demand : ndarray, shape (models, markets, periods)
        What can be sold at most.
    price_factor : ndarray, shape (markets, periods)
        Times the price.
    cost_factor : ndarray, shape (plants, periods)
        Times the variable cost.
    """

    demand: Floats
    price_factor: Floats
    cost_factor: Floats


def unit_margins(firm: Firm, axes: Axes, price_factor: Floats) -> Floats:
    """Return price less tariff and freight, shape (routes, periods)."""
    plant, model = axes.pair_plant[axes.route_pair], axes.pair_model[axes.route_pair]
    market = axes.route_market
    price = firm["price"][model, market] * (1.0 - firm["tariff"][plant, market])
    margins: Floats = price[:, None] * price_factor[market]
    margins -= firm["lane"][plant, market][:, None]
    return margins


def unit_costs(firm: Firm, axes: Axes, cost_factor: Floats) -> Floats:
    """Return the variable cost, shape (pairs, periods)."""
    costs: Floats = firm["vc"][axes.pair_plant, axes.pair_model][:, None]
    return costs * cost_factor[axes.pair_plant]


def line_capacities(firm: Firm, axes: Axes) -> Floats:
    """Return what each line can make at most."""
    found: Floats = firm["linecap"][axes.line_plant, axes.line_platform]
    return found


def pair_limits(firm: Firm, axes: Axes, demand: Floats) -> Floats:
    """Return what each pair can make and sell at most, shape (pairs, periods)."""
    most = line_capacities(firm, axes)[axes.pair_line]
    limits: Floats = np.minimum(most[:, None], demand.sum(axis=1)[axes.pair_model])
    return limits


def route_limits(firm: Firm, axes: Axes, demand: Floats) -> Floats:
    """Return what each route can carry at most, shape (routes, periods)."""
    most = line_capacities(firm, axes)[axes.pair_line][axes.route_pair]
    wanted = demand[axes.pair_model[axes.route_pair], axes.route_market]
    limits: Floats = np.minimum(most[:, None], wanted)
    return limits


@dataclass(frozen=True, eq=False)
class _Columns:
    """All columns of a scenario."""

    volume: Expr
    shipped: Expr
    operating: Expr
    cash: Expr
    credit: Expr
    shortfall: Expr


class _Link(NamedTuple):
    """Rows by which what flows needs the line that makes it.

    ``flow`` is over pairs or routes, and periods; ``lines`` names the line of each pair or route;
    ``limits`` is the most that can flow, of the flow's shape.
    """

    name: str
    flow: Expr
    lines: Names
    limits: Floats
    rule: str


def operation(
    problem: Problem, firm: Firm, axes: Axes, first: FirstStage, scenario: Scenario, link: Link
) -> Expr:
    """Declare a scenario's columns and rows; return its part of the value."""
    columns = _declared(problem, firm, axes)
    with problem.owner("operation"):
        _require_balance(problem, axes, columns, scenario)
        _require_operating_cash(problem, firm, axes, columns, scenario)
        _require_capacity(problem, firm, axes, columns, first)
        for each in _links(firm, axes, columns, scenario, link):
            _require_link(problem, axes, first, each)
    with problem.owner("cash"):
        _require_cash_chain(problem, firm, columns, first)
    return _value(firm, axes, columns)


def weights(firm: Firm) -> tuple[Floats, Floats]:
    """Return what money of each period is worth: running (with what follows), and one-off."""
    one_off: Floats = firm["disc"]
    running = one_off.copy()
    running[-1] *= 1.0 + firm["tv"]
    return running, one_off


def _declared(problem: Problem, firm: Firm, axes: Axes) -> _Columns:
    period, late = axes.period, Stage.RECOURSE
    with problem.owner("operation"):
        volume = problem.variable("volume", axes.pair, period, unit=VOLUME, stage=late)
        shipped = problem.variable("shipped", axes.route, period, unit=VOLUME, stage=late)
    with problem.owner("cash"):
        operating = problem.variable(
            "operating_cash", period, unit=MONEY, stage=late, lower=-np.inf, derived=True
        )
        cash = problem.variable("cash", period, unit=MONEY, stage=late, lower=firm["minliq"])
        credit = problem.variable("credit", period, unit=MONEY, stage=late, upper=firm["revlim"])
        shortfall = problem.variable("shortfall", period, unit=MONEY, stage=late)
    return _Columns(volume, shipped, operating, cash, credit, shortfall)


def _require_balance(problem: Problem, axes: Axes, columns: _Columns, scenario: Scenario) -> None:
    problem.require(
        "balance",
        columns.volume - columns.shipped.into("route", axes.pair, axes.pairs_of_routes()),
        lower=0.0,
        upper=0.0,
        rule="what is made is shipped",
    )
    problem.require(
        "demand",
        columns.shipped.into("route", axes.sale, axes.sales_of_routes()),
        upper=scenario.demand.reshape(len(axes.sale), -1),
        rule="no more is shipped than is wanted",
    )


def _require_operating_cash(
    problem: Problem, firm: Firm, axes: Axes, columns: _Columns, scenario: Scenario
) -> None:
    margins = Expr.constant(
        unit_margins(firm, axes, scenario.price_factor), (axes.route, axes.period), UNIT_VALUE
    )
    costs = Expr.constant(
        unit_costs(firm, axes, scenario.cost_factor), (axes.pair, axes.period), UNIT_VALUE
    )
    problem.require(
        "operating_cash",
        columns.operating
        - (columns.shipped * margins).sum("route")
        + (columns.volume * costs).sum("pair"),
        lower=0.0,
        upper=0.0,
        rule="operating cash is what shipments bring less what making them costs",
    )


def _require_capacity(
    problem: Problem, firm: Firm, axes: Axes, columns: _Columns, first: FirstStage
) -> None:
    made = columns.volume.into("pair", axes.plant, axes.plants_of_pairs())
    problem.require(
        "plant_capacity",
        made - first.capacity,
        upper=0.0,
        rule="a plant makes no more than its capacity",
    )
    hours = Expr.constant(firm["lab"], unit=PEOPLE / VOLUME)
    problem.require(
        "labour", made * hours - first.heads, upper=0.0, rule="what is made needs people"
    )
    most = Expr.constant(line_capacities(firm, axes), (axes.line,), VOLUME / ONE)
    problem.require(
        "line_capacity",
        columns.volume.into("pair", axes.line, axes.lines_of_pairs()) - first.line * most,
        upper=0.0,
        rule="a line makes no more than its capacity, and nothing if it is not there",
    )


def _links(
    firm: Firm, axes: Axes, columns: _Columns, scenario: Scenario, link: Link
) -> Iterator[_Link]:
    """Yield the rows that tie volumes to lines more closely than the lines' capacity."""
    if link != "agg":
        yield _Link(
            "volume_needs_line",
            columns.volume,
            axes.lines_of_pairs(),
            pair_limits(firm, axes, scenario.demand),
            "a model is made on its line only, and no more of it than can be sold",
        )
    if link == "y":
        yield _Link(
            "shipment_needs_line",
            columns.shipped,
            axes.lines_of_routes(),
            route_limits(firm, axes, scenario.demand),
            "a model is shipped from its line only, and no more of it than the market wants",
        )


def _require_link(problem: Problem, axes: Axes, first: FirstStage, link: _Link) -> None:
    flow = link.flow.dims[0]
    line = first.line.along("line", flow, link.lines)
    problem.require(
        link.name,
        link.flow - line * Expr.constant(link.limits, (flow, axes.period), VOLUME),
        upper=0.0,
        rule=link.rule,
    )


def _require_cash_chain(problem: Problem, firm: Firm, columns: _Columns, first: FirstStage) -> None:
    begin = -firm["debt"]
    begin[0] += firm["cash0"] * (1.0 + firm["cint"])
    problem.require(
        "cash",
        columns.cash
        - columns.cash.lag("period") * (1.0 + firm["cint"])
        - first.running
        - first.one_off
        - columns.operating
        - columns.credit
        + columns.credit.lag("period") * (1.0 + firm["rint"])
        - columns.shortfall,
        lower=begin,
        upper=begin,
        rule="cash is that of the period before with interest, more what comes in, less debt due",
    )


def _value(firm: Firm, axes: Axes, columns: _Columns) -> Expr:
    running, one_off = (Expr.constant(each, (axes.period,)) for each in weights(firm))
    parts = (
        columns.operating * running,
        columns.cash * one_off * (firm["cint"] * 0.5),
        columns.credit * one_off * -firm["rint"],
        columns.shortfall * one_off * -firm["pen"],
    )
    return sum((part.sum() for part in parts[1:]), parts[0].sum())
