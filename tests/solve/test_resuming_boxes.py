"""A search by boxes that is killed goes on from its open boxes."""

from __future__ import annotations

import io
import multiprocessing
import time
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from replant.errors import SolverError
from replant.solve import SolveSettings, Staged, StagedSolution, solve_staged
from replant.solve.dividing import DIVIDED, tree
from replant.solve.keeping import shelf
from tests.solve.test_dividing import plants

SETTINGS = SolveSettings(gap=1e-9, time_limit=60.0)
TASKS = 5


class Killed(BaseException):
    """What a kill is to a process that has no time to write anything more."""


def _problem(seed: int) -> Staged:
    return plants(seed, tasks=TASKS, scenarios=6)


def _bound_in(path: Path) -> float:
    with np.load(path, allow_pickle=False) as file:
        return float(file["numbers"][1])


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write after every box."""
    monkeypatch.setattr(shelf, "_EVERY", 0.0)
    monkeypatch.setattr(shelf, "_TIMES", 0.0)


@pytest.fixture
def killing(monkeypatch: pytest.MonkeyPatch) -> Callable[[int | None], None]:
    """Kill a search as it looks at the box of a number; None lets it live."""
    real = tree.relaxed

    def after(boxes: int | None) -> None:
        seen = iter(range(10**9))

        def looked(*given: Any) -> Any:
            if next(seen) == boxes:
                raise Killed
            return real(*given)

        monkeypatch.setattr(tree, "relaxed", looked)

    return after


@pytest.mark.parametrize("seed", range(3))
def test_killed_at_random_moments_it_ends_at_the_same_value(
    seed: int, tmp_path: Path, at_once: None, killing: Callable[[int | None], None]
) -> None:
    """Law: killed again and again, a search takes no more boxes than an undisturbed one and those
    that were in work, ends at the same value, and its bound never rises."""
    path, draw = tmp_path / "learnt.npz", np.random.default_rng(seed)
    killing(None)
    undisturbed = solve_staged(_problem(seed), SETTINGS)
    assert undisturbed.way.startswith(DIVIDED)
    assert undisturbed.rounds > 12
    settings = replace(SETTINGS, saving=path)
    bounds, kills, ended = [np.inf], 0, None
    while ended is None:
        killing(int(draw.integers(1, undisturbed.rounds // 3)))
        try:
            ended = solve_staged(_problem(seed), settings)
        except Killed:
            kills += 1
            assert _bound_in(path) <= bounds[-1]
            bounds.append(_bound_in(path))
    assert kills >= 2
    assert ended.objective == pytest.approx(undisturbed.objective, rel=1e-7)
    assert ended.bound <= bounds[-1]
    assert ended.bound <= undisturbed.bound + 1e-7 * abs(undisturbed.bound)
    assert ended.rounds <= 1.5 * undisturbed.rounds


def _run(path: Path) -> None:
    shelf._EVERY, shelf._TIMES = 0.0, 0.0
    solve_staged(_problem(1), replace(SETTINGS, saving=path))


def test_a_process_that_is_killed_leaves_a_file_to_go_on_from(tmp_path: Path) -> None:
    """SIGKILL at a moment of its own choosing: what lies there is whole, and is gone on from."""
    path = tmp_path / "learnt.npz"
    process = multiprocessing.get_context("spawn").Process(target=_run, args=(path,))
    process.start()
    end = time.monotonic() + 300.0
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.01)
    time.sleep(float(np.random.default_rng().uniform(0.0, 0.2)))
    process.kill()
    process.join()
    before = _bound_in(path)
    ended = solve_staged(_problem(1), replace(SETTINGS, saving=path))
    assert ended.objective == pytest.approx(solve_staged(_problem(1), SETTINGS).objective, rel=1e-7)
    assert ended.bound <= before


def test_what_is_done_is_not_done_again(tmp_path: Path) -> None:
    """Gone on from its end, a search looks at no box, and tells its plan."""
    settings = replace(SETTINGS, saving=tmp_path / "learnt.npz")
    first = solve_staged(_problem(0), settings)
    told: list[float] = []
    tell = replace(settings, on_first=lambda value, bound, plan: told.append(value))
    again = solve_staged(_problem(0), tell)
    assert again.rounds == first.rounds
    assert told == [first.objective]
    assert (again.status, again.objective, again.bound) == (
        first.status, first.objective, first.bound,
    )  # fmt: skip
    assert np.array_equal(again.first, first.first)


def test_to_come_nearer_it_begins_anew_from_plan_and_bound(tmp_path: Path) -> None:
    """Boxes closed for a wide gap may hold what a narrow one asks for: the optimum is found."""
    path = tmp_path / "learnt.npz"
    wide = solve_staged(_problem(2), replace(SETTINGS, gap=0.1, saving=path))
    narrow = solve_staged(_problem(2), replace(SETTINGS, saving=path))
    assert narrow.objective == pytest.approx(solve_staged(_problem(2), SETTINGS).objective)
    assert wide.objective <= narrow.objective <= narrow.bound <= wide.bound


def _changed(path: Path, **arrays: Any) -> None:
    with np.load(path) as file:
        content = {name: file[name] for name in file.files}
    np.savez(path, **{**content, **arrays})


def _kept(path: Path) -> dict[str, Any]:
    with np.load(path) as file:
        return {name: file[name].copy() for name in file.files}


@pytest.fixture(scope="module")
def half(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a search that was stopped on its way."""
    path = tmp_path_factory.mktemp("half") / "learnt.npz"
    stopped = replace(SETTINGS, gap=0.02, saving=path)
    solve_staged(_problem(0), stopped)
    assert len(_kept(path)["bounds"])
    return path


HOSTILE: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "no number": lambda kept: {"lower": kept["lower"] * np.nan},
    "a bound below the plan": lambda kept: {"numbers": kept["numbers"] - [0, 1e3, 0, 0, 0]},
    "a plan worth more than it is": lambda kept: {"numbers": kept["numbers"] + [9, 9, 0, 0, 0]},
    "a plan that cannot be": lambda kept: {"first": kept["first"] + 0.5},
    "boxes of another width": lambda kept: {"lower": kept["lower"][:, 1:]},
    "fewer boxes": lambda kept: {"ways": kept["ways"][1:]},
    "a place that is none": lambda kept: {"divisions": kept["divisions"] + 99},
    "nothing promised": lambda kept: {"promised": kept["promised"] * 0.0},
    "words": lambda kept: {"bounds": kept["bounds"].astype("U9")},
    "objects": lambda kept: {"bounds": np.array([{}], dtype=object)},
}


@pytest.mark.parametrize("change", HOSTILE)
def test_a_file_that_cannot_be_is_a_sentence(change: str, half: Path, tmp_path: Path) -> None:
    """Numbers that no search keeps are refused; who listens is told, and the solve goes on."""
    path = tmp_path / "learnt.npz"
    path.write_bytes(half.read_bytes())
    _changed(path, **HOSTILE[change](_kept(half)))
    settings = replace(SETTINGS, saving=path)
    with pytest.raises(SolverError, match="delete it to begin anew"):
        solve_staged(_problem(0), settings)
    words: list[str] = []
    found = solve_staged(_problem(0), replace(settings, on_word=words.append))
    assert found.objective == pytest.approx(solve_staged(_problem(0), SETTINGS).objective)
    assert len(words) == 1
    assert (tmp_path / "learnt.npz.refused").exists()


def test_a_file_that_says_to_be_larger_than_it_is_fills_no_memory(
    half: Path, tmp_path: Path
) -> None:
    """A header that promises a terabyte, and a file that unpacks to one, are refused unread."""
    settings = replace(SETTINGS, saving=tmp_path / "learnt.npz")
    with zipfile.ZipFile(half) as file:
        content = {each: file.read(each) for each in file.namelist()}
    header = io.BytesIO()
    vast = {"descr": "<f8", "fortran_order": False, "shape": (99_999_999_999_999,)}
    np.lib.format.write_array_header_1_0(header, vast)
    for name, data, packed in (
        ("bounds.npy", header.getvalue() + bytes(800), zipfile.ZIP_STORED),
        ("ways.npy", bytes(30_000_000), zipfile.ZIP_DEFLATED),
    ):
        with zipfile.ZipFile(tmp_path / "learnt.npz", "w") as file:
            for each, held in {**content, name: data}.items():
                file.writestr(each, held, packed)
        with pytest.raises(SolverError, match="holds nothing that a solve kept"):
            solve_staged(_problem(0), settings)


def test_another_problem_does_not_take_it(half: Path, tmp_path: Path) -> None:
    """A file of one problem is refused by another, with a sentence."""
    path = tmp_path / "learnt.npz"
    path.write_bytes(half.read_bytes())
    with pytest.raises(SolverError, match="another problem"):
        solve_staged(_problem(1), replace(SETTINGS, saving=path))


def test_a_disk_that_is_full_ends_no_search(
    tmp_path: Path, at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be written is said once; value and bound are what they are without a file."""

    def full(*given: Any, **named: Any) -> None:
        raise OSError(28, "No space left on device")

    def found(**more: Any) -> StagedSolution:
        return solve_staged(_problem(0), replace(SETTINGS, **more))

    alone = found()
    monkeypatch.setattr(np, "savez", full)
    words: list[str] = []
    kept = found(saving=tmp_path / "learnt.npz", on_word=words.append)
    assert (kept.objective, kept.bound, kept.rounds) == (alone.objective, alone.bound, alone.rounds)
    assert [each for each in words if "No space left" in each] == words
    assert len(words) == 1
    assert not list(tmp_path.iterdir())
    with pytest.warns(RuntimeWarning, match="No space left"):
        found(saving=tmp_path / "learnt.npz")
