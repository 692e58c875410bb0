"""Supply: minimum and maximum hold while a deal runs, and a missing minimum is paid for."""

from __future__ import annotations

import numpy as np
import pytest

from replant.decisions.plant_path import MODULE as PLANT_PATH
from replant.decisions.supply import MODULE
from replant.errors import ModuleError
from replant.kernel import Expr, Stage
from replant.module import Builder
from replant.units import UNIT_VALUE, VOLUME, Quantity
from tests.decisions.small_firm import (
    Built,
    balanced,
    build,
    case_of,
    rows,
    table,
    told,
    years,
)

PLANT = {"id": "oppama", "country": "japan", "can_close": "yes", "notice_months": 12}
BUY = {"id": "ally", "partner": "Ally", "direction": "buy", "duration_months": 24}
BUILD = BUY | {"direction": "build", "plant": "oppama", "maximum": 40}


def built(folder, deal: dict[str, object], *, extra=None, periods: str = "", **tables) -> Built:
    case = case_of(
        folder,
        [MODULE, PLANT_PATH],
        periods=periods or years(4),
        plants=rows([PLANT | ({"currency": "USD"} if tables else {})]),
        supply_deals=rows([deal]),
        **tables,
    )
    return build(case, PLANT_PATH, MODULE, extra=extra)


def takes(to: Builder) -> Expr | None:
    """Stand in for sourcing: cars taken from the deal, at a margin of 1 that nobody books."""
    take = to.variable("take", to.periods, unit=VOLUME, stage=Stage.RECOURSE, upper=100.0)
    for label in to.periods.labels:
        to.post("taken", take.at(period=label), deal="ally", period=label)
    margin = take.sum() * Quantity.of(1, UNIT_VALUE)
    for time in to.times:
        margin = margin + to.total("cash_flow", **{"class": "operating"}, time=time)
    return margin


def operating(count: int = 4) -> list[str]:
    return [f"plant_path.operate[oppama,P{t}]" for t in range(count)]


# ── buying ──


def test_cars_are_taken_only_while_the_deal_runs_and_up_to_its_maximum(tmp_path) -> None:
    """Half a year's maximum in half a year; nothing before, and nothing beyond the maximum."""
    found = built(tmp_path, BUY | {"maximum": 30}, extra=takes, periods=years(4, months=6))
    x = found.plan(*operating(), "supply.start[ally,P1]", **{"test.take[P2]": 15.0})
    assert found.lawful(x)
    assert found.book(x, "dealt") == {("ally", f"P{t}"): 1.0 for t in (1, 2, 3)}
    assert not found.lawful(
        found.plan(*operating(), "supply.start[ally,P1]", **{"test.take[P2]": 15.5})
    )
    best = found.best()
    assert found.value(best, "taken", deal="ally", period="P0") == pytest.approx(15.0)


def test_without_a_maximum_nothing_bounds_what_is_taken(tmp_path) -> None:
    """An empty maximum adds no row; lines keep to `dealt` by themselves."""
    found = built(tmp_path, BUY, extra=takes)
    assert not any(each.startswith("supply.at_most") for each in found.program.rows.labels)


def test_a_shortfall_is_the_larger_of_nothing_and_what_is_missing(tmp_path) -> None:
    """Whatever is taken, the cheapest plan pays for exactly what is short of the minimum."""
    deal = BUY | {"minimum": 20, "maximum": 60, "shortfall_price": "0.5", "fixed_fee": 2}
    found = built(tmp_path, deal, extra=takes)
    for taken, short in ((0.0, 20.0), (12.5, 7.5), (20.0, 0.0), (35.0, 0.0)):
        fixed = {"supply.start[ally,P1]": 1.0, "test.take[P1]": taken, "test.take[P2]": 20.0}
        lower, upper = found.program.columns.lower.copy(), found.program.columns.upper.copy()
        for label in found.columns:
            if label.startswith(("supply.start", "test.take")):
                column = found.program.columns.find(label)
                lower[column] = upper[column] = fixed.get(label, 0.0)
        bound = Built(found.case, found.program.with_bounds(lower=lower, upper=upper))
        x = bound.best()
        assert x[found.program.columns.find("supply.shortfall[ally,P1]")] == pytest.approx(short)
        assert found.book(x).get(("variable_cost", "P1"), 0) == pytest.approx(0.5 * short)
        assert balanced(found, x)


def test_fees_are_costs_in_both_directions(tmp_path) -> None:
    """A one-off at signing that does not recur, a fixed fee a year that does."""
    for deal in (BUY, BUILD):
        found = built(tmp_path / str(deal["direction"]), deal | {"one_off": 7, "fixed_fee": 2})
        x = found.plan(*operating(), "supply.start[ally,P0]")
        book = found.book(x)
        assert book["other_operating", "now"] == 7
        assert [book.get(("other_operating", f"P{t}"), 0) for t in range(4)] == [2, 2, 0, 0]
        assert found.value(x, "recurring", time="P0") == -2
        assert found.value(x, "recurring", time="now") == 0
        assert balanced(found, x)


def test_a_lead_moves_the_deal_and_a_late_one_is_not_offered(tmp_path) -> None:
    """Signed in P0 with a year of lead it runs from P1; in P3 it would begin at the horizon."""
    found = built(tmp_path, BUY | {"lead_months": 12})
    x = found.plan(*operating(), "supply.start[ally,P0]")
    assert found.book(x, "dealt") == {("ally", "P1"): 1.0, ("ally", "P2"): 1.0}
    assert "supply.start[ally,P3]" not in found.columns
    assert not found.lawful(
        found.plan(*operating(), "supply.start[ally,P0]", "supply.start[ally,P2]")
    )


# ── building ──


def built_volume(found: Built, volume: float, *taken: str) -> np.ndarray:
    return found.plan(
        *(taken or operating()), "supply.start[ally,P1]", **{"supply.build[ally,P2]": volume}
    )


def test_what_is_built_lies_between_minimum_and_maximum(tmp_path) -> None:
    """While the deal runs, and nothing at any other time."""
    found = built(tmp_path, BUILD | {"minimum": 0})
    assert found.lawful(built_volume(found, 40.0))
    assert not found.lawful(built_volume(found, 40.5))
    least = built(tmp_path / "least", BUILD | {"minimum": 10})
    assert not least.lawful(built_volume(least, 40.0))  # P1 gets nothing
    x = built_volume(least, 10.0)
    x[least.program.columns.find("supply.build[ally,P1]")] = 10.0
    assert least.lawful(x)
    x[least.program.columns.find("supply.start[ally,P1]")] = 0.0
    assert not least.lawful(x)


def test_a_closed_plant_builds_for_nobody(tmp_path) -> None:
    """In notice it may still build; closed it may not."""
    found = built(tmp_path, BUILD)
    states = ["operate[oppama,P0]", "close[oppama,P1]", "stay_closed[oppama,P2]"]
    closing = [f"plant_path.{each}" for each in (*states, "stay_closed[oppama,P3]")]
    assert not found.lawful(built_volume(found, 5.0, *closing))
    x = built_volume(found, 0.0, *closing)
    x[found.program.columns.find("supply.build[ally,P1]")] = 5.0
    assert found.lawful(x)


def test_building_uses_capacity_and_earns_its_fee(tmp_path) -> None:
    """Fee in our money, cost in the plant's; capacity by work content."""
    rates = rows({"currency": "USD", "period": f"P{t}", "rate": 100 + 10 * t} for t in range(4))
    found = built(
        tmp_path,
        BUILD | {"fee": "0.8", "unit_cost": "0.5", "work_content": "1.5"},
        currencies=table(id="USD", reference_rate=100),
        exchange_rates=rates,
    )
    x = built_volume(found, 20.0)
    book = found.book(x)
    assert book["deal_income", "P2"] == -16
    assert book["variable_cost", "P2"] == 12
    assert found.book(x, "capacity_used") == {("oppama", "P2"): 30.0}
    assert found.value(x, "recurring", time="P2") == pytest.approx(4)
    assert balanced(found, x)


@pytest.mark.parametrize("missing", ["plant", "maximum"])
def test_building_needs_a_plant_and_a_maximum(tmp_path, missing) -> None:
    """Without them the deal could not be bounded: the case is refused with the row's name."""
    deal = {name: value for name, value in BUILD.items() if name != missing}
    with pytest.raises(ModuleError, match=r"supply_deals\.ally"):
        built(tmp_path, deal)


def test_a_deal_is_told_with_its_terms(tmp_path) -> None:
    """What is bought from whom, from when until when, and what it costs."""
    found = built(tmp_path, BUY | {"maximum": 30, "minimum": 10, "one_off": 3, "fixed_fee": 1})
    (sentence,) = told(found, MODULE, found.plan("supply.start[ally,P1]"))
    assert sentence.text == (
        "The firm buys from Ally from P1 (April 2026) until P3, at most 30.0 thousand units a "
        "year, at least 10.0; it costs 3.0 ¥bn at signing and 1.0 ¥bn a year."
    )
    assert (sentence.subject, sentence.option) == ("deal.ally", "deal.ally")
    (other,) = told(
        built(tmp_path / "b", BUILD),
        MODULE,
        built(tmp_path / "b", BUILD).plan("supply.start[ally,P3]"),
    )
    assert "builds for Ally from P3 (April 2028) to the end of the plan" in other.text
    assert other.until == ""


def test_a_deal_with_a_name_is_told_by_it(tmp_path) -> None:
    """What is bought or built is named, so that two deals with one ally read differently."""
    for row, told_as in (
        (BUY | {"name": "Small car"}, "Small car is bought from Ally"),
        (BUILD | {"name": "Large car"}, "Large car is built for Ally"),
    ):
        found = built(tmp_path / row["name"][:5], row)
        (sentence,) = told(found, MODULE, found.plan("supply.start[ally,P1]"))
        assert sentence.text.startswith(f"{told_as} from ")
        assert found.program.option_sentences["deal.ally"] == told_as
