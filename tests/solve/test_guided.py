"""The search, the proof and the whole problem tell the same story."""

from __future__ import annotations

import io
import os
import queue
import signal
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from replant.kernel import Problem, Program
from replant.solve import Progress, Solution, SolveSettings, Status, guided, solve
from replant.solve.beside import Proof, proof_of
from replant.solve.beside.messages import receive, send
from replant.solve.fixing import relaxed_to_continuous
from replant.solve.guided import solve_guided
from replant.solve.leading import leading, neighbourhoods
from replant.solve.search import Search
from replant.solve.whole import solve_whole
from tests.solve.firms import random_program

EXACT = SolveSettings(gap=1e-7, time_limit=60.0)


@pytest.mark.parametrize("seed", range(12))
def test_both_ways_find_the_same_optimum(seed: int) -> None:
    """A search first changes the road, never what is best."""
    program = random_program(seed)
    whole, guided = solve_whole(program, EXACT), solve_guided(program, EXACT)
    assert guided.values is not None
    assert guided.objective == pytest.approx(whole.objective, abs=1e-4)
    assert guided.bound >= whole.objective - 1e-6
    assert guided.bound >= guided.objective - 1e-9
    assert program.objective @ guided.values + program.objective_constant == pytest.approx(
        guided.objective, abs=1e-6
    )


@pytest.mark.parametrize("seed", range(4))
def test_a_wide_gap_ends_sooner_and_stays_within_it(seed: int) -> None:
    """The bound lies above the true optimum, the plan within the gap below the bound."""
    program = random_program(seed, plants=6, markets=8)
    best = solve_whole(program, EXACT).objective
    settings = SolveSettings(gap=0.05, baseline=0.0, time_limit=60.0)
    found = solve_guided(program, settings)
    assert found.bound >= best - 1e-6 >= found.objective - 2e-6
    assert found.gap <= settings.allowed(found.objective) + 1e-6


def test_the_same_program_takes_the_same_steps() -> None:
    """Whatever is told on the way, and the plan itself, are the same a second time."""
    program = random_program(3, plants=6, markets=8)

    def told() -> list[float]:
        values: list[float] = []
        settings = SolveSettings(
            gap=0.02, baseline=0.0, on_plan=lambda value, bound, plan: values.append(value)
        )
        final = solve_guided(program, settings)
        assert final.values is not None
        return [*values, *final.values.tolist()]

    assert told() == told()


def test_plans_get_better_and_bounds_tighter() -> None:
    """What is told on the way never goes back."""
    lines: list[Progress] = []
    plans: list[tuple[float, float, NDArray[np.float64]]] = []
    settings = SolveSettings(
        gap=1e-6,
        on_progress=lines.append,
        on_plan=lambda value, bound, plan: plans.append((value, bound, plan)),
    )
    found = solve_guided(random_program(5, plants=6, markets=8), settings)
    values = [value for value, _, _ in plans]
    assert values == sorted(values)
    assert all(bound >= found.objective - 1e-6 for _, bound, _ in plans)
    assert all(earlier.bound >= later.bound for earlier, later in pairwise(lines))


def test_a_plan_to_begin_from_is_kept() -> None:
    """A plan that is given is never lost, even without time to find another."""
    program = random_program(7)
    best = solve_whole(program, EXACT)
    settings = SolveSettings(gap=1e-7, time_limit=60.0, start=best.values)
    assert solve_guided(program, settings).objective >= best.objective - 1e-6


def test_no_plan_and_no_end_are_said() -> None:
    """A program without a plan, or without an end, is told as such."""
    assert solve_guided(random_program(1, demand=9.0), EXACT).status is Status.INFEASIBLE
    problem = Problem()
    problem.objective(problem.variable("x"))
    assert solve_guided(problem.assemble(), EXACT).status is Status.UNBOUNDED


def test_without_time_there_is_an_answer_all_the_same() -> None:
    """No time: perhaps no plan, and never a bound below the optimum."""
    program = random_program(2, plants=6, markets=8)
    best = solve_whole(program, EXACT).objective
    for limit in (0.0, 0.05, 0.3):
        found = solve_guided(program, SolveSettings(gap=1e-7, time_limit=limit))
        assert found.bound >= best - 1e-6
        assert found.values is None or found.objective <= best + 1e-6


def _interrupted_at(moment: str, program: Program, **further: bool) -> Solution:
    """Solve, press Ctrl-C at the first word of a kind, and see that no handler stays behind."""
    before, asked = signal.getsignal(signal.SIGINT), []

    def stop(*told: object) -> None:
        if not asked:
            asked.append(signal.raise_signal(signal.SIGINT))

    found = solve_guided(program, SolveSettings(gap=1e-9, **{moment: stop}, **further))
    assert asked
    assert signal.getsignal(signal.SIGINT) is before
    return found


@pytest.mark.parametrize("moment", ["on_plan", "on_bound"])
def test_ctrl_c_stops_the_search_and_the_proof(moment: str) -> None:
    """One Ctrl-C, at the first plan of the search or when the proof first looks up, ends with the
    best plan."""
    found = _interrupted_at(moment, random_program(9, 8, 12, 4), side_by_side=False)
    assert found.status is Status.INTERRUPTED
    assert found.values is not None
    assert found.bound >= found.objective


def test_leading_columns_are_those_that_options_count() -> None:
    """Plants lead, shifts follow; neighbourhoods hold leading columns only."""
    program = random_program(0)
    leads = leading(program)
    assert set(program.columns.names[leads]) == {"opens"}
    for group in neighbourhoods(program, leads):
        assert leads[group].all()


def test_small_programs_are_solved_whole() -> None:
    """Without many leading choices the answer is that of the whole problem."""
    program = random_program(4)
    assert solve(program, EXACT).objective == solve_whole(program, EXACT).objective


# -- the proof in a process of its own -------------------------------------------------------------

BESIDE = replace(EXACT, side_by_side=True)


@pytest.mark.parametrize("seed", range(6))
def test_a_proof_beside_the_search_finds_the_same_optimum(seed: int) -> None:
    """A second process changes how long it takes, never what is best."""
    program = random_program(seed, plants=6, markets=8)
    whole, found = solve_whole(program, EXACT), solve_guided(program, BESIDE)
    assert found.values is not None
    assert found.objective == pytest.approx(whole.objective, abs=1e-4)
    assert found.bound >= whole.objective - 1e-6
    assert program.objective @ found.values + program.objective_constant == pytest.approx(
        found.objective, abs=1e-6
    )


def test_two_processes_give_the_same_plan_a_second_time() -> None:
    """Which word ends the solve does not hang on how fast each of the two came."""
    program = random_program(3, plants=8, markets=10, periods=5)
    settings = SolveSettings(gap=0.02, baseline=0.0, side_by_side=True)
    found = [solve_guided(program, settings) for _ in range(3)]
    for each in found[1:]:
        assert (each.objective, each.bound, each.status) == (
            found[0].objective,
            found[0].bound,
            found[0].status,
        )
        assert np.array_equal(each.values, found[0].values)


def test_a_process_that_dies_loses_only_its_own_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the other process the proof begins from the plan that was found."""
    program = random_program(5, plants=6, markets=8)
    died: list[int] = []

    def words(proof: Proof, wait: float = 0.2) -> Iterator[None]:
        proof._process.kill()
        died.append(proof._process.wait())
        yield from ()

    monkeypatch.setattr(Proof, "words", words)
    found = solve_guided(program, BESIDE)
    assert died
    assert found.objective == pytest.approx(solve_whole(program, EXACT).objective, abs=1e-4)
    assert found.gap <= BESIDE.allowed(found.objective) + 1e-6


def test_where_no_process_can_be_had_one_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """An interpreter that cannot be started again is no error."""
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    program = random_program(5, plants=6, markets=8)
    found = solve_guided(program, BESIDE)
    assert found.objective == pytest.approx(solve_whole(program, EXACT).objective, abs=1e-4)


def test_no_process_is_left_behind() -> None:
    """Whoever proves ends with the one who asked, also when nobody closes it."""
    endless = SolveSettings(gap=0.0, time_limit=np.inf)
    proof = Proof(random_program(9, plants=14, markets=30, periods=8), endless)
    process = proof._process
    assert process.stdin is not None
    process.stdin.close()  # as the system does when the one who asked is killed
    assert process.wait(timeout=300) == 1
    proof.close()


def test_ctrl_c_does_not_wait_for_the_proof_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    """One Ctrl-C ends the search with its plan though the other process says nothing at all."""

    def silent(*given: Any, **more: Any) -> Proof | None:
        proof = proof_of(*given, **more)
        assert proof is not None
        os.kill(proof._process.pid, signal.SIGSTOP)
        return proof

    monkeypatch.setattr(guided, "proof_of", silent)
    found = _interrupted_at("on_plan", random_program(9, 8, 12, 4), side_by_side=True)
    assert found.status is Status.INTERRUPTED
    assert found.values is not None
    assert found.bound >= found.objective


def test_what_the_proof_told_counts_when_the_search_is_stopped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Stopped without a word of its own, the search passes on the bound and plan of the other."""
    program, heard = random_program(9, 8, 12, 4), threading.Event()
    put = queue.Queue.put

    def listening(line: queue.Queue[Any], message: Any, *more: Any) -> None:
        put(line, message, *more)
        if message is not None and str(message["kind"]) in ("ask", "end"):
            heard.set()

    def no_search(search: Search, enough: object) -> None:
        assert heard.wait(timeout=300), "the proof has come to no end, nor to a question"
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(queue.Queue, "put", listening)
    monkeypatch.setattr(Search, "run", no_search)
    found = solve_guided(program, BESIDE)
    relaxed = solve_whole(relaxed_to_continuous(program), EXACT)
    assert found.values is not None
    assert found.objective <= found.bound < relaxed.objective - 1e-6


@pytest.mark.parametrize("told", [Status.OPTIMAL, Status.TIME_LIMIT, Status.INFEASIBLE])
def test_a_proof_that_ends_a_hair_below_the_plan_keeps_it(
    told: Status, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How the proof ended is how the solve ended, unless it denies that there is a plan."""
    program = random_program(5, plants=6, markets=8)
    best = solve_whole(program, EXACT)
    assert best.values is not None
    worse = replace(best, status=told, objective=best.objective - 1e-5, bound=best.objective)
    denied = replace(best, status=told, values=None, objective=-np.inf, bound=-np.inf)
    solved = [solve_whole(relaxed_to_continuous(program), EXACT)]

    def whole(*given: object, **more: object) -> Solution:
        return solved.pop() if solved else denied if told is Status.INFEASIBLE else worse

    monkeypatch.setattr(guided, "solve_whole", whole)
    found = solve_guided(program, replace(EXACT, side_by_side=False, start=best.values))
    assert found.status is (Status.NOT_PROVEN if told is Status.INFEASIBLE else told)
    assert found.objective == pytest.approx(best.objective, abs=1e-6)
    assert found.bound >= best.objective - 1e-9
    assert np.array_equal(found.values, best.values)


def test_what_cannot_be_solved_is_said_by_two_as_by_one() -> None:
    """No plan, and no time, end as they do in one process."""
    assert solve_guided(random_program(1, demand=9.0), BESIDE).status is Status.INFEASIBLE
    program = random_program(2, plants=6, markets=8)
    best = solve_whole(program, EXACT).objective
    for limit in (0.0, 0.05, 3.0):
        found = solve_guided(program, replace(BESIDE, time_limit=limit))
        assert found.bound >= best - 1e-6
        assert found.values is None or found.objective <= best + 1e-6


def test_a_plan_from_elsewhere_is_asked_for_once_when_branching_begins() -> None:
    """The solver takes it for its own, so its plan is never worse."""
    program = random_program(3, plants=7, markets=10, periods=4)
    best = solve_guided(program, replace(EXACT, gap=1e-3))
    asked: list[int] = []

    def ask() -> NDArray[np.float64] | None:
        asked.append(1)
        return best.values

    found = solve_whole(program, replace(EXACT, gap=1e-3, ask=ask))
    assert len(asked) == 1
    assert found.objective >= best.objective - 1e-6
    assert found.bound >= best.objective


@pytest.mark.parametrize("shift", [-5000.0, 0.0])
def test_a_plan_from_elsewhere_is_taken_at_its_worth(shift: float) -> None:
    """Whether plans are worth more than nothing or less, no better plan is lost over it."""
    program = random_program(3, plants=7, markets=10, periods=4)
    program = replace(program, objective_constant=program.objective_constant + shift)
    poor = solve_whole(program, replace(EXACT, gap=0.01))
    best = solve_whole(program, replace(EXACT, gap=1e-4))
    assert poor.objective < best.objective
    asked: list[int] = []

    def ask() -> NDArray[np.float64] | None:
        asked.append(1)
        return poor.values

    found = solve_whole(program, replace(EXACT, gap=1e-4, ask=ask))
    assert asked
    assert found.objective == pytest.approx(best.objective, abs=2e-4 * abs(best.objective))
    assert found.bound >= best.objective - 1e-6


@pytest.mark.parametrize("content", [b"", b"\x01\x02", b"\xff\x00\x00\x00\x00\x00\x00\x00abc"])
def test_half_a_message_is_none(content: bytes) -> None:
    """Whoever ends in the middle of a word has said nothing."""
    assert receive(io.BytesIO(content)) is None


def test_a_message_comes_as_it_was_sent() -> None:
    """Numbers keep every bit on the way."""
    line = io.BytesIO()
    sent = {"values": np.array([0.1, -np.inf, 1e-300]), "kind": "bound", "bound": 1 / 3}
    send(line, sent)
    line.seek(0)
    came = receive(line)
    assert came is not None
    assert came["values"].tobytes() == sent["values"].tobytes()
    assert (str(came["kind"]), float(came["bound"])) == ("bound", 1 / 3)
