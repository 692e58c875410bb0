"""Run the benchmarks: ``python -m benchmarks`` (some minutes), ``--full`` (hours), or a choice.

First the times of building, then public instances with known values: our engine and its peers in
turn, each in a process of its own. ``python -m benchmarks --list`` names the instances.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from benchmarks.errors import BenchmarkError
from benchmarks.page import PAGE, page
from benchmarks.peers import OURS, PEERS
from benchmarks.peers.outcome import Limits
from benchmarks.registry import Instance, choose, instances, left_out
from benchmarks.run import Plan, run
from benchmarks.table import table

PARTS = ("benchmarks.build",)
_HERE = Path(__file__).resolve().parent
_RESULTS = _HERE / "results"
_CHOSEN = _HERE.parent / "out" / "benchmarks" / "chosen.csv"
_SECONDS = {"quick": 30.0, "full": 300.0, "ci": 30.0}


def main() -> int:
    """Read the command line, measure, print; return the worst exit code."""
    given = _arguments()
    try:
        every = instances()
        if given.list:
            _list(choose(every, given.patterns))
            return 0
        if given.page:
            PAGE.write_text(page(_RESULTS, every), encoding="utf-8")
            return 0
        chosen = choose(every, given.patterns, None if given.patterns else given.tag)
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        if given.list or given.page or given.patterns or given.no_build:
            return 2
        print("What needs no instances is measured all the same.", file=sys.stderr)
        return max(_part(part) for part in PARTS)
    worst = 0
    if not given.patterns and not given.no_build:
        worst = max(_part(part) for part in PARTS)
    plan = Plan(
        path=given.out or (_CHOSEN if given.patterns else _RESULTS / f"{given.tag}.csv"),
        peers=given.peers,
        limits=Limits(given.seconds or _SECONDS[given.tag], given.gap),
        rounds=given.rounds,
        megabytes=given.megabytes,
        resume=given.resume,
    )
    try:
        found = run(plan, chosen, every, lambda line: print(line, flush=True))
    except BenchmarkError as error:
        print(error, file=sys.stderr)
        return 2
    asked = {each.label for each in chosen}
    mine = {key: value for key, value in found.items() if key[0] in asked}
    print(table(chosen, mine, plan.peers, plan.limits.gap))
    failed = any(each.status == "failed" for (_, peer), each in mine.items() if peer == OURS)
    return max(worst, int(failed))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("patterns", nargs="*", help="family, name or family/name, with * and ?")
    parser.add_argument("--list", action="store_true", help="name the instances and what is known")
    parser.add_argument("--page", action="store_true", help="write the page of the documentation")
    parser.add_argument("--tag", choices=("ci", "quick", "full"), default="quick")
    parser.add_argument("--full", dest="tag", action="store_const", const="full")
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=list(PEERS))
    parser.add_argument("--seconds", type=float, help="for each solve; 30, with --full 300")
    parser.add_argument(
        "--gap", type=float, default=1e-4, help="relative gap that counts as solved"
    )
    parser.add_argument("--rounds", type=int, default=1, help="the best of so many counts")
    parser.add_argument("--megabytes", type=int, default=8000, help="most memory for each solve")
    parser.add_argument("--resume", action="store_true", help="keep what was measured before")
    parser.add_argument("--no-build", action="store_true", help="leave out the times of building")
    parser.add_argument("--out", type=Path, help="CSV file for the results")
    return parser.parse_args()


def _part(module: str) -> int:
    return subprocess.run([sys.executable, "-m", module], check=False).returncode


def _list(chosen: list[Instance]) -> None:
    for each in chosen:
        value = "unknown" if each.known.value is None else f"{each.known.value:.10g}"
        tags = " ".join(sorted(each.tags))
        print(f"{each.label:50} {each.sense} {value:>16} {each.known.kind:11} {tags}")
    for label, reason in left_out():
        print(f"{label:50} left out: {reason}")


if __name__ == "__main__":
    sys.exit(main())
