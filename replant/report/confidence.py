"""How well a recommendation is founded: grades of the claims behind its numbers, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from statistics import median_low

from replant.case import Case, audit
from replant.report.data import Claim, Confidence
from replant.units import Cell

__all__ = ["SCALE", "Grader", "Step", "unsourced_share"]

DEFAULT = "default"
GRADES = ("A", "B", "C", "D", "E", "F")
ASSUMED = "–"
PRECEDENT = "benchmark"
"""What stands before the colon in the subject of a claim on another firm."""


@dataclass(frozen=True)
class Step:
    """One step of the scale of confidence."""

    words: str
    meaning: str


SCALE = (
    Step("not graded", "the case says nothing of what its numbers rest on"),
    Step("well founded", "every number rests on sources graded A or B"),
    Step("mostly well founded", "half of the numbers or more rest on sources graded A or B"),
    Step("founded on reports", "half of the numbers or more rest on sources graded D or better"),
    Step(
        "weakly founded", "half of the numbers or more rest on some source, the typical one E or F"
    ),
    Step("rests on assumptions", "more than half of the numbers have no source at all"),
)
"""The scale, by place; 1 is the firmest, 0 stands for a case without evidence."""


@dataclass(frozen=True, eq=False)
class Grader:
    """Grades recommendations of one case.

    Parameters
    ----------
    case : Case
        The case with its evidence, claims and sources.
    """

    case: Case

    def of(self, cells: Iterable[Cell]) -> Confidence:
        """Return the confidence in what rests on some cells."""
        each = [cell for cell in sorted(cells) if self._counts(cell)]
        if not each or not self.case.evidence.rows:
            return Confidence(SCALE[0].words, 0)
        bases = Counter(self._bases[cell] for cell in each)
        ranks = sorted(self._rank_of(cell) for cell in each)
        step = _step(ranks)
        return Confidence(
            words=_words(step, bases),
            step=step,
            weakest=_name(ranks[-1]),
            median=_name(median_low(ranks)),
            bases=dict(sorted(bases.items())),
            claims=tuple(self._claim(name) for name in self.case.evidence.claims_behind(each)),
        )

    def _rank_of(self, cell: Cell) -> int:
        """Return the best grade among a cell's claims as a rank.

        An estimate made from claims is two grades weaker than they are; an assumption has none.
        """
        found = self.case.evidence.of(cell)
        if found is None or found.basis == "assumed":
            return len(GRADES)
        grades = [self.case.claims[name].grade for name in found.claims if name in self.case.claims]
        best = min((_rank(grade) for grade in grades if grade), default=len(GRADES))
        if found.basis != "estimated" or best == len(GRADES):
            return best
        return min(best + 2, len(GRADES) - 1)

    def _counts(self, cell: Cell) -> bool:
        """Whether a cell is a number of the firm's own, and not a default or mere structure."""
        return self._bases.get(cell, DEFAULT) != DEFAULT

    @cached_property
    def _bases(self) -> dict[Cell, str]:
        return {each.cell: str(each.basis) for each in audit(self.case).supports}

    def _claim(self, name: str) -> Claim:
        row = self.case.claims[name]
        source = self.case.sources.get(row.source_id)
        return Claim(
            id=name,
            grade=row.grade,
            status=row.status,
            statement=row.statement,
            source=""
            if source is None
            else ", ".join(filter(None, (source.publisher, source.title))),
            url="" if source is None else source.url,
            precedent=row.subject.partition(":")[0] == PRECEDENT,
            conflicts=row.conflicts_with,
        )


def _words(step: int, bases: Iterable[str]) -> str:
    """Return a step's words; numbers that are estimates alone have no source to be founded on."""
    if 2 <= step <= 4 and not {"sourced", "derived"} & set(bases):
        return ESTIMATED
    return SCALE[step].words


ESTIMATED = "estimated from reports and precedents"
"""What is said where claims stand behind the numbers, but none of them gives one of them."""


def unsourced_share(case: Case) -> float | None:
    """Return the share of a case's own numbers that no source gives; None without evidence."""
    if not case.evidence.rows:
        return None
    bases = [each.basis for each in audit(case).supports if each.basis != DEFAULT]
    loose = sum(basis not in ("sourced", "derived") for basis in bases)
    return loose / len(bases) if bases else None


def _rank(grade: str) -> int:
    return GRADES.index(grade) if grade in GRADES else len(GRADES)


def _name(rank: int) -> str:
    return GRADES[rank] if rank < len(GRADES) else ASSUMED


def _step(ranks: list[int]) -> int:
    """Return the place on the scale of some numbers' grades, sorted."""
    middle = median_low(ranks)
    if ranks[-1] <= _rank("B"):
        return 1
    for step, grade in ((2, "B"), (3, "D"), (4, "F")):
        if middle <= _rank(grade):
            return step
    return 5
