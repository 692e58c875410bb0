"""Platforms and models: what may end, what must move first, what it saves and costs."""

from __future__ import annotations

from pathlib import Path

import pytest

from replant.case import Case
from replant.decisions import platform
from tests.decisions.small_firm import Built, balanced, build, case_of, told, years

PLATFORMS = (
    "id,name,fixed_cost,end_cost,can_end\nold,Old,10,4,yes\nnew,New,8,6,yes\nlast,Last,1,1,no"
)
MODELS = (
    "id,name,segment,platform,fixed_cost,exit_cost,can_end\n"
    "note,Note,small,old,3,2,yes\nleaf,Leaf,small,new,2,1,no\nkei,Kei,mini,,1,0,no"
)
MIGRATIONS = "id,model,platform,cost,lead_months\nn,note,new,5,12\nz,note,last,7,0"


def firm(folder: Path, **tables: str) -> Case:
    usual = {
        "periods": years(3),
        "platforms": PLATFORMS,
        "models": MODELS,
        "migrations": MIGRATIONS,
    }
    return case_of(folder, [platform.MODULE], **{**usual, **tables})


def built(folder: Path, **tables: str) -> Built:
    return build(firm(folder, **tables), platform.MODULE)


def lives(firm: Built, taken: tuple[str, ...], stream: str, *labels: str) -> list[float]:
    names = firm.program.streams.dimension_names(stream)[:-1]
    x = firm.plan(*(f"platform.{each}" for each in taken))
    found = dict(zip(names, labels, strict=True))
    return [firm.value(x, stream, **found, period=f"P{t}") for t in range(3)]


def lawful(firm: Built, *taken: str) -> bool:
    return firm.lawful(firm.plan(*(f"platform.{each}" for each in taken)))


# -- what lives --------------------------------------------------------------------------------


def test_what_is_ended_lives_until_the_period_and_not_in_it(tmp_path: Path) -> None:
    ends = ("end_platform[old,P1]", "end_model[note,P2]")
    one = built(tmp_path)
    assert lives(one, ends, "kept", "old") == [1, 0, 0]
    assert lives(one, ends, "offered", "note") == [1, 1, 0]
    assert lives(one, ends, "platforms") == [3, 2, 2]
    assert lives(one, ends, "models") == [3, 3, 2]


def test_only_what_can_end_has_columns(tmp_path: Path) -> None:
    names = {
        name.split("[")[1].split(",")[0] for name in built(tmp_path).columns if ".end_" in name
    }
    assert names == {"old", "new", "note"}


def test_each_ends_once_and_a_model_moves_once(tmp_path: Path) -> None:
    one = built(tmp_path)
    assert lawful(one, "end_model[note,P0]", "end_platform[old,P0]")
    assert not lawful(one, "end_model[note,P0]", "end_model[note,P1]")
    assert lawful(one, "migrate[z,P0]")
    assert not lawful(one, "migrate[z,P0]", "migrate[n,P1]")


def test_ends_and_moves_need_a_change_of_model_and_an_open_window(tmp_path: Path) -> None:
    periods = (
        "id,start,months,fiscal_year,decisions,model_change\n"
        "P0,2025-04-01,12,FY2025,yes,no\nP1,2026-04-01,12,FY2026,no,yes\n"
        "P2,2027-04-01,12,FY2027,yes,yes"
    )
    one = built(tmp_path, periods=periods)
    assert {name[-3:-1] for name in one.columns} == {"P2"}
    late = MIGRATIONS.replace("lead_months\n", "lead_months,earliest,latest\n")
    late = late.replace("n,note,new,5,12", "n,note,new,5,12,2026-04-01,2026-04-01")
    late = late.replace("z,note,last,7,0", "z,note,last,7,0,,2025-12-31")
    columns = built(tmp_path, migrations=late).columns
    assert [name for name in columns if "migrate" in name] == [
        "platform.migrate[n,P1]",
        "platform.migrate[z,P0]",
    ]


# -- who rides on what -------------------------------------------------------------------------


def test_a_platform_ends_only_without_its_models(tmp_path: Path) -> None:
    one = built(tmp_path)
    assert not lawful(one, "end_platform[old,P1]")
    assert lawful(one, "end_platform[old,P1]", "end_model[note,P1]")
    assert not lawful(one, "end_platform[old,P1]", "end_model[note,P2]")
    assert not lawful(one, "end_platform[new,P2]")  # leaf rides on it and cannot end


def test_a_model_that_has_moved_needs_its_old_platform_no_more(tmp_path: Path) -> None:
    """Decided in P0 with a year's lead, the move is done in P1."""
    one = built(tmp_path)
    assert lawful(one, "migrate[n,P0]", "end_platform[old,P1]")
    assert not lawful(one, "migrate[n,P0]", "end_platform[old,P0]")
    assert lawful(one, "migrate[z,P1]", "end_platform[old,P1]")


def test_a_model_that_has_moved_needs_its_new_platform(tmp_path: Path) -> None:
    models = MODELS.replace("leaf,Leaf,small,new,2,1,no", "leaf,Leaf,small,new,2,1,yes")
    one = built(tmp_path, models=models)
    without_leaf = ("end_model[leaf,P2]", "end_platform[new,P2]")
    assert lawful(one, *without_leaf)
    assert not lawful(one, *without_leaf, "migrate[n,P0]")
    assert lawful(one, *without_leaf, "migrate[n,P0]", "end_model[note,P2]")


def test_a_model_without_a_platform_is_bound_by_none(tmp_path: Path) -> None:
    rows = [str(label) for label in built(tmp_path).program.rows.labels]
    assert not any("kei" in label for label in rows)


# -- money and words ---------------------------------------------------------------------------


def test_what_lives_costs_by_the_year_and_goes_on(tmp_path: Path) -> None:
    one = built(tmp_path, periods=years(3, months=6))
    x = one.plan("platform.end_model[note,P1]", "platform.end_platform[old,P2]")
    cost = [one.value(x, "ledger", account="platform_cost", time=f"P{t}") for t in range(3)]
    assert cost == [12.5, 11, 6]
    assert [one.value(x, "recurring", time=f"P{t}") for t in range(3)] == [-12.5, -11, -6]


@pytest.mark.parametrize(
    ("taken", "time", "expense", "cost"),
    [
        ("end_platform[old,P0]", "now", "restructuring", 4),
        ("end_model[note,P2]", "P2", "restructuring", 2),
        ("migrate[n,P0]", "now", "rd", 5),
        ("migrate[z,P1]", "P1", "rd", 7),
    ],
)
def test_one_off_costs_are_paid_at_once(
    tmp_path: Path, taken: str, time: str, expense: str, cost: float
) -> None:
    """Ends are restructuring with a deduction of their own; a move is development as booked."""
    one = built(tmp_path)
    x = one.plan(f"platform.{taken}")
    assert one.value(x, "ledger", account=expense, time=time) == cost
    assert one.value(x, "ledger", account="provisions", time=time) == 0
    taxed = sum(one.book(x, "taxable").values())
    assert taxed == (-cost if expense == "restructuring" else 0)
    assert balanced(one, x)


def test_options_say_what_is_taken(tmp_path: Path) -> None:
    one = built(tmp_path)
    x = one.plan(
        "platform.end_platform[old,P1]", "platform.end_model[note,P1]", "platform.migrate[z,P0]"
    )
    taken = {name: one.option(x, name) for name in one.program.options}
    assert taken == {
        "platform.old.end": 1,
        "platform.new.end": 0,
        "platform.last.end": 0,
        "model.note.end": 1,
        "model.leaf.end": 0,
        "model.kei.end": 0,
        "migration.n": 0,
        "migration.z": 1,
    }


def test_the_cheapest_plan_moves_the_model_and_ends_the_platform(tmp_path: Path) -> None:
    """Ending `old` saves 10 a year for 4 and a move of 5 or 7: sooner to `last` pays best."""
    models = MODELS.replace("old,3,2,yes", "old,3,2,no")
    one = built(tmp_path, models=models)
    total = sum(
        one.program.expected("cash_flow", **{"class": "operating"}, time=time)[0]
        for time in ("now", "P0", "P1", "P2")
    )
    taken = one.book(one.best(total), "option")
    assert set(taken) == {("platform.old.end",), ("migration.z",)}


def test_a_plan_is_told_in_plain_words(tmp_path: Path) -> None:
    one = built(tmp_path)
    x = one.plan(
        "platform.end_platform[old,P1]", "platform.end_model[note,P2]", "platform.migrate[n,P0]"
    )
    sentences = told(one, platform.MODULE, x)
    assert [each.text for each in sentences] == [
        "Platform Old ends at the start of P1 (April 2026): 4.0 ¥bn at once, 10.0 ¥bn a year less.",
        "Note: no longer offered from the start of P2 (April 2027), 2.0 ¥bn at once, 3.0 ¥bn a "
        "year less.",
        "Note: from its platform to New, decided at the start of P0 (April 2025) and riding on it "
        "from P1: 5.0 ¥bn.",
    ]
    assert [each.option for each in sentences] == [
        "platform.old.end",
        "model.note.end",
        "migration.n",
    ]
    assert "migrations.n.cost" in {str(cell) for cell in sentences[2].cells}


def test_a_case_without_models_and_platforms_does_without(tmp_path: Path) -> None:
    empty = {"platforms": "id", "models": "id,segment", "migrations": "id,model,platform"}
    assert not platform.MODULE.applies(firm(tmp_path, **empty))
    assert platform.MODULE.applies(firm(tmp_path, **{**empty, "models": "id,segment\na,s"}))
