"""People and what they work on: groups, programmes, and work on cost."""

from __future__ import annotations

from math import exp

from common import Table, given, number, plain
from reported import TOTAL_PEOPLE

# A generation of a model, or of what charges it, lasts as long as its tools are written off.
CYCLE_MONTHS = "84"
# Projects of work on cost: savings in reach, scale in people, number of steps.
LEARNING = (("parts", 60.0, 1000.0, 6), ("processes", 40.0, 500.0, 4))
STEP = 500

PEOPLE_COLUMNS = (
    "id", "name", "plant", "region", "country", "function", "count", "pay", "currency",
    "attrition", "minimum", "protected_until", "can_dismiss", "severance", "notice_months",
    "can_hire", "hire_cost",
)  # fmt: skip


def people() -> Table:
    """Return the groups of people; one pool takes what is left of the reported total."""
    rows = given("people")
    rest = TOTAL_PEOPLE - sum(int(row["count"]) for row in rows)
    result = []
    for row in rows:
        count = rest if row["id"] == "powertrain_japan" else int(row["count"])
        minimum = round(count * number(row["minimum_share"]))
        group = row | {"count": str(count), "minimum": str(minimum), "protected_until": ""}
        result.append({name: group[name] for name in PEOPLE_COLUMNS})
    return result


def programmes() -> Table:
    """Return the programmes with their calendar, life and cycle."""
    common = {"investment_life_months": "84", "spent": "programme", "cycle_months": CYCLE_MONTHS}
    return [row | common for row in given("programmes")]


def cost_work() -> Table:
    """Return steps of falling savings a person: A (1 - exp(-h / scale)), cut in steps."""
    rows = []
    for project, ceiling, scale, steps in LEARNING:
        for step in range(steps):
            low, high = step * STEP, (step + 1) * STEP
            saved = ceiling * (exp(-low / scale) - exp(-high / scale))
            rows.append(
                {
                    "id": f"{project}_{step + 1}", "project": project, "people": str(STEP),
                    "saving_per_person": plain(1000 * saved / STEP, 3), "lag_months": "12",
                    "earliest": "2025-10-01",
                }
            )  # fmt: skip
    return rows
