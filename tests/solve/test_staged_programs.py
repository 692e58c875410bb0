"""A labelled program, cut into its first stage and scenarios and put together again, is itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from replant.kernel import Dimension, Problem, Program, Stage
from replant.solve.decomposed import solve_decomposed
from replant.solve.settings import SolveSettings
from replant.solve.solution import Status
from replant.solve.staged import staged_of, whole_of
from replant.solve.whole import solve_whole

PLANT = Dimension("plant", ("east", "west"))
MARKET = Dimension("market", ("home", "abroad", "far"))
EXACT = SolveSettings(gap=1e-9, time_limit=60.0)
WEIGHTS = ((1.0,), (0.5, 0.5), (0.2, 0.3, 0.5), (0.0, 1.0))


def firm(weights: tuple[float, ...], seed: int) -> Program:
    """Where to open plants once, and whom to serve from them in each scenario."""
    numbers = np.random.default_rng(seed)
    cost, room = numbers.integers(1, 9, 2), numbers.integers(2, 6, 2)
    problem = Problem([(f"s{number}", weight) for number, weight in enumerate(weights)])
    for number in range(len(weights)):
        wanted, worth = numbers.integers(0, 5, 3), numbers.integers(1, 6, (2, 3))
        with problem.scenario(f"s{number}"):
            opens = problem.variable("opens", PLANT, upper=1.0, integer=True)
            ship = problem.variable("ship", PLANT, MARKET, stage=Stage.RECOURSE)
            problem.require("one", opens.sum("plant"), upper=2.0, lower=1.0, rule="One at least")
            made = ship.sum("market")
            problem.require("room", made - opens * room, upper=0.0, rule="Within room")
            problem.require("wanted", ship.sum("plant"), upper=wanted, rule="No more than wanted")
            problem.objective((ship * worth).sum() - (opens * cost).sum() + float(number))
    return problem.assemble()


@given(st.sampled_from(WEIGHTS), st.integers(0, 10**6))
def test_a_program_cut_and_joined_is_the_program(weights: tuple[float, ...], seed: int) -> None:
    """Law: every entry, bound and objective of a program is in its stages once, in its order."""
    program = firm(weights, seed)
    staged = staged_of(program)
    arrays = whole_of(staged)
    assert arrays.constant == pytest.approx(program.objective_constant)
    assert np.allclose(arrays.objective, program.objective)
    for ours, theirs in (
        (arrays.lower, program.columns.lower),
        (arrays.upper, program.columns.upper),
        (arrays.integer, program.columns.integer),
    ):
        assert np.array_equal(ours, theirs)
    blocks = [program.first_stage_rows, *(block.rows for block in program.blocks)]
    order = np.concatenate([np.arange(program.matrix.shape[0])[rows] for rows in blocks])
    assert np.array_equal(np.sort(order), np.arange(program.matrix.shape[0]))
    assert np.array_equal(arrays.matrix.toarray(), program.matrix.toarray()[order])
    assert np.array_equal(arrays.row_lower, program.rows.lower[order])
    assert np.array_equal(arrays.row_upper, program.rows.upper[order])
    assert arrays.starts.tolist() == [
        0,
        program.here_and_now.stop,
        *(block.columns.stop for block in program.blocks),
    ]


@given(st.sampled_from(WEIGHTS), st.integers(0, 10**6))
def test_a_program_is_worth_the_same_part_by_part(weights: tuple[float, ...], seed: int) -> None:
    """Law: Benders on the stages of a program finds what the solver finds in the program."""
    program = firm(weights, seed)
    whole, found = solve_whole(program, EXACT), solve_decomposed(staged_of(program), EXACT)
    assert whole.gap <= 1e-6
    assert found.status is Status.OPTIMAL
    assert found.objective == pytest.approx(whole.objective, abs=1e-5)
