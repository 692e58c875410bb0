"""What cannot be true together is an error of `check`, and what is likely lost is a warning."""

from __future__ import annotations

import pytest

from replant.case import Finding, Findings, load
from replant.cli.examining import examine
from replant.module import row_classes

LIQUIDITY, DEMAND = "tables/liquidity.csv", "tables/demand.csv"


def found(firm) -> Findings:
    case, findings = load(firm.path, row_classes())
    assert case is not None, findings
    return examine(case)


def only(firm) -> Finding:
    (one,) = found(firm)
    assert one.rule
    assert one.fix
    return one


def test_an_opening_balance_must_sum_to_zero(firm, run) -> None:
    """One too much in cash is an error before anything is solved, with the equity that mends it."""
    firm.swap("tables/opening.csv", "cash,90", "cash,91.5")
    one = only(firm)
    assert (one.code, one.severity, one.file) == (
        "opening-unbalanced", "error", "tables/opening.csv"
    )  # fmt: skip
    assert (one.row, one.column, one.value) == (4, "amount", "-187")
    assert "not 1.5" in one.rule
    assert one.fix.endswith("equity is -188.5")
    planned = run("plan", firm.path)
    assert planned.returncode == 1
    assert "opening-unbalanced" in planned.stderr
    firm.swap("tables/opening.csv", "equity,-187", "equity,-188.5")
    assert list(found(firm)) == []


def test_an_opening_balance_without_own_funds_is_told_what_is_missing(firm) -> None:
    firm.swap("tables/opening.csv", "equity,-187\n", "")
    one = only(firm)
    assert (one.code, one.row) == ("opening-unbalanced", None)
    assert one.fix.endswith("equity is -187")


def test_the_finance_arm_is_held_to_the_same(firm) -> None:
    firm.put("tables/finance_opening.csv", "account,amount\nfinance_cash,5\nfinance_equity,-4\n")
    codes = {(each.code, each.file) for each in found(firm)}
    assert ("opening-unbalanced", "tables/finance_opening.csv") in codes


def test_a_scenario_may_not_unbalance_what_the_tables_balance(firm) -> None:
    firm.put("scenarios.csv", "id,probability\na,0.5\nb,0.5\n")
    firm.put(
        "scenario_changes.csv",
        "scenario,table,id,period,column,action,value\na,opening,cash,,amount,set,50\n",
    )
    assert "opening-unbalanced" in {each.code for each in found(firm)}


def test_no_plant_works_more_shifts_than_it_can(firm) -> None:
    firm.swap("tables/capacities.csv", "receiver,120,1,1", "receiver,120,3,2")
    one = only(firm)
    assert (one.code, one.severity) == ("shifts-crossed", "error")
    assert (one.file, one.row, one.column, one.value) == (
        "tables/capacities.csv", 3, "shifts_now", "3"
    )  # fmt: skip


@pytest.mark.parametrize("lost", ["Y1", "Y3", "Y5"])
def test_a_floor_for_some_periods_is_a_floor_for_all(firm, lost: str) -> None:
    """A lost row of the floor would let a plan spend what is not there, so it is an error."""
    firm.swap(LIQUIDITY, f"{lost},40\n", "")
    one = only(firm)
    assert (one.code, one.severity, one.file) == ("floor-hole", "error", LIQUIDITY)
    assert (one.column, one.value) == ("period", lost)
    assert one.fix == f"add a row for {lost}"


def test_demand_that_stops_and_begins_again_is_doubted(firm) -> None:
    """A model may come late or go early; a hole amid its years is likely a lost row."""
    firm.swap(DEMAND, "Y3,96\n", "Y3,96\ncar,away,Y1,5\ncar,away,Y2,5\ncar,away,Y5,5\n")
    firm.put("tables/markets.csv", _another_market(firm))
    holes = [each for each in found(firm) if each.code == "demand-hole"]
    assert [(each.severity, each.file, each.row, each.value) for each in holes] == [
        ("warning", DEMAND, 6, "Y3, Y4")
    ]


def _another_market(firm) -> str:
    head, row = (firm.path / "tables/markets.csv").read_text(encoding="utf-8").strip().split("\n")
    assert row.startswith("home,")
    return f"{head}\n{row}\naway{row.removeprefix('home')}\n"


def test_a_period_in_which_nobody_wants_anything_is_doubted(firm) -> None:
    firm.swap(DEMAND, "car,home,Y5,96\n", "")
    one = only(firm)
    assert (one.code, one.severity, one.value) == ("demand-hole", "warning", "Y5")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('money = "¥bn"', 'money = "bananas"', "only a word"),
        ('money = "¥bn"', 'money = "€bn"', "only a word"),
        ('unit_value = "¥m"', 'unit_value = "a lot"', "only a word"),
        ('money = "¥bn"', 'money = "¥m"', "not ¥m"),
    ],
)
def test_a_unit_of_money_that_is_only_a_word_is_told(firm, old: str, new: str, told: str) -> None:
    """Nothing is converted by these words, so a wrong one would stand beside every figure."""
    firm.swap("case.toml", old, new)
    one = only(firm)
    assert (one.code, one.severity, one.file) == ("money-word", "warning", "case.toml")
    assert told in one.rule
    assert one.column.startswith("units.")


@pytest.mark.parametrize(
    ("currency", "money", "price"),
    [("EUR", "EUR m", "€k"), ("USD", "million USD", "thousand $"), ("JPY", "JPY billion", "JPY m")],
)
def test_a_currency_and_a_size_are_understood_in_any_order(firm, currency, money, price) -> None:
    firm.swap("case.toml", 'currency = "JPY"', f'currency = "{currency}"')
    firm.swap("case.toml", 'money = "¥bn"', f'money = "{money}"')
    firm.swap("case.toml", 'unit_value = "¥m"', f'unit_value = "{price}"')
    assert list(found(firm)) == []


def test_a_warning_stops_a_strict_check_alone(firm, run) -> None:
    """Money that is only a word is doubted: told in both ways, and an error where one asks."""
    firm.swap("case.toml", 'money = "¥bn"', 'money = "bananas"')
    assert [each.severity for each in found(firm)] == ["warning"]
    easy, strict = run("check", firm.path), run("check", firm.path, "--strict")
    assert (easy.returncode, strict.returncode) == (0, 1)
    assert "money-word" in strict.stderr + strict.stdout
