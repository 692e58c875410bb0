"""A run is the same each time, loses nothing when it is stopped, and goes on where it was."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from replant.case import load
from replant.cli.keeping import Keeper, NothingKept
from replant.cli.naming import named, valued
from replant.cli.results import staged
from replant.cli.solving import solved
from replant.cli.writing import whole_or_said
from replant.errors import NoPlan, PlanError, UsageError
from replant.module import row_classes
from replant.plan import Choices, assemble, pipeline
from replant.plan.pipeline import Missed
from replant.solve import SolveSettings, Status, solve
from replant.solve.interrupt import catch_interrupt
from tests.cli.conftest import command


@pytest.fixture(scope="module")
def case(cases):
    found, findings = load(cases / "golden-g1", row_classes())
    assert found is not None, findings
    return found


@pytest.fixture(scope="module")
def program(case):
    return assemble(case, Choices())


@pytest.fixture(scope="module")
def optimum(program):
    found = solve(program, SolveSettings(gap=0.0))
    assert found.values is not None
    return found


def test_same_input_same_bytes(planned, run, tmp_path) -> None:
    shutil.copytree(planned / "firm", tmp_path / "firm")
    assert run("plan", "firm", "--out", "out").returncode == 0
    files = sorted(
        each.relative_to(planned / "out")
        for each in (planned / "out").rglob("*")
        if each.suffix in (".json", ".csv")
    )
    assert len(files) > 5
    for file in files:
        assert (tmp_path / "out" / file).read_bytes() == (planned / "out" / file).read_bytes(), file


def test_two_threads_give_a_plan_too(firm, run) -> None:
    """The solver refuses to change its threads between solves unless it begins anew."""
    assert run("plan", firm.path, "--threads", "2", "--no-report").returncode == 0


def test_a_plan_that_cannot_be_written_leaves_the_old_one(tmp_path) -> None:
    (tmp_path / "plan.json").write_text("old")

    def write() -> None:
        with staged(tmp_path) as stage:
            (stage / "plan.json").write_text("new")
            raise OSError(28, "No space left on device")

    with pytest.raises(UsageError, match="No space"):
        write()
    assert (tmp_path / "plan.json").read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["plan.json"]


def test_a_plan_that_cannot_be_written_is_told_all_the_same(firm, run, tmp_path) -> None:
    """The search is not in vain: its verdict is printed, and where the plan itself is kept."""
    (tmp_path / "out" / "plan.json").mkdir(parents=True)
    told = run("plan", firm.path, "--out", "out", "--no-report")
    assert told.returncode == 2
    assert "present value" in told.stdout
    assert "incumbent.json" in told.stderr
    assert "Traceback" not in told.stderr


def test_the_plan_is_written_before_all_that_is_made_of_it(firm, run, tmp_path) -> None:
    """Where its tables cannot be written, the plan itself is whole all the same, and says so."""
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "tables").write_text("a file where a folder should be")
    told = run("plan", firm.path, "--out", "out", "--no-report")
    assert told.returncode == 2
    assert "present value" in told.stdout
    assert "plan itself is written, to out/plan.json" in " ".join(told.stderr.split())
    assert run("verify", "out/plan.json").returncode == 0


def test_who_stops_after_the_plan_is_written_is_told_what_stands_there(capsys) -> None:
    """A second Ctrl-C costs the report, and says with which command it is made."""
    with pytest.raises(KeyboardInterrupt), whole_or_said(Path("out/plan.json")):
        raise KeyboardInterrupt
    assert "`replant report out/plan.json` makes the report" in capsys.readouterr().err
    with pytest.raises(KeyboardInterrupt), whole_or_said(None):
        raise KeyboardInterrupt
    assert capsys.readouterr().err == ""


def test_values_by_name_are_the_same_values(program, optimum) -> None:
    names = named(program, optimum.values)
    assert np.array_equal(valued(program, names), optimum.values)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"[" * 100_000, b'{"fingerprint": "F", "values": {"nope": 1}}',
                b'{"fingerprint": "F", "values": [1]}', b'{"fingerprint": "F"}',
                b'{"fingerprint": "G", "values": {}}']
)  # fmt: skip
def test_what_cannot_be_resumed_is_an_error(tmp_path, program, content) -> None:
    """Who asked to go on is told that there is nothing to go on from, and with which file."""
    (tmp_path / "incumbent.json").write_bytes(content)
    with pytest.raises(NothingKept, match=r"incumbent\.json .*without --resume"):
        Keeper(tmp_path, "F", program).read()


@pytest.mark.parametrize("content", [None, b"{"])
def test_to_resume_from_nothing_ends_with_a_sentence(firm, run, tmp_path, content) -> None:
    """Nothing is planned, nothing is written, and the exit code says so; without it a plan is."""
    (tmp_path / "out").mkdir()
    if content is not None:
        (tmp_path / "out" / "incumbent.json").write_bytes(content)
    told = run("plan", firm.path, "--out", "out", "--resume")
    assert told.returncode == 1
    assert "--resume" in told.stderr
    assert "Traceback" not in told.stderr
    assert not (tmp_path / "out" / "plan.json").exists()
    assert run("plan", firm.path, "--out", "out", "--no-report").returncode == 0


def test_what_was_learnt_is_gone_on_from_plan_or_not_and_refused_in_words(
    firm, run, tmp_path
) -> None:
    """A run that was killed before its first plan left a bound: it counts. A file that is broken
    is said and put aside, and the run goes on from its plan."""
    quiet = ("plan", firm.path, "--out", "out", "--no-report", "--no-comparators")
    bound, plan = tmp_path / "out" / "learnt.bound.npz", tmp_path / "out" / "incumbent.json"
    assert run(*quiet).returncode == 0
    plan.unlink()
    half = bound.with_name("learnt.npz.123.part")
    half.write_bytes(b"what a killed run was writing")
    told = run(*quiet, "--resume")
    assert not half.exists()
    assert told.returncode == 0, told.stderr
    assert "going on from what was learnt, in out/learnt.bound.npz" in told.stderr
    assert plan.exists()
    bound.write_bytes(b"PK broken")
    told = run(*quiet, "--resume")
    assert told.returncode == 0, told.stderr
    assert "holds nothing that a solve kept; it is now out/learnt.bound.npz.refused" in told.stderr
    assert bound.exists()


def test_to_make_a_plan_exact_touches_nothing_that_was_learnt(
    case, program, tmp_path, monkeypatch
) -> None:
    """A program tightened by a hair is another problem: files of the true one stay as they are."""
    words: list[str] = []
    settings = SolveSettings(saving=tmp_path / "learnt.npz", on_word=words.append)
    solution = solve(program, settings)
    before = {each.name: each.read_bytes() for each in tmp_path.iterdir()}
    assert before
    snapped, missed = pipeline._snapped, [Missed(np.full(len(program.rows), 1e-7))]

    def once(*given):
        return missed.pop() if missed else snapped(*given)

    monkeypatch.setattr(pipeline, "_snapped", once)
    with suppress(PlanError):  # this firm has no hair to spare
        pipeline.planned(case, Choices(), program, solution, settings)
    assert not missed
    assert not words
    assert {each.name: each.read_bytes() for each in tmp_path.iterdir()} == before


def test_a_kept_plan_comes_back(tmp_path, program, optimum) -> None:
    Keeper(tmp_path, "F", program).keep(1.0, 2.0, optimum.values)
    start = Keeper(tmp_path, "F", program).read()
    assert start is not None
    assert np.array_equal(start, optimum.values)


def test_without_time_the_plan_begun_with_is_the_plan(case, program, optimum) -> None:
    """What was begun with keeps its value; the bound is proven all the same."""
    settings = SolveSettings(time_limit=1e-9, start=optimum.values)
    found = solved(case, Choices(), settings, program)
    assert found.verification.ok
    assert found.value == pytest.approx(optimum.objective, abs=1e-6)
    assert np.isfinite(found.solution.bound)
    assert found.solution.bound >= found.value - 1e-6


def test_without_time_and_a_start_there_is_a_sentence(case, program) -> None:
    with pytest.raises(NoPlan, match="--time-limit"):
        solved(case, Choices(), SolveSettings(time_limit=1e-9), program)


# -- a long run is stopped -------------------------------------------------------------------------


def begin(place, case, *arguments):
    return subprocess.Popen(
        [*command(), "plan", str(case), "--out", "out", "--no-comparators", "--no-report",
         *arguments],
        cwd=place,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.environ.get("PYTHONPATH", "")},
    )  # fmt: skip


def heard(running, words):
    """Read what a run says until it says some words; return all of it."""
    said = ""
    for line in running.stderr:
        said += line
        if words in line:
            return said
    pytest.fail(f"never said {words!r}: {said}")


def kept(place, running):
    """Wait for the first plan of a run that is kept."""
    file = place / "out" / "incumbent.json"
    while not file.exists():
        assert running.poll() is None, f"ended without a plan: {running.communicate()}"
        time.sleep(0.2)
    return json.loads(file.read_text(encoding="utf-8"))


@pytest.mark.slow
def test_a_killed_run_is_resumed_and_keeps_the_best_when_it_is_asked_to_stop(
    tmp_path, cases
) -> None:
    """Power fails, and then a person presses Ctrl-C: the best plan so far outlives both."""
    running = begin(tmp_path, cases / "nissan-2025")
    before = kept(tmp_path, running)
    running.kill()
    running.communicate()
    # to no gap at all, so that the solve is under way for long after it has told its first bound
    again = begin(tmp_path, cases / "nissan-2025", "--resume", "--gap", "0")
    said = heard(again, "   bound ")
    again.send_signal(signal.SIGINT)
    told, more = again.communicate(timeout=600)
    said += more
    assert again.returncode == 130, said
    assert "Traceback" not in said
    assert "--resume" in said
    assert "The search was interrupted by hand" in " ".join(told.split())
    after = json.loads((tmp_path / "out" / "incumbent.json").read_text(encoding="utf-8"))
    assert after["value"] >= before["value"] - 1e-6
    assert re.match(r" *\d+\.\d s   \w", said), "what is done is said"


def test_who_asks_to_stop_while_a_plan_is_rounded_gets_the_plan(
    case, program, optimum, monkeypatch
) -> None:
    """No solve within the rounding gives up, and the run says that it was asked to stop."""
    snap, solves = pipeline.snap, []

    def asked_in_the_middle(*given):
        with catch_interrupt() as within:
            signal.raise_signal(signal.SIGINT)
            solves.append(within.requested)
        return snap(*given)

    monkeypatch.setattr(pipeline, "snap", asked_in_the_middle)
    found = pipeline.planned(case, Choices(), program, optimum)
    assert solves == [False]
    assert found.solution.status is Status.INTERRUPTED
    assert found.verification.ok
    assert found.value == pytest.approx(optimum.objective, abs=1e-6)


def test_who_asks_to_stop_while_a_comparator_is_rounded_ends_the_run(
    case, program, optimum, monkeypatch
) -> None:
    """Nothing that was asked for is there yet, so there is nothing to finish for."""
    snap = pipeline.snap

    def asked_in_the_middle(*given):
        signal.raise_signal(signal.SIGINT)
        return snap(*given)

    monkeypatch.setattr(pipeline, "snap", asked_in_the_middle)
    with pytest.raises(KeyboardInterrupt):
        solved(case, Choices(), SolveSettings(), program, last=False)
    assert solved(case, Choices(), SolveSettings(), program).verification.ok


def test_who_asks_twice_while_a_plan_is_rounded_ends_the_run(
    case, program, optimum, monkeypatch
) -> None:
    def asked_twice(*given):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        pytest.fail("the second one was not heard")

    monkeypatch.setattr(pipeline, "snap", asked_twice)
    with pytest.raises(KeyboardInterrupt):
        pipeline.planned(case, Choices(), program, optimum)


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_termination_counts_like_ctrl_c(sign) -> None:
    """While something is solved either asks it to stop; at any other time either unwinds."""
    script = (
        "import os, sys\n"
        "from replant.cli.stopping import heed_termination\n"
        "from replant.solve.interrupt import catch_interrupt\n"
        "sign = int(sys.argv[1])\n"
        "heed_termination()\n"
        "with catch_interrupt() as state:\n"
        "    os.kill(os.getpid(), sign)\n"
        "    print('asked', state.requested)\n"
        "try:\n"
        "    os.kill(os.getpid(), sign)\n"
        "    print('unheard')\n"
        "except KeyboardInterrupt:\n"
        "    print('unwound')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(int(sign))], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["asked", "True", "unwound"]


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_command_that_is_stopped_before_there_is_a_plan_says_so(sign, cases, tmp_path) -> None:
    """Law: a run never ends without a word."""
    script = (
        "import signal, sys\n"
        "from replant.cli import main, plan\n"
        "case, out, sign = sys.argv[1:]\n"
        "plan.solved = lambda *given, **more: signal.raise_signal(int(sign))\n"
        "sys.argv[1:] = ['plan', case, '--out', out]\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(cases / "golden-g1"), str(tmp_path / "out"),
         str(int(sign))],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 130
    assert done.stderr.endswith("replant: stopped\n")
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out" / "plan.json").exists()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_being_asked_to_stop_while_it_loads_is_a_sentence_too(sign) -> None:
    """Law: also before anything is read, either ends the command with 130 and without a trace."""
    script = (
        "import signal, sys\n"
        "class Impatient:\n"
        "    def find_spec(self, name, *rest):\n"
        "        if name == 'scipy':\n"
        "            signal.raise_signal(int(sys.argv.pop()))\n"
        "sys.meta_path.insert(0, Impatient())\n"
        "from replant.cli import main\n"
        "main()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(int(sign))], capture_output=True, text=True
    )
    assert done.returncode == 130
    assert done.stderr == "replant: stopped\n"
