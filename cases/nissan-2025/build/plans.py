"""Make the plans that the case names, and the plan files of the closed years."""

from __future__ import annotations

import json
from pathlib import Path

from balance import Flow
from calibrate import Calibrated
from common import BASE, CASE, PREDICT, Record, Table, Tables, given, number, plain

AGREED = "agreed within the alliance before the day (F063)"
REPORTED = "named among the seven plants by one newspaper on 16 May 2025, not confirmed"
ANNOUNCED: tuple[tuple[str, str, str], ...] = (
    ("plant.oppama.close", "force", REPORTED),
    ("plant.shonan.close", "force", REPORTED),
    ("plant.civac.close", "force", REPORTED),
    ("plant.compas.close", "force", REPORTED),
    ("plant.rosslyn.close", "force", REPORTED),
    ("parts.*_30", "force", "part variety to fall by 70 percent (13 May 2025)"),
    ("deal.*", "forbid", "no other deal was announced by then"),
    ("deal.micra_renault", "force", AGREED),
    ("property.*", "forbid", "the head office was named, without terms; no sale was agreed"),
    ("stake.*", "forbid", "sales were reported as possible, none was agreed"),
)  # fmt: skip
BOUNDS: tuple[tuple[str, str, int | None, int | None, str], ...] = (
    ("platforms", "FY2032", None, 9,
     "13 platforms are to be 7 by FY2035 (13 May 2025): on the straight line there, 8.8 in FY2032"),
    ("people", "FY2027", None, 113_580,
     "20,000 jobs by FY2027 (13 May 2025), the 9,000 of 2024 among them, counted from the 133,580 "
     "people of March 2024"),
)  # fmt: skip
READ_AS = (
    "On 13 May Nissan named seven plants less, 20,000 jobs, seven platforms by FY2035 and 70 "
    "percent fewer variants of parts; on 16 May one newspaper named the plants. What was left "
    "open (where the cars go, which models give way, who leaves) this plan chooses as well as it "
    "can. It makes no deal but the one agreed, sells nothing, as neither asset nor price was "
    "named, and is not held to the announced savings of 500 or to a capacity of 2.5 million."
)
CLOSING = frozenset({"oppama", "shonan", "civac", "compas", "rosslyn"})
COMMITTED = frozenset({"santa_isabel", "chennai"})


TAKEN_BY_OTHERS: tuple[tuple[str, str, str], ...] = (
    ("deal.mitsubishi_ev_oceania_at_tochigi", "forbid",
     "Mitsubishi's electric car for Oceania is to come from Foxconn's Foxtron, built in Taiwan: "
     "memorandum of 7 May 2025, definitive agreement to follow (F062, A061)"),
)  # fmt: skip


def plan_tables() -> Tables:
    """Return the tables plans, plan_options and options."""
    plans = [
        {"id": "do_nothing", "name": "Do nothing beyond what is committed", "date": "",
         "kind": "do_nothing", "note": ""},
        {"id": "announced", "name": "As announced in May 2025",
         "date": "", "kind": "announced", "note": READ_AS},
        {"id": "best", "name": "Best plan", "date": "", "kind": "best", "note": ""},
    ]  # fmt: skip
    options = [
        {"plan": "announced", "option": option, "action": action, "reason": reason}
        for option, action, reason in ANNOUNCED
    ]
    options.append(
        {"plan": "do_nothing", "option": "deal.micra_renault", "action": "force", "reason": AGREED}
    )
    options += [
        {"plan": "announced", "option": f"plant.{name}.run", "action": "force",
         "reason": "not among the seven"}
        for name in _staying()
    ]  # fmt: skip
    every = [
        {"option": option, "action": action, "reason": reason}
        for option, action, reason in TAKEN_BY_OTHERS
    ]
    bounds = [
        {"plan": "announced", "stream": stream, "labels": period, "lower": _cell(lower),
         "upper": _cell(upper), "reason": reason}
        for stream, period, lower, upper, reason in BOUNDS
    ]  # fmt: skip
    return {"plans": plans, "plan_options": options, "plan_bounds": bounds, "options": every}


def _cell(number: int | None) -> str:
    return "" if number is None else str(number)


def _staying() -> list[str]:
    """Return the plants that no report names as closing."""
    gone = CLOSING | COMMITTED
    return [row["id"] for row in given("plants") if row["kind"] == "own" and row["id"] not in gone]


def relations(tables: Tables) -> Table:
    """Return ties between options that the model would not know."""
    rows: Table = []
    for programme in tables["programmes"]:
        model = programme["model"]
        if model and _can_end(tables, model):
            rows.append(
                _relation(
                    f"no_renewal_of_an_ended_{model}", "excludes",
                    f"programme.{programme['id']};model.{model}.end",
                    "a model is renewed or ended, not both",
                )
            )  # fmt: skip
    by_model: dict[str, list[str]] = {}
    for line in tables["lines"]:
        if line["tooled"] == "no":
            by_model.setdefault(line["model"], []).append(f"line.{line['id']}.launch")
    for model, options in by_model.items():
        if len(options) > 1:
            row = _relation(
                f"one_new_line_for_{model}", "at_most", ";".join(options),
                "one new line for a model is what engineering can carry",
            )  # fmt: skip
            rows.append(row | {"at_most": "1"})
    rows.append(
        _relation(
            "one_deal_for_oppama", "excludes",
            "deal.foxconn_contract;deal.foxconn_part_purchase", "two forms of one talk",
        )
    )  # fmt: skip
    rows.append(
        _relation(
            "oceania_with_the_other_markets", "requires",
            "deal.mitsubishi_ev_oceania_at_tochigi;deal.mitsubishi_ev_at_tochigi",
            "the car for Oceania is the same car on the same line",
        )
    )  # fmt: skip
    return rows


def _can_end(tables: Tables, model: str) -> bool:
    return any(row["id"] == model and row["can_end"] == "yes" for row in tables["models"])


def _relation(name: str, kind: str, options: str, reason: str) -> Record:
    return {"id": name, "kind": kind, "options": options, "at_most": "", "reason": reason}


# ── closed years ──


def closed_year(tables: Tables, year: str, flows: dict[Flow, float]) -> dict[str, dict[str, str]]:
    """Return the decisions of a closed year: every plant operates, the flows are the balance's."""
    own = [row["id"] for row in tables["plants"] if row["kind"] == "own"]
    paths = {f"operate[{plant},{year}]": "1" for plant in own}
    lines = {(row["model"], row["plant"]): row["id"] for row in tables["lines"]}
    ships: dict[str, str] = {}
    for flow, volume in flows.items():
        line = lines[flow.model, flow.plant]
        ships[f"ship[{line},{flow.market},{year}]"] = plain(volume, 3)
    return {"plant_path": paths, "sourcing": ships | _shifts(tables, year, flows)}


def _shifts(tables: Tables, year: str, flows: dict[Flow, float]) -> dict[str, str]:
    """Return shifts as they are now, and the overtime that the year's work needs."""
    content = {(row["model"], row["plant"]): number(row["work_content"]) for row in tables["lines"]}
    work: dict[str, float] = {}
    for flow, volume in flows.items():
        work[flow.plant] = work.get(flow.plant, 0.0) + content[flow.model, flow.plant] * volume
    decided: dict[str, str] = {}
    for row in tables["capacities"]:
        plant, shifts = row["plant"], int(row["shifts_now"])
        efficiency = (
            1.0,
            number(row["second_shift_efficiency"]),
            number(row["third_shift_efficiency"]),
        )
        capacity = number(row["shift_capacity"]) * sum(efficiency[:shifts])
        for shift in range(1, shifts + 1):
            decided[f"shift_{shift}[{plant},{year}]"] = "1"
        over = work.get(plant, 0.0) - capacity
        if over > 0:
            decided[f"overtime[{plant},{year}]"] = plain(over + 0.001, 3)
    return decided


def write_closed_years(found: Calibrated) -> None:
    """Write the plan files of the closed years."""
    folder = CASE / "closed_years"
    folder.mkdir(exist_ok=True)
    for year in (BASE, PREDICT):
        decisions = closed_year(found.tables, year, found.flows[year])
        _dump(
            folder / f"{year}.json", {"case": "nissan-2025", "year": year, "decisions": decisions}
        )


def _dump(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
