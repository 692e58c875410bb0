"""Print the table: ``python -m benchmarks.build [--small] [--rounds N] [--layers NAME …]``.

Each measurement runs in a fresh process: libraries are imported first, then a small instance
warms them up, then the clock runs. Rounds are interleaved, so that a busy machine hurts all
layers alike, and the best of each counts.
"""

from __future__ import annotations

import argparse
import importlib
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.build.instance import large, make
from benchmarks.build.layers import LAYERS, NEEDS

ROOT = Path(__file__).resolve().parents[2]
MEGABYTE = 2**20
# Linux counts the peak in kilobytes, macOS in bytes.
_UNIT = 1 if sys.platform == "darwin" else 1024


def measure(layer: str, small: bool) -> dict[str, Any]:
    """Build once in this process, and return seconds, size and memory."""
    try:
        for name in NEEDS[layer]:
            importlib.import_module(name)
    except ImportError as error:
        return {"missing": str(error)}
    build = LAYERS[layer]
    build(make(2, 3, 2, 2))
    data = make(4, 6, 5, 4) if small else large()
    before = _forget_peak()
    start = time.perf_counter()
    size = build(data)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
    return {
        "seconds": seconds,
        "size": size,
        "megabytes": (_status("VmHWM") - before if before else peak) / MEGABYTE,
    }


def _forget_peak() -> int:
    """Reset the system's record of this process's peak; return the bytes it holds now.

    Returns 0 where the system keeps no such record: then the whole process is reported.
    """
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return 0
    return _status("VmRSS")


def _status(field: str) -> int:
    """Return a field of the process's status, in bytes."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith(field):
            return int(line.split()[1]) * 1024
    return 0


def in_fresh_process(layer: str, small: bool) -> dict[str, Any]:
    """Measure a layer in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.build", "--one", layer]
    done = subprocess.run(
        [*command, *(["--small"] if small else [])],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        return {"failed": lines[-1] if lines else f"exit {done.returncode}"}
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def compare(layers: list[str], rounds: int, small: bool) -> dict[str, dict[str, Any]]:
    """Return the best of each layer over interleaved rounds."""
    best: dict[str, dict[str, Any]] = {}
    for _ in range(rounds):
        for layer in layers:
            if "seconds" not in best.get(layer, {"seconds": 0.0}):
                continue
            found = in_fresh_process(layer, small)
            if layer not in best or found.get("seconds", 0.0) < best[layer]["seconds"]:
                best[layer] = found
    return best


def table(best: dict[str, dict[str, Any]]) -> str:
    """Return the results as text."""
    base = best.get("by hand", {})
    lines = [
        "| layer | seconds | ratio | peak MB added | columns × rows, nonzeros |",
        "|---|---|---|---|---|",
    ]
    for layer, found in best.items():
        if "seconds" not in found:
            reason = found.get("missing") or found.get("failed")
            lines.append(f"| {layer} | not measured: {reason} | | | |")
            continue
        columns, rows, nonzeros = found["size"]
        ratio = f"{found['seconds'] / base['seconds']:.2f}" if "seconds" in base else ""
        lines.append(
            f"| {layer} | {found['seconds']:.3f} | {ratio} | {found['megabytes']:.0f} "
            f"| {columns:,} × {rows:,}, {nonzeros:,} |"
        )
    return "\n".join(lines)


def main() -> None:
    """Read the command line and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.build", description=__doc__)
    parser.add_argument("--one", choices=LAYERS, help=argparse.SUPPRESS)
    parser.add_argument("--small", action="store_true", help="a tiny instance, as a smoke test")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--layers", nargs="+", choices=LAYERS, default=list(LAYERS))
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measure(given.one, given.small)))
    else:
        print(table(compare(given.layers, given.rounds, given.small)))


if __name__ == "__main__":
    main()
