"""The engine is held to public optima, by the way it chooses and part by part."""

from __future__ import annotations

import pytest

from benchmarks.errors import NoInstances
from benchmarks.registry import Instance, choose, instances
from replant.solve import SolveSettings, solve_staged
from replant.solve.choosing import BENDERS

# Above what a solve to proof leaves, below what any other plan of these instances would cost.
GAP = 1e-6
# To proof these take longer than the others together.
_LONG = ("smps-lp/stormG2_125", "cflp-diaz/p2")


def _small() -> list[str]:
    """Return the labels of the small instances, or a word where the folder is absent."""
    try:
        return [each.label for each in choose(instances(), tag="ci")]
    except NoInstances:
        return ["the folder of instances"]


@pytest.mark.parametrize(
    "label",
    [
        pytest.param(label, marks=pytest.mark.slow) if label in _LONG else label
        for label in _small()
    ],
)
def test_the_engine_finds_the_known_value(label: str, registry: dict[str, Instance]) -> None:
    """Law: value and bound of the way the engine chooses are the known value."""
    instance = registry[label]
    found = solve_staged(instance.load(), SolveSettings(gap=GAP, time_limit=300.0))
    assert instance.known.agrees(instance.value(found.objective)), found.way
    assert instance.known.agrees(instance.value(found.bound)), found.way


# Hundreds of scenarios part by part: left to the benchmark.
_LARGE = ("smps-lp/stormG2_125", "smps-lp/fxm4_6", "multistage/gbd original")


@pytest.mark.parametrize("label", [each for each in _small() if each not in _LARGE])
def test_part_by_part_finds_the_known_value(label: str, registry: dict[str, Instance]) -> None:
    """Law: decomposition ends at the known value where the second stage is continuous."""
    instance = registry[label]
    staged = instance.load()
    if staged.make(0).integer.any():
        pytest.skip("the second stage has whole numbers")
    settings = SolveSettings(gap=GAP, time_limit=300.0, strategy=BENDERS)
    found = solve_staged(staged, settings)
    assert instance.known.agrees(instance.value(found.objective))
    assert instance.known.agrees(instance.value(found.bound))
