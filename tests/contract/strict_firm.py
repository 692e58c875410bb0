"""The firm of ``tests/cases/everything``, made so narrow that each kind of row can bind alone.

There a lane is wider than any demand, and a deal larger than what the market takes: a wrong bound
of such a row would show nowhere. Here cells are changed and rows added until nothing else says
the same.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping
from pathlib import Path

from replant.case import Case, read
from replant.module import row_classes

__all__ = ["strict_firm"]

EVERYTHING = Path(__file__).parent.parent / "cases" / "everything"
Cells = Mapping[str, str]

# Table -> what the first columns of its rows hold, joined by slashes -> the cells that differ.
CHANGED: Mapping[str, Mapping[str, Cells]] = {
    "capacities": {
        "bay": {"shifts_max": "3"},
        "hill": {"shifts_now": "2", "shifts_max": "3", "slowest_pace": "0.8"},
    },
    "lines": {
        "city_hill": {"capacity": "40", "fixed_cost": "0"},
        "city_bay": {"fixed_cost": "0.5"},
    },
    "demand": {"tour/main/Q0": {"volume": "7.4"}, "van/main/Q0": {"volume": "0"}},
    "facilities": {"bond": {"limit": "60"}},
    "lanes": {"hill": {"capacity": "45"}},
    "limits": {"platforms_end": {"upper": "1"}},
    "markets": {"main": {"must_serve": "yes"}},
    "models": {"van": {"can_end": "yes"}},
    "people": {
        "hill_crew": {"count": "2000"},
        "engineers": {"minimum": "300"},
        "offices": {"pool": "staff"},
    },
    "supply_deals": {"van_supply": {"maximum": ""}},
    "valuation": {"value": {"terminal_reinvestment": "0.3"}},
}
ADDED: Mapping[str, tuple[Cells, ...]] = {
    "hosting_deals": (
        {
            "id": "guest_too",
            "name": "Another guest",
            "plant": "bay",
            "partner": "Guest",
            "fee": "0.1",
            "volume": "5",
            "capacity_use": "1",
            "duration_months": "12",
            "lead_months": "3",
            "recurring": "no",
        },
    ),
    "limits": (
        {
            "id": "work_on_the_shore",
            "stream": "jobs",
            "labels": "shore;FY2027",
            "lower": "1000",
            "sentence": "A thousand people work on the shore at the end.",
        },
    ),
    "lines": (
        {
            "id": "city_ally",
            "model": "city",
            "plant": "ally_works",
            "deal": "city_supply",
            "tooled": "yes",
            "capacity": "20",
            "unit_cost_home": "1.5",
            "fixed_cost": "0.1",
        },
        {
            "id": "van_free",
            "model": "van",
            "plant": "ally_works",
            "tooled": "yes",
            "capacity": "8",
            "unit_cost_home": "1.4",
        },
    ),
    "models": (
        {"id": "coupe", "name": "Coupe", "segment": "cars", "platform": "", "can_end": "yes"},
    ),
    "options": (
        {"option": "programme.chargers", "action": "force", "reason": "It is promised."},
        {"option": "property.museum_loan", "action": "forbid", "reason": "Nobody lends on it."},
    ),
    "people": (
        {
            "id": "guards",
            "name": "Guards",
            "region": "shore",
            "country": "home",
            "function": "other",
            "count": "60",
            "pay": "5",
            "attrition": "0.02",
            "minimum": "40",
            "pool": "staff",
            "can_dismiss": "yes",
            "severance": "6",
        },
        {
            "id": "drivers",
            "name": "Drivers",
            "region": "shore",
            "country": "home",
            "function": "other",
            "count": "60",
            "pay": "5",
            "attrition": "0.02",
            "minimum": "40",
            "can_dismiss": "yes",
            "severance": "6",
        },
    ),
    "programmes": (
        {
            "id": "city_again",
            "name": "Second facelift of the City",
            "kind": "model",
            "model": "city",
            "investment": "1",
            "investment_life_months": "60",
            "development": "0.4",
            "spent": "spread",
            "lead_months": "6",
        },
    ),
    "relations": (
        {
            "id": "yard_first",
            "kind": "requires",
            "options": "programme.city_again;property.yard_sale",
            "reason": "The yard pays for it.",
        },
        {
            "id": "one_at_once",
            "kind": "at_most",
            "options": "deal.guest_hill;parts.harness_half",
            "at_most": "1",
            "reason": "Two at once are more than can be prepared.",
        },
        {
            "id": "one_buyer",
            "kind": "excludes",
            "options": "property.hq_leaseback;stake.parts_maker",
            "reason": "The buyer is the same.",
        },
    ),
    "supply_deals": (
        {
            "id": "city_supply",
            "name": "City",
            "direction": "buy",
            "maximum": "10",
            "work_content": "1",
            "duration_months": "36",
        },
        {
            "id": "parts_for_ally",
            "name": "Parts",
            "direction": "build",
            "plant": "quay",
            "maximum": "4",
            "fee": "0.2",
            "unit_cost": "0.1",
            "work_content": "1",
            "duration_months": "36",
        },
    ),
}


def strict_firm(folder: Path) -> Case:
    """Return the firm, read from a folder that is made for it."""
    firm = folder / "strict"
    shutil.copytree(EVERYTHING, firm)
    for table in sorted({*CHANGED, *ADDED}):
        _rewrite(firm / "tables" / f"{table}.csv", CHANGED.get(table, {}), ADDED.get(table, ()))
    return read(firm, row_classes())


def _rewrite(path: Path, changed: Mapping[str, Cells], added: tuple[Cells, ...]) -> None:
    """Change cells of a table and add rows; columns that it lacks are added too."""
    rows: list[dict[str, str]] = []
    if path.exists():
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
    for row in rows:
        for key, cells in changed.items():
            parts = key.split("/")
            if list(row.values())[: len(parts)] == parts:
                row.update(cells)
    rows += [dict(row) for row in added]
    names = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
