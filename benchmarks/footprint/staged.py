"""A firm with many scenarios in two stages; a scenario's arrays are made when they are asked for.

One scenario is declared on the kernel and assembled: the template. Another scenario has the same
rows, columns and places of coefficients; only demand, margins, costs and the limits in the links
differ, and these alone are written anew. Held in memory are the template and the factors.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from benchmarks.footprint.axes import Axes, axes_of
from benchmarks.footprint.operation import (
    Link,
    Scenario,
    pair_limits,
    route_limits,
    unit_costs,
    unit_margins,
)
from benchmarks.footprint.problem import program_of, scenario_names, scenario_of
from benchmarks.footprint.source import Firm, Scenarios
from replant.kernel import Program
from replant.solve.staged import Recourse, Staged, staged_of

Floats = NDArray[np.float64]


def staged_firm(firm: Firm, scenarios: Scenarios, link: Link = "y") -> Staged:
    """Return a firm with its scenarios in two stages.

    Shipments to markets that never want a model are left out. Each link of a shipment or a volume
    to its line is a row with one column of the scenario, so that it may be taken as a bound.
    """
    program = _template(firm, link)
    axes = axes_of(firm, wanted_only=True)
    staged = staged_of(program)
    part = staged.make(0)
    make = ScenarioMaker(firm, axes, scenarios, part, *_places(program, axes, part))
    names = scenario_names(scenarios["S"])
    return replace(staged, probabilities=scenarios["prob"], names=names, make=make)


@dataclass(frozen=True, eq=False)
class ScenarioMaker:
    """Makes the part of one scenario from the template.

    Attributes
    ----------
    template : Recourse
        A scenario like any other.
    operating_cash : slice
        Coefficients of the rows that add up operating cash, period by period.
    pair_links, route_links : slice
        Coefficients of lines in the links; empty where the model has none.
    demand : slice
        The rows that limit sales.
    sales : ndarray
        Which sale and period each of these is, flat.
    """

    firm: Firm
    axes: Axes
    scenarios: Scenarios
    template: Recourse
    operating_cash: slice
    pair_links: slice
    route_links: slice
    demand: slice
    sales: NDArray[np.int32]

    def __call__(self, number: int) -> Recourse:
        """Return the part of a scenario."""
        scenario = scenario_of(self.scenarios, number)
        template = self.template
        row_upper = template.row_upper.copy()
        row_upper[self.demand] = scenario.demand.ravel()[self.sales]
        return replace(
            template,
            matrix=_with_data(template.matrix, self._coefficients(scenario)),
            technology=_with_data(template.technology, self._limits(scenario)),
            row_upper=row_upper,
        )

    def _coefficients(self, scenario: Scenario) -> Floats:
        data = self.template.matrix.data.copy()
        pairs = len(self.axes.pair)
        # In each period's row: all volumes, then all shipments, then operating cash itself.
        rows = data[self.operating_cash].reshape(len(self.axes.period), -1)
        rows[:, :pairs] = unit_costs(self.firm, self.axes, scenario.cost_factor).T
        rows[:, pairs:-1] = -unit_margins(self.firm, self.axes, scenario.price_factor).T
        return data

    def _limits(self, scenario: Scenario) -> Floats:
        data = self.template.technology.data.copy()
        if self.pair_links.stop > self.pair_links.start:
            data[self.pair_links] = -pair_limits(self.firm, self.axes, scenario.demand).ravel()
        if self.route_links.stop > self.route_links.start:
            data[self.route_links] = -route_limits(self.firm, self.axes, scenario.demand).ravel()
        return data


def _template(firm: Firm, link: Link) -> Program:
    """Return the program of one scenario in which every sale is wanted, so no limit is zero."""
    shape = firm["M"], firm["R"], firm["T"]
    one = {
        "S": 1,
        "D": np.ones((1, *shape)),
        "pm": np.ones((1, *shape[1:])),
        "cm": np.ones((1, firm["P"], firm["T"])),
        "prob": np.ones(1),
    }
    return program_of(firm, one, link, wanted_only=True)


def _places(
    program: Program, axes: Axes, part: Recourse
) -> tuple[slice, slice, slice, slice, NDArray[np.int32]]:
    """Return where in the template's arrays the figures of a scenario stand."""
    cash, pairs, routes, demand = (
        _rows(program, name)
        for name in ("operating_cash", "volume_needs_line", "shipment_needs_line", "demand")
    )
    operating = _entries(part.matrix, cash)
    pair_links, route_links = (_entries(part.technology, rows) for rows in (pairs, routes))
    periods = len(axes.period)
    sizes = (
        (operating, periods * (len(axes.pair) + len(axes.route) + 1)),
        (pair_links, len(axes.pair) * periods if pairs.stop > pairs.start else 0),
        (route_links, len(axes.route) * periods if routes.stop > routes.start else 0),
    )
    if any(place.stop - place.start != size for place, size in sizes):
        raise ValueError("a margin or a cost of this firm is exactly zero: no place to write it")
    first = program.blocks[0].rows.start
    sales = program.rows.labels.element[first + demand.start : first + demand.stop]
    return operating, pair_links, route_links, demand, sales


def _rows(program: Program, name: str) -> slice:
    """Return the rows of a name among the scenario's, which stand together."""
    labels = program.rows.labels.taken(program.blocks[0].rows)
    numbers = [number for number, each in enumerate(labels.families) if each.name == name]
    found = np.flatnonzero(np.isin(labels.family, numbers))
    return slice(int(found[0]), int(found[-1]) + 1) if len(found) else slice(0, 0)


def _entries(matrix: csr_matrix, rows: slice) -> slice:
    return slice(int(matrix.indptr[rows.start]), int(matrix.indptr[rows.stop]))


def _with_data(matrix: csr_matrix, data: Floats) -> csr_matrix:
    return csr_matrix((data, matrix.indices, matrix.indptr), shape=matrix.shape)
