"""Measure the goals: ``python -m benchmarks.footprint [NAME …]`` (half an hour for all of them).

Each measurement runs in a process of its own, replant and its peer in turn. What was measured is
kept in ``benchmarks/results/footprint.csv``; ``--table`` prints it without measuring.
"""

from __future__ import annotations

import argparse
import csv
import json
import subprocess
import sys
from dataclasses import asdict, fields
from pathlib import Path

from benchmarks.compiling import compile_first
from benchmarks.footprint import source
from benchmarks.footprint.goals import ENGINE, GOALS, Goal, Reached, goal, growth, table
from benchmarks.footprint.measures import WORKERS, measure

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).resolve().parents[1] / "results" / "footprint.csv"
# Loading and reading are not in a measurement's own time limit.
_PATIENCE = 120.0

Found = dict[tuple[str, str], Reached]


def main() -> int:
    """Read the command line, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.footprint", description=__doc__)
    names = [each.name for each in GOALS]
    parser.add_argument("names", nargs="*", help=f"of {', '.join(names)}; all if none is given")
    parser.add_argument("--only", help="who does the work: replant, or one of its peers")
    parser.add_argument("--rounds", type=int, default=1, help="the best of so many counts")
    parser.add_argument("--table", action="store_true", help="print what was measured before")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in names]
    if unknown:
        parser.error(f"no goal is called {unknown[0]!r}; there are {', '.join(names)}")
    if not source.is_there():
        print(f"no footprint firms in {source.folder()}: set REPLANT_BENCHMARKS", file=sys.stderr)
        return 2
    if given.one:
        print(json.dumps(asdict(measure(goal(given.one[0]), given.one[1]))))
        return 0
    found = read(RESULTS)
    chosen = [] if given.table else [goal(name) for name in given.names] or GOALS
    if chosen and given.only in (None, ENGINE):
        compile_first()
    for each in chosen:
        now: Found = {}
        for _ in range(given.rounds):
            for who in WORKERS[each.kind][: 2 if each.peer else 1]:
                if given.only in (None, who):
                    _keep(now, each, who, _in_own_process(each, who))
                    write(RESULTS, found | now)
        found |= now
    print(table(found))
    few, many = found.get(("red-10-bound", ENGINE)), found.get(("red-1000-bound", ENGINE))
    if few and many:
        print(growth(few, many))
    return 0


def _keep(found: Found, each: Goal, who: str, reached: Reached) -> None:
    """Keep the better of this run's rounds; what an earlier run measured gives way."""
    key = each.name, who
    before = found.get(key)
    better = before is None or before.word.startswith("failed") or reached.cpu < before.cpu
    if better:
        found[key] = reached


def _in_own_process(each: Goal, who: str) -> Reached:
    command = [sys.executable, "-m", "benchmarks.footprint", "--one", each.name, who]
    allowed = 1.5 * each.time_limit + _PATIENCE
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=allowed
        )
    except subprocess.TimeoutExpired:
        return Reached(allowed, allowed, 0.0, word=f"failed: ended after {allowed:g} s")
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        return Reached(0.0, 0.0, 0.0, word=f"failed: {lines[-1] if lines else done.returncode}")
    return Reached(**json.loads(done.stdout.strip().splitlines()[-1]))


def read(path: Path) -> Found:
    """Return what a file holds; nothing where there is none."""
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {(row["goal"], row["by"]): _reached(row) for row in csv.DictReader(file)}


def _reached(row: dict[str, str]) -> Reached:
    numbers = {
        each.name: (float(row[each.name]) if row[each.name] else None)
        for each in fields(Reached)
        if each.name != "word"
    }
    return Reached(**numbers, word=row["word"])


def write(path: Path, found: Found) -> None:
    """Write what was measured, in the order of the goals."""
    names = [each.name for each in GOALS]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        columns = ("goal", "by", *(each.name for each in fields(Reached)))
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        for key in sorted(found, key=lambda key: names.index(key[0])):
            figures = {name: _number(value) for name, value in asdict(found[key]).items()}
            writer.writerow({"goal": key[0], "by": key[1], **figures})


def _number(value: object) -> object:
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else value


if __name__ == "__main__":
    sys.exit(main())
