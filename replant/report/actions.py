"""What a plan does: the modules' sentences, each with how well it is founded."""

from __future__ import annotations

from collections.abc import Iterator

from replant.module import Sentence
from replant.report.besides import beside, named_in
from replant.report.confidence import Grader
from replant.report.data import GONE, Action
from replant.report.figures import Figures

__all__ = ["actions_of"]

# Sentences about results rather than deeds have their own places in a report.
_RESULTS = ("firm", "region")
_SHIFTS = "shifts_now"
_TABLES = {
    "plant": "plants",
    "model": "models",
    "platform": "platforms",
    "property": "properties",
    "programme": "programmes",
    "stake": "stakes",
    "group": "people",
    "line": "lines",
    "facility": "facilities",
    "part_family": "part_families",
}


def actions_of(figures: Figures, sentences: tuple[Sentence, ...]) -> tuple[Action, ...]:
    """Return what a plan does, in the order of time."""
    return tuple(_actions(figures, Grader(figures.case), sentences))


def _actions(figures: Figures, grader: Grader, sentences: tuple[Sentence, ...]) -> Iterator[Action]:
    for each in sentences:
        kind, _, name = each.subject.partition(".")
        if (kind not in _RESULTS or each.option) and not _follows(figures, each, name):
            yield Action(
                text=figures.wording.tidy(each.text),
                kind=kind,
                id=name,
                name=_title(figures, kind, name, each.module),
                option=each.option,
                period=each.period,
                until=each.until,
                confidence=grader.of(each.cells),
                cells=tuple(str(cell) for cell in sorted(each.cells)),
                scenarios=each.scenarios,
                beside=beside(each.module),
            )


def _follows(figures: Figures, told: Sentence, plant: str) -> bool:
    """Whether it tells of shifts that end because the plant does: the end itself is told."""
    if not any(cell.column == _SHIFTS for cell in told.cells):
        return False
    return sum(figures.at("state", plant, state, told.period) for state in GONE) > 0.5


def _title(figures: Figures, kind: str, name: str, module: str) -> str:
    """Return the name in words of what an action is about; its id where it has none."""
    if kind not in _TABLES and beside(module):
        return named_in(figures, module, name)
    table = _TABLES.get(kind)
    row = figures.case.find(table, name) if table else None
    return str(getattr(row, "name", "") or name)
