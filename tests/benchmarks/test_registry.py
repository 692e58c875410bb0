"""Every adapter reads what was published: known values, sizes, the list itself."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

import benchmarks.__main__ as command
from benchmarks.errors import BenchmarkError, NoInstances
from benchmarks.instances.stochastic_text import staged_aircraft, staged_farmer
from benchmarks.registry import FOLDER_VARIABLE, Instance, Known, choose, folder, left_out
from benchmarks.whole import solve_whole_of
from replant.solve.settings import SolveSettings
from replant.solve.staged import whole_of
from replant.solve.suiting import solve_staged

# The limit is for busy machines: alone, each takes seconds.
EXACT = SolveSettings(gap=1e-7, time_limit=600.0)


def _labels(tag: str) -> list[str]:
    """Return the labels of a tag, or one that skips where the folder is absent."""
    try:
        folder()
    except NoInstances:
        return ["the folder of instances"]
    from benchmarks.registry import instances

    return [each.label for each in choose(instances(), tag=tag)]


@pytest.mark.parametrize("label", _labels("ci"))
def test_the_whole_problem_is_worth_the_known_value(
    label: str, registry: dict[str, Instance]
) -> None:
    """Law: the optimum of what an adapter reads is the published one, as exactly as published."""
    instance = registry[label]
    solution = solve_whole_of(instance.load(), EXACT)
    assert solution.found
    assert instance.known.agrees(instance.value(solution.objective)), (
        f"{instance.value(solution.objective)} is not {instance.known}"
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "label",
    ["siplib-sslp/sslp_5_25_100", "scflp/f25-c50-s64-r5-1", "siplib-sizes/sizes5"],
)
def test_the_whole_problem_of_larger_instances_too(
    label: str, registry: dict[str, Instance]
) -> None:
    """Law: as above, for instances that take HiGHS longer."""
    instance = registry[label]
    solution = solve_whole_of(instance.load(), EXACT)
    assert instance.known.agrees(instance.value(solution.objective))


@pytest.mark.slow
def test_dcap_is_worth_what_siplib_says(registry: dict[str, Instance]) -> None:
    """Law: bound and plan of dcap243_200 lie within 0.1 % of 2322.49 (SIPLIB)."""
    instance = registry["siplib-dcap/dcap243_200"]
    solution = solve_staged(instance.load(), SolveSettings(gap=2.5e-4, time_limit=600.0))
    assert instance.value(solution.objective) == pytest.approx(2322.49, rel=1e-3)
    assert instance.value(solution.bound) == pytest.approx(2322.49, rel=1e-3)


def test_sizes_are_those_measured_elsewhere(registry: dict[str, Instance]) -> None:
    """Law: rows, columns and whole numbers of each instance are those other readers counted."""
    compared = 0
    for instance in registry.values():
        size = instance.size.split()
        if not size or "x" not in size[0]:
            continue
        rows, columns = (int(each) for each in size[0].split("x"))
        if columns > 400_000:
            continue
        whole = whole_of(instance.load())
        assert whole.matrix.shape == (rows, columns), instance.label
        if "int" in size:
            assert int(whole.integer.sum()) == int(size[1]), instance.label
        compared += 1
    assert compared > 60


def test_every_instance_of_the_list_can_be_read(registry: dict[str, Instance]) -> None:
    """Law: every file makes a first and a last scenario that fit its first stage."""
    for label, instance in registry.items():
        staged = instance.load()
        assert staged.probabilities.sum() == pytest.approx(1.0, abs=1e-3), label
        for part in (staged.make(0), staged.make(len(staged) - 1)):
            assert part.technology.shape == (len(part.row_lower), len(staged.first)), label
            assert part.matrix.shape == (len(part.row_lower), len(part)), label


def test_a_scenario_is_the_same_each_time(registry: dict[str, Instance]) -> None:
    """Law: making a scenario twice gives the same arrays, whatever was made in between."""
    for label in ("scflp/f10-c10-s25-r3-1", "smps-lp/pltexpA3_6", "siplib-dcap/dcap243_200"):
        staged = registry[label].load()
        first = staged.make(3)
        staged.make(4)
        again = staged.make(3)
        assert (first.matrix != again.matrix).nnz == 0
        assert (first.technology != again.technology).nnz == 0
        assert np.array_equal(first.row_upper, again.row_upper)
        assert np.array_equal(first.objective, again.objective)


def test_two_thousand_scenarios_load_at_once(registry: dict[str, Instance]) -> None:
    """Law: loading keeps data, not problems: no matrix is made until a scenario is asked for."""
    staged = registry["siplib-sslp/sslp_10_50_2000"].load()
    assert len(staged) == 2000
    assert staged.make(1999).matrix.shape == (60, 510)


def test_what_is_left_out_says_why(place: Path) -> None:
    """Law: whatever the folder lists is either an instance or left out with a reason."""
    assert all(reason for _, reason in left_out(place))


def test_an_absent_folder_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Law: without the folder one reads which variable names it."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "nowhere"))
    with pytest.raises(NoInstances, match=FOLDER_VARIABLE):
        folder()


def test_a_pattern_that_fits_nothing_is_told(registry: dict[str, Instance]) -> None:
    """Law: a pattern chooses by family, name or both; one that fits nothing is an error."""
    every = list(registry.values())
    assert {each.family for each in choose(every, ["siplib-*"])} == {
        "siplib-sslp",
        "siplib-dcap",
        "siplib-sizes",
    }
    assert [each.name for each in choose(every, ["cflp-orlib/cap4*"])] == ["cap42"]
    with pytest.raises(BenchmarkError, match="quite another"):
        choose(every, ["quite another"])


def test_a_known_value_agrees_within_what_was_published() -> None:
    """Law: agreement is relative to the value and never holds where nothing is known."""
    known = Known(100_000.0, "published", "a book", tolerance=1e-5)
    assert known.agrees(100_000.9)
    assert not known.agrees(100_002.0)
    assert not Known(None, "unknown", "nobody").agrees(0.0)


# Birge and Louveaux, Introduction to Stochastic Programming, section 1.1.
_FARMER = {
    "acres": 500,
    "plant_cost": [150, 230, 260],
    "purchase": [238, 210, None],
    "sell": [170, 150, [36, 10]],
    "sugar_quota": 6000,
    "need": [200, 240, 0],
    "yields": [[3, 3.6, 24], [2.5, 3, 20], [2, 2.4, 16]],
    "prob": [1 / 3, 1 / 3, 1 / 3],
}


def test_the_farmer_earns_108390() -> None:
    """Law: 170, 80 and 250 acres earn 108,390 (Birge and Louveaux, section 1.1)."""
    solution = solve_whole_of(staged_farmer(_FARMER), EXACT)
    assert solution.objective == pytest.approx(108_390.0)
    assert solution.values is not None
    assert solution.values[:3] == pytest.approx([170.0, 80.0, 250.0])


# Ferguson and Dantzig, The Allocation of Aircraft to Routes, Management Science 3 (1956).
_FLEET = {
    "hundreds_of_passengers_per_aircraft": [
        [16, 15, 28, 23, 81],
        [0, 10, 14, 15, 57],
        [0, 5, 0, 7, 29],
        [9, 11, 22, 17, 55],
    ],
    "monthly_cost_k": [
        [18, 21, 18, 16, 10],
        [0, 15, 16, 14, 9],
        [0, 10, 0, 9, 6],
        [17, 16, 17, 15, 10],
    ],
    "lost_revenue_k_per_hundred": [13, 13, 7, 7, 1],
    "aircraft": [10, 19, 25, 15],
}
_DEMAND = {
    "values": [
        [200, 220, 250, 270, 300],
        [50, 150],
        [140, 160, 180, 200, 220],
        [10, 50, 80, 100, 340],
        [580, 600, 620],
    ],
    "prob": [
        [0.2, 0.05, 0.35, 0.2, 0.2],
        [0.3, 0.7],
        [0.1, 0.2, 0.4, 0.2, 0.1],
        [0.2, 0.2, 0.3, 0.2, 0.1],
        [0.1, 0.8, 0.1],
    ],
}


def test_routes_by_themselves_and_together_cost_the_same() -> None:
    """Law: the expectation route by route equals that over all 750 combinations of demands."""
    apart = solve_whole_of(staged_aircraft(_FLEET, _DEMAND, by_route=True), EXACT)
    together = staged_aircraft(_FLEET, _DEMAND, by_route=False)
    assert len(together) == 750
    assert solve_whole_of(together, EXACT).objective == pytest.approx(apart.objective)


def test_without_instances_building_is_measured_all_the_same(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """`make bench` in a fresh clone says what is missing in one sentence, and measures the rest."""
    measured: list[str] = []
    monkeypatch.setenv("REPLANT_BENCHMARKS", str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["benchmarks"])
    monkeypatch.setattr(command, "_part", lambda part: measured.append(part) or 0)
    assert command.main() == 0
    assert measured == list(command.PARTS)
    assert str(tmp_path) in capsys.readouterr().err
    monkeypatch.setattr(sys, "argv", ["benchmarks", "cap64"])
    assert command.main() == 2
