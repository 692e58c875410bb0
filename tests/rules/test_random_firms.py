"""Firms at random: what is optimised and what is computed exactly agree in every figure."""

from __future__ import annotations

from random import Random

import pytest

from replant.errors import Infeasible
from replant.plan import Choices, assemble
from replant.solve import SolveSettings, solve
from tests.decisions.money_firm import plan
from tests.oracle.scip import best
from tests.rules.random_firm import random_firm

FEW = range(24)
MANY = range(100, 200)


def planned(folder, seed: int):
    """Plan a firm with some of its options forced; None where that cannot be."""
    case = random_firm(folder, seed)
    draw = Random(seed)
    options = sorted(each for each in assemble(case).options if not each.startswith("plant"))
    force = draw.sample(options, min(len(options), draw.choice([0, 1, 1, 2])))
    try:
        return plan(case, force=force, allow_shortfall=draw.random() < 0.7)
    except Infeasible:
        return None


def laws(found) -> None:
    """Check what must hold of every plan, whatever the firm."""
    for each in found.case.fiscal_years if found.case.has("taxes") else ():
        columns = found.program.columns
        gain, loss = (
            found.values[columns.find(f"tax.{name}[{each.id}]")] for name in ("gain", "loss")
        )
        assert min(gain, loss) == pytest.approx(0, abs=1e-6)
    if not found.falls_short:
        # what is made is rounded down to single cars
        assert found.solution.objective == pytest.approx(found.value, abs=0.02)
    assert all(each.text.endswith(".") for each in found.sentences())


@pytest.mark.parametrize("seed", FEW)
def test_plan_and_exact_engine_agree(tmp_path, seed) -> None:
    """Every ledger, flow, tax base, stream and part of value, to a millionth."""
    found = planned(tmp_path, seed)
    if found is not None:
        laws(found)


def test_most_random_firms_have_a_plan(tmp_path) -> None:
    """Otherwise the test above would prove little."""
    found = [planned(tmp_path / str(seed), seed) for seed in range(200, 212)]
    assert sum(each is not None for each in found) >= 6


@pytest.mark.slow
@pytest.mark.parametrize("seed", MANY)
def test_plan_and_exact_engine_agree_on_many(tmp_path, seed) -> None:
    """The same on a hundred more."""
    found = planned(tmp_path, seed)
    if found is not None:
        laws(found)


@pytest.mark.peer
@pytest.mark.parametrize("seed", [1059, *range(300, 312)])
def test_a_second_solver_finds_no_better_plan(tmp_path, seed) -> None:
    """Firm 1059 is one whose best plan HiGHS cut off before gain and loss had bounds."""
    program = assemble(random_firm(tmp_path, seed), Choices(allow_shortfall=True))
    found = solve(program, SolveSettings(gap=0.0))
    assert found.objective == pytest.approx(best(program), rel=1e-6, abs=1e-5)
