"""Whole plans of random small carmakers: the exact second engine finds the same figures."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from replant.case import Case
from replant.module import discover
from replant.plan import make_plan
from replant.solve import SolveSettings
from tests.decisions.small_firm import case_of, rows

PERIODS = """id,start,months,fiscal_year,decisions
h0,2025-04-01,6,FY2025,yes
h1,2025-10-01,6,FY2025,no
y1,2026-04-01,12,FY2026,yes
y2,2027-04-01,12,FY2027,yes"""
NAMES = ("h0", "h1", "y1", "y2")
MODELS = ("note", "leaf", "rogue")
PLANTS = ("oppama", "kyushu", "smyrna", "ally")
MARKETS = ("japan", "us", "china")


def carmaker(folder: Path, seed: int) -> Case:
    """A firm with every feature of sourcing and platforms, its numbers drawn at random."""
    draw = random.Random(seed)

    def number(low: float, high: float, digits: int = 2) -> str:
        return f"{draw.uniform(low, high):.{digits}f}"

    own = PLANTS[:3]
    lines = [
        {
            "id": f"{model}_{plant}",
            "model": model,
            "plant": plant,
            "deal": "alliance" if plant == "ally" else "",
            "tooled": "yes" if plant in ("oppama", "ally") or model == "rogue" else "no",
            "capacity": number(60, 150, 0),
            "unit_cost": number(1, 2),
            "unit_cost_home": number(0.1, 0.5),
            "work_content": number(0.8, 1.4),
            "fixed_cost": draw.choice(["0", "2.5"]),
            "tooling_cost": number(2, 10),
            "tooling_life_months": "30",
            "launch_cost": number(0, 2),
            "launch_lead_months": draw.choice(["0", "7", "12"]),
            "launch_loss": "0.12",
            "ramp_months": draw.choice(["0", "9"]),
            "ramp_share": "0.6",
        }
        for model in MODELS
        for plant in PLANTS
    ]
    offers = [(model, market) for model in MODELS for market in MARKETS]
    tables = {
        "periods": PERIODS,
        "countries": "id\njapan\nus",
        "currencies": "id,reference_rate\nUSD,150",
        "exchange_rates": rows(
            {"currency": "USD", "period": name, "rate": number(120, 170)} for name in NAMES
        ),
        "calendars": "id,months,share\nlate,0,0.4\nlate,9,0.6",
        "plants": rows(
            {
                "id": plant,
                "country": "us" if plant == "smyrna" else "japan",
                "currency": "USD" if plant == "smyrna" else "",
                "kind": "own" if plant in own else "partner",
                "fixed_cost_operating": number(5, 40),
                "fixed_cost_closed": "0.3",
                "sustaining_capex": "1",
                "carrying_amount": "40",
                "life_months": "60",
                "closure_cost": number(5, 20),
                "closure_paid": "late",
                "notice_months": "6",
                "can_close": "yes",
            }
            for plant in PLANTS
        ),
        "platforms": "id,fixed_cost,end_cost,can_end\nv,12,3,yes\ncmf,9,2,yes",
        "models": rows(
            {
                "id": model,
                "segment": "suv" if model == "rogue" else "small",
                "platform": "v" if model == "note" else "cmf",
                "fixed_cost": number(1, 6),
                "exit_cost": "1",
                "can_end": "yes",
            }
            for model in MODELS
        ),
        "migrations": "id,model,platform,cost,lead_months\nnc,note,cmf,4,6",
        "capacities": rows(
            {
                "plant": plant,
                "shift_capacity": number(60, 90),
                "shifts_now": "2",
                "shifts_max": draw.choice(["2", "3"]),
                "third_shift_efficiency": "0.9",
                "overtime_share": "0.1",
                "overtime_cost": "0.15",
                "add_shift_cost": "1.5",
                "crew_per_shift": "1000",
            }
            for plant in own
        ),
        "lines": rows(lines),
        "markets": "id,country,currency,consolidated,must_serve\n"
        "japan,japan,,yes,no\nus,us,USD,yes,no\nchina,,,no,no",
        "lanes": rows(
            {
                "plant": plant,
                "market": market,
                "freight": number(0.02, 0.2),
                "customs_share": "0.85",
                "customs_moves": draw.choice(["yes", "no"]),
                "capacity": draw.choice(["", "70"]),
            }
            for plant in PLANTS
            for market in MARKETS
        ),
        "duties": "origin,market,from,rate\n"
        "japan,us,2020-01-01,0.025\njapan,us,2025-04-03,0.275\njapan,us,2025-09-16,0.15",
        "prices": rows(
            {"model": m, "market": k, "price": number(2.4, 4), "selling_cost": number(0.1, 0.3)}
            for m, k in offers
        ),
        "demand": rows(
            {"model": m, "market": k, "period": name, "volume": number(5, 40, 3)}
            for m, k in offers
            for name in NAMES
        ),
        "ageing": rows(
            {"model": m, "period": name, "share": number(0.5, 1)}
            for m in MODELS[:2]
            for name in NAMES[1:]
        ),
        "substitutions": "market,segment,outside\njapan,small,2.5\nus,small,4",
        "programmes": "id,name,kind,model,investment,investment_life_months,lead_months\n"
        "n,N,model,note,1,48,6\nm,M,model,note,2,48,6",
        "supply_deals": "id,partner,direction,minimum,maximum,shortfall_price,fixed_fee,"
        "duration_months\nalliance,Ally,buy,5,60,0.2,1,60",
        "valuation": "id,discount_rate,terminal_share,terminal_growth,terminal_tax\n"
        "base,0.08,0.5,0.01,0.3",
    }
    return case_of(folder, discover(), **tables)


@pytest.mark.parametrize("seed", range(6))
def test_the_second_engine_finds_every_figure_of_a_plan(tmp_path: Path, seed: int) -> None:
    plan = make_plan(carmaker(tmp_path, seed), settings=SolveSettings(gap=0.02, time_limit=60))
    assert plan.verification.breaches == ()
    assert any(label.startswith("ship[") for label in plan.decisions["sourcing"])
