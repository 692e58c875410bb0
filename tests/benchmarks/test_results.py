"""What is measured, how it is kept, and what the table says of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.errors import BenchmarkError
from benchmarks.measure import Measurement, in_own_process
from benchmarks.peers import OURS
from benchmarks.peers.outcome import Limits
from benchmarks.registry import Instance, Known
from benchmarks.results import agrees, read, write
from benchmarks.run import Plan, better, run
from benchmarks.table import ratio, table
from replant.solve.staged import Staged

SOLVED = Measurement("solved", "", 100.0, 100.0, 0.0, 1.0, 1.0, 50.0, 3)
STOPPED = replace(SOLVED, status="stopped", value=104.0, bound=99.0, gap=0.05, cpu=30.0)


def _never() -> Staged:
    raise AssertionError("nothing is loaded to write a table")


def instance(name: str, known: float | None = 100.0) -> Instance:
    value = Known(known, "published" if known is not None else "unknown", "a book")
    return Instance("family", name, "min", value, frozenset({"full"}), "", "", (), _never)


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    """Law: a file of results holds every measurement, an infinite one as none."""
    one, two = instance("one"), instance("two")
    found = {
        ("family/two", OURS): SOLVED,
        ("family/one", "HiGHS"): replace(SOLVED, value=None, gap=None, status="stopped"),
        ("family/one", OURS): Measurement("does not apply", "a reason, with a comma"),
    }
    write(tmp_path / "x.csv", [one, two], found, 1e-4)
    assert read(tmp_path / "x.csv") == found


def test_results_stand_in_the_registrys_order(tmp_path: Path) -> None:
    """Law: whatever was measured first, the file is the same."""
    order = [instance("one"), instance("two")]
    found = {("family/two", OURS): SOLVED, ("family/one", OURS): SOLVED}
    write(tmp_path / "a.csv", order, found, 1e-4)
    write(tmp_path / "b.csv", order, dict(reversed(found.items())), 1e-4)
    assert (tmp_path / "a.csv").read_text() == (tmp_path / "b.csv").read_text()


def test_a_wrong_optimum_is_marked() -> None:
    """Law: a solved value away from the known one by more than gap and rounding is marked."""
    assert agrees(instance("one"), SOLVED, 1e-4) is True
    wrong = replace(SOLVED, value=101.0)
    assert agrees(instance("one"), wrong, 1e-4) is False
    assert agrees(instance("one"), STOPPED, 1e-4) is None
    assert agrees(instance("one", None), SOLVED, 1e-4) is None
    assert "101 ✗" in table([instance("one")], {("family/one", OURS): wrong}, [OURS], 1e-4)


@pytest.mark.parametrize(
    ("ours", "theirs", "words"),
    [
        (SOLVED, replace(SOLVED, cpu=4.0), "4 ×"),
        (SOLVED, STOPPED, "> 30 ×"),
        (replace(STOPPED, cpu=30.0), replace(SOLVED, cpu=3.0), "< 0.1 ×"),
        (STOPPED, replace(STOPPED, gap=0.1), "gap 10 % to 5 %"),
        (replace(SOLVED, cpu=0.0), replace(SOLVED, cpu=0.01), "both at once"),
        (SOLVED, Measurement("not installed"), "–"),
        (SOLVED, None, "–"),
    ],
)
def test_a_ratio_says_no_more_than_was_measured(
    ours: Measurement, theirs: Measurement | None, words: str
) -> None:
    """Law: a stopped run gives a limit, two stopped runs their gaps, clocks' ticks nothing."""
    assert ratio(ours, theirs) == words


def test_of_two_rounds_the_solved_and_faster_counts() -> None:
    """Law: a solved round beats a stopped one; then the least processor time counts."""
    fast = replace(SOLVED, cpu=0.5)
    assert better(None, STOPPED) == STOPPED
    assert better(STOPPED, SOLVED) == SOLVED
    assert better(SOLVED, fast) == better(fast, SOLVED) == fast


def test_a_measurement_runs_in_a_process_of_its_own(registry: dict[str, Instance]) -> None:
    """Law: value, bound, times and memory come back from another process."""
    label = "multistage/farmer 3 scen"
    found = in_own_process(OURS, label, Limits(20.0, 1e-6), 4000)
    assert found.status == "solved"
    assert found.value == pytest.approx(registry[label].known.value)
    assert found.megabytes > 10.0


def test_a_process_out_of_memory_is_a_word(registry: dict[str, Instance]) -> None:
    """Law: a solver that fails leaves a reason, and no traceback ends the run."""
    found = in_own_process(OURS, "smps-lp/stormG2_125", Limits(20.0, 1e-6), 60)
    assert found.status == "failed"
    assert found.word


def test_runs_under_other_limits_are_not_mixed(tmp_path: Path) -> None:
    """Law: a run goes on only under the limits under which it began."""
    plan = Plan(tmp_path / "x.csv", [], Limits(10.0, 1e-4), resume=True)
    run(plan, [], [instance("one")], print)
    run(plan, [], [instance("one")], print)
    with pytest.raises(BenchmarkError, match="other limits"):
        run(replace(plan, limits=Limits(20.0, 1e-4)), [], [instance("one")], print)
