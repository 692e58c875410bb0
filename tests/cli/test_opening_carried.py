"""What tables carry row by row fits into the opening balance, and prices into what is around them.

Golden case G1 opens with cash 90 and property 97; its head office carries 97 and is worth 97, and a
car brings 1.25 and costs 1.
"""

from __future__ import annotations

import pytest

from replant.case import load
from replant.cli.cautions import cautions
from replant.cli.contradictions import contradictions
from replant.module import row_classes
from tests.cli.test_contradictions import found, only

PLANTS_TABLE, DEBTS = "tables/plants.csv", "tables/debts.csv"
OFFERS, LEASEBACK = "tables/property_offers.csv", "hq_leaseback,hq,leaseback,97"
NEW = {"debt-left", "price-off-market", "cost-above-price"}
STAKE_HEAD = "id,kind,enabled,carrying_amount,price"


def test_properties_carry_no_more_than_the_opening_balance(firm, run) -> None:
    """Head office at 197 and 97 in the opening balance: sold, it would leave 100 less than none."""
    firm.swap("tables/properties.csv", "hq,Head office,97,97", "hq,Head office,197,97")
    one = only(firm)
    assert (one.code, one.severity, one.file) == (
        "above-opening", "error", "tables/properties.csv"
    )  # fmt: skip
    assert (one.column, one.value) == ("carrying_amount", "197")
    assert "opening balance of property that they are part of is 97" in one.rule
    assert "write 197 for property in tables/opening.csv" in one.fix
    planned = run("plan", firm.path)
    assert planned.returncode == 1
    assert "above-opening" in planned.stderr
    firm.swap("tables/opening.csv", "property,97\nequity,-187", "property,197\nequity,-287")
    assert list(found(firm)) == []


def test_properties_may_carry_less_than_the_opening_balance(firm) -> None:
    """What cannot be sold need not stand in the table."""
    firm.swap("tables/properties.csv", "hq,Head office,97,97", "hq,Head office,96.99,97")
    assert list(found(firm)) == []


def test_plants_carry_no_more_than_the_opening_balance_land_included(firm) -> None:
    """Both plants and their land together; a partner's plant is nobody's asset here."""
    firm.put(
        PLANTS_TABLE,
        "id,country,kind,fixed_cost_operating,can_close,carrying_amount,life_months,land_carrying\n"
        "old,home,own,48,yes,20,60,5\nreceiver,home,own,0,no,10,60,0\n"
        "partner,home,partner,0,no,99,60,0\n",
    )
    one = only(firm)
    assert (one.code, one.file, one.value) == ("above-opening", PLANTS_TABLE, "35")
    assert "ppe that they are part of is 0" in one.rule
    firm.swap("tables/opening.csv", "equity,-187", "ppe,35\nequity,-222")
    assert list(found(firm)) == []
    firm.swap(PLANTS_TABLE, "no,10,60,0", "no,10,60,0.01")
    assert only(firm).value == "35.01"


@pytest.mark.parametrize(
    ("kind", "account", "enough"),
    [("sell", "investments", "investments,9\n"), ("buy", "minority", "minority,-9\n")],
)
def test_stakes_carry_no_more_than_their_account(firm, kind, account, enough) -> None:
    """A holding is part of investments, a minority of the minority; one not for sale is neither."""
    firm.put("tables/stakes.csv", f"{STAKE_HEAD}\na,{kind},yes,9,9\nb,{kind},no,50,50\n")
    one = only(firm)
    assert (one.code, one.file, one.value) == ("above-opening", "tables/stakes.csv", "9")
    assert f"write {'-' if kind == 'buy' else ''}9 for {account}" in one.fix
    equity = "equity,-178" if kind == "buy" else "equity,-196"
    firm.swap("tables/opening.csv", "equity,-187\n", f"{equity}\n{enough}")
    assert list(found(firm)) == []


def debts(firm, opening: str, equity: str) -> None:
    firm.put(DEBTS, "id,principal,rate,due\npast,50,0.02,2025-12-31\nnote,30,0.02,2027-06-30\n")
    firm.swap("tables/opening.csv", "equity,-187", f"debt,{opening}\nequity,{equity}")


def test_more_debt_than_the_opening_balance_holds_is_an_error(firm) -> None:
    """What fell due before the plan begins is repaid, and counts no more."""
    debts(firm, "-29", "-158")
    one = only(firm)
    assert (one.code, one.severity, one.file) == ("above-opening", "error", DEBTS)
    assert (one.column, one.value) == ("principal", "30")
    assert "write -30 for debt" in one.fix


def test_debt_in_no_row_is_doubted(firm) -> None:
    """It is lawful, but nobody ever repays it."""
    debts(firm, "-31", "-156")
    one = only(firm)
    assert (one.code, one.severity, one.value) == ("debt-left", "warning", "30")
    assert "the other 1 bears no interest and is never repaid" in one.rule


def test_debts_that_add_up_to_the_opening_balance_are_sound(firm) -> None:
    debts(firm, "-30", "-157")
    assert list(found(firm)) == []


def test_without_opening_balances_nothing_is_held_against_them(firm) -> None:
    firm.drop("tables/opening.csv")
    firm.swap("tables/properties.csv", "hq,Head office,97,97", "hq,Head office,197,97")
    assert {each.code for each in found(firm)} == {"no-opening"}


@pytest.mark.parametrize("change", ["properties,hq,,carrying_amount", "opening,property,,amount"])
def test_a_scenario_may_not_carry_more_than_it_opens_with(firm, change: str) -> None:
    """Whether the rows or the balance are another in it."""
    value = "97.5" if change.startswith("properties") else "96.5"
    firm.put("scenarios.csv", "id,probability\na,0.5\nb,0.5\n")
    firm.put(
        "scenario_changes.csv",
        f"scenario,table,id,period,column,action,value\na,{change},set,{value}\n",
    )
    assert "above-opening" in {each.code for each in found(firm)}


@pytest.mark.parametrize("price", ["194.1", "48.4", "9700"])
def test_a_price_far_off_the_market_is_doubted(firm, price: str) -> None:
    """A digit too many would make the sale of the head office the best thing ever done."""
    firm.swap(OFFERS, LEASEBACK, f"hq_leaseback,hq,leaseback,{price}")
    one = only(firm)
    assert (one.code, one.severity, one.file) == ("price-off-market", "warning", OFFERS)
    assert (one.row, one.column, one.value) == (2, "price", price)
    assert ("twice" if price != "48.4" else "half") in one.rule


@pytest.mark.parametrize("price", ["194", "48.5"])
def test_a_good_or_poor_price_is_not_doubted(firm, price: str) -> None:
    firm.swap(OFFERS, LEASEBACK, f"hq_leaseback,hq,leaseback,{price}")
    assert list(found(firm)) == []


@pytest.mark.parametrize(("cost", "codes"), [("1.25", []), ("1.26", ["cost-above-price"])])
def test_a_car_that_costs_more_than_it_brings_anywhere_is_doubted(firm, cost, codes) -> None:
    """A cost in another unit would only read as a plant that had better make nothing."""
    firm.swap("tables/lines.csv", "car_old,car,old,yes,240,1", f"car_old,car,old,yes,240,{cost}")
    assert [each.code for each in found(firm)] == codes
    places = [(each.severity, each.row, each.column, each.value) for each in found(firm)]
    assert places == [("warning", 2, "unit_cost_home", cost) for _ in codes]


@pytest.mark.parametrize(
    "path", ["golden-g1", "golden-g1-scenarios", "golden-g2", "nissan-2025", "everything"]
)
def test_no_case_of_ours_is_doubted_in_vain(cases, root, path: str) -> None:
    """A warning that a sound case brings is one that nobody reads."""
    place = cases / path if (cases / path).exists() else root / "tests/cases" / path
    case, findings = load(place, row_classes())
    assert case is not None, findings
    assert [*contradictions(case), *(each for each in cautions(case) if each.code in NEW)] == []
