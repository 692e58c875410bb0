"""Small firms in two or three futures: demand, prices and exchange rates move, each its own way."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from tests.properties.making import Tables

__all__ = ["in_leaves", "twice", "weighted"]

# Factors on demand, on prices and on exchange rates.
FACTORS = ("0.8", "0.9", "1.1", "1.25")
MOVED = (("demand", "volume"), ("prices", "price"), ("exchange_rates", "rate"))


def weighted(tables: Tables, leaves: list[tuple[str, str]]) -> Tables:
    """Return the tables with scenarios of these names and probabilities that change nothing."""
    rows = [{"id": name, "name": f"Leaf {name}", "probability": share} for name, share in leaves]
    return {**tables, "scenarios": rows, "scenario_changes": []}


@st.composite
def in_leaves(draw: Any, firms: st.SearchStrategy[Tables]) -> Tables:
    """Return a firm with two or three scenarios; the first is the firm as it is."""
    tables = draw(firms)
    shares = draw(st.sampled_from([("0.5", "0.5"), ("0.25", "0.75"), ("0.2", "0.5", "0.3")]))
    made = weighted(tables, [(f"s{number}", share) for number, share in enumerate(shares)])
    for number in range(1, len(shares)):
        for table, column in MOVED:
            factor = draw(st.sampled_from((None, *FACTORS)))
            if factor is not None and tables.get(table):
                made["scenario_changes"].append(_change(f"s{number}", table, column, factor))
    return made


def _change(leaf: str, table: str, column: str, factor: str) -> dict[str, Any]:
    period = {} if table == "prices" else {"period": "*"}
    return {
        "scenario": leaf,
        "table": table,
        "id": "*",
        **period,
        "column": column,
        "action": "multiply",
        "value": factor,
    }


def twice(tables: Tables) -> Tables:
    """Return the tables with the last scenario told twice, each time with half its probability."""
    *others, last = tables["scenarios"]
    half = str(Fraction(last["probability"]) / 2)
    again = [
        {**row, "scenario": "again"}
        for row in tables["scenario_changes"]
        if row["scenario"] == last["id"]
    ]
    return {
        **tables,
        "scenarios": [
            *others,
            {**last, "probability": _decimal(half)},
            {**last, "id": "again", "probability": _decimal(half)},
        ],
        "scenario_changes": [*tables["scenario_changes"], *again],
    }


def _decimal(share: str) -> str:
    number = Fraction(share)
    return f"{float(number):.12g}"
