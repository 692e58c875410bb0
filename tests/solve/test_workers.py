"""Scenarios shared among processes, and among the workers of a real scheduler."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from pathlib import Path

import numpy as np
import pytest

from replant.errors import SolverError
from replant.solve import SolveSettings, Status, solve_decomposed
from replant.solve.benders.cluster import Cluster
from replant.solve.benders.crowd import Crowd, shares_of
from replant.solve.benders.hand import Hand
from replant.solve.benders.processes import Processes, _Worker
from replant.solve.benders.team import Job, Task
from tests.solve.firms_in_two_stages import facility

REPOSITORY = Path(__file__).resolve().parents[2]
EXACT = SolveSettings(gap=1e-6, time_limit=120.0)


def test_every_scenario_stands_in_one_share() -> None:
    """Shares hold each scenario once, and no share is empty."""
    for scenarios in range(1, 12):
        for count in range(1, 15):
            shares = shares_of(scenarios, count)
            assert [each for share in shares for each in share] == list(range(scenarios))
            assert all(shares)


def test_processes_find_what_one_process_finds() -> None:
    """The same plan, value, bound and number of rounds, however the scenarios are shared."""
    staged = facility()
    alone = solve_decomposed(staged, EXACT)
    crew = Crowd(staged, 3, lambda job: Processes(job, 2))
    try:
        shared = solve_decomposed(staged, EXACT, crew)
    finally:
        crew.close()
    assert alone.status is shared.status
    assert alone.status in (Status.OPTIMAL, Status.WITHIN_GAP)
    assert np.array_equal(alone.first, shared.first)
    assert shared.objective == pytest.approx(alone.objective, rel=1e-9)
    assert shared.rounds == alone.rounds


def test_a_worker_that_dies_costs_its_task_and_no_more() -> None:
    """Every worker is killed in turn between two questions; the answers stay the same."""
    staged = facility()
    crew = Crowd(staged, 4, lambda job: Processes(job, 2))
    try:
        shapes = crew.shapes()
        groups = [[number] for number in range(len(staged))]
        point = np.full(len(staged.first), 0.5)
        before = crew.ask(point, groups)
        for pid in crew.team.pids:
            os.kill(pid, signal.SIGKILL)
            after = crew.ask(point, groups)
            assert np.allclose(after.values, before.values, rtol=1e-9)
            assert np.allclose(after.slopes, before.slopes, atol=1e-7)
    finally:
        crew.close()
    assert all(shape.parts == 1 for shape in shapes)


def test_a_task_that_kills_every_worker_ends_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A worker that dies again and again is not started for ever."""
    staged = facility(scenarios=2)
    crew = Crowd(staged, 1, lambda job: Processes(job, 1))
    try:
        worker = crew.team._workers[0]
        begin = worker._line.__class__.send

        def deadly(line: object, task: object) -> None:
            os.kill(worker.pid, signal.SIGSTOP)  # so that it cannot answer before it is killed
            begin(line, task)
            os.kill(worker.pid, signal.SIGKILL)

        monkeypatch.setattr(worker._line.__class__, "send", deadly)
        with pytest.raises(SolverError, match="died"):
            crew.team.do([Task(0, "shapes", ())])
    finally:
        monkeypatch.undo()
        crew.close()


def test_workers_that_cannot_live_end_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where each worker is dead before it is handed anything, that is said and not shown."""
    crew = Crowd(facility(scenarios=2), 1, lambda job: Processes(job, 1))
    start = _Worker._start

    def stillborn(worker: _Worker) -> None:
        start(worker)
        worker._process.kill()
        worker._process.join()

    monkeypatch.setattr(_Worker, "_start", stillborn)
    try:
        os.kill(crew.team.pids[0], signal.SIGKILL)
        with pytest.raises(SolverError, match="died"):
            crew.shapes()
    finally:
        crew.close()


def test_a_script_that_every_worker_would_run_again_is_told_so(tmp_path: Path) -> None:
    """Without its guard a script would start workers from workers: a sentence, and at once."""
    script = tmp_path / "plan.py"
    script.write_text(
        "from replant.errors import SolverError\n"
        "from replant.solve import SolveSettings, solve_staged\n"
        "from tests.solve.firms_in_two_stages import facility\n"
        "settings = SolveSettings(strategy='Benders', processes=2)\n"
        "try:\n"
        "    solve_staged(facility(), settings)\n"
        "except SolverError as why:\n"
        "    print(why)\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, script],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert 'under if __name__ == "__main__":' in done.stdout


@pytest.fixture
def scheduler(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler with three workers on loopback, each a process of its own."""
    pytest.importorskip("distributed", reason="dask.distributed is not installed (extra dist)")
    file = tmp_path / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    begun = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "distributed.cli.dask_scheduler"),
                *("--host", "127.0.0.1", "--port", "0", "--no-dashboard"),
                *("--scheduler-file", str(file)),
            ],
            cwd=REPOSITORY,
            **quiet,
        )
    ]
    try:
        _wait(lambda: file.exists() and file.read_text().endswith("}"))
        for number in range(3):
            begun.append(
                subprocess.Popen(
                    [
                        *(sys.executable, "-m", "distributed.cli.dask_worker"),
                        *("--scheduler-file", str(file), "--nthreads", "1", "--no-dashboard"),
                        *("--host", "127.0.0.1", "--no-nanny", "--name", f"w{number}"),
                        *("--local-directory", str(tmp_path)),
                    ],
                    cwd=REPOSITORY,
                    **quiet,
                )
            )
        yield json.loads(file.read_text())["address"], begun[1:]
    finally:
        for process in begun:
            process.kill()
            process.wait()


def _wait(done: Callable[[], bool], seconds: float = 300.0) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "the scheduler did not start"
        time.sleep(0.1)


@pytest.mark.slow
def test_a_cluster_finds_the_same_though_a_worker_is_killed_on_the_way(
    scheduler: tuple[str, list[subprocess.Popen[bytes]]],
) -> None:
    """A worker killed in the middle of a solve changes neither value nor bound."""
    address, workers = scheduler
    staged = facility()
    crew = Crowd(staged, 6, lambda job: Cluster(job, address, patience=300.0))
    asked = [0]
    ask = crew.ask

    def counted(*wanted: object) -> object:
        asked[0] += 1
        if asked[0] == 4:
            workers[0].kill()
        return ask(*wanted)  # type: ignore[arg-type]

    crew.ask = counted  # type: ignore[method-assign,assignment]
    try:
        shared = solve_decomposed(staged, EXACT, crew)
    finally:
        crew.close()
    alone = solve_decomposed(staged, EXACT)
    assert asked[0] > 4
    assert workers[0].poll() is not None
    assert shared.objective == pytest.approx(alone.objective, rel=1e-9)
    assert np.array_equal(shared.first, alone.first)


def test_no_scheduler_is_a_sentence() -> None:
    """An address where nothing answers ends with a sentence, and soon."""
    pytest.importorskip("distributed", reason="dask.distributed is not installed (extra dist)")
    with pytest.raises(SolverError, match="no scheduler"):
        Crowd(facility(scenarios=2), 2, lambda job: Cluster(job, "tcp://127.0.0.1:9", patience=1))


def test_hands_answer_alike_in_any_share() -> None:
    """A scenario's answer does not depend on who else is in its share."""
    staged = facility(scenarios=5)
    point = np.linspace(0.0, 1.0, len(staged.first))
    together = Hand(staged, range(5))
    together.shapes()
    report = together.ask(point, [[number] for number in range(5)])
    for number in range(5):
        single = Hand(staged, [number])
        single.shapes()
        assert single.ask(point, [[0]]).values[0] == pytest.approx(report.values[number])


class _Scheduler:
    """A scheduler that has lost all its workers, and the problem with them, so many times."""

    def __init__(self, lost: int) -> None:
        self.lost, self.sent = lost, 0

    def wait_for_workers(self, count: int, timeout: float) -> None:
        """Some come again."""

    def scatter(self, job: object, broadcast: bool, hash: bool) -> object:
        self.sent += 1
        return job

    def scheduler_info(self) -> dict[str, dict[str, object]]:
        return {"workers": {} if self.lost else {"tcp://one": {}}}

    def submit(
        self, *given: object, workers: object, allow_other_workers: bool, **_: object
    ) -> int:
        if allow_other_workers and workers is None:  # as the real one has it
            raise ValueError("Only use allow_other_workers= if using workers=")
        return 1

    def gather(self, futures: list[int]) -> list[int]:
        if self.lost:
            self.lost -= 1
            raise CancelledError
        return futures


@pytest.mark.parametrize("lost", [0, 2, 99])
def test_all_workers_may_be_lost_at_once(lost: int) -> None:
    """Law: where no worker is left for a moment, those that come get the problem anew; where they
    are lost again and again, that is a sentence."""
    cluster = Cluster.__new__(Cluster)
    scheduler = _Scheduler(lost)
    cluster.job = Job("key", facility(), shares_of(1, 1))
    cluster.address, cluster.patience = "tcp://here", 1.0
    cluster._client = scheduler
    cluster._send()
    tasks = [Task(0, "shapes", ())]
    if lost > 9:
        with pytest.raises(SolverError, match="again and again"):
            cluster.do(tasks)
    else:
        assert cluster.do(tasks) == [1]
        assert scheduler.sent == 1 + lost
