"""Plans to report on: the golden case, quick, and a small fictional firm, slow."""

from __future__ import annotations

from pathlib import Path

import pytest

from replant.case import Case, read
from replant.module import row_classes
from replant.plan import Choices, Planned, comparator_choices, make_plan
from replant.report import Report, build_report
from replant.solve import SolveSettings

FIRM = Path(__file__).parent / "firm"


@pytest.fixture(scope="session")
def golden(cases: Path) -> tuple[Planned, dict[str, Planned]]:
    """The golden case's best plan, and doing nothing."""
    case = read(cases / "golden-g1", row_classes())
    nothing = make_plan(case, Choices(nothing=True, allow_shortfall=True))
    return make_plan(case), {"do_nothing": nothing}


@pytest.fixture(scope="session")
def golden_report(golden: tuple[Planned, dict[str, Planned]]) -> Report:
    """The golden case's report."""
    return build_report(*golden)


@pytest.fixture(scope="session")
def firm_case() -> Case:
    """The fictional firm."""
    return read(FIRM, row_classes())


@pytest.fixture(scope="session")
def firm(firm_case: Case) -> tuple[Planned, dict[str, Planned]]:
    """The fictional firm's best plan and its comparators."""
    settings = SolveSettings(gap=0.2, time_limit=120.0)
    others = {
        name: make_plan(firm_case, comparator_choices(firm_case, name), settings)
        for name in ("do_nothing", "announced")
    }
    return make_plan(firm_case, Choices(), settings), others


@pytest.fixture(scope="session")
def firm_report(firm: tuple[Planned, dict[str, Planned]]) -> Report:
    """The fictional firm's report."""
    return build_report(*firm)
