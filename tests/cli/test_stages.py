"""A command that takes long says what it does, soon and again; one that is quick says nothing."""

from __future__ import annotations

import math
import re
import time

import pytest

from replant.cli import stages
from replant.cli.progress import Teller
from replant.cli.stages import Stages
from replant.solve import Progress, SolveSettings


@pytest.fixture(autouse=True)
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stages, "FIRST", 0.2)
    monkeypatch.setattr(stages, "AGAIN", 0.5)
    monkeypatch.setattr(stages, "_TICK", 0.02)


def test_who_is_quick_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Stages() as told:
        told.at("reading the case")
    assert capsys.readouterr().err == ""


def test_each_long_stage_is_said_once_and_again_after_a_silence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with Stages() as told:
        told.at("reading the case")
        time.sleep(0.4)
        told.at("building rows and columns")
        time.sleep(1.0)
    lines = capsys.readouterr().err.splitlines()
    assert re.fullmatch(r" +0\.\d s   reading the case", lines[0])
    assert lines[1].endswith("   building rows and columns")
    assert any(re.search(r"building rows and columns, for \d s now$", line) for line in lines[2:])


def test_what_a_solver_tells_counts_as_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing is repeated while somebody else tells how it goes."""
    with Stages() as told:
        told.at("searching")
        time.sleep(0.3)
        for _ in range(8):
            told.heard()
            time.sleep(0.1)
    assert "for" not in capsys.readouterr().err


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
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, value: float, words: str
) -> None:
    """Silence before the first plan may be the bound or the search already: both are named."""
    monkeypatch.setattr("replant.cli.progress._QUIET_SECONDS", 0.0)
    with Stages() as told, Teller("best plan", SolveSettings(), told) as one:
        time.sleep(0.4)
        before = capsys.readouterr().err
        assert "first a bound without whole numbers, then a search for plans" in before
        assert one.settings.on_progress is not None
        one.settings.on_progress(Progress(seconds=3.0, bound=-90.0, value=value))
        time.sleep(0.8)
    after = capsys.readouterr().err
    assert f"best plan: {words}" in after
    assert "without whole numbers" not in after
