"""Liquidity: cash is a chain from period to period, and the floor decides what is affordable."""

from __future__ import annotations

import pytest

import replant.module
from replant.case import read
from replant.errors import Infeasible
from tests.decisions.money_firm import balance, firm, items, over_time, plan, plan_of
from tests.decisions.small_firm import rows, table

OPTIONS = ("plant.old.close", "property.hq_leaseback", "facility.bond")


@pytest.mark.parametrize(
    ("option", "worth"), [("property.hq_leaseback", -1.9365), ("facility.bond", -0.6)]
)
def test_what_leaseback_and_bond_of_golden_case_g1_are_worth(cases, option, worth) -> None:
    """The leaseback costs 1.9365 and the bond its fee of 0.6: neither is taken for its value."""
    case = read(cases / "golden-g1", replant.module.row_classes())
    closed = ["plant.old.close"]
    others = [each for each in OPTIONS if each not in (option, *closed)]
    left = plan(case, force=closed, forbid=[*others, option], allow_shortfall=True)
    taken = plan(case, force=[*closed, option], forbid=others, allow_shortfall=True)
    assert taken.value - left.value == pytest.approx(worth, abs=5e-4)


def test_cash_is_what_came_before_and_what_moves(tmp_path) -> None:
    """Opening, now, then each period; what is not paid in cash does not move it."""
    found = plan_of(
        tmp_path,
        other_items=items(("now", "overhead", 10), ("P1", "rd", 5), ("P4", "other_result", -7)),
    )
    cash = [found.row("cash", time) for time in ("now", "P0", "P1", "P2", "P3", "P4")]
    assert cash == [90, 90, 85, 85, 85, 92]


@pytest.mark.parametrize("column", ["minimum_cash", "trough", "trapped"])
def test_the_floor_is_minimum_and_trough_and_what_is_trapped(tmp_path, column) -> None:
    """Each of the three lifts it by itself; 100 in hand, 101 is too much."""
    for amount, kept in ((100, True), (101, False)):
        line = {"period": "P2", "minimum_cash": 0} | {column: amount}
        case = firm(tmp_path / f"{amount}", liquidity=table(**line))
        if kept:
            assert plan(case).row("headroom", "P2") == 0
        else:
            with pytest.raises(Infeasible):
                plan(case)


def test_a_comparator_says_by_how_much_it_falls_short(tmp_path) -> None:
    """Only where shortfall is allowed; its value is not touched by the penalty."""
    case = firm(
        tmp_path,
        opening=balance(cash=10),
        other_items=items(("P1", "other_result", 30)),
        liquidity=rows([{"period": f"P{t}", "minimum_cash": 5} for t in range(3)]),
    )
    with pytest.raises(Infeasible):
        plan(case)
    found = plan(case, allow_shortfall=True)
    assert over_time(found, "shortfall") == {"P1": 25, "P2": 25}
    assert found.falls_short
    assert found.value == pytest.approx(-30 / 1.08**2)
    (said,) = [each for each in found.sentences() if each.subject == "firm.cash"]
    assert "25.0 ¥bn below" in said.text
    assert said.period == "P1"


def test_the_plan_says_where_cash_is_lowest(tmp_path) -> None:
    """Against its floor, not in itself."""
    case = firm(
        tmp_path,
        other_items=items(("P1", "other_result", 50), ("P2", "other_result", -80)),
        liquidity=rows(
            [{"period": "P1", "minimum_cash": 0}, {"period": "P2", "minimum_cash": 100}]
        ),
    )
    (said,) = [each for each in plan(case).sentences() if each.subject == "firm.cash"]
    assert said.text == "Cash is lowest against its floor at the end of P2: 30.0 ¥bn above it."
