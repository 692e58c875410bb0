"""HiGHS and SCIP find the same optimum on every golden and tiny case."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from replant.case import read
from replant.module import row_classes
from replant.plan import Choices, assemble
from replant.solve import SolveSettings, solve
from tests.oracle.scip import best
from tests.properties.firms import small_firms
from tests.properties.making import case_of

ROOT = Path(__file__).parent.parent.parent
CASES = sorted(
    each.parent
    for each in (
        *ROOT.glob("cases/golden-*/case.toml"),
        *ROOT.glob("tests/cases/*/case.toml"),
    )
)
pytestmark = pytest.mark.peer


def same(program) -> None:
    found = solve(program, SolveSettings(gap=0.0, time_limit=120.0))
    second = best(program)
    if second is None:
        assert not found.found
        return
    assert found.objective == pytest.approx(second, rel=1e-6, abs=1e-6)
    assert found.bound >= second - 1e-6 * max(1.0, abs(second))


@pytest.mark.slow
@pytest.mark.parametrize("folder", CASES, ids=lambda each: each.name)
@pytest.mark.parametrize("lenient", [False, True], ids=["floor", "shortfall"])
def test_both_solvers_agree_on_a_case(folder: Path, lenient: bool):
    case = read(folder, row_classes())
    same(assemble(case, Choices(allow_shortfall=lenient)))


def test_both_find_that_keeping_the_plant_open_has_no_plan():
    case = read(ROOT / "cases" / "golden-g1", row_classes())
    same(assemble(case, Choices(forbid=("plant.old.close",))))


@given(small_firms())
@settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
def test_both_solvers_agree_on_small_firms(tables):
    same(assemble(case_of(tables)))
