"""Build the tables of the case from the inputs and the two calibrated levels.

Everything here is plain arithmetic on the inputs: no number is typed in but units and the shape
of the year. Levels scale all prices and all unit costs alike; see calibrate.py.
"""

from __future__ import annotations

from balance import Flow, both_years
from common import BASE, INPUTS, Tables, read
from demand import ageing, demand
from finance import finance_arm, liquidity, other_items
from network import Levels, lanes, lines, prices
from past import past_shipments
from people import cost_work, people, programmes
from plants import plants
from times import currencies, periods


def build(levels: Levels, flows: dict[str, dict[Flow, float]] | None = None) -> Tables:
    """Return all tables of the case."""
    flows = both_years() if flows is None else flows
    tables: Tables = {path.stem: read(path) for path in sorted((INPUTS / "tables").glob("*.csv"))}
    tables["periods"] = periods()
    tables["currencies"], tables["exchange_rates"] = currencies(tables["periods"])
    tables["plants"], tables["capacities"] = plants()
    tables["lines"] = lines(levels)
    tables["prices"] = prices(levels)
    tables["demand"] = demand(flows, tables["periods"])
    tables["lanes"] = lanes(tables)
    tables["ageing"] = ageing(tables["periods"])
    tables["past_shipments"] = past_shipments(tables, flows[BASE])
    tables["people"] = people()
    tables["programmes"] = programmes()
    tables["cost_work"] = cost_work()
    tables["finance_arm"] = finance_arm(tables["periods"])
    tables["liquidity"] = liquidity(tables["periods"])
    tables["other_items"] = other_items(tables)
    return tables
