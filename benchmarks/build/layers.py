"""The same problem through five layers, each up to a model that HiGHS has taken in.

Every function returns (columns, rows, nonzeros) as HiGHS counts them, so that a layer cannot win
by building less.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.build.instance import Instance

Size = tuple[int, int, int]


def by_hand(data: Instance) -> Size:
    """Fill the arrays with numpy, row by row of the final matrix, and pass them."""
    flows, lines = int(np.prod(data.flow_shape)), int(np.prod(data.line_shape))
    flow = np.arange(flows, dtype=np.int32).reshape(data.flow_shape)
    line = flows + np.arange(lines, dtype=np.int32).reshape(data.line_shape)
    link = np.empty((flows, 2), dtype=np.int32)
    link[:, 0] = flow.ravel()
    link[:, 1] = np.broadcast_to(line[:, :, None, :], data.flow_shape).ravel()
    value = np.empty((flows, 2))
    value[:, 0] = 1.0
    value[:, 1] = -np.broadcast_to(data.most[..., None], data.flow_shape).ravel()
    capacity = flow.transpose(0, 3, 1, 2).reshape(data.plants * data.periods, -1)
    demand = flow.transpose(1, 2, 3, 0).reshape(-1, data.plants)
    indices = np.concatenate([link.ravel(), capacity.ravel(), demand.ravel()])
    values = np.concatenate([value.ravel(), np.ones(capacity.size + demand.size)])
    lengths = np.concatenate(
        [
            np.full(flows, 2, dtype=np.int32),
            np.full(len(capacity), capacity.shape[1], dtype=np.int32),
            np.full(len(demand), data.plants, dtype=np.int32),
        ]
    )
    starts = np.zeros(len(lengths) + 1, dtype=np.int32)
    np.cumsum(lengths, out=starts[1:])
    row_upper = np.concatenate(
        [
            np.zeros(flows),
            np.repeat(data.capacity, data.periods),
            np.repeat(data.demand.ravel(), data.periods),
        ]
    )
    cost = np.concatenate(
        [
            np.broadcast_to(data.margin[..., None], data.flow_shape).ravel(),
            -np.broadcast_to(data.line_cost[..., None], data.line_shape).ravel(),
        ]
    )
    upper = np.concatenate([np.full(flows, np.inf), np.ones(lines)])
    integer = np.concatenate([np.zeros(flows, dtype=np.uint8), np.ones(lines, dtype=np.uint8)])
    row_lower = np.full(len(row_upper), -np.inf)
    lower = np.zeros(flows + lines)
    return _pass(cost, lower, upper, row_lower, row_upper, starts, indices, values, integer)


def ours(data: Instance) -> Size:
    """Write the algebra, assemble, and pass the program."""
    from replant.kernel import Dimension, Expr, Problem

    plant = Dimension("plant", tuple(f"plant{i}" for i in range(data.plants)))
    model = Dimension("model", tuple(f"model{i}" for i in range(data.models)))
    market = Dimension("market", tuple(f"market{i}" for i in range(data.markets)))
    period = Dimension("period", tuple(f"period{i}" for i in range(data.periods)))
    problem = Problem()
    flow = problem.variable("flow", plant, model, market, period)
    line = problem.variable("line", plant, model, period, upper=1.0, integer=True)
    most = Expr.constant(data.most, (plant, model, market))
    problem.require("link", flow - line * most, upper=0.0, rule="no flow without a line")
    capacity = np.repeat(data.capacity, data.periods).reshape(data.plants, data.periods)
    problem.require("capacity", flow.sum("model", "market"), upper=capacity, rule="capacity")
    demand = np.repeat(data.demand, data.periods).reshape(*data.demand.shape, data.periods)
    problem.require("demand", flow.sum("plant"), upper=demand, rule="no more than is wanted")
    margin = Expr.constant(data.margin, (plant, model, market))
    cost = Expr.constant(data.line_cost, (plant, model))
    problem.objective((flow * margin).sum() - (line * cost).sum())
    program = problem.assemble()
    return _pass(
        program.objective,
        program.columns.lower,
        program.columns.upper,
        program.rows.lower,
        program.rows.upper,
        program.matrix.indptr,
        program.matrix.indices,
        program.matrix.data,
        program.columns.integer.view(np.uint8),
    )


def _pass(
    cost: Any,
    lower: Any,
    upper: Any,
    row_lower: Any,
    row_upper: Any,
    starts: Any,
    indices: Any,
    values: Any,
    integer: Any,
) -> Size:
    import highspy

    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    status = highs.passModel(
        len(cost),
        len(row_upper),
        len(values),
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMaximize),
        0.0,
        cost,
        lower,
        upper,
        row_lower,
        row_upper,
        starts,
        indices,
        values,
        integer.astype(np.int32),
    )
    assert status != highspy.HighsStatus.kError
    return highs.getNumCol(), highs.getNumRow(), highs.getNumNz()


def linopy(data: Instance) -> Size:
    """Write the algebra in linopy and hand it over by its own direct interface."""
    import linopy as lp
    import xarray as xr

    def axis(name: str, count: int) -> Any:
        import pandas as pd

        return pd.Index([f"{name}{i}" for i in range(count)], name=name)

    plant, model = axis("plant", data.plants), axis("model", data.models)
    market, period = axis("market", data.markets), axis("period", data.periods)
    most = xr.DataArray(data.most, coords=[plant, model, market])
    problem = lp.Model()
    flow = problem.add_variables(lower=0, coords=[plant, model, market, period], name="flow")
    line = problem.add_variables(binary=True, coords=[plant, model, period], name="line")
    problem.add_constraints(flow - line * most <= 0, name="link")
    problem.add_constraints(
        flow.sum(["model", "market"]) <= xr.DataArray(data.capacity, coords=[plant]),
        name="capacity",
    )
    problem.add_constraints(
        flow.sum("plant") <= xr.DataArray(data.demand, coords=[model, market]), name="demand"
    )
    margin = xr.DataArray(data.margin, coords=[plant, model, market])
    cost = xr.DataArray(data.line_cost, coords=[plant, model])
    problem.add_objective((flow * margin).sum() - (line * cost).sum(), sense="max")
    highs = problem.to_highspy()
    return highs.getNumCol(), highs.getNumRow(), highs.getNumNz()


def pulp(data: Instance) -> Size:
    """Write sums over Python objects in PuLP and let it build its highspy model."""
    import pulp as lp

    plants, models = range(data.plants), range(data.models)
    markets, periods = range(data.markets), range(data.periods)
    most = data.most.tolist()
    problem = lp.LpProblem("build", lp.LpMaximize)
    flow = lp.LpVariable.dicts("flow", (plants, models, markets, periods), lowBound=0)
    line = lp.LpVariable.dicts("line", (plants, models, periods), cat="Binary")
    grid = [(p, m, k, t) for p in plants for m in models for k in markets for t in periods]
    margin, cost = data.margin.tolist(), data.line_cost.tolist()
    problem += lp.LpAffineExpression(
        [(flow[p][m][k][t], margin[p][m][k]) for p, m, k, t in grid]
        + [(line[p][m][t], -cost[p][m]) for p in plants for m in models for t in periods]
    )
    for p, m, k, t in grid:
        problem += (
            lp.LpAffineExpression([(flow[p][m][k][t], 1), (line[p][m][t], -most[p][m][k])]) <= 0
        )
    for p in plants:
        for t in periods:
            problem += (
                lp.lpSum(flow[p][m][k][t] for m in models for k in markets) <= data.capacity[p]
            )
    for m in models:
        for k in markets:
            for t in periods:
                problem += lp.lpSum(flow[p][m][k][t] for p in plants) <= data.demand[m, k]
    solver = lp.HiGHS(msg=False)
    solver.createAndConfigureSolver(problem)
    solver.buildSolverModel(problem)
    highs = problem.solverModel
    return highs.getNumCol(), highs.getNumRow(), highs.getNumNz()


def pyomo(data: Instance) -> Size:
    """Write scalar rules in Pyomo and hand them to its persistent HiGHS interface."""
    import pyomo.environ as pe
    from pyomo.contrib.appsi.solvers import Highs

    most = data.most.tolist()
    model = pe.ConcreteModel()
    plants, models = range(data.plants), range(data.models)
    markets, periods = range(data.markets), range(data.periods)
    model.flow = pe.Var(plants, models, markets, periods, domain=pe.NonNegativeReals)
    model.line = pe.Var(plants, models, periods, domain=pe.Binary)
    model.link = pe.Constraint(
        plants,
        models,
        markets,
        periods,
        rule=lambda b, p, m, k, t: b.flow[p, m, k, t] - most[p][m][k] * b.line[p, m, t] <= 0,
    )
    model.capacity = pe.Constraint(
        plants,
        periods,
        rule=lambda b, p, t: (
            pe.quicksum(b.flow[p, m, k, t] for m in models for k in markets) <= data.capacity[p]
        ),
    )
    model.demand = pe.Constraint(
        models,
        markets,
        periods,
        rule=lambda b, m, k, t: (
            pe.quicksum(b.flow[p, m, k, t] for p in plants) <= data.demand[m, k]
        ),
    )
    margin, cost = data.margin.tolist(), data.line_cost.tolist()
    model.profit = pe.Objective(
        expr=pe.quicksum(margin[p][m][k] * v for (p, m, k, _), v in model.flow.items())
        - pe.quicksum(cost[p][m] * v for (p, m, _), v in model.line.items()),
        sense=pe.maximize,
    )
    solver = Highs()
    solver.set_instance(model)
    highs = solver._solver_model
    return highs.getNumCol(), highs.getNumRow(), highs.getNumNz()


LAYERS: dict[str, Callable[[Instance], Size]] = {
    "by hand": by_hand,
    "ours": ours,
    "linopy": linopy,
    "PuLP": pulp,
    "Pyomo": pyomo,
}
# What must be importable for a layer; asked before the clock starts.
NEEDS: dict[str, tuple[str, ...]] = {
    "by hand": ("highspy",),
    "ours": ("highspy", "replant.kernel"),
    "linopy": ("highspy", "linopy"),
    "PuLP": ("highspy", "pulp"),
    "Pyomo": ("highspy", "pyomo.environ", "pyomo.contrib.appsi.solvers"),
}
