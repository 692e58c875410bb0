"""A command that takes long says what it does, soon and again; one that is quick says nothing."""

from __future__ import annotations

import math
import threading

import pytest

from replant.cli import progress, stages
from replant.cli.progress import Teller
from replant.cli.stages import AGAIN, FIRST, Stages
from replant.solve import Progress, SolveSettings

TICK = stages._TICK


class Clock:
    """A clock that a test moves on by hand, so that no law here hangs on how busy a machine is."""

    def __init__(self) -> None:
        self._now, self._looks = 0.0, 0
        self._test, self._looked = threading.current_thread(), threading.Condition()

    def monotonic(self) -> float:
        """Tell the time, and count who else than the test asks for it."""
        with self._looked:
            if threading.current_thread() is not self._test:
                self._looks += 1
                self._looked.notify_all()
            return self._now

    def move(self, seconds: float) -> None:
        """Move on; return once the watcher has seen the new time and done what it asks for."""
        with self._looked:
            self._now += seconds
            # whoever looks a second time is done with what the first look told
            enough = self._looks + 2
            assert self._looked.wait_for(lambda: self._looks >= enough, timeout=300)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the command line, and a watcher that looks all the time."""
    made = Clock()
    monkeypatch.setattr(stages, "time", made)
    monkeypatch.setattr(progress, "time", made)
    monkeypatch.setattr(stages, "_TICK", 1e-3)
    return made


def test_who_is_quick_says_nothing(capsys: pytest.CaptureFixture[str], clock: Clock) -> None:
    with Stages() as told:
        told.at("reading the case")
        clock.move(0.99 * FIRST)
    assert capsys.readouterr().err == ""


def test_the_first_word_comes_within_two_seconds() -> None:
    """Law: from the moment that Python has loaded."""
    assert FIRST + TICK < 2.0


def test_each_long_stage_is_said_once_and_again_after_a_silence(
    capsys: pytest.CaptureFixture[str], clock: Clock
) -> None:
    with Stages() as told:
        told.at("reading the case")
        clock.move(FIRST)
        told.at("building rows and columns")
        clock.move(0.5)
        clock.move(0.9 * AGAIN)
        clock.move(0.2 * AGAIN)
    assert capsys.readouterr().err.splitlines() == [
        "   0.8 s   reading the case",
        "   1.3 s   building rows and columns",
        "  17.8 s   building rows and columns, for 17 s now",
    ]


def test_what_a_solver_tells_counts_as_a_word(
    capsys: pytest.CaptureFixture[str], clock: Clock
) -> None:
    """Nothing is repeated while somebody else tells how it goes."""
    with Stages() as told:
        told.at("searching")
        clock.move(FIRST)
        for _ in range(8):
            told.heard()
            clock.move(0.9 * AGAIN)
    assert capsys.readouterr().err == "   0.8 s   searching\n"


@pytest.mark.parametrize("short", [False, True])
def test_what_falls_short_is_told_without_amounts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, short: bool
) -> None:
    """The goal of a plan that may fall short counts what is missing: it is no money."""
    monkeypatch.setattr("replant.cli.progress._QUIET_SECONDS", 0.0)
    with Stages() as told, Teller("doing nothing", SolveSettings(), told, falls_short=short) as one:
        assert one.settings.on_progress is not None
        one.settings.on_progress(Progress(seconds=3.0, bound=-90.0, value=-100.0))
    said = capsys.readouterr().err
    assert "10.0 (10.00%)" in said
    assert ("-100.0" in said) is not short


@pytest.mark.parametrize(
    ("value", "words"), [(-100.0, "searching on"), (-math.inf, "searching for a first plan")]
)
def test_a_search_is_called_one_as_soon_as_it_may_be_one(
    capsys: pytest.CaptureFixture[str], clock: Clock, value: float, words: str
) -> None:
    """Silence before the first plan may be the bound or the search already: both are named."""
    with Stages() as told, Teller("best plan", SolveSettings(), told) as one:
        clock.move(2.5)
        before = capsys.readouterr().err
        assert "first a bound without whole numbers, then a search for plans" in before
        assert one.settings.on_progress is not None
        one.settings.on_progress(Progress(seconds=2.5, bound=-90.0, value=value))
        clock.move(1.1 * AGAIN)
    after = capsys.readouterr().err
    assert f"best plan: {words}" in after
    assert "without whole numbers" not in after
