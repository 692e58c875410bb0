"""Worked example 1, close or keep: the rival of keeping a plant is moving its cars, not nothing.

The plant of golden case G1, with cash enough and nothing to fund: 48 of fixed cost a year, room for
240 thousand cars at a margin of 0.25. Closing costs 60, and 23 to launch the car elsewhere, where
120 thousand have room at 4 a year.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from replant.case import Case, read
from replant.module import row_classes
from replant.plan import Choices, Planned, make_plan
from replant.solve import SolveSettings
from replant.units import Cell
from tests.properties.making import case_of, tables_of

F = Fraction
CLOSE = "plant.old.close"
MARGIN, ROOM = F("0.25"), 240
ONCE = 60 + 8 + 15
ANNUITY = sum(1 / F("1.08") ** year for year in range(1, 6))
FLIP = 120 + (44 * ANNUITY - ONCE) / (MARGIN * ANNUITY)


@pytest.fixture(scope="module")
def plant(cases: Path) -> Case:
    """Golden case G1 without its head office and its bond, and with 1,000 more in cash."""
    tables = tables_of(read(cases / "golden-g1", row_classes()))
    for name in ("properties", "property_offers", "facilities"):
        del tables[name]
    tables["opening"] = [
        {"account": "cash", "amount": 1090},
        {"account": "equity", "amount": -1090},
    ]
    return case_of(tables)


def wanted(case: Case, volume: Fraction) -> Case:
    """Return the case with so many thousand cars wanted a year."""
    return case.replace_cells(
        {Cell("demand", "car/home", f"Y{year}", "volume"): volume for year in range(1, 6)}
    )


def worth(case: Case, **choices: tuple[str, ...]) -> Fraction:
    return planned(case, **choices).verification.value


def planned(case: Case, **choices: tuple[str, ...]) -> Planned:
    plan = make_plan(case, Choices(**choices), SolveSettings(gap=0.0, time_limit=60.0))
    assert plan.verification.ok, plan.verification.sentences()
    return plan


def closes(case: Case) -> bool:
    return planned(case).row("option", CLOSE) == 1.0


def test_closing_gains_92_7(plant: Case) -> None:
    """-24 a year for five years at 8 % against 20 a year less 83 now."""
    keep, close = worth(plant, forbid=(CLOSE,)), worth(plant, force=(CLOSE,))
    assert (keep, close) == (-24 * ANNUITY, 20 * ANNUITY - ONCE)
    assert [round(float(each), 3) for each in (ANNUITY, keep, close)] == [3.993, -95.825, -3.146]
    assert round(float(close - keep), 3) == 92.679


def test_closing_pays_back_in_1_89_years(plant: Case) -> None:
    """83 now against 44 more a year, read off the two paths of cash."""
    keep, close = planned(plant, forbid=(CLOSE,)), planned(plant, force=(CLOSE,))
    ahead = [
        close.verification.books.total("cash", time) - keep.verification.books.total("cash", time)
        for time in ("now", "Y1", "Y2")
    ]
    assert ahead == [-83, -39, 5]
    assert round(float(1 + ahead[1] / (ahead[1] - ahead[2])), 3) == 1.886


def test_at_the_break_even_of_80_per_cent_the_plant_closes_all_the_same(plant: Case) -> None:
    """At 192 of 240 thousand keeping is worth nothing, neither gain nor loss, and closing more."""
    full = wanted(plant, F(192))
    assert worth(full, forbid=(CLOSE,)) == 0
    assert F(48) / (MARGIN * ROOM) == F(192, ROOM) == F("0.8")
    assert closes(full)


def test_keeping_wins_from_212_8_thousand_cars_on(plant: Case) -> None:
    """Which is 88.7 % of its room; the plan turns over between two neighbouring thousandths."""
    assert (round(float(FLIP), 3), round(float(FLIP / ROOM), 4)) == (212.848, 0.8869)
    below = F(int(FLIP * 1000), 1000)
    assert closes(wanted(plant, below))
    assert not closes(wanted(plant, below + F(1, 1000)))


def test_at_the_flip_both_are_worth_the_same(plant: Case) -> None:
    """To what a thousandth of a thousand cars is worth, the least that a plan ships."""
    near = wanted(plant, F(int(FLIP * 1000), 1000))
    gap = worth(near, forbid=(CLOSE,)) - worth(near, force=(CLOSE,))
    assert abs(gap) < MARGIN * ANNUITY / 1000


@pytest.mark.parametrize(("cost", "right"), [("24.787", False), ("24.789", True)])
def test_closing_is_right_while_24_8_a_year_can_be_avoided(
    plant: Case, cost: str, right: bool
) -> None:
    """83 over the annuity, and 4 for the line elsewhere: 24.788."""
    assert round(float(ONCE / ANNUITY + 4), 3) == 24.788
    cheaper = {Cell("plants", "old", "", "fixed_cost_operating"): F(cost)}
    assert closes(plant.replace_cells(cheaper)) == right


@pytest.mark.parametrize(("shifts", "most"), [(1, "63.2448"), (2, "126.4896")])
def test_a_shift_of_36_an_hour_makes_63_2_thousand_a_year(
    plant: Case, shifts: int, most: str
) -> None:
    """36 x 8 hours x 244 days x 0.9; the second shift as many again."""
    tables = tables_of(wanted(plant, F(240)))
    tables["capacities"][0] |= {
        "shift_capacity": F(36 * 8 * 244 * 9, 10 * 1000),
        "shifts_now": shifts,
        "shifts_max": shifts,
    }
    plan = planned(case_of(tables), forbid=(CLOSE, "line.*"))
    assert plan.row("produced", "old", "Y3") == pytest.approx(float(most), abs=1e-3)
