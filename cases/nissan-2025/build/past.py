"""What was shipped in the quarter that is over on the case's date and not published.

Each model's demand in a market is met from the lines that met it in the base year, in the same
proportions: the plan may not decide anew what has happened. Nobody publishes these cells.
"""

from __future__ import annotations

from collections.abc import Mapping

from balance import Flow
from common import Table, Tables, number, plain

THOUSANDTHS = 1000


def past_shipments(tables: Tables, base: Mapping[Flow, float]) -> Table:
    """Return shipments by line and market in every period that is over.

    Parameters
    ----------
    tables : dict
        Periods, lines, demand and ageing.
    base : mapping of Flow to float
        The flows of the base year.
    """
    split = _split(base)
    lines = {
        (row["model"], row["plant"]): row["id"]
        for row in tables["lines"]
        if row["tooled"] == "yes" and not row["deal"]
    }
    over = {row["id"] for row in tables["periods"] if row["over"] == "yes"}
    kept = {(row["model"], row["period"]): number(row["share"]) for row in tables["ageing"]}
    rows = []
    for row in tables["demand"]:
        if row["period"] not in over:
            continue
        model, market, period = row["model"], row["market"], row["period"]
        wanted = number(row["volume"]) * kept.get((model, period), 1.0)
        plants = split.get((model, market)) or _only_plant(lines, model)
        for plant, volume in _parts(wanted, plants).items():
            if volume:
                rows.append(
                    {
                        "line": lines[model, plant], "market": market, "period": period,
                        "volume": plain(volume / THOUSANDTHS, 3),
                    }
                )  # fmt: skip
    return rows


def _split(base: Mapping[Flow, float]) -> dict[tuple[str, str], dict[str, float]]:
    """Return the base year's volume by plant of each model in each market."""
    found: dict[tuple[str, str], dict[str, float]] = {}
    for flow, volume in base.items():
        if volume:
            found.setdefault((flow.model, flow.market), {})[flow.plant] = volume
    return found


def _only_plant(lines: Mapping[tuple[str, str], str], model: str) -> dict[str, float]:
    """Return the one plant that can make a model that was not sold there in the base year."""
    (plant,) = [plant for name, plant in lines if name == model]
    return {plant: 1.0}


def _parts(wanted: float, plants: Mapping[str, float]) -> dict[str, int]:
    """Return a volume in thousandths, split in proportion; the largest part takes the rest."""
    total = int(wanted * THOUSANDTHS + 1e-6)
    whole = sum(plants.values())
    parts = {plant: int(total * share / whole) for plant, share in plants.items()}
    parts[max(plants, key=lambda plant: plants[plant])] += total - sum(parts.values())
    return parts
