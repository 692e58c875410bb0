"""Tables for those who want to compute on: every row, and the sections as readable files."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from replant.plan import Planned
from replant.report.actions import actions_of
from replant.report.cash import cash_of
from replant.report.figures import Figures
from replant.report.jobs import regions_of, sites_of
from replant.report.offers import offers_of
from replant.report.plants import plants_of
from replant.report.platforms import platforms_of
from replant.report.statements import statements_of

__all__ = ["write_tables"]

Rows = Iterable[Sequence[object]]
Section = tuple[Sequence[str], Rows]
"""The headings and the rows of a table."""


def write_tables(plan: Planned, folder: Path, stem: str) -> None:
    """Write a plan's tables into a folder, as ``<stem>_<table>.csv``.

    With several scenarios each table tells one after the other, with the scenario first, and
    there is a table of the scenarios.

    Parameters
    ----------
    plan : Planned
        The plan.
    folder : Path
        Where to write; made if it is not there.
    stem : str
        What the files' names begin with.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for name, (header, rows) in _tables(plan).items():
        _write(folder / f"{stem}_{name}.csv", header, rows)


def _write(path: Path, header: Sequence[str], rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([_harmless(cell) for cell in row] for row in rows)


def _harmless(cell: object) -> object:
    """Return a cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if not isinstance(cell, str) or not cell.startswith(_FORMULA) or _is_number(cell):
        return cell
    return f"'{cell}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet reads as the beginning of a formula, or skips to find one."""


def _tables(plan: Planned) -> dict[str, Section]:
    each = {leaf.name: _of_one(Figures(leaf.plan)) for leaf in plan.leaves}
    if len(each) == 1:
        return next(iter(each.values()))
    first = next(iter(each.values()))
    found: dict[str, Section] = {
        name: (("scenario", *header), _told(each, name)) for name, (header, _) in first.items()
    }
    return {**found, "scenarios": (_SCENARIOS, _scenarios(plan))}


def _told(each: Mapping[str, Mapping[str, Section]], name: str) -> Rows:
    """Yield one table's rows of every scenario, with the scenario first."""
    for leaf, tables in each.items():
        for row in tables[name][1]:
            yield leaf, *row


def _of_one(figures: Figures) -> dict[str, Section]:
    rows = (("stream", "labels", "value"), _rows(figures.plan))
    return {"rows": rows, **_sections(figures)}


def _rows(plan: Planned) -> Rows:
    for stream, elements in sorted(plan.rows.items()):
        for labels, value in elements.items():
            yield stream, ";".join(labels), repr(float(value))


def _scenarios(plan: Planned) -> Rows:
    for leaf in plan.leaves:
        figures = Figures(leaf.plan)
        lowest = cash_of(figures).lowest
        jobs = sum((site.closing for site in sites_of(figures)), 0.0)
        worth = (float(leaf.probability), leaf.plan.value)
        at = (lowest.time, lowest.cash, lowest.floor, lowest.margin, lowest.headroom)
        yield leaf.name, leaf.title, *worth, *at, jobs


def _sections(figures: Figures) -> dict[str, Section]:
    told = figures.plan.sentences()
    return {
        "statements": (("statement", "line", *figures.times), _statements(figures)),
        "cash": (_CASH, _cash(figures)),
        "plants": (("plant", "name", "country", "period", "state", "made"), _plants(figures)),
        "actions": (
            ("period", "until", "subject", "option", "text", "confidence", "cells"),
            (
                (a.period, a.until, f"{a.kind}.{a.id}", a.option, a.text, a.confidence.words,
                 ";".join(a.cells))
                for a in actions_of(figures, told)
            ),
        ),
        "jobs": (_JOBS, ([getattr(site, name) for name in _JOBS] for site in sites_of(figures))),
        "regions": (
            _REGIONS,
            ([getattr(region, name) for name in _REGIONS] for region in regions_of(figures)),
        ),
        "platforms": (
            ("platform", "name", "models", "ends"),
            ((p.id, p.name, ";".join(p.models), p.ends) for p in platforms_of(figures)),
        ),
        "deals": (
            ("kind", "id", "name", "terms", "taken", "period", "until"),
            (
                (o.kind, o.id, o.name, o.terms, "yes" if o.taken else "no", o.period, o.until)
                for o in offers_of(figures, told)
            ),
        ),
    }  # fmt: skip


_SCENARIOS = (
    "scenario", "name", "probability", "value", "lowest_time", "cash", "floor", "margin",
    "headroom", "jobs",
)  # fmt: skip
_CASH = (
    "time", "opening", "operating", "investing", "interest", "lease", "financing", "closing",
    "one_time", "debt_due", "net_cash", "floor", "margin", "undrawn",
)  # fmt: skip
_JOBS = (
    "name", "region", "opening", "attrition", "voluntary", "dismissed", "taken_over", "moved_out",
    "moved_in", "hired", "closing", "idle",
)  # fmt: skip
_REGIONS = ("name", "opening", "closing", "taken_over", "low", "high")


def _cash(figures: Figures) -> Rows:
    cash = cash_of(figures)
    for flow, point in zip(cash.flows, cash.points, strict=True):
        yield (
            *(getattr(flow, name) for name in _CASH[:11]),
            point.floor,
            point.margin,
            point.undrawn,
        )


def _plants(figures: Figures) -> Rows:
    for plant in plants_of(figures):
        states = plant.states or ("",) * len(figures.periods)
        for period, state, made in zip(figures.periods, states, plant.made, strict=True):
            yield plant.id, plant.name, plant.country, period, state, made


def _statements(figures: Figures) -> Rows:
    for statement in statements_of(figures, postings=False):
        for line in statement.lines:
            yield statement.name, line.name, *line.amounts
