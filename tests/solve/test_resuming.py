"""A solve that is killed goes on from what it had learnt."""

from __future__ import annotations

import multiprocessing
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import csr_matrix, vstack

from replant.errors import SolverError
from replant.solve import SolveSettings, Staged, solve_decomposed
from replant.solve.benders.course import Course
from replant.solve.benders.crew import Alone
from replant.solve.benders.saving import Keeper
from replant.solve.keeping import shelf
from replant.solve.keeping.marks import fingerprint
from tests.solve.firms_in_two_stages import facility

SETTINGS = SolveSettings(gap=1e-6, time_limit=60.0)


def _problem() -> Staged:
    return facility(sites=14, customers=30, scenarios=40, seed=5)


def _run(path: Path) -> None:
    shelf._EVERY, shelf._TIMES = 0.0, 0.0
    solve_decomposed(_problem(), replace(SETTINGS, saving=path))


def _bound_in(path: Path) -> float:
    with np.load(path, allow_pickle=False) as file:
        return float(file["numbers"][0])


@pytest.mark.slow
def test_killed_at_any_moment_it_ends_at_the_same_value_with_no_worse_bound(
    tmp_path: Path,
) -> None:
    """Killed three times, each time later, a solve ends where an undisturbed one does."""
    path = tmp_path / "learnt.npz"
    bounds = []
    for moment in (0.4, 0.8, 1.2):
        process = multiprocessing.get_context("spawn").Process(target=_run, args=(path,))
        process.start()
        _until(path)
        time.sleep(moment)
        process.kill()
        process.join()
        bounds.append(_bound_in(path))
    ended = solve_decomposed(_problem(), replace(SETTINGS, saving=path))
    undisturbed = solve_decomposed(_problem(), SETTINGS)
    assert ended.objective == pytest.approx(undisturbed.objective, rel=2e-6)
    # A plan asked anew may come out a rounding above the bound, which then gives way to it.
    assert all(after <= before + 1e-9 * abs(before) for before, after in pairwise(bounds))
    assert ended.bound <= bounds[-1] + 1e-6 * abs(bounds[-1])


def _until(path: Path) -> None:
    end = time.monotonic() + 300.0
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_what_was_kept_is_there_again(tmp_path: Path) -> None:
    """Cuts, bound and plan come back as they were kept, and the solve needs fewer rounds."""
    path = tmp_path / "learnt.npz"
    first = solve_decomposed(facility(), replace(SETTINGS, saving=path))
    again = solve_decomposed(facility(), replace(SETTINGS, saving=path))
    assert again.objective == pytest.approx(first.objective, rel=1e-9)
    assert again.bound <= first.bound + 1e-6 * abs(first.bound)
    assert again.rounds < first.rounds


def test_another_problem_does_not_take_it(tmp_path: Path) -> None:
    """A file of one problem is refused by another, with a sentence."""
    path = tmp_path / "learnt.npz"
    solve_decomposed(facility(), replace(SETTINGS, saving=path))
    with pytest.raises(SolverError, match="another problem"):
        solve_decomposed(facility(seed=2), replace(SETTINGS, saving=path))


@pytest.mark.parametrize("content", [b"", b"nothing", b"PK\x03\x04 broken", b"\x93NUMPY"])
def test_a_broken_file_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    """What is no file of a solve is refused, and not executed."""
    path = tmp_path / "learnt.npz"
    path.write_bytes(content)
    with pytest.raises(SolverError, match="holds nothing that a solve kept"):
        solve_decomposed(facility(scenarios=2), replace(SETTINGS, saving=path))


def test_a_kill_while_writing_leaves_the_file_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is replaced at once: a writing that breaks off changes nothing."""
    path = tmp_path / "learnt.npz"
    staged = facility()
    solve_decomposed(staged, replace(SETTINGS, saving=path))
    before = path.read_bytes()
    course = Course(staged, Alone(staged), SETTINGS)

    def broken(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(np, "savez", broken)
    with pytest.raises(KeyboardInterrupt):
        Keeper(path, staged).write(course, now=True)
    assert path.read_bytes() == before


def _shut(staged: Staged, site: int) -> Staged:
    upper = staged.first.upper.copy()
    upper[site] = 0.0
    return replace(staged, first=replace(staged.first, upper=upper))


def test_a_problem_that_asks_for_more_takes_what_was_learnt(tmp_path: Path) -> None:
    """With a site of the best plan shut, cuts and bound still hold: fewer rounds, same answer."""
    path = tmp_path / "learnt.npz"
    staged = facility(sites=12, customers=25, scenarios=20)
    free = solve_decomposed(staged, replace(SETTINGS, saving=path))
    shut = _shut(staged, int(np.argmax(free.first)))
    alone = solve_decomposed(shut, SETTINGS)
    learnt = solve_decomposed(shut, replace(SETTINGS, saving=path))
    assert learnt.objective == pytest.approx(alone.objective, rel=2e-6)
    assert learnt.objective <= learnt.bound <= free.bound + 1e-9
    assert learnt.rounds < alone.rounds


def test_a_problem_that_asks_for_less_does_not_take_it(tmp_path: Path) -> None:
    """What was proven with a site shut says nothing of plans that open it."""
    path = tmp_path / "learnt.npz"
    staged = facility()
    solve_decomposed(_shut(staged, 0), replace(SETTINGS, saving=path))
    with pytest.raises(SolverError, match="another problem"):
        solve_decomposed(staged, replace(SETTINGS, saving=path))


def test_a_row_that_is_gone_is_noticed(tmp_path: Path) -> None:
    """A further row is welcome, one that is missing or looser is not."""
    path = tmp_path / "learnt.npz"
    staged = facility()
    first = staged.first
    row = csr_matrix(np.ones((1, len(first))))
    more = replace(
        first,
        matrix=vstack([first.matrix, row], format="csr"),
        row_lower=np.append(first.row_lower, -np.inf),
        row_upper=np.append(first.row_upper, 3.0),
    )
    bound = replace(staged, first=more)
    solve_decomposed(staged, replace(SETTINGS, saving=path))
    taken = solve_decomposed(bound, replace(SETTINGS, saving=path))
    assert taken.objective == pytest.approx(solve_decomposed(bound, SETTINGS).objective, rel=2e-6)
    with pytest.raises(SolverError, match="another problem"):
        solve_decomposed(staged, replace(SETTINGS, saving=path))


def test_the_fingerprint_tells_problems_apart() -> None:
    """Every number of a problem is in it: another demand, cost or weight is another problem."""
    staged = facility()
    other = replace(staged, probabilities=staged.probabilities[::-1] * 1.0)
    heavier = replace(staged, probabilities=np.linspace(0.0, 1.0, len(staged)))
    assert fingerprint(staged) == fingerprint(facility()) == fingerprint(other)
    assert fingerprint(staged) != fingerprint(heavier)
    assert fingerprint(staged) != fingerprint(facility(seed=3))
    assert fingerprint(staged) != fingerprint(facility(scenarios=11))
