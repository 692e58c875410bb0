"""Liquidity: cash is a chain from period to period, and the floor decides what is affordable."""

from __future__ import annotations

import pytest

import replant.module
from replant.case import read
from replant.errors import Infeasible
from tests.decisions.money_firm import balance, firm, items, over_time, plan, plan_of
from tests.decisions.small_firm import rows, table

OPTIONS = {"c": "plant.old.close", "s": "property.hq_leaseback", "b": "facility.bond"}
# close, leaseback, bond: value, first breach of the floor and by how much (specification, G1)
GOLDEN = {
    "": (-95.825, "Y3", 22.0),
    "b": (-96.425, "Y4", 26.2),
    "s": (-97.762, "Y5", 14.2),
    "sb": (-98.362, "Y5", 26.8),
    "c": (-3.146, "now", 33.0),
    "cb": (-3.746, "now", 3.6),
    "cs": (-5.082, None, 0.0),
    "csb": (-5.682, None, 0.0),
}


@pytest.mark.parametrize("taken", GOLDEN)
def test_the_eight_plans_of_golden_case_g1(cases, taken) -> None:
    """Each plan's value and its first breach of the floor, as computed by hand."""
    case = read(cases / "golden-g1", replant.module.row_classes())
    force = [OPTIONS[each] for each in taken]
    forbid = [option for each, option in OPTIONS.items() if each not in taken]
    found = plan(case, force=force, forbid=forbid, allow_shortfall=True)
    value, first, short = GOLDEN[taken]
    assert found.value == pytest.approx(value, abs=5e-4)
    short_at = over_time(found, "shortfall")
    assert next(iter(_in_order(found, short_at)), None) == first
    if first:
        assert short_at[first] == pytest.approx(short, abs=0.05)


def _in_order(found, times) -> list[str]:
    return [time for time in ("now", *(each.id for each in found.case.periods)) if time in times]


@pytest.mark.parametrize(
    ("option", "worth"), [("property.hq_leaseback", -1.9365), ("facility.bond", -0.6)]
)
def test_what_leaseback_and_bond_are_worth(cases, option, worth) -> None:
    """The leaseback costs 1.9365 and the bond its fee of 0.6: neither is bought for its value."""
    case = read(cases / "golden-g1", replant.module.row_classes())
    others = [each for each in OPTIONS.values() if each not in (option, "plant.old.close")]
    without = [*others, option]
    closed = ["plant.old.close"]
    left = plan(case, force=closed, forbid=without, allow_shortfall=True)
    taken = plan(case, force=[*closed, option], forbid=others, allow_shortfall=True)
    assert taken.value - left.value == pytest.approx(worth, abs=5e-4)


def test_the_best_plan_of_golden_case_g1(cases) -> None:
    """Close and lease back: the leaseback is not worth its price, but it pays for the closure."""
    found = plan(read(cases / "golden-g1", replant.module.row_classes()))
    assert found.value == pytest.approx(-5.082, abs=5e-4)
    assert [found.row("option", each) for each in OPTIONS.values()] == [1, 1, 0]


def test_the_golden_plant_cannot_be_kept(cases) -> None:
    """Forced open, no plan keeps the floor of 40."""
    case = read(cases / "golden-g1", replant.module.row_classes())
    with pytest.raises(Infeasible):
        plan(case, force=["plant.old.run"])


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
