"""All state paths of three plants over five years, each valued exactly: none beats the plan."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

import pytest

from replant.case import Case
from replant.plan import make_plan
from replant.solve import SolveSettings
from replant.verify import evaluate
from tests.properties.making import case_of, years

YEARS = 5
OPEN = (0, 2)  # years at whose start plants may change
Path = tuple[str, ...]


def firm(floor: str, at_most: int) -> Case:
    """Three plants without cars, each with its own ways out; cash and a relation tie them."""
    periods = years(YEARS)
    for number, period in enumerate(periods):
        period["decisions"] = "yes" if number in OPEN else "no"
    common = {"country": "home", "life_months": 60, "closure_deducted": "late"}
    tables = {
        "periods": periods,
        "countries": [{"id": "home", "name": "Home"}],
        "calendars": [
            {"id": "late", "months": 0, "share": "0.4"},
            {"id": "late", "months": 18, "share": "0.6"},
        ],
        "plants": [
            {
                "id": "east",
                "fixed_cost_operating": "9",
                "fixed_cost_winding": "7",
                "fixed_cost_closed": "0.5",
                "carrying_amount": "20",
                "closure_cost": "14",
                "closure_paid": "late",
                "remediation_cost": "2",
                "sale_price": "6",
                "land_carrying": "3",
                "notice_months": 12,
                "can_close": "yes",
                "can_sell": "yes",
                **common,
            },
            {
                "id": "west",
                "fixed_cost_operating": "7",
                "fixed_cost_mothballed": "2",
                "fixed_cost_reopening": "3",
                "mothball_cost": "3",
                "reopen_cost": "2",
                "reopen_months": 12,
                "closure_cost": "11",
                "can_close": "yes",
                "can_mothball": "yes",
                "can_reopen": "yes",
                "mothball_limit_months": 24,
                **common,
            },
            {
                "id": "south",
                "fixed_cost_operating": "5",
                "sustaining_capex": "1",
                "running_price": "4",
                "closure_cost": "3",
                "can_close": "yes",
                "can_sell_running": "yes",
                **common,
            },
        ],
        "opening": [
            {"account": "cash", "amount": "70"},
            {"account": "ppe", "amount": "40"},
            {"account": "equity", "amount": "-110"},
        ],
        "liquidity": [
            {"period": name, "minimum_cash": floor}
            for name in ("now", *(period["id"] for period in periods))
        ],
        "other_items": [
            {
                "id": "cars",
                "period": period["id"],
                "name": "What cars earn",
                "account": "other_operating",
                "amount": "-12",
                "recurring": "yes",
            }
            for period in periods
        ],
        "relations": [
            {
                "id": "few",
                "kind": "at_most",
                "options": "plant.east.close;plant.west.close;plant.south.close",
                "at_most": at_most,
                "reason": "So many closures at most.",
            }
        ],
        "valuation": [{"id": "value", "discount_rate": "0.08", "terminal_share": "0.5"}],
        "taxes": [{"id": "tax", "rate": "0.25", "loss_use_share": "0"}],
    }
    return case_of(tables)


# -- every path, from the table of states and arcs alone -----------------------------------------


def paths(plant: str, notice: int, ways: frozenset[str]) -> Iterator[Path]:
    """Yield every path of a plant as its columns, by the table of plant_path in tables.md."""

    def name(column: str, *years_: int) -> str:
        return f"{column}[{','.join((plant, *(f'P{year + 1}' for year in years_)))}]"

    def run(year: int, taken: Path) -> Iterator[Path]:
        if year == YEARS:
            yield taken
            return
        yield from run(year + 1, (*taken, name("operate", year)))
        if year not in OPEN:
            return
        if "close" in ways:
            after = min(year + notice, YEARS)
            yield from closed(after, (*taken, name("close", year)))
        if "mothball" in ways:
            yield from asleep(year, year + notice, (*taken, name("mothball", year)))
        if "sell_running" in ways:
            yield (*taken, name("sell_running", year))

    def closed(year: int, taken: Path) -> Iterator[Path]:
        if year == YEARS:
            yield taken
            return
        yield from closed(year + 1, (*taken, name("stay_closed", year)))
        if "sell" in ways and year in OPEN:
            yield (*taken, name("sell", year))

    def asleep(since: int, year: int, taken: Path) -> Iterator[Path]:
        if year == YEARS:
            yield taken
            return
        yield from asleep(since, year + 1, (*taken, name("keep_mothballed", since, year)))
        if year not in OPEN:
            return
        if 12 * (year - since) <= 24:
            yield from again(year + 1, (*taken, name("reopen", since, year)))
        yield from closed(year, (*taken, name("close_mothballed", since, year)))

    def again(year: int, taken: Path) -> Iterator[Path]:
        if year >= YEARS:
            yield taken
            return
        yield from again(year + 1, (*taken, name("operate_again", year)))

    return run(0, ())


def all_plans() -> Iterator[dict[str, dict[str, str]]]:
    east = list(paths("east", 1, frozenset({"close", "sell"})))
    west = list(paths("west", 0, frozenset({"close", "mothball"})))
    south = list(paths("south", 0, frozenset({"close", "sell_running"})))
    for chosen in product(east, west, south):
        yield {"plant_path": {column: "1" for path in chosen for column in path}}


@pytest.mark.parametrize(("floor", "at_most"), [("0", 3), ("55", 3), ("58", 3), ("0", 1)], ids=str)
def test_no_path_is_worth_more_than_the_plan(floor: str, at_most: int):
    case = firm(floor, at_most)
    best, lawful = Fraction(-(10**9)), 0
    for decisions in all_plans():
        found = evaluate(case, decisions)
        assert not found.without_twin
        if found.ok:
            lawful += 1
            best = max(best, found.value)
    assert lawful > 10
    plan = make_plan(case, settings=SolveSettings(gap=0.0))
    assert plan.verification.ok
    assert plan.verification.value == best
    assert plan.solution.bound == pytest.approx(float(best), abs=1e-6)
