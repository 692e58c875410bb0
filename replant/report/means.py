"""What a plan borrows, whom it puts on cost work and which lines it tools, from its decisions."""

from __future__ import annotations

from collections.abc import Iterator

from replant.report.data import Launch, Loan, Means, Work
from replant.report.due import issues_of
from replant.report.figures import Figures

__all__ = ["means_of"]


def means_of(figures: Figures) -> Means:
    """Return the loans, the cost work and the launches of one future."""
    return Means(
        loans=tuple(_loans(figures)),
        works=tuple(_works(figures)),
        launches=tuple(_launches(figures)),
    )


def _loans(figures: Figures) -> Iterator[Loan]:
    issued: dict[str, float] = {}
    for facility, _, amount in issues_of(figures):
        issued[facility] = issued.get(facility, 0.0) + amount
    drawn = dict(figures.decided("debt", "balance"))
    for row in figures.rows("facilities"):
        path = tuple(drawn.get((row.id, time), 0.0) for time in figures.periods)
        yield Loan(row.name or row.id, issued.get(row.id, 0.0), path)


def _works(figures: Figures) -> Iterator[Work]:
    projects = {row.id: row.project for row in figures.rows("cost_work")}
    people: dict[tuple[str, str], float] = {}
    for (step, time), number in figures.decided("cost_work", "assign"):
        key = (projects[step], time)
        people[key] = people.get(key, 0.0) + number
    for project in dict.fromkeys(projects.values()):
        yield Work(project, tuple(people.get((project, time), 0.0) for time in figures.periods))


def _launches(figures: Figures) -> Iterator[Launch]:
    lines = {row.id: row for row in figures.rows("lines")}
    called = figures.case.called
    found = [
        Launch(called("models", lines[line].model), called("plants", lines[line].plant), time)
        for (line, time), value in figures.decided("sourcing", "launch")
        if value > 0.5
    ]
    order = figures.periods.index
    yield from sorted(found, key=lambda each: (order(each.period), each.plant, each.model))
