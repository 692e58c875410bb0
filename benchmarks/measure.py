"""One measurement in a process of its own: ``python -m benchmarks.measure PEER LABEL …``.

Files are read and libraries imported before the clocks start; building the solver's model is part
of the measured time, since a decomposition need not build the whole. The last line printed is the
measurement as JSON.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.errors import BenchmarkError
from benchmarks.peers import PEERS
from benchmarks.peers.outcome import DoesNotApply, Limits
from benchmarks.registry import choose, instances

ROOT = Path(__file__).resolve().parents[1]
MEGABYTE = 2**20
# Linux counts the peak in kilobytes, macOS in bytes.
_UNIT = 1 if sys.platform == "darwin" else 1024
# A solver that looks at its clock seldom is left so much longer before it is ended.
_PATIENCE = 90.0


@dataclass(frozen=True)
class Measurement:
    """What a solver did with an instance; value and bound in the instance's own sense.

    Attributes
    ----------
    status : str
        solved, stopped (by time), does not apply, not installed, or failed.
    word : str
        How it was solved, or why it was not.
    """

    status: str
    word: str = ""
    value: float | None = None
    bound: float | None = None
    gap: float | None = None
    wall: float = 0.0
    cpu: float = 0.0
    megabytes: float = 0.0
    steps: int = 0


def measure(peer: str, label: str, limits: Limits) -> Measurement:
    """Solve an instance in this process."""
    instance = choose(instances(), [label])[0]
    staged = instance.load()
    solve = PEERS[peer].function()
    wall, cpu = time.monotonic(), _cpu()
    try:
        outcome = solve(staged, limits)
    except DoesNotApply as reason:
        return Measurement("does not apply", str(reason))
    except MemoryError:
        return Measurement("failed", "out of memory", wall=time.monotonic() - wall)
    return Measurement(
        status="solved" if outcome.finished else "stopped",
        word=outcome.word,
        value=_finite(instance.value(outcome.value)),
        bound=_finite(instance.value(outcome.bound)),
        gap=_finite(outcome.gap),
        wall=time.monotonic() - wall,
        cpu=_cpu() - cpu,
        megabytes=_peak() / MEGABYTE,
        steps=outcome.steps,
    )


def _cpu() -> float:
    """Return the processor seconds of this process and of children that ended."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _peak() -> int:
    """Return the most memory this process held, and the largest of its children beside it."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return (own + resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) * _UNIT


def _finite(number: float) -> float | None:
    return number if math.isfinite(number) else None


def in_own_process(peer: str, label: str, limits: Limits, megabytes: int) -> Measurement:
    """Measure in a process that may take so much memory and is ended if it overruns its time."""
    if not PEERS[peer].installed:
        return Measurement("not installed", f"needs {', '.join(PEERS[peer].needs)}")
    command = [sys.executable, "-m", "benchmarks.measure", peer, label]
    command += ["--seconds", str(limits.seconds), "--gap", str(limits.gap)]
    command += ["--megabytes", str(megabytes)]
    allowed = 2.0 * limits.seconds + _PATIENCE
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=allowed
        )
    except subprocess.TimeoutExpired:
        return Measurement("failed", f"ended after {allowed:g} seconds", wall=allowed, cpu=allowed)
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        return Measurement("failed", lines[-1] if lines else f"exit {done.returncode}")
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return Measurement(**found)


def main() -> int:
    """Measure once and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.measure", description=__doc__)
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("label", help="family/name of an instance")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--gap", type=float, default=1e-4)
    parser.add_argument("--megabytes", type=int, default=8000, help="most memory it may take")
    given = parser.parse_args()
    most = given.megabytes * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    try:
        found = measure(given.peer, given.label, Limits(given.seconds, given.gap))
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 2
    print(json.dumps(asdict(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
