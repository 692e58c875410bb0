"""Plants, deals and stakes are computed a second time, exactly: every line must agree."""

from __future__ import annotations

import random

import numpy as np
import pytest

from replant.case import Case, read
from replant.decisions.hosting import MODULE as HOSTING
from replant.decisions.plant_path import MODULE as PLANT_PATH
from replant.decisions.stake import MODULE as STAKE
from replant.decisions.supply import MODULE as SUPPLY
from replant.module import Builder, row_classes
from replant.rules.value import MODULE as VALUE
from replant.verify import evaluate
from tests.decisions.small_firm import COUNTRIES, SETTINGS, Built, build, rows, table

# Lines that only other modules post.
OTHERS = {"automotive_operating_profit", "net_income", "free_cash_flow", "net_cash", "cash"}
CALENDARS = rows(
    [
        {"id": "halves", "months": 0, "share": "0.5"},
        {"id": "halves", "months": 24, "share": "0.5"},
        {"id": "later", "months": 18, "share": 1},
        {"id": "slow", "months": 3, "share": "0.25"},
        {"id": "slow", "months": 60, "share": "0.75"},
    ]
)
COUNT = 6


def uneven_periods(dice: random.Random) -> str:
    lines, month = ["id,start,months,fiscal_year,decisions"], 2025 * 12 + 3
    for index in range(COUNT):
        length, open_ = dice.choice([3, 6, 12]), dice.choice(["yes", "yes", "no"])
        start = f"{month // 12}-{month % 12 + 1:02}-01"
        lines.append(f"P{index},{start},{length},FY{(month - 3) // 12},{open_}")
        month += length
    return "\n".join(lines)


def any_plant(dice: random.Random, name: str) -> dict[str, object]:
    flags = ("can_close", "can_mothball", "can_reopen", "can_sell", "can_sell_running", "can_host")
    costs = ("operating", "hosting", "host_only", "winding", "mothballed", "reopening", "closed")
    calendar = ["", "halves", "later", "slow", "none"]
    return {
        "id": name,
        "country": "japan",
        "currency": dice.choice(["", "USD"]),
        "sustaining_capex": dice.randint(0, 5),
        "carrying_amount": 50,
        "life_months": dice.choice([7, 30, 120]),
        "land_carrying": 9,
        "closure_cost": 30,
        "closure_recognised": dice.choice(calendar),
        "closure_paid": dice.choice(calendar),
        "closure_deducted": dice.choice(calendar),
        "remediation_cost": 7,
        "remediation_paid": dice.choice(calendar[:4]),
        "mothball_cost": 3,
        "reopen_cost": 2,
        "reopen_months": dice.choice([0, 6, 13]),
        "mothball_limit_months": dice.choice(["", 0, 12, 24]),
        "notice_months": dice.choice([0, 3, 12, 20]),
        "sale_price": dice.randint(0, 30),
        "running_price": dice.randint(-5, 40),
        "earliest": dice.choice(["", "2026-04-01"]),
        "latest": dice.choice(["", "2027-10-01"]),
        **{f"fixed_cost_{state}": dice.randint(0, 20) for state in costs},
        **{flag: dice.choice(["yes", "yes", "yes", "no"]) for flag in flags},
    }


def any_deals(dice: random.Random) -> dict[str, str]:
    timing = {"lead_months": dice.choice([0, 5]), "duration_months": dice.choice([6, 18, 60])}
    guest = {"id": "guest", "plant": "p0", "fee": "0.3", "volume": 30, "guaranteed": 50}
    guest |= {"haircut": "0.25", "capacity_use": "1.2", "fixed_share": 3, "rent": 2}
    guest |= {"people_taken": 10, "set_up_cost": 4, "part_price": 12, "part_carrying": 5}
    guest |= {"recurring": dice.choice(["yes", "no"]), "own_people": dice.choice(["yes", "no"])}
    terms = {"fixed_fee": 1, "one_off": 2, "maximum": 20, "minimum": 2}
    bought = {"id": "bought", "direction": "buy", "shortfall_price": "0.4"}
    made = {"id": "made", "direction": "build", "plant": "p1", "fee": "0.7", "unit_cost": "0.5"}
    held = {"id": "held", "kind": "sell", "carrying_amount": 10, "price": 20, "income": 2}
    held |= {"cost_share": "0.03", "market_value": 25, "growth": "0.01", "residual_rate": "0.05"}
    minority = {"id": "minority", "kind": "buy", "carrying_amount": 9, "price": 20, "income": 2}
    kept = {"id": "kept", "kind": "sell", "enabled": "no", "price": 3, "income": 1}
    return {
        "hosting_deals": rows([guest | timing]),
        "supply_deals": rows([bought | terms | timing, made | terms | timing]),
        "stakes": rows([held, minority, kept]),
    }


def any_case(folder, dice: random.Random) -> Case:
    tables = {
        "countries": COUNTRIES,
        "periods": uneven_periods(dice),
        "plants": rows(any_plant(dice, name) for name in ("p0", "p1", "p2")),
        "calendars": CALENDARS,
        "valuation": table(id="base", discount_rate="0.07", terminal_share="0.5"),
        "currencies": table(id="USD", reference_rate=100),
        "exchange_rates": rows(
            {"currency": "USD", "period": f"P{t}", "rate": 100 + 3 * t} for t in range(COUNT)
        ),
        **any_deals(dice),
    }
    (folder / "tables").mkdir()
    (folder / "case.toml").write_text(SETTINGS, encoding="utf-8")
    for name, text in tables.items():
        (folder / "tables" / f"{name}.csv").write_text(text + "\n", encoding="utf-8")
    return read(folder, row_classes())


def any_plan(found: Built, randomness: np.random.Generator) -> np.ndarray:
    """Return a lawful plan, its volumes rounded as in a plan file."""
    objective = randomness.normal(size=len(found.columns))
    objective[found.program.columns.derived] = -100.0
    return np.round(found.best(objective), 3)


def decisions_of(found: Built, x: np.ndarray) -> dict[str, dict[str, str]]:
    plan: dict[str, dict[str, str]] = {}
    for label, value, derived in zip(found.columns, x, found.program.columns.derived, strict=True):
        if value and not derived:
            module, _, column = label.partition(".")
            plan.setdefault(module, {})[column] = f"{value:g}"
    return plan


@pytest.mark.parametrize("seed", range(8))
def test_the_exact_engine_agrees_line_by_line(tmp_path, seed) -> None:
    """Uneven periods, closed ones, windows, currencies, calendars: no line differs, none breaks."""
    case = any_case(tmp_path, random.Random(seed))

    def value(to: Builder) -> None:
        VALUE.build(case, Builder(to.problem, case, "value"))

    found = build(case, PLANT_PATH, HOSTING, SUPPLY, STAKE, extra=value)
    randomness = np.random.default_rng(seed)
    for _ in range(5):
        x = any_plan(found, randomness)
        exact = evaluate(case, decisions_of(found, x))
        assert exact.breaches == ()
        ours = {(name, labels): each for name, labels, each in found.program.streams.frame(x)}
        theirs = {
            (name, labels): float(each)
            for name in exact.books.streams()
            if name not in OTHERS
            for labels, each in exact.books.elements(name).items()
        }
        for line in ours.keys() | theirs.keys():
            assert ours.get(line, 0.0) == pytest.approx(theirs.get(line, 0.0), abs=1e-6), line
