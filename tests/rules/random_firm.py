"""Small firms at random: periods, currencies, calendars, offers, debts, losses, standards."""

from __future__ import annotations

from pathlib import Path
from random import Random

from replant.case import Case
from tests.decisions.money_firm import balance, firm
from tests.decisions.small_firm import rows

__all__ = ["random_firm"]

LENGTHS = (
    (12, 12, 12),
    (3, 3, 3, 3, 12, 12),
    (6, 6, 12, 12),
    (3, 6, 3, 12, 24),
    (1, 2, 9, 12, 12),
)
REGIMES = (
    (),
    (("JGAAP", "2020-01-01"),),
    (("JGAAP", "2020-01-01"), ("JGAAP34", "2027-04-01")),
    (("JGAAP", "2020-01-01"), ("JGAAP34", "2026-07-20")),
    (("JGAAP34", "2020-01-01"),),
    (("IFRS", "2020-01-01"),),
    (("USGAAP", "2020-01-01"),),
)
ACCOUNTS = ("overhead", "other_result", "equity", "rd", "impairment", "interest", "receivables")
Lines = list[dict[str, object]]


def random_firm(folder: Path, seed: int) -> Case:
    """Write and read one firm; the same seed gives the same firm."""
    draw = Random(seed)
    periods = _periods(draw)
    times = [str(each["id"]) for each in periods]
    properties = [_property(draw, f"site{number}") for number in range(draw.randint(1, 3))]
    debts = [_debt(draw, f"debt{number}") for number in range(draw.randint(0, 3))]
    tables: dict[str, Lines] = {
        "periods": periods,
        **_operations(draw, times),
        "properties": properties,
        "property_offers": [
            _offer(draw, f"{each['id']}_{number}", each)
            for each in properties
            for number in range(draw.randint(0, 3))
        ],
        "debts": debts,
        "facilities": [_facility(draw, f"f{number}") for number in range(draw.randint(0, 4))],
        "other_items": [_item(draw, f"i{number}", times) for number in range(draw.randint(0, 4))],
        "working_capital": _working_capital(draw),
        "finance_arm": [
            {"period": time, "revenue": 30, "cost": draw.randint(10, 30), "dividend": 4}
            for time in times
            if draw.random() < 0.3
        ],
        "liquidity": [
            {"period": time, "minimum_cash": draw.choice([0, 10]), "trough": 5, "trapped": 2}
            for time in ["now", *times]
            if draw.random() < 0.8
        ],
        **_taxes(draw),
        "valuation": [_valuation(draw)],
        "covenants": _covenants(Random(f"covenants {seed}")),
    }
    written = {name: rows(lines) for name, lines in tables.items() if lines}
    written["opening"] = balance(
        cash=draw.choice([60, 200, 600, 1500]),
        receivables=draw.randint(0, 50),
        inventory=draw.randint(0, 50),
        payables=-draw.randint(0, 50),
        ppe=300,
        property=sum(int(str(each["carrying_amount"])) for each in properties),
        debt=-sum(int(str(each["principal"])) for each in debts),
    )
    return firm(folder, draw.choice(REGIMES), **written)


def _periods(draw: Random) -> Lines:
    first_day = draw.choice(["01", "01", "15"])
    found: Lines = []
    month = 2025 * 12 + 3
    for number, length in enumerate(draw.choice(LENGTHS)):
        found.append(
            {
                "id": f"P{number}",
                "start": f"{month // 12}-{month % 12 + 1:02}-{first_day}",
                "months": length,
                "fiscal_year": f"FY{(month - 3) // 12}",
                "decisions": draw.choice(["yes", "yes", "yes", "no"]),
            }
        )
        month += length
    return found


def _day(draw: Random) -> str:
    if draw.random() < 0.5:
        return ""
    return f"{draw.randint(2025, 2028)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}"


def _operations(draw: Random, times: list[str]) -> dict[str, Lines]:
    """Return a plant abroad that can close, one at home, and a market in dollars."""
    plant: dict[str, object] = {"country": "japan", "kind": "own", "can_close": "yes"}
    abroad = {
        "id": "abroad",
        "currency": "USD",
        "fixed_cost_operating": draw.randint(0, 30),
        "carrying_amount": 90,
        "life_months": draw.choice([50, 120]),
        "closure_cost": draw.randint(0, 40),
        "closure_recognised": draw.choice(["", "halves"]),
        "closure_paid": draw.choice(["", "halves", "late"]),
        "closure_deducted": draw.choice(["", "halves", "late"]),
        "remediation_cost": 5,
        "remediation_paid": draw.choice(["", "halves"]),
        "notice_months": draw.choice([0, 3, 12]),
    }
    return {
        "countries": [{"id": "japan"}],
        "calendars": [
            {"id": "halves", "months": 0, "share": "0.5"},
            {"id": "halves", "months": 17, "share": "0.5"},
            {"id": "late", "months": 31, "share": 1},
        ],
        "currencies": [{"id": "USD", "reference_rate": 150}],
        "exchange_rates": [
            {"currency": "USD", "period": time, "rate": draw.choice([120, 140, 165])}
            for time in times
            if draw.random() < 0.8
        ],
        "plants": [plant | abroad, {"id": "home", "country": "japan", "kind": "partner"}],
        "models": [{"id": "note", "segment": "small"}],
        "markets": [
            {"id": "jp", "currency": "", "consolidated": "yes"},
            {"id": "us", "currency": "USD", "consolidated": "yes"},
        ],
        "lines": [
            {
                "id": name,
                "model": "note",
                "plant": name,
                "tooled": "yes",
                "capacity": 90,
                "unit_cost_home": draw.choice(["1", "1.4", "1.9", "2.2"]),
            }
            for name in ("abroad", "home")
        ],
        "capacities": [{"plant": "abroad", "shift_capacity": 80, "shifts_now": 1, "shifts_max": 1}],
        "lanes": [
            {"plant": plant, "market": market, "freight": "0.1"}
            for plant in ("abroad", "home")
            for market in ("jp", "us")
        ],
        "prices": [{"model": "note", "market": market, "price": 2} for market in ("jp", "us")],
        "demand": [
            {"model": "note", "market": market, "period": time, "volume": draw.choice([5, 20, 60])}
            for market in ("jp", "us")
            for time in times
        ],
    }


def _property(draw: Random, name: str) -> dict[str, object]:
    return {
        "id": name,
        "carrying_amount": draw.randint(0, 100),
        "market_value": draw.randint(20, 120),
        "growth": draw.choice(["0", "0.01", "-0.02"]),
        "residual_rate": draw.choice(["0.05", "0.08"]),
        "keep_cost": draw.choice([0, 1, 2]),
        "replacement_rent": draw.choice([0, 3, 6]),
    }


def _offer(draw: Random, name: str, owned: dict[str, object]) -> dict[str, object]:
    found: dict[str, object] = {
        "id": name,
        "property": owned["id"],
        "kind": "sell",
        "price": max(1, int(str(owned["market_value"])) + draw.randint(-15, 25)),
        "cost_share": draw.choice(["0", "0.02"]),
        "earliest": _day(draw),
        "latest": _day(draw),
    }
    if draw.random() < 0.3:
        return found
    return found | {
        "kind": "leaseback",
        "rent": draw.choice([0, "4.4", "8.245", 20]),
        "term_months": draw.choice([7, 12, 31, 60, 180, 240]),
        "fair_rate": draw.choice(["0", "0.04", "0.08"]),
        "buy_back": draw.choice(["no", "no", "yes"]),
    }


def _debt(draw: Random, name: str) -> dict[str, object]:
    return {
        "id": name,
        "kind": draw.choice(["bond", "loan"]),
        "principal": draw.randint(5, 60),
        "rate": draw.choice(["0.02", "0.0775"]),
        "due": f"{draw.randint(2025, 2031)}-{draw.randint(1, 12):02}-{draw.randint(1, 28):02}",
    }


def _facility(draw: Random, name: str) -> dict[str, object]:
    limit = draw.randint(10, 80)
    common: dict[str, object] = {
        "id": name,
        "kind": "bond",
        "limit": limit,
        "rate": draw.choice(["0.03", "0.08"]),
        "fair_rate": draw.choice(["0.03", "0.05", "0.08"]),
        "term_months": draw.choice([1, 6, 12, 36, 50, 84]),
        "earliest": _day(draw),
        "latest": _day(draw),
    }
    if draw.random() < 0.3:
        return common | {"kind": "revolver", "commitment_fee": draw.choice(["0", "0.005"])}
    return common | {
        "lump": draw.choice([0, 0, 10, limit, 100]),
        "fee": draw.choice(["0", "0.02"]),
    }


def _item(draw: Random, name: str, times: list[str]) -> dict[str, object]:
    return {
        "id": name,
        "period": draw.choice(["now", *times]),
        "name": "item",
        "account": draw.choice(ACCOUNTS),
        "amount": draw.randint(-20, 40),
        "cash": draw.choice(["yes", "no"]),
        "recurring": draw.choice(["yes", "no"]),
    }


def _working_capital(draw: Random) -> Lines:
    return [
        {
            "account": account,
            "driver": draw.choice(["revenue", "variable_cost"]),
            "days": draw.randint(0, 70),
        }
        for account in ("receivables", "inventory", "payables")
        if draw.random() < 0.5
    ]


def _taxes(draw: Random) -> dict[str, Lines]:
    if draw.random() < 0.2:
        return {}
    rule: dict[str, object] = {
        "id": "tax",
        "rate": draw.choice(["0.3", "0.3062"]),
        "loss_use_share": draw.choice(["0", "0.5", "1"]),
        "carry_years": draw.choice(["", 1, 2, 10]),
    }
    losses: Lines = [
        {
            "id": f"old{number}",
            "amount": draw.randint(0, 150),
            "expires": draw.choice(["", "FY2024", "FY2025", "FY2026", "FY2040"]),
        }
        for number in range(draw.randint(0, 3))
    ]
    return {"taxes": [rule], "tax_losses": losses}


def _covenants(draw: Random) -> Lines:
    """Return none mostly; some that are wide, some that only a comparator can miss."""
    if draw.random() < 0.5:
        return []
    found: Lines = []
    for number in range(draw.randint(1, 4)):
        kind = draw.choice(
            ["leverage", "interest_cover", "equity", "equity_ratio", "capital_expenditure"]
        )
        bound: dict[str, object] = {
            "leverage": {"ratio": draw.choice(["0.5", "3.5", 12])},
            "interest_cover": {"ratio": draw.choice(["0", "1.5", 4])},
            "equity": {"amount": draw.choice([-300, 0, "250.5"])},
            "equity_ratio": {"ratio": draw.choice(["0", "0.2", "0.6"])},
            "capital_expenditure": {"amount": draw.choice([0, 5, 60])},
        }[kind]
        first, last = draw.choice(["", "", "FY2026"]), draw.choice(["", "FY2026", "FY2040"])
        found.append({"id": f"c{number}", "kind": kind, "from": first, "until": last} | bound)
    return found


def _valuation(draw: Random) -> dict[str, object]:
    return {
        "id": "value",
        "discount_rate": draw.choice(["0.05", "0.08"]),
        "terminal_share": draw.choice(["0", "0.5", "1"]),
        "terminal_growth": draw.choice(["0", "0.01"]),
        "terminal_tax": draw.choice(["0", "0.3"]),
        "terminal_reinvestment": draw.choice(["0", "0.7", "1"]),
    }
