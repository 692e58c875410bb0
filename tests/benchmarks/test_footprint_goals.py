"""The goals are measured on the work they name, and told as they were measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks.footprint import __main__ as run
from benchmarks.footprint import loading, source
from benchmarks.footprint.goals import ENGINE, GOALS, HAND, WHOLE, Goal, Reached, growth, table
from benchmarks.footprint.measures import WORKERS, keeping_all, measure
from benchmarks.footprint.problem import program_of

needs_firms = pytest.mark.skipif(not source.is_there(), reason="needs the footprint generator")

FAST = Reached(1.0, 0.9, 100.0, value=10.0, bound=10.1, gap=0.01, milliseconds=2.0, word="solved")


@needs_firms
@pytest.mark.parametrize("link", ["agg", "x", "y"])
def test_both_ways_load_the_same_size(link: str) -> None:
    """By the kernel and by hand HiGHS counts the same columns, rows and entries."""
    firm = source.firm("tiny")
    assert loading.by_kernel(firm, link) == loading.by_hand(firm, link)


@needs_firms
@pytest.mark.parametrize("size", ["tiny", "red"])
def test_the_evaluated_plan_keeps_all_rows_of_the_first_stage(size: str) -> None:
    """Keeping everything as it is breaks no row and no bound that is decided at once."""
    program = program_of(source.firm(size), wanted_only=True)
    first = keeping_all(size)
    shared = program.here_and_now
    height = program.matrix[program.first_stage_rows][:, shared] @ first
    assert (height >= program.rows.lower[program.first_stage_rows] - 1e-7).all()
    assert (height <= program.rows.upper[program.first_stage_rows] + 1e-7).all()
    assert (first >= program.columns.lower[shared]).all()
    assert (first <= program.columns.upper[shared]).all()


@needs_firms
def test_each_kind_of_work_is_measured() -> None:
    """An evaluated plan is worth no more than the best, and that no more than the bound."""
    plan = Goal("p", "tiny", "plan", "tiny", gap=0.001, time_limit=60)
    evaluated = measure(replace(plan, kind="evaluate", scenarios=1), ENGINE)
    base = measure(replace(plan, kind="bound"), WHOLE)
    best = measure(plan, WHOLE)
    assert best.value is not None
    assert base.bound is not None
    assert best.gap is not None
    assert best.gap <= 0.001
    assert best.value <= base.bound + 1e-6
    assert base.value == pytest.approx(base.bound)
    assert evaluated.value is not None
    assert evaluated.value < base.bound * 1.5
    built = measure(replace(plan, kind="build"), HAND)
    assert "1,696 columns" in built.word


@needs_firms
@pytest.mark.parametrize("kind", ["plan", "bound"])
def test_the_engine_agrees_with_the_whole_problem(kind: str) -> None:
    """Two solvers of one goal meet: no value of one above the bound of the other."""
    work = Goal("p", "tiny", kind, "tiny", 2, gap=0.005, time_limit=60)
    ours, theirs = measure(work, ENGINE), measure(work, WHOLE)
    assert ours.value is not None
    assert ours.bound is not None
    assert theirs.value is not None
    assert theirs.bound is not None
    assert ours.value <= theirs.bound * (1 + 1e-6)
    assert theirs.value <= ours.bound * (1 + 1e-6)


def test_a_goal_is_met_only_if_every_limit_is_kept() -> None:
    """One limit broken, or asked and not measured, and the goal is not met."""
    goal = Goal("g", "w", "plan", "tiny", seconds=1.0, megabytes=200, gap=0.02, milliseconds=3)
    assert goal.met(FAST)
    for worse in (
        {"cpu": 1.1},
        {"megabytes": 201.0},
        {"gap": 0.03},
        {"gap": None},
        {"milliseconds": 4.0},
        {"milliseconds": None},
    ):
        assert not goal.met(replace(FAST, **worse))


def test_the_table_names_every_goal_measured_or_not() -> None:
    """Every goal has a line; what was not measured says so, what failed says why."""
    first, second = GOALS[0], GOALS[1]
    failed = Reached(0.0, 0.0, 0.0, word="failed: out of memory")
    text = table({(first.name, ENGINE): FAST, (second.name, WHOLE): failed})
    lines = text.splitlines()
    assert len({len(line.split("|")) for line in lines}) == 1
    for goal in GOALS:
        assert any(goal.work in line for line in lines)
    assert text.count("not measured") == len(GOALS) - 2
    assert "failed: out of memory" in text


def test_growth_is_told_by_the_cost_of_a_pass() -> None:
    """Twice the cost for each scenario is worse than linear, the same or less is not."""
    assert "linear or better" in growth(FAST, FAST)
    assert "worse than linear" in growth(FAST, replace(FAST, milliseconds=4.0))
    assert "not measured" in growth(FAST, replace(FAST, milliseconds=None))


def test_what_was_measured_is_read_as_it_was_written(tmp_path: Path) -> None:
    """The file gives back every figure, and nothing where there is no file."""
    path = tmp_path / "results" / "footprint.csv"
    assert run.read(path) == {}
    unknown = Reached(2.0, 1.5, 50.0, word="stopped, at a comma")
    found = {(GOALS[2].name, WHOLE): unknown, (GOALS[0].name, ENGINE): FAST}
    run.write(path, found)
    assert run.read(path) == found
    assert path.read_text(encoding="utf-8").splitlines()[1].startswith(GOALS[0].name)


def test_every_kind_of_goal_has_a_worker() -> None:
    """Whatever kind a goal is, replant can be measured at it."""
    assert all(WORKERS[goal.kind][0] == ENGINE for goal in GOALS)
    assert np.unique([goal.name for goal in GOALS]).size == len(GOALS)
