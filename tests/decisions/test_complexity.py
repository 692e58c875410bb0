"""Part variants: one number for each family, chosen once, saving as it phases in."""

from __future__ import annotations

from math import log2
from pathlib import Path

import pytest

from replant.decisions import complexity
from replant.plan import assemble
from replant.rules import value
from tests.decisions.people_case import chosen, firm, plan, said

MODULE = complexity.MODULE
FAMILY = "id,name,variants\nharness,Wiring harnesses,100\n"
HEADING = "id,family,variants,saving,cost,phase_in,earliest,latest\n"


def test_a_case_without_families_gets_nothing(tmp_path: Path) -> None:
    assert not MODULE.applies(firm(tmp_path))


def test_each_family_changes_at_most_once_over_all_options_and_periods(tmp_path: Path) -> None:
    options = HEADING + "h50,harness,50,1,0,,,\nh30,harness,30,2,0,,,\n"
    case = firm(tmp_path, part_families=FAMILY, part_options=options)
    program = assemble(case, modules=(MODULE, value.MODULE))
    (row,) = (number for number, each in enumerate(program.rows.labels) if each.startswith("comp"))
    assert program.rows.label(row) == "complexity.once[harness]"
    assert len(program.row_entries(row)) == 6
    assert set(program.options) == {"parts.h50", "parts.h30"}


def test_the_saving_arrives_by_its_calendar_and_goes_on(tmp_path: Path) -> None:
    """Half at once, the rest after 18 months: 5 in y0, then 10 a year, and 10 beyond."""
    case = firm(
        tmp_path,
        part_families=FAMILY,
        part_options=HEADING + "h30,harness,30,10,4,half,,2025-04-01\n",
        calendars="id,months,share\nhalf,0,0.5\nhalf,18,0.5\n",
    )
    done = plan(case, MODULE)
    saved = {period: -done.row("ledger", "variable_cost", period) for period in ("y0", "y1", "y2")}
    assert saved == pytest.approx({"y0": 5.0, "y1": 10.0, "y2": 10.0})
    assert done.row("ledger", "rd", "now") == pytest.approx(4.0)
    assert done.row("recurring", "y2") == pytest.approx(10.0)
    assert done.verification.breaches == ()


def test_a_period_of_half_a_year_saves_half(tmp_path: Path) -> None:
    case = firm(
        tmp_path,
        periods="id,start,months,fiscal_year\nh1,2025-04-01,6,FY2025\n",
        part_families=FAMILY,
        part_options=HEADING + "h30,harness,30,10,0,,,\n",
    )
    assert plan(case, MODULE).row("ledger", "variable_cost", "h1") == pytest.approx(-5.0)


def test_the_number_of_variants_falls_when_it_is_decided(tmp_path: Path) -> None:
    case = firm(
        tmp_path,
        part_families=FAMILY,
        part_options=HEADING + "h30,harness,30,10,1,,2026-04-01,\n",
    )
    done = plan(case, MODULE)
    assert [done.row("variants", "harness", f"y{year}") for year in range(3)] == [100, 30, 30]
    assert done.verification.breaches == ()


def test_an_option_that_costs_more_than_it_saves_is_left(tmp_path: Path) -> None:
    case = firm(tmp_path, part_families=FAMILY, part_options=HEADING + "h30,harness,30,1,3.5,,,\n")
    assert chosen(plan(case, MODULE), "complexity.choose") == {}


# ── worked example 2 ─────────────────────────────────────────────────────────────────────────────


def variety_factor(share_left: float, per_doubling: float) -> float:
    """What is left of variety cost when a share of the variants is left."""
    return (1.0 + per_doubling) ** log2(share_left)


@pytest.mark.parametrize(("per_doubling", "saved"), [(0.25, 32.1), (0.20, 27.1), (0.35, 40.6)])
def test_a_cut_by_seventy_per_cent_saves_a_third_of_variety_cost(
    tmp_path: Path, per_doubling: float, saved: float
) -> None:
    """Worked example: 1.737 halvings of variety, on a variety cost of 100."""
    saving = 100.0 * (1.0 - variety_factor(0.3, per_doubling))
    options = HEADING + f"h30,harness,30,{saving:.6f},0,,,\n"
    done = plan(firm(tmp_path, part_families=FAMILY, part_options=options), MODULE)
    assert -done.row("ledger", "variable_cost", "y0") == pytest.approx(saved, abs=0.05)


def net_saving(left: float, dearer: float) -> float:
    """Worked example: 1,000 of conversion, 15 % by variety; 7,000 bought, 30 % of it merged."""
    conversion = 0.15 * 1000.0 * (1.0 - variety_factor(left, 0.25))
    bought = 7000.0 * 0.30
    return conversion + bought * (1.0 - 0.97 ** -log2(left)) - bought * dearer


@pytest.mark.parametrize(
    ("spared", "bought", "dearer", "saved"),
    [(1, 0, 0, 48.2), (0, 1, 0, 108.2), (1, 1, 0, 156.4), (0, 0, 1, -42.0), (1, 1, 1, 114.4)],
)
def test_each_part_of_the_worked_example_reaches_the_books(
    tmp_path: Path, spared: int, bought: int, dearer: int, saved: float
) -> None:
    """Variety 48.2, 5.15 % off what is bought 108.2, together 156.4; too good parts cost 42."""
    parts = (net_saving(0.3, 0.0) - bought_saving(0.3), bought_saving(0.3), -42.0)
    saving = sum(part * each for part, each in zip(parts, (spared, bought, dearer), strict=True))
    options = HEADING + f"h30,harness,30,{saving:.6f},0,,,\n"
    case = firm(tmp_path, part_families=FAMILY, part_options=options)
    done = plan(case, MODULE)
    taken = chosen(done, "complexity.choose") != {}
    assert taken == (saved > 0)  # what only costs is left alone
    booked = -done.row("ledger", "variable_cost", "y0")
    assert booked == pytest.approx(saved if taken else 0.0, abs=0.05)
    assert bought_saving(0.3) / 2100 == pytest.approx(0.0515, abs=5e-5)


def bought_saving(left: float) -> float:
    """What the same parts in larger numbers cost less: 3 % for each doubling."""
    return 7000.0 * 0.30 * (1.0 - 0.97 ** -log2(left))


def test_worked_example_saves_114_a_year(tmp_path: Path) -> None:
    """A menu of numbers made from the curve, to six decimals: 30 of 100 save 114.4 net."""
    # The fewer variants are left, the more of the merged parts are better than they need be.
    dearer = {70: 0.008, 50: 0.012, 30: 0.02, 10: 0.09}
    rows = [
        f"h{left},harness,{left},{net_saving(left / 100, share):.6f},0,,,2025-04-01"
        for left, share in dearer.items()
    ]
    case = firm(tmp_path, part_families=FAMILY, part_options=HEADING + "\n".join(rows) + "\n")
    done = plan(case, MODULE)
    assert chosen(done, "complexity.choose") == {"h30,y0": 1.0}
    assert -done.row("ledger", "variable_cost", "y0") == pytest.approx(114.4, abs=0.1)
    assert done.verification.breaches == ()


def test_the_choice_is_told(tmp_path: Path) -> None:
    case = firm(
        tmp_path,
        part_families=FAMILY,
        part_options=HEADING + "h30,harness,30,10,4,half,,\n",
        calendars="id,months,share\nhalf,0,0.5\nhalf,18,0.5\n",
    )
    (sentence,) = said(plan(case, MODULE), MODULE)
    assert sentence.text == (
        "Wiring harnesses: from 100 variants to 30 at the start of y0: "
        "saving 10.0 ¥bn a year in full after 18 months, engineering 4.0 ¥bn."
    )
    assert sentence.option == "parts.h30"
