"""Scenarios that branch from one another."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from benchmarks.smps.lines import Line
from benchmarks.smps.periods import Periods
from benchmarks.tree.outcomes import Branching, Change, Scenario

if TYPE_CHECKING:
    from benchmarks.smps.outcomes import EntryReader

_ROUNDING = 1e-2


@dataclass
class _Path:
    """A scenario so far: values of slots, its parent's included."""

    line: Line
    name: str
    parent: int
    probability: float
    stage: int
    values: dict[int, float] = field(default_factory=dict)


class ScenarioReader:
    """Reads scenarios; a child begins with its parent's values."""

    def __init__(self, entries: EntryReader, periods: Periods) -> None:
        self._entries, self._periods = entries, periods
        self._paths: list[_Path] = []
        self._number: dict[str, int] = {}

    def line(self, line: Line) -> None:
        """Read the head of a scenario, or numbers of it."""
        if line.fields[0].upper() == "SC":
            self._head(line)
        elif self._paths:
            path = self._paths[-1]
            stages = self._entries.named.core.slot_stage
            for slot, value in self._entries.pairs(line, line.fields):
                if stages[slot] < path.stage:
                    text = f"changes a number of a period before {path.name!r} branches"
                    self._entries.source.complain(line, text)
                path.values[slot] = value
        else:
            self._entries.source.complain(line, "a number before the first scenario")

    def _head(self, line: Line) -> None:
        source = self._entries.source
        stage = self._periods.number(line.fields[4]) if len(line.fields) == 5 else None
        if stage is None:
            source.complain(line, "a scenario is SC, its name, parent, probability, period")
            # What follows belongs to no one else.
            self._paths.append(_Path(line, "", -1, 0.0, 1))
            return
        name, parent = line.fields[1], line.fields[2].strip("'")
        if name in self._number:
            source.complain(line, f"scenario {name!r} comes twice")
        number = self._number.get(parent, -1)
        if number < 0 and parent.upper() != "ROOT":
            source.complain(line, f"scenario {parent!r} does not come before its child {name!r}")
        first = not self._paths
        if not first and (stage == 0 or (number < 0 and stage > 1)):
            source.complain(line, f"scenario {name!r} shares no node with the others")
        values = dict(self._paths[number].values) if number >= 0 else {}
        probability = self._entries.probability(line, line.fields[3])
        self._number[name] = len(self._paths)
        self._paths.append(_Path(line, name, number, probability, stage, values))

    def tree(self) -> Branching:
        """Return the scenarios as a tree."""
        core = self._entries.named.core
        total = sum(path.probability for path in self._paths)
        if abs(total - 1.0) > _ROUNDING:
            self._entries.source.complain(None, f"the probabilities add up to {total:g}")
        scenarios = []
        for path in self._paths:
            by_stage: list[dict[int, float]] = [{} for _ in range(core.stages)]
            for slot, value in path.values.items():
                by_stage[core.slot_stage[slot]][slot] = value
            changes = [Change.of(numbers) for numbers in by_stage]
            scenarios.append(
                Scenario(path.name, path.probability, path.parent, path.stage, changes)
            )
        return Branching(scenarios, core.stages)
