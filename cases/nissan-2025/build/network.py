"""Lines, prices and lanes: what each plant makes at which cost, and what it is sold for where."""

from __future__ import annotations

from dataclasses import dataclass

from common import Record, Table, Tables, given, number, plain


@dataclass(frozen=True)
class Levels:
    """The free parameters of the calibration.

    Parameters
    ----------
    price : float
        Factor on all net prices.
    cost : float
        Factor on all unit costs.
    """

    price: float = 1.0
    cost: float = 1.0


def lines(levels: Levels) -> Table:
    """Return the lines, their unit costs at the calibrated level."""
    rows = []
    for row in given("lines"):
        line = {name: value for name, value in row.items() if name not in ("cost", "home_cost")}
        line["unit_cost"] = plain(levels.cost * number(row["cost"]))
        line["unit_cost_home"] = plain(levels.cost * number(row["home_cost"]))
        line["tooling_life_months"] = "84"
        line["latest"] = "2031-03-31" if row["tooled"] == "no" else ""
        rows.append(line)
    return rows


def prices(levels: Levels) -> Table:
    """Return net prices at the calibrated level, and what selling a car costs."""
    shares = {row["market"]: number(row["selling_share"]) for row in given("market_costs")}
    rows = []
    for row in given("prices"):
        price = levels.price * number(row["price"])
        selling = price * shares[row["market"]]
        rows.append(row | {"price": plain(price), "selling_cost": plain(selling)})
    return rows


def lanes(tables: Tables) -> Table:
    """Return the lanes on which some line of a plant meets a market of its model."""
    sold = {(row["model"], row["market"]) for row in tables["demand"]}
    freight = {(row["origin"], row["market"]): row["freight"] for row in given("freight")}
    country = {row["id"]: row["country"] for row in tables["plants"]}
    pairs = []
    for line in tables["lines"]:
        for market in [row["id"] for row in tables["markets"]]:
            pair = (line["plant"], market)
            if (line["model"], market) in sold and pair not in pairs:
                pairs.append(pair)
    rows = []
    for plant, market in pairs:
        origin = "china_export" if plant == "guangzhou_export" else country[plant]
        if market in ("china", "licensees"):
            rows.append(_lane(plant, market, "0", "0"))
        elif (origin, market) in freight and (origin != "china"):
            share = "0.7" if origin == "mexico" and market == "us" else "0.8"
            rows.append(_lane(plant, market, freight[origin, market], share))
    return rows


def _lane(plant: str, market: str, freight: str, share: str) -> Record:
    return {
        "plant": plant, "market": market, "freight": freight, "customs_share": share,
        "customs_moves": "yes", "capacity": "",
    }  # fmt: skip
