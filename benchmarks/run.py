"""Measure instances with our engine and its peers, interleaved, and keep what was measured."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.compiling import compile_first
from benchmarks.errors import BenchmarkError
from benchmarks.measure import Measurement, in_own_process
from benchmarks.peers import OURS, PEERS
from benchmarks.peers.outcome import Limits
from benchmarks.registry import Instance
from benchmarks.results import Key, read, write
from benchmarks.table import table

_PACKAGES = ("highspy", "pyscipopt", "mpi-sppy", "numpy", "scipy")


@dataclass(frozen=True)
class Plan:
    """What is measured and how.

    Attributes
    ----------
    path : Path
        The CSV file; beside it stand a table and the circumstances.
    peers : sequence of str
        In the order in which each round asks them.
    rounds : int
        Of each the least processor time counts.
    resume : bool
        Keep what the file already holds.
    """

    path: Path
    peers: Sequence[str]
    limits: Limits
    rounds: int = 1
    megabytes: int = 8000
    resume: bool = False


def run(
    plan: Plan, chosen: Sequence[Instance], every: Sequence[Instance], tell: Callable[[str], None]
) -> dict[Key, Measurement]:
    """Measure each instance with each peer in turn; what was measured is written at once."""
    found = _kept(plan) if plan.resume else {}
    kept = set(found)
    _write_circumstances(plan)
    if chosen and OURS in plan.peers:
        compile_first()
    for instance in chosen:
        for _ in range(plan.rounds):
            for peer in plan.peers:
                key = instance.label, peer
                if key in kept:
                    continue
                new = in_own_process(peer, instance.label, plan.limits, plan.megabytes)
                tell(_line(instance, peer, new))
                found[key] = better(found.get(key), new)
                write(plan.path, every, found, plan.limits.gap)
    plan.path.with_suffix(".md").write_text(
        table(every, found, plan.peers, plan.limits.gap) + "\n", encoding="utf-8"
    )
    _write_circumstances(plan)
    return found


def _kept(plan: Plan) -> dict[Key, Measurement]:
    """Return what was measured before, if it was measured under the same limits."""
    before = plan.path.with_suffix(".json")
    if before.is_file():
        limits = json.loads(before.read_text(encoding="utf-8"))["limits"]
        if limits != asdict(plan.limits):
            raise BenchmarkError(
                f"{plan.path} was measured with other limits ({limits}); leave out --resume, "
                "give the same limits, or name another file with --out"
            )
    return read(plan.path)


def _write_circumstances(plan: Plan) -> None:
    plan.path.parent.mkdir(parents=True, exist_ok=True)
    plan.path.with_suffix(".json").write_text(
        json.dumps(circumstances(plan), indent=2) + "\n", encoding="utf-8"
    )


def better(one: Measurement | None, other: Measurement) -> Measurement:
    """Return the better of two rounds: the solved one, then the one of less processor time."""
    if one is None:
        return other
    return min(one, other, key=lambda each: (each.status != "solved", each.cpu))


def circumstances(plan: Plan) -> dict[str, object]:
    """Return what the numbers depend on."""
    versions = {}
    for package in _PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "not installed"
    return {
        "limits": asdict(plan.limits),
        "rounds": plan.rounds,
        "megabytes": plan.megabytes,
        "peers": {name: PEERS[name].installed for name in plan.peers},
        "cores": os.cpu_count(),
        # Of the last quarter of an hour; the run itself is one.
        "load": round(os.getloadavg()[2], 1),
        "machine": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
        "versions": versions,
    }


def _line(instance: Instance, peer: str, new: Measurement) -> str:
    if new.status not in ("solved", "stopped"):
        return f"{instance.label:45} {peer:14} {new.status}: {new.word}"
    value = "no plan" if new.value is None else f"{new.value:.8g}"
    gap = "" if new.gap is None else f"gap {100 * new.gap:.2g} %"
    return (
        f"{instance.label:45} {peer:14} {new.status:8} {value:>14} {gap:14} "
        f"{new.cpu:8.2f} s CPU {new.megabytes:6.0f} MB"
    )
