"""Plants: what they cost in each state, what may be done with them, and their capacities."""

from __future__ import annotations

from common import Record, Table, given, number, plain
from reported import LIFE_MONTHS

LAST_CLOSURE = "2029-04-01"
# A buyer found, the books opened, the authorities asked: a plant's sale takes about a year.
SOLD_FROM = "2026-07-01"
SLOWEST_PACE = "0.75"
# Capital spending that keeps a plant going, a year for each k of cars that it is laid out for.
SUSTAINING = 0.030


def plants() -> tuple[Table, Table]:
    """Return the plants and the capacities of the firm's own ones."""
    own, capacities = [], []
    for row in given("plants"):
        own.append(_plant(row))
        if row["kind"] == "own":
            capacities.append(_capacity(row))
    return own, capacities


def _plant(row: Record) -> Record:
    plant = {
        name: row[name]
        for name in (
            "id", "name", "country", "region", "latitude", "longitude", "currency", "kind",
            "counted",
        )
    }  # fmt: skip
    own = {name: plain(value, 2) for name, value in _money(row).items()} | _rules(row)
    return plant | (own if row["kind"] == "own" else dict.fromkeys(own, ""))


def _money(row: Record) -> dict[str, float]:
    """Return what a plant costs in each state, at each change of state, and what it is worth."""
    fixed = number(row["fixed_cost"])
    return {
        "fixed_cost_operating": fixed,
        "fixed_cost_hosting": fixed,
        "fixed_cost_host_only": 0.45 * fixed,
        "fixed_cost_winding": fixed,
        "fixed_cost_mothballed": 0.15 * fixed,
        "fixed_cost_reopening": 0.5 * fixed,
        "fixed_cost_closed": 0.02 * fixed,
        "sustaining_capex": SUSTAINING * number(row["nameplate"]),
        "carrying_amount": number(row["carrying"]),
        "land_carrying": number(row["land_carrying"]),
        "closure_cost": number(row["closure_cost"]),
        "remediation_cost": number(row["remediation"]),
        "mothball_cost": number(row["mothball_cost"]),
        "reopen_cost": number(row["reopen_cost"]),
        "sale_price": number(row["sale_price"]),
        "running_price": number(row["running_price"]),
    }


def _rules(row: Record) -> Record:
    """Return what may be done with a plant, when, and over which months it is paid."""
    return {
        "life_months": str(LIFE_MONTHS),
        "closure_recognised": "",
        "closure_paid": "closure",
        "closure_deducted": "closure",
        "remediation_paid": "remediation",
        "reopen_months": "12",
        "mothball_limit_months": "60",
        "notice_months": row["notice_months"],
        "can_close": row["can_close"],
        "can_mothball": row["can_mothball"],
        "can_reopen": row["can_mothball"],
        "can_host": row["can_host"],
        "can_sell": row["can_sell"],
        "can_sell_running": row["can_sell_running"],
        "earliest": row["earliest"],
        "latest": LAST_CLOSURE if row["earliest"] else "",
        "sold_from": SOLD_FROM if row["earliest"] else "",
    }


def _capacity(row: Record) -> Record:
    return {
        "plant": row["id"],
        "shift_capacity": row["shift_capacity"],
        "shifts_now": row["shifts_now"],
        "shifts_max": row["shifts_max"],
        "second_shift_efficiency": "1",
        "third_shift_efficiency": "0.95",
        "overtime_share": "0.15",
        "overtime_cost": {"japan": "0.09", "usa": "0.12", "uk": "0.12"}.get(row["country"], "0.04"),
        "add_shift_cost": plain(0.002 * number(row["crew_per_shift"]), 2),
        "slowest_pace": SLOWEST_PACE,
        "crew_per_shift": row["crew_per_shift"],
    }
