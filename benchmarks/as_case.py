"""Write a facility-location instance as a case: ``python -m benchmarks.as_case cap64 FOLDER``.

So that a known optimum goes the planner's whole road: tables, decisions and rules, solver,
snapping, exact verification. The mapping says the same problem in the planner's words:

- A site is a plant with its fixed cost a year while it operates. Closing is free and needs no
  notice, so a closed site costs nothing; the plan's year is the instance's one period.
- A customer is a market that must be served, where the one product is sold for nothing.
- Serving a customer from a site is freight a unit: the published cost of all the customer's demand,
  divided by that demand.
- Cash at the start is more than any plan costs, so that money limits nothing.

Nothing is earned and nothing is discounted, so the plan's value is minus the published cost, and no
offset stands between them. Freight is written to fifteen digits; what that rounds away is beyond
the digits that were published.
"""

from __future__ import annotations

import argparse
import csv
import math
import sys
from collections.abc import Iterable, Sequence
from decimal import Context, Decimal
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.instances.facility import Sites
from benchmarks.instances.facility_files import orlib_sites
from benchmarks.registry import choose, instances

Rows = Iterable[Sequence[object]]

_DIGITS = Context(prec=15)
_CASE = """\
name = "{name}"
title = "Facility location {name}: which sites to open"
as_of = 2025-12-31
home_currency = "USD"
description = "A public instance with a known optimum; the best plan is worth minus its cost."

[units]
currency = "USD"
money = "$m"
unit_value = "$k"
volume = "thousand units"

[solve]
gap = 0.000001
time_limit = 120
"""


def write_case(name: str, sites: Sites, folder: Path) -> None:
    """Write the folder of a case.

    Parameters
    ----------
    name : str
        Of the instance.
    sites : Sites
        Its numbers; customers may be served by several sites.
    folder : Path
        Where the case goes; made if it is not there.
    """
    if (sites.demand <= 0.0).any():
        raise BenchmarkError(f"{name} has a customer without demand, which has no cost a unit")
    tables = folder / "tables"
    tables.mkdir(parents=True, exist_ok=True)
    (folder / "case.toml").write_text(_CASE.format(name=name), encoding="utf-8")
    for table, (head, rows) in _tables(sites).items():
        with (tables / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(head.split())
            writer.writerows(rows)


def _tables(sites: Sites) -> dict[str, tuple[str, Rows]]:
    """Return each table's columns and rows."""
    plants = [f"site{number + 1}" for number in range(len(sites.capacity))]
    markets = [f"customer{number + 1}" for number in range(len(sites.demand))]
    room = [_text(each) for each in sites.capacity]
    # Enough to open everything and to serve everyone from the dearest site.
    cash = _text(math.ceil(sites.fixed.sum() + sites.cost.max(axis=0).sum()))
    return {
        "opening": ("account amount", [("cash", cash), ("equity", f"-{cash}")]),
        "countries": ("id name", [("here", "Here")]),
        "periods": ("id start months fiscal_year", [("year", "2026-01-01", 12, "2026")]),
        "valuation": ("id discount_rate", [("valuation", 0)]),
        "models": ("id name segment", [("product", "The product", "all")]),
        "plants": (
            "id name country kind fixed_cost_operating can_close",
            [
                (plant, plant, "here", "own", _text(cost), "yes")
                for plant, cost in zip(plants, sites.fixed, strict=True)
            ],
        ),
        "capacities": (
            "plant shift_capacity shifts_now shifts_max",
            [(plant, most, 1, 1) for plant, most in zip(plants, room, strict=True)],
        ),
        "lines": (
            "id model plant tooled capacity",
            [
                (f"line_{plant}", "product", plant, "yes", most)
                for plant, most in zip(plants, room, strict=True)
            ],
        ),
        "markets": (
            "id name country consolidated must_serve",
            [(market, market, "here", "yes", "yes") for market in markets],
        ),
        "prices": ("model market price", [("product", market, 0) for market in markets]),
        "demand": (
            "model market period volume",
            [
                ("product", market, "year", _text(volume))
                for market, volume in zip(markets, sites.demand, strict=True)
            ],
        ),
        "lanes": (
            "plant market freight",
            [
                (plant, market, _text(_per_unit(cost, volume)))
                for plant, costs in zip(plants, sites.cost, strict=True)
                for market, cost, volume in zip(markets, costs, sites.demand, strict=True)
            ],
        ),
    }


def _per_unit(cost: float, volume: float) -> Decimal:
    return _DIGITS.divide(Decimal(repr(float(cost))), Decimal(repr(float(volume))))


def _text(number: float | Decimal) -> str:
    """Return a number as a table holds it: no exponent, no trailing zeros."""
    decimal = number if isinstance(number, Decimal) else Decimal(repr(float(number)))
    text = f"{decimal:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def main() -> int:
    """Write the case that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.as_case", description=__doc__)
    parser.add_argument("name", help="of an OR-Library instance, such as cap64 or capb-8000")
    parser.add_argument("folder", type=Path, help="where the case goes")
    given = parser.parse_args()
    try:
        instance = choose(instances(), [f"cflp-orlib/{given.name}"])[0]
        _, _, capacity = given.name.partition("-")
        sites = orlib_sites(instance.files[0], float(capacity) if capacity else None)
        write_case(given.name, sites, given.folder)
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{given.folder}: the best plan is worth {-(instance.known.value or 0.0):,.10g}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
