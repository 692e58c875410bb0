"""Small random problems: where to open plants, how many shifts follow, whom to serve."""

from __future__ import annotations

import numpy as np

from replant.kernel import Dimension, Expr, Problem, Program

__all__ = ["random_program"]


def random_program(
    seed: int, plants: int = 4, markets: int = 5, periods: int = 3, *, demand: float = 1.0
) -> Program:
    """Return a firm that opens plants once (options), works shifts there and serves markets.

    Parameters
    ----------
    seed : int
        Of the numbers.
    plants, markets, periods : int
        How many there are.
    demand : float
        Share of what markets want that must be served; above the plants' capacity there is
        no plan.
    """
    draw = np.random.default_rng(seed)
    problem = Problem()
    plant = Dimension("plant", tuple(f"plant{each}" for each in range(plants)))
    market = Dimension("market", tuple(f"market{each}" for each in range(markets)))
    period = Dimension("period", tuple(f"t{each}" for each in range(periods)))
    opens = problem.variable("opens", plant, period, upper=1.0, integer=True)
    shifts = problem.variable("shifts", plant, period, upper=3.0, integer=True)
    ship = problem.variable("ship", plant, market, period, upper=10.0)
    wanted = draw.integers(2, 10, (markets, periods)).astype(float)
    worth = Expr.constant(0.0)
    for p in plant.labels:
        once = sum((opens.at(plant=p, period=t) for t in period.labels), Expr.constant(0.0))
        problem.require("once", once, upper=1.0, rule="A plant opens once", plant=p)
        problem.option(f"plant.{p}.open", once)
        running = Expr.constant(0.0)
        for t in period.labels:
            running = running + opens.at(plant=p, period=t)
            worked = shifts.at(plant=p, period=t)
            made = sum((ship.at(plant=p, market=m, period=t) for m in market.labels), 0.0 * worked)
            where = {"plant": p, "period": t}
            problem.require("runs", worked - running * 3.0, upper=0.0, rule="Open first", **where)
            problem.require("room", made - worked * 7.0, upper=0.0, rule="In shifts", **where)
            worth = worth - worked * float(draw.uniform(3, 9))
            worth = worth - opens.at(plant=p, period=t) * float(draw.uniform(10, 60))
    for number, m in enumerate(market.labels):
        for index, t in enumerate(period.labels):
            served = sum((ship.at(plant=p, market=m, period=t) for p in plant.labels), worth * 0.0)
            most = float(wanted[number, index])
            problem.require(
                "demand",
                served,
                lower=most * demand if demand > 1.0 else 0.0,
                upper=most * max(1.0, demand),
                rule="No more than is wanted",
                market=m,
                period=t,
            )
            for p in plant.labels:
                worth = worth + ship.at(plant=p, market=m, period=t) * float(draw.uniform(2, 8))
    problem.objective(worth)
    return problem.assemble()
