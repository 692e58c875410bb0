"""What a car earns and costs: the worked margins, currencies, duty by the day, and the books."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from replant.case import Case
from tests.decisions.factory import carmaker, sourced
from tests.decisions.small_firm import Built, balanced, rows, years

COUNTRIES = "id\njapan\nus"
CURRENCIES = "id,reference_rate\nUSD,150"
# 3.4 of 3.96: the customs value of the worked example, as a share of the net price
CUSTOMS = "0.858585858585858586"


def exporter(folder: Path, rate: str = "", **tables: str) -> Case:
    """$30k at 150 ¥/$ less 12 %: 3.96 net; cost 3.2, freight 0.15, customs value 3.4."""
    usual = {
        "periods": years(1),
        "countries": COUNTRIES,
        "currencies": CURRENCIES,
        "exchange_rates": "currency,period,rate\nUSD,P0,150",
        "plants": "id,country,kind,currency\nkyushu,japan,partner,\nsmyrna,us,partner,USD",
        "markets": "id,country,currency\nus,us,USD",
        "lines": "id,model,plant,tooled,capacity,unit_cost,unit_cost_home\n"
        "j,rogue,kyushu,yes,1,0,3.2\nu,rogue,smyrna,yes,1,3.45,0.1",
        "models": "id,segment\nrogue,suv",
        "lanes": f"plant,market,freight,customs_share,customs_moves\n"
        f"kyushu,us,0.15,{CUSTOMS},no\nsmyrna,us,0,0,no",
        "prices": "model,market,price,selling_cost\nrogue,us,3.96,0",
        "demand": "model,market,period,volume\nrogue,us,P0,1",
    }
    if rate:
        usual["duties"] = f"origin,market,from,rate\njapan,us,2020-01-01,{rate}"
    return carmaker(folder, **{**usual, **tables})


def one_car(built: Built, line: str = "j", period: str = "P0", market: str = "us") -> Built:
    x = built.plan(**{f"sourcing.ship[{line},{market},{period}]": 1.0})
    assert balanced(built, x)
    return built, x


def margin(built: Built, line: str = "j") -> float:
    built, x = one_car(built, line)
    return built.value(x, "cash_flow", **{"class": "operating"}, time="P0")


@pytest.mark.parametrize(
    ("rate", "expected"), [("", 0.61), ("0.025", 0.525), ("0.15", 0.10), ("0.275", -0.325)]
)
def test_the_margin_of_an_export_falls_with_the_rate_of_duty(
    tmp_path: Path, rate: str, expected: float
) -> None:
    assert margin(sourced(exporter(tmp_path, rate))) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize(("rate", "line"), [("0.058", "j"), ("0.059", "u")])
def test_the_plan_switches_to_the_local_plant_at_a_duty_of_588_percent(
    tmp_path: Path, rate: str, line: str
) -> None:
    """0.61 - 3.4 rate against the local plant's 0.41: they meet at 5.88 %."""
    built = sourced(exporter(tmp_path, rate))
    assert margin(built, "u") == pytest.approx(0.41)
    cash, _ = built.program.expected("cash_flow", **{"class": "operating"}, time="P0")
    x = built.best(cash)
    assert built.value(x, "made", line=line, period="P0") == pytest.approx(1)


@pytest.mark.parametrize(("moves", "break_even"), [("no", "146.212121"), ("yes", "145.652174")])
def test_the_yen_at_which_the_export_breaks_even_depends_on_the_customs_value(
    tmp_path: Path, moves: str, break_even: str
) -> None:
    """At 15 %: (3.35 + 0.51) / 3.96 of 150 if the customs value is fixed in yen."""
    lanes = f"plant,market,freight,customs_share,customs_moves\nkyushu,us,0.15,{CUSTOMS},{moves}"
    exchange = f"currency,period,rate\nUSD,P0,{break_even}"
    case = exporter(tmp_path, "0.15", lanes=lanes, exchange_rates=exchange)
    assert margin(sourced(case)) == pytest.approx(0, abs=1e-6)


def test_each_part_of_a_margin_stands_on_its_account_and_goes_on(tmp_path: Path) -> None:
    """At 120 ¥/$ price, selling cost and what the US plant pays at home move by 0.8."""
    case = exporter(
        tmp_path,
        exchange_rates="currency,period,rate\nUSD,P0,120",
        prices="model,market,price,selling_cost\nrogue,us,4,0.5",
        duties="origin,market,from,rate\nus,us,2020-01-01,0.1",
        lanes="plant,market,freight,customs_share,customs_moves\nsmyrna,us,0.2,0.5,yes",
    )
    built, x = one_car(sourced(case), "u")
    cost = Fraction("0.5") * Fraction("0.8") + Fraction("3.45") * Fraction("0.8") + Fraction("0.1")
    assert built.book(x) == {
        ("cash", "P0"): pytest.approx(3.2 - float(cost) - 0.2 - 0.16),
        ("revenue", "P0"): pytest.approx(-3.2),
        ("variable_cost", "P0"): pytest.approx(float(cost)),
        ("freight", "P0"): pytest.approx(0.2),
        ("duty", "P0"): pytest.approx(0.1 * 0.5 * 4 * 0.8),
    }
    cash = built.value(x, "ledger", account="cash", time="P0")
    assert built.value(x, "recurring", time="P0") == pytest.approx(cash)


def test_duty_is_weighted_by_the_days_on_which_each_rate_holds(tmp_path: Path) -> None:
    """April to June 2025 has 91 days: 2 at 2.5 %, then 89 at 27.5 %; before the first row none."""
    duties = rows(
        [
            {"origin": "japan", "market": "us", "from": "2025-04-03", "rate": "0.275"},
            {"origin": "japan", "market": "us", "from": "2020-01-01", "rate": "0.025"},
        ]
    )
    expected = 3.4 * (2 * 0.025 + 89 * 0.275) / 91
    built, x = one_car(sourced(exporter(tmp_path, duties=duties, periods=years(1, months=3))))
    assert built.value(x, "ledger", account="duty", time="P0") == pytest.approx(expected)


def test_before_the_first_rate_there_is_no_duty(tmp_path: Path) -> None:
    duties = "origin,market,from,rate\njapan,us,2025-06-21,0.1"
    built, x = one_car(sourced(exporter(tmp_path, duties=duties, periods=years(1, months=3))))
    assert built.value(x, "ledger", account="duty", time="P0") == pytest.approx(0.34 * 10 / 91)


def test_a_market_that_is_not_consolidated_counts_cars_and_books_nothing(tmp_path: Path) -> None:
    markets = "id,country,currency,consolidated\nus,us,USD,no"
    built, x = one_car(sourced(exporter(tmp_path, "0.15", markets=markets)))
    assert built.book(x) == {}
    assert built.value(x, "sales", model="rogue", market="us", period="P0") == 1
    assert built.value(x, "output", country="japan", period="P0") == 1


def test_prices_of_markets_that_are_not_consolidated_may_be_missing(tmp_path: Path) -> None:
    markets = "id,country,consolidated\nus,us,no"
    case = exporter(tmp_path, "0.15", markets=markets, prices="model,market,price")
    assert sourced(case).columns


def test_launch_money_of_a_plant_abroad_moves_with_its_currency(tmp_path: Path) -> None:
    lines = "id,model,plant,tooled,capacity,launch_cost,fixed_cost\nu,rogue,smyrna,no,1,10,5"
    exchange = "currency,period,rate\nUSD,P0,120\nUSD,P1,180"
    case = exporter(tmp_path, lines=lines, exchange_rates=exchange, periods=years(2))
    built = sourced(case)
    x = built.plan("sourcing.launch[u,P0]", "sourcing.on[u,P0]", "sourcing.on[u,P1]")
    assert built.value(x, "ledger", account="line_cost", time="now") == pytest.approx(8)
    assert built.value(x, "ledger", account="line_cost", time="P0") == pytest.approx(4)
    assert built.value(x, "ledger", account="line_cost", time="P1") == pytest.approx(6)


def test_coefficients_rest_on_exactly_the_cells_of_their_own_period(tmp_path: Path) -> None:
    exchange = "currency,period,rate\nUSD,P0,120\nUSD,P1,180"
    demand = "model,market,period,volume\nrogue,us,P0,1\nrogue,us,P1,1"
    case = exporter(tmp_path, "0.15", exchange_rates=exchange, periods=years(2), demand=demand)
    built = sourced(case)
    key = built.program.streams.index.key(0, "ledger", {"account": "revenue", "time": "P1"})
    cells = {str(cell) for entry in built.program.trace.stream_entries(key) for cell in entry.cells}
    assert cells == {
        "prices.rogue/us.price",
        "exchange_rates.USD[P1].rate",
        "currencies.USD.reference_rate",
    }
