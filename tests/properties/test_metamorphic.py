"""What must not change the answer, and what can move it one way only."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from replant.case import Case, read
from replant.module import row_classes
from replant.plan import Choices, assemble, make_plan
from replant.solve import SolveSettings, solve
from tests.properties.firms import small_firms
from tests.properties.making import Tables, case_of, rescaled, tables_of

ROOT = Path(__file__).parent.parent.parent
calm = settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
EXACTLY = SolveSettings(gap=0.0, time_limit=60.0)


def worth(case: Case, choices: Choices | None = None) -> float:
    """Return what the best plan is worth; minus infinity where there is none."""
    return solve(assemble(case, choices), EXACTLY).objective


def close(found: float, wanted: float) -> bool:
    return found == pytest.approx(wanted, rel=1e-6, abs=1e-5)


@pytest.fixture(scope="module")
def golden() -> Case:
    return read(ROOT / "cases" / "golden-g1", row_classes())


@pytest.fixture(scope="module")
def everything() -> Case:
    return read(ROOT / "tests" / "cases" / "everything", row_classes())


# -- what must not matter ------------------------------------------------------------------------


@given(small_firms(), st.sampled_from([10, 1000]))
@calm
def test_money_in_smaller_units_is_worth_as_many_times_more(tables: Tables, factor: int):
    case = case_of(tables)
    assert close(worth(case_of(rescaled(case, money=factor))) / factor, worth(case))


@given(small_firms(), st.randoms(use_true_random=False))
@calm
def test_the_order_of_rows_does_not_matter(tables: Tables, order: random.Random):
    # but for periods, steps of cost work, and people, of whom the first group is taken over
    kept = ("periods", "cost_work", "people")
    mixed = {name: list(rows) for name, rows in tables.items()}
    for name in mixed:
        if name not in kept:
            order.shuffle(mixed[name])
    assert close(worth(case_of(mixed)), worth(case_of(tables)))


def test_a_dominated_option_changes_nothing(golden: Case):
    tables = tables_of(golden)
    best = make_plan(golden).verification.value
    tables["property_offers"].append(
        {**tables["property_offers"][0], "id": "worse", "rent": "9.1", "price": "96"}
    )
    tables["facilities"].append({**tables["facilities"][0], "id": "dearer", "fee": "0.05"})
    plan = make_plan(case_of(tables))
    assert plan.verification.ok
    assert plan.verification.value == best
    assert plan.row("option", "property.worse") == plan.row("option", "facility.dearer") == 0.0


@given(small_firms())
@calm
def test_another_choice_never_costs_value(tables: Tables):
    more = {name: list(rows) for name, rows in tables.items()}
    more.setdefault("facilities", []).append(
        {
            "id": "second_line",
            "kind": "revolver",
            "limit": "12",
            "rate": "0.09",
            "fair_rate": "0.03",
        }
    )
    assert worth(case_of(more)) >= worth(case_of(tables)) - 1e-5


@given(small_firms())
@calm
def test_a_looser_rule_never_costs_value(tables: Tables):
    loose = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    for row in loose.get("liquidity", []):
        row["minimum_cash"] = "0"
    for row in loose.get("people", []):
        row["minimum"] = "0"
    for row in loose["lanes"]:
        row["capacity"] = None
    for row in loose["markets"]:
        row["must_serve"] = "no"
    assert worth(case_of(loose)) >= worth(case_of(tables)) - 1e-5


# -- time ----------------------------------------------------------------------------------------


def free_of_interest(case: Case) -> Tables:
    """Return G1 where time costs nothing: no discount, no interest."""
    tables = tables_of(case)
    tables["valuation"][0]["discount_rate"] = "0"
    tables["properties"][0]["residual_rate"] = "0"
    for row in (*tables["facilities"], *tables["property_offers"]):
        row["fair_rate"] = "0"
    tables["facilities"][0]["rate"] = "0"
    return tables


def halved(tables: Tables) -> Tables:
    """Return the same years in two halves each; nothing is decided in the second."""
    found: Tables = {name: [dict(row) for row in rows] for name, rows in tables.items()}
    found["periods"] = []
    for row in tables["periods"]:
        year = str(row["start"])[:4]
        for half, start in (("a", f"{year}-01-01"), ("b", f"{year}-07-01")):
            decisions = row["decisions"] and half == "a"
            part = {"id": f"{row['id']}{half}", "start": start, "months": 6}
            found["periods"].append({**row, **part, "decisions": "yes" if decisions else "no"})
    found["demand"] = [
        {**row, "period": f"{row['period']}{half}", "volume": row["volume"] / 2}
        for row in tables["demand"]
        for half in "ab"
    ]
    found["liquidity"] = [
        {**row, "period": row["period"] if row["period"] == "now" else f"{row['period']}b"}
        for row in tables["liquidity"]
    ]
    return found


OPTIONS = ("plant.old.close", "property.hq_leaseback", "facility.bond")


@pytest.mark.parametrize("taken", range(8))
def test_a_year_in_two_halves_is_worth_the_same(golden: Case, taken: int):
    tables = free_of_interest(golden)
    force = tuple(name for place, name in enumerate(OPTIONS) if taken >> place & 1)
    forbid = tuple(name for name in OPTIONS if name not in force)
    choices = Choices(force=force, forbid=forbid, allow_shortfall=True)
    whole, parts = (make_plan(case_of(each), choices) for each in (tables, halved(tables)))
    assert whole.verification.ok
    assert parts.verification.ok
    assert whole.verification.value == parts.verification.value
    for year in range(1, 6):
        cash = parts.verification.books.total("cash", f"Y{year}b")
        assert cash == whole.verification.books.total("cash", f"Y{year}")


# -- scenarios -----------------------------------------------------------------------------------


def in_scenarios(case: Case, *leaves: tuple[str, str, str]) -> Case:
    """Return the case with scenarios: name, probability, factor on the price of the car."""
    tables: dict[str, Any] = tables_of(case)
    tables["scenarios"] = [
        {"id": name, "name": name, "probability": share} for name, share, _ in leaves
    ]
    tables["scenario_changes"] = [
        {
            "scenario": name,
            "table": "prices",
            "id": "car/home",
            "column": "price",
            "action": "multiply",
            "value": factor,
        }
        for name, _, factor in leaves
    ]
    return case_of(tables)


def test_a_leaf_told_twice_with_half_its_probability_changes_nothing(golden: Case):
    once = in_scenarios(golden, ("low", "0.5", "0.99"), ("high", "0.5", "1.2"))
    twice = in_scenarios(
        golden, ("low", "0.5", "0.99"), ("high", "0.25", "1.2"), ("again", "0.25", "1.2")
    )
    value = worth(once)
    assert value > -100
    assert close(worth(twice), value)


def test_one_leaf_is_the_case_itself(golden: Case):
    assert close(worth(in_scenarios(golden, ("only", "1", "1"))), worth(golden))


# -- accounting ----------------------------------------------------------------------------------


def untaxed(case: Case, standard: str) -> Case:
    tables = tables_of(case)
    tables["taxes"][0]["rate"] = "0"
    regime = [{"standard": standard, "from": "2020-01-01"}]
    return case_of(tables, as_of="2025-03-31", accounting={"regime": regime})


@pytest.mark.slow
def test_without_tax_the_accounting_standard_is_worth_nothing(everything: Case):
    """What changes is profit and the balance sheet, never cash or value."""
    force = ("property.hq_leaseback", "property.yard_sale", "property.museum_loan")
    choices = Choices(force=force)
    found = {
        standard: make_plan(untaxed(everything, standard), choices, EXACTLY)
        for standard in ("JGAAP", "JGAAP34", "IFRS", "USGAAP")
    }
    values = {name: float(plan.verification.value) for name, plan in found.items()}
    assert all(plan.verification.ok for plan in found.values())
    assert values == pytest.approx(dict.fromkeys(values, values["JGAAP"]), abs=1e-4)
    profits = {tuple(plan.rows["net_income"].values()) for plan in found.values()}
    assert len(profits) > 1, "the standards do differ in profit"
