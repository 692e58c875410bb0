"""The footprint firms on the kernel are those of the reference, entry for entry."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from benchmarks.footprint import source
from benchmarks.footprint.problem import program_of
from replant.kernel import Program
from replant.solve.settings import SolveSettings
from replant.solve.solution import Status
from replant.solve.whole import solve_matrix, solve_whole

pytestmark = pytest.mark.skipif(not source.is_there(), reason="needs the footprint generator")

# The generator's README states -620.48 for what is minimised there.
TINY_OPTIMUM = 620.48


@pytest.fixture(scope="module")
def reference() -> Iterator[ModuleType]:
    """The reference model, which imports its generator by name."""
    place = str(source.folder())
    sys.path.insert(0, place)
    try:
        import reference_model

        yield reference_model
    finally:
        sys.path.remove(place)
        for name in ("reference_model", "generator"):
            sys.modules.pop(name, None)


def relaxed(program: Program) -> float:
    """The value of the linear relaxation."""
    return solve_arrays(
        program.matrix,
        program.objective,
        program.columns.lower,
        program.columns.upper,
        program.rows.lower,
        program.rows.upper,
    )


def solve_arrays(matrix: Any, objective: Any, lower: Any, upper: Any, low: Any, up: Any) -> float:
    solution = solve_matrix(
        matrix=matrix,
        objective=objective,
        lower=lower,
        upper=upper,
        integer=np.zeros(len(objective), dtype=bool),
        row_lower=low,
        row_upper=up,
        settings=SolveSettings(),
    )
    assert solution.status is Status.OPTIMAL
    return solution.objective


@pytest.mark.parametrize("size", ["tiny", "small", "red"])
@pytest.mark.parametrize("link", ["agg", "x", "y"])
@pytest.mark.parametrize("count", [1, 3])
def test_same_matrix_as_the_reference(
    reference: ModuleType, size: str, link: str, count: int
) -> None:
    """Columns, rows, entries, bounds, kinds and (negated) objective are the reference's."""
    firm = source.firm(size)
    scenarios = source.scenarios(firm, count)
    wanted, _ = reference.build(firm, scenarios, "net", link)
    matrix = wanted["A"]
    matrix.sum_duplicates()
    program = program_of(firm, scenarios, link)
    assert np.array_equal(program.matrix.indptr, matrix.indptr)
    assert np.array_equal(program.matrix.indices, matrix.indices)
    for ours, theirs in (
        (program.matrix.data, matrix.data),
        (program.objective, -wanted["c"]),
        (program.columns.lower, wanted["lb"]),
        (program.columns.upper, wanted["ub"]),
        (program.columns.integer, wanted["it"].astype(bool)),
        (program.rows.lower, wanted["lo"]),
        (program.rows.upper, wanted["up"]),
    ):
        assert np.allclose(ours, theirs, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("link", ["agg", "x", "y"])
@pytest.mark.parametrize("size", ["tiny", "small"])
def test_same_bound_as_the_reference(reference: ModuleType, size: str, link: str) -> None:
    """The linear relaxation has the reference's value, with and without unwanted routes."""
    firm = source.firm(size)
    wanted, _ = reference.build(firm, None, "net", link)
    bound = solve_arrays(
        wanted["A"], -wanted["c"], wanted["lb"], wanted["ub"], wanted["lo"], wanted["up"]
    )
    assert relaxed(program_of(firm, None, link)) == pytest.approx(bound, rel=1e-7)
    assert relaxed(program_of(firm, None, link, wanted_only=True)) == pytest.approx(bound, rel=1e-7)


def test_tiny_has_its_known_optimum() -> None:
    """The optimum of the tiny firm is the one that its README states."""
    solution = solve_whole(program_of(source.firm("tiny")), SolveSettings(gap=1e-6))
    assert solution.objective == pytest.approx(TINY_OPTIMUM, abs=0.01)
    assert solution.bound == pytest.approx(TINY_OPTIMUM, abs=0.01)


def test_rows_and_columns_speak_of_plants_and_periods() -> None:
    """A row is found by its label, and its entries name plants, lines, models and periods."""
    program = program_of(source.firm("tiny"))
    row = program.rows.find("plant_capacity[plant1,period2]")
    entries = {entry.column: entry.coefficient for entry in program.row_entries(row)}
    assert entries.pop("capacity[plant1,period2]") == -1.0
    assert entries
    assert all(
        column.startswith("volume[plant1,model") and column.endswith(",period2]")
        for column in entries
    )
    assert set(entries.values()) == {1.0}


def test_unwanted_routes_carry_nothing_in_any_scenario() -> None:
    """Routes that are left out have no demand in the base, nor in any scenario."""
    firm = source.firm("small")
    kept = program_of(firm, wanted_only=True)
    whole = program_of(firm)
    there, all_columns = set(kept.columns.labels), set(whole.columns.labels)
    left_out = all_columns - there
    assert there < all_columns
    assert all(label.startswith("shipped[") for label in left_out)
    demand = source.scenarios(firm, 20)["D"].max(axis=0)
    for label in left_out:
        model, market, period = (
            int("".join(filter(str.isdigit, part))) - 1
            for part in label[len("shipped[") : -1].split(",")[1:]
        )
        assert demand[model, market, period] == 0.0
