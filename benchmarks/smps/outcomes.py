"""The file of outcomes: independent numbers, blocks of numbers, or scenarios that branch."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.smps.core import NamedCore
from benchmarks.smps.lines import Line, Source
from benchmarks.smps.periods import Periods
from benchmarks.smps.scenarios import ScenarioReader
from benchmarks.tree.outcomes import Change, Stagewise, Tree, Variable

# Probabilities in files are rounded; beyond this they do not mean a distribution.
_ROUNDING = 1e-2


def read_outcomes(path: Path, named: NamedCore, periods: Periods, right_name: str) -> Tree:
    """Return the tree that a file of outcomes describes.

    Raises
    ------
    BadFile
        With a finding for each line that breaks the format or does not fit the core.
    TooManyOutcomes
        If independent outcomes multiply beyond what can be listed.
    """
    source = Source(path)
    entries = EntryReader(source, named, right_name)
    independent = _Independent(entries, periods)
    scenarios = ScenarioReader(entries, periods)
    section, ended, used = "", False, set()
    for line in source.lines():
        if line.header:
            section = line.fields[0].upper()
            ended = section == "ENDATA"
            if section in ("INDEP", "BLOCKS", "SCENARIOS"):
                used.add(section)
                kind = line.fields[1].upper() if len(line.fields) > 1 else "DISCRETE"
                if kind != "DISCRETE":
                    source.complain(line, f"{section} {kind} is not read; only DISCRETE is")
            elif section not in ("STOCH", "NAME", "ENDATA"):
                source.complain(line, f"{section!r} is not a section this reader knows")
        elif section == "INDEP":
            independent.number(line)
        elif section == "BLOCKS":
            independent.block(line)
        elif section == "SCENARIOS":
            scenarios.line(line)
        else:
            source.complain(line, "a line outside any section")
    if not ended:
        source.complain(None, "ends without ENDATA")
    if not used:
        source.complain(None, "describes no outcome")
    if "SCENARIOS" in used and len(used) > 1:
        source.complain(None, "mixes scenarios with independent outcomes")
    source.check()
    tree = scenarios.tree() if "SCENARIOS" in used else independent.tree(named)
    source.check()
    return tree


@dataclass
class EntryReader:
    """Finds the slot an outcome speaks of."""

    source: Source
    named: NamedCore
    right_name: str

    def slot(self, line: Line, column: str, row: str) -> int | None:
        """Return the slot of a column's entry, or of a right-hand side; None with a finding."""
        found = self.named.slots.get((column, row))
        if found is None and column not in self.named.core.columns:
            # Whatever is no column names the set of right-hand sides.
            found = self.named.slots.get(("", row))
        if found is None:
            self.source.complain(line, f"the core holds no entry of {column!r} in {row!r}")
        return found

    def pairs(self, line: Line, fields: tuple[str, ...]) -> list[tuple[int, float]]:
        """Return slots and values of a column (or the set) with one or two rows and numbers."""
        if len(fields) not in (3, 5):
            self.source.complain(line, "an outcome is a column and pairs of row and number")
            return []
        found = []
        for row, text in zip(fields[1::2], fields[2::2], strict=True):
            slot = self.slot(line, fields[0], row)
            if slot is not None:
                found.append((slot, self.source.number(line, text)))
        return found

    def probability(self, line: Line, text: str) -> float:
        """Return a probability; note one that is none."""
        number = self.source.number(line, text)
        if not 0.0 <= number <= 1.0:
            self.source.complain(line, f"{text} is not a probability")
        return number


@dataclass
class _Block:
    """The outcomes of a block so far."""

    line: Line
    stage: int
    probabilities: list[float] = field(default_factory=list)
    outcomes: list[dict[int, float]] = field(default_factory=list)


class _Independent:
    """Random variables that know nothing of each other."""

    def __init__(self, entries: EntryReader, periods: Periods) -> None:
        self._entries, self._periods = entries, periods
        self._blocks: dict[tuple[str, object], _Block] = {}
        self._open: _Block | None = None

    def number(self, line: Line) -> None:
        """Read one value of one independent number; its period may be named or not."""
        source = self._entries.source
        if len(line.fields) not in (4, 5):
            source.complain(line, "an outcome is a column, a row, a number and a probability")
            return
        if len(line.fields) == 5 and self._periods.number(line.fields[3]) is None:
            source.complain(line, f"period {line.fields[3]!r} is not declared")
        slot = self._entries.slot(line, line.fields[0], line.fields[1])
        if slot is None:
            return
        # A number is known when its row's period comes, whatever period the line repeats.
        stage = int(self._entries.named.core.slot_stage[slot])
        block = self._blocks.setdefault(("number", slot), _Block(line, stage))
        block.probabilities.append(self._entries.probability(line, line.fields[-1]))
        block.outcomes.append({slot: source.number(line, line.fields[2])})

    def block(self, line: Line) -> None:
        """Read a line of a block: its head, or numbers of its outcome."""
        source = self._entries.source
        if line.fields[0].upper() == "BL":
            self._open = None
            stage = self._periods.number(line.fields[2]) if len(line.fields) == 4 else None
            if stage is None:
                source.complain(line, "a block is BL, its name, a declared period, a probability")
                return
            self._open = self._blocks.setdefault(("block", line.fields[1]), _Block(line, stage))
            self._open.probabilities.append(self._entries.probability(line, line.fields[3]))
            first = self._open.outcomes[0] if self._open.outcomes else {}
            # What an outcome does not list keeps the first outcome's value.
            self._open.outcomes.append(dict(first))
        elif self._open is not None:
            for slot, value in self._entries.pairs(line, line.fields):
                if len(self._open.outcomes) > 1 and slot not in self._open.outcomes[0]:
                    source.complain(line, "a number that the block's first outcome does not list")
                self._open.outcomes[-1][slot] = value

    def tree(self, named: NamedCore) -> Stagewise:
        """Return the product of all variables, stage by stage."""
        source, core = self._entries.source, named.core
        stages: dict[int, list[Variable]] = defaultdict(list)
        owner: dict[int, _Block] = {}
        for block in self._blocks.values():
            if abs(sum(block.probabilities) - 1.0) > _ROUNDING:
                total = sum(block.probabilities)
                source.complain(block.line, f"its outcomes' probabilities add up to {total:g}")
            if block.stage == 0:
                source.complain(block.line, "an outcome in the first period, which is decided")
            for slot in block.outcomes[0]:
                if core.slot_stage[slot] != block.stage:
                    source.complain(block.line, "a number of another period than its block's")
                if owner.setdefault(slot, block) is not block:
                    source.complain(block.line, "a number that another variable sets as well")
            changes = [Change.of(outcome) for outcome in block.outcomes]
            stages[block.stage].append(Variable(block.probabilities, changes))
        source.check()
        return Stagewise([stages[stage] for stage in range(1, core.stages)])
