"""The page of results in the documentation, made from what was last measured."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks.peers import PEERS
from benchmarks.registry import Instance
from benchmarks.results import read
from benchmarks.table import table

PAGE = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "benchmark-results.md"
_TITLES = {"quick": "The quick selection", "full": "Every instance that was measured"}


def page(results: Path, every: Sequence[Instance]) -> str:
    """Return the page of all results in a folder."""
    parts = [
        "# Benchmark results",
        "Made by `python -m benchmarks --page` from `benchmarks/results`; "
        "[what it means](benchmarks.md).",
    ]
    for name, title in _TITLES.items():
        found = read(results / f"{name}.csv")
        if not found:
            continue
        facts = json.loads((results / f"{name}.json").read_text(encoding="utf-8"))
        asked = [peer for peer in PEERS if any(peer == solver for _, solver in found)]
        parts += [f"## {title}", _facts(facts), table(every, found, asked, facts["limits"]["gap"])]
    return "\n\n".join(parts) + "\n"


def _facts(facts: dict[str, object]) -> str:
    limits, versions = facts["limits"], facts["versions"]
    assert isinstance(limits, dict)
    assert isinstance(versions, dict)
    packages = ", ".join(f"{name} {number}" for name, number in versions.items())
    return (
        f"{limits['seconds']:g} seconds at most, relative gap {limits['gap']:g}, one thread each, "
        f"best of {facts['rounds']}; {facts['cores']} cores ({facts['machine']}, "
        f"{facts['system']}) with a load of {facts['load']}, of which the run itself is one; "
        f"Python {facts['python']}; {packages}."
    )
