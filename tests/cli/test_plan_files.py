"""A plan file is data: whatever it holds, the answer is a sentence."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

CORRUPT = {
    "empty": b"",
    "text": b"hello",
    "bytes": bytes(range(256)),
    "list": b"[]",
    "null": b"null",
    "deep": b"[" * 100_000,
}
CHANGED = {
    "no solver": {"solver": None},
    "value": {"solver": {"name": "", "status": "", "value": "abc", "bound": "1", "gap": "1"}},
    "nan": {"solver": {"name": "", "status": "", "value": "nan", "bound": "1", "gap": "1"}},
    "plan": {"plan": "nope"},
    "number": {"plan": 5},
    "sets": {"sets": ["zz"]},
    "absolute": {"folder": "/etc"},
    "outside": {"folder": "../../../.."},
    "no folder": {"folder": ""},
    "decisions": {"decisions": [1]},
    "module": {"decisions": {"nope": {"a[b]": "1"}}},
    "column": {"decisions": {"plant_path": {"nope[b]": "1"}}},
    "label": {"decisions": {"plant_path": {"close[nope,Y9]": "1"}}},
    "bracket": {"decisions": {"plant_path": {"close[": "1"}}},
    "infinite": {"decisions": {"plant_path": {"close[old,Y1]": "Infinity"}}},
    "huge": {"decisions": {"plant_path": {"close[old,Y1]": "1e999999999"}}},
    "word": {"decisions": {"plant_path": {"close[old,Y1]": "abc"}}},
    "nothing": {"decisions": {}},
}


@pytest.fixture
def place(planned, tmp_path):
    shutil.copytree(planned, tmp_path, dirs_exist_ok=True)
    return tmp_path / "out" / "plan.json"


@pytest.mark.parametrize("name", CORRUPT)
def test_what_is_no_plan_file(place, run, name) -> None:
    place.write_bytes(CORRUPT[name])
    told = run("verify", place)
    assert told.returncode == 1
    assert "plan file" in told.stderr


@pytest.mark.parametrize("name", CHANGED)
def test_a_plan_file_with_nonsense_in_it(place, run, name) -> None:
    content = json.loads(place.read_text(encoding="utf-8"))
    place.write_text(json.dumps({**content, **CHANGED[name]}), encoding="utf-8")
    told = run("verify", place)
    assert told.returncode == 1, told.stdout
    assert told.stderr or "NOT VERIFIED" in told.stdout
    if "decisions" in CHANGED[name]:
        assert run("explain", place).returncode == 1


FORGED = {
    "force": ({"force": ["facility.bond"]}, {"asked", "seal"}),
    "forbid": ({"forbid": ["plant.old.close"]}, {"asked", "seal"}),
    "limit": ({"limits": ["cash[Y5]>=9999"]}, {"asked", "seal"}),
    "bound": ({"solver": {"bound": "-500"}}, {"bound", "seal"}),
    "gap": ({"solver": {"gap": "3"}}, {"bound", "seal"}),
    "no seal": ({"seal": ""}, {"seal"}),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_plan_that_does_not_keep_what_its_file_says(place, run, name) -> None:
    """What a plan says it was asked, and the bound it states, must fit the plan itself."""
    content = json.loads(place.read_text(encoding="utf-8"))
    change, rules = FORGED[name]
    changed = {**content, **change, "solver": {**content["solver"], **change.get("solver", {})}}
    place.write_text(json.dumps(changed), encoding="utf-8")
    told = run("verify", place, "--json")
    assert told.returncode == 1
    found = json.loads(told.stdout)["breaches"]
    assert {each.partition(":")[0].partition(" ")[0] for each in found} == rules


def test_a_condition_taken_out_of_a_plan_file_is_noticed(run, firm) -> None:
    """A forced plan does not become the free optimum by deleting a word."""
    run("plan", firm.path, "--force", "facility.bond", "--out", "out")
    assert run("verify", "out/plan.json").returncode == 0
    text = Path("out/plan.json").read_text(encoding="utf-8")
    Path("out/plan.json").write_text(text.replace('"facility.bond"', ""), encoding="utf-8")
    told = run("verify", "out/plan.json")
    assert told.returncode == 1
    assert "plan again" in told.stdout


def test_a_folder_from_the_root_is_refused_by_that_name(place, run) -> None:
    """A plan travels with its case: its folder is relative, and the message says so."""
    content = json.loads(place.read_text(encoding="utf-8"))
    place.write_text(json.dumps({**content, "folder": "/etc"}), encoding="utf-8")
    told = run("verify", place)
    assert "must be relative" in told.stderr
    assert "--case" in told.stderr


def test_a_bound_is_called_the_word_of_the_solver(place, run) -> None:
    told = run("verify", place)
    assert "a bound is not computed again here" in told.stdout
    assert json.loads(run("verify", place, "--json").stdout)["bound_is_verified"] is False


def test_numbers_that_rest_on_nothing_are_told_and_break_nothing(place, run) -> None:
    """Documentation and arithmetic are two things: a naked number is counted, not a breach."""
    told = run("verify", place)
    assert told.returncode == 0
    assert "I17: every number says what it rests on" in told.stdout
    content = json.loads(run("verify", place, "--json").stdout)
    assert content["verified"]
    assert content["numbers"] >= content["naked"] > 0
    assert f"{content['naked']:,} rest on nothing" in told.stdout


@pytest.mark.parametrize("table", [b"\x00\xff", b"a,b\n1,2\n", b"stream,labels,value\ncash,Y1,x\n"])
def test_a_table_beside_the_plan_that_is_none(place, run, table) -> None:
    (place.parent / "tables" / "plan_rows.csv").write_bytes(table)
    told = run("verify", place)
    assert told.returncode == 1
    assert "plan_rows.csv is no table of a plan's rows" in told.stderr


def test_a_case_that_has_changed_since(place, run, tmp_path) -> None:
    opening = tmp_path / "firm" / "tables" / "opening.csv"
    head, first, *rest = opening.read_text(encoding="utf-8").splitlines()
    opening.write_text("\n".join([head, f"{first}1", *rest, ""]), encoding="utf-8")
    for command in ("verify", "explain", "report"):
        told = run(command, place)
        assert told.returncode == 1
        assert "no longer the case that was planned" in told.stderr


def test_a_folder_and_a_device_are_no_files(run, tmp_path) -> None:
    for path in (tmp_path, "/dev/zero", "nothing.json"):
        assert run("verify", path).returncode == 1


def test_explain_says_what_stands_behind(place, run) -> None:
    told = json.loads(run("explain", place, "plant.old", "--json").stdout)
    assert {each["subject"] for each in told} == {"plant.old"}
    assert "plants.old.closure_cost" in {cell["cell"] for cell in told[0]["cells"]}
    assert run("explain", place, "old").stdout.count("plants.old.closure_cost = 60 ¥bn") == 1
    unknown = run("explain", place, "plant.odl")
    assert unknown.returncode == 2
    assert "did you mean plant.old?" in unknown.stderr


def test_a_report_is_made_again_from_the_files(place, run, tmp_path) -> None:
    """The same words as the run that planned, apart from how long that took."""
    page = place.parent / "report.html"
    before = page.read_text(encoding="utf-8")
    told = run("report", place, "--out", tmp_path / "again.html")
    assert told.returncode == 0, told.stderr
    after = (tmp_path / "again.html").read_text(encoding="utf-8")
    lines = [
        (one, other)
        for one, other in zip(before.splitlines(), after.splitlines(), strict=True)
        if one != other
    ]
    assert all("nodes" in one or "second" in one for one, _ in lines), lines


def test_a_plan_that_was_moved_says_how_its_case_is_given(place, run, tmp_path) -> None:
    """A plan file apart from its case names --case; with it all is well."""
    apart = tmp_path / "elsewhere" / "further"
    apart.mkdir(parents=True)
    moved = shutil.copy(place, apart)
    told = run("verify", moved)
    assert told.returncode == 1
    assert "--case" in told.stderr
    folder = (place.parent / json.loads(place.read_text(encoding="utf-8"))["folder"]).resolve()
    assert run("verify", moved, "--case", folder).returncode == 0
