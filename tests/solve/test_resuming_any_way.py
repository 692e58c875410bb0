"""A bound that was proven holds whatever way goes on, and no plan that was found is lost."""

from __future__ import annotations

import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from replant.errors import SolverError
from replant.kernel import Program
from replant.solve import (
    Progress,
    Solution,
    SolveSettings,
    Staged,
    Status,
    fixed_at,
    solve,
    solve_decomposed,
    solve_staged,
)
from replant.solve.benders import falling
from replant.solve.benders.figured import told_apart
from replant.solve.staged import staged_of
from tests.solve.firms import random_program
from tests.solve.firms_in_two_stages import facility
from tests.solve.test_told_apart import firm

EXACT = SolveSettings(gap=1e-7, time_limit=60.0)
PROGRAM = random_program(2)
STAGED = firm(2, 4)


def _file(path: Path) -> Path:
    return path.with_suffix(".bound.npz")


def _kept(path: Path) -> dict[str, Any]:
    with np.load(_file(path)) as file:
        return {name: file[name].copy() for name in file.files}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a solve keeps what it knows."""
    return tmp_path / "learnt.npz"


@pytest.mark.parametrize("way", ["whole", "guided"])
def test_it_goes_on_with_the_bound_and_the_plan_it_had(way: str, path: Path) -> None:
    """Law: resumed with a narrower gap, no bound that is told is worse than the one on disk, the
    plan is no worse, and value and bound end where those of an undisturbed solve do."""
    settings = replace(EXACT, strategy=way, saving=path)
    first = solve(PROGRAM, replace(settings, gap=0.2))
    assert _kept(path)["bound"][0] == first.bound
    lines: list[Progress] = []
    again = solve(PROGRAM, replace(settings, on_progress=lines.append))
    alone = solve(PROGRAM, replace(EXACT, strategy=way))
    assert all(line.bound <= first.bound for line in lines)
    assert first.objective <= again.objective <= again.bound <= first.bound
    assert again.objective == pytest.approx(alone.objective, abs=1e-4)


@pytest.mark.parametrize("way", ["whole", "guided"])
def test_what_is_proven_need_not_be_proven_again(way: str, path: Path) -> None:
    """Gone on from its end, a solve stops at its first plan."""
    settings = replace(EXACT, strategy=way, saving=path)
    first = solve(PROGRAM, settings)
    again = solve(PROGRAM, settings)
    assert again.nodes <= 1
    assert again.objective == pytest.approx(first.objective, abs=1e-6)
    assert again.bound <= first.bound + 1e-9 * abs(first.bound)


def test_a_bound_serves_another_way(path: Path) -> None:
    """What the whole problem proved bounds a decomposition, told apart or not, and the reverse."""
    whole = solve(STAGED, replace(EXACT, strategy="whole", saving=path))
    for way in ("Benders", "whole"):
        settings = replace(EXACT, strategy=way, saving=path, time_limit=1e-9, start=whole.values)
        found = solve(STAGED, settings)
        assert found.bound <= whole.bound + 1e-9 * abs(whole.bound)
        assert found.objective == pytest.approx(whole.objective, rel=1e-6)


def test_it_holds_where_more_is_asked_and_nowhere_else(path: Path) -> None:
    """A column held may take the bound of the free problem; the free problem not that of the
    held one, which it says."""
    free = solve(PROGRAM, replace(EXACT, strategy="whole", saving=path))
    assert free.values is not None
    column = int(np.flatnonzero(PROGRAM.columns.integer & (free.values > 0.5))[0])
    held = fixed_at(PROGRAM, np.zeros(len(free.values)), np.arange(len(free.values)) == column)
    found = solve(held, replace(EXACT, strategy="whole", saving=path))
    assert found.bound <= free.bound
    words: list[str] = []
    with pytest.raises(SolverError, match="another problem"):
        solve(PROGRAM, replace(EXACT, strategy="whole", saving=path))
    again = solve(PROGRAM, replace(EXACT, strategy="whole", saving=path, on_word=words.append))
    assert again.bound >= free.objective - 1e-6
    assert ["another problem" in each for each in words] == [True]


HOSTILE: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "below the plan": lambda kept: {"bound": kept["bound"] - 1e3},
    "no number": lambda kept: {"bound": kept["bound"] * np.nan},
    "two bounds": lambda kept: {"bound": np.zeros(2)},
    "a plan of another width": lambda kept: {"values": np.zeros(3)},
    "another kind": lambda kept: {"bound": kept["bound"].astype(np.float32)},
}


@pytest.mark.parametrize("change", HOSTILE)
def test_a_bound_that_cannot_be_is_not_believed(change: str, path: Path) -> None:
    """The claim falls back to what is true, in one sentence."""
    settings = replace(EXACT, strategy="whole", saving=path)
    true = solve(PROGRAM, settings)
    kept = _kept(path)
    np.savez(_file(path), **{**kept, **HOSTILE[change](kept)})
    with pytest.raises(SolverError, match="delete it to begin anew"):
        solve(PROGRAM, settings)
    np.savez(_file(path), **{**kept, **HOSTILE[change](kept)})
    words: list[str] = []
    found = solve(PROGRAM, replace(settings, on_word=words.append))
    assert len(words) == 1
    assert found.status in (Status.OPTIMAL, Status.WITHIN_GAP)
    assert found.objective == pytest.approx(true.objective, abs=1e-4)
    assert found.bound >= true.objective - 1e-6


# -- a plan to begin from ------------------------------------------------------------------------


@pytest.fixture
def apart(monkeypatch: pytest.MonkeyPatch) -> Program:
    """A small program whose scenarios are told apart as those of large ones are."""
    monkeypatch.setattr(falling, "_ENTRIES", 0)
    monkeypatch.setattr(falling, "_SHARE", 0.5)
    monkeypatch.setattr("replant.solve.decided._FEW", 1)
    staged = staged_of(STAGED)
    assert len(told_apart(staged).first) > len(staged.first)
    return STAGED


def _best(program: Program) -> Solution:
    return solve(program, replace(EXACT, strategy="whole"))


def test_a_decomposition_begins_at_a_plan_of_another_way(apart: Program) -> None:
    """The first plan it tells is the one it was given, though its first stage is written wider."""
    best = _best(apart)
    told: list[float] = []
    settings = replace(
        EXACT, start=best.values, on_first=lambda value, bound, first: told.append(value)
    )
    found = solve_decomposed(staged_of(apart), settings)
    assert told[0] == pytest.approx(best.objective, rel=1e-6)
    assert found.objective == pytest.approx(best.objective, rel=1e-6)


@pytest.mark.parametrize("seconds", [1e-9, 60.0])
def test_no_plan_that_was_begun_with_is_lost(apart: Program, seconds: float, path: Path) -> None:
    """Without time the plan begun with is what comes out; with time, one that is no worse."""
    best = _best(apart)
    settings = replace(EXACT, strategy="Benders", start=best.values, time_limit=seconds)
    found = solve(apart, settings)
    assert found.values is not None
    assert found.objective >= best.objective - 1e-6 * abs(best.objective)
    assert found.bound >= found.objective


def test_ctrl_c_while_the_problem_is_written_keeps_the_plan(
    apart: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who stops before the first question gets the plan begun with, and no traceback."""

    def stopped(staged: Staged) -> Staged:
        signal.raise_signal(signal.SIGINT)
        return staged

    monkeypatch.setattr("replant.solve.decomposed.told_apart", stopped)
    best = _best(apart)
    found = solve(apart, replace(EXACT, strategy="Benders", start=best.values))
    assert found.status is Status.INTERRUPTED
    assert found.objective == pytest.approx(best.objective)


def test_what_was_learnt_of_another_problem_leaves_the_plan(apart: Program, path: Path) -> None:
    """Cuts that are refused are said and put aside; the plan given is the first that is told."""
    solve_decomposed(facility(), replace(EXACT, saving=path))
    best, words, told = _best(apart), [], []
    settings = replace(EXACT, strategy="Benders", saving=path, start=best.values)
    with pytest.raises(SolverError, match="another problem"):
        solve(apart, settings)
    found = solve(
        apart,
        replace(settings, on_word=words.append, on_progress=lambda line: told.append(line.value)),
    )
    assert [each for each in words if "another problem" in each] == words
    assert len(words) == 1
    assert told[0] == pytest.approx(best.objective, rel=1e-6)
    assert found.objective == pytest.approx(best.objective, rel=1e-6)
    assert path.with_name("learnt.npz.refused").exists()


def test_a_plan_that_breaks_the_first_stage_is_no_start() -> None:
    """What no plan may do is not asked about."""
    staged = facility()
    told: list[float] = []
    wrong = np.full(len(staged.first), 2.0)
    settings = replace(EXACT, on_first=lambda value, bound, first: told.append(value))
    found = solve_decomposed(staged, replace(settings, start=wrong))
    assert found.objective == pytest.approx(solve_decomposed(staged, EXACT).objective, rel=2e-6)
    assert all(value <= found.bound + 1e-9 for value in told)


# -- two stages as one ---------------------------------------------------------------------------


def test_two_stages_solved_as_one_keep_bound_and_plan(path: Path) -> None:
    """The bound of a wide gap is still there, and no worse, when a narrow one is asked for."""
    staged = facility(sites=6, customers=8, scenarios=3)
    settings = replace(EXACT, strategy="whole", saving=path)
    wide = solve_staged(staged, replace(settings, gap=0.3))
    assert _kept(path)["bound"][0] == wide.bound
    narrow = solve_staged(staged, settings)
    assert wide.objective <= narrow.objective <= narrow.bound <= wide.bound
