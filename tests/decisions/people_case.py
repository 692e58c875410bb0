"""Tiny firms for tests of single modules: written as folders, planned, verified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from math import inf
from pathlib import Path
from textwrap import dedent
from typing import ClassVar

import numpy as np

from replant.case import CORE, Case, Row, read
from replant.module import Builder, Module, Sentence, Told, row_classes
from replant.plan import Choices, Planned, assemble
from replant.plan.pipeline import planned
from replant.plan.telling import _ToldPlan
from replant.rules import value
from replant.solve import SolveSettings, solve
from replant.units import Quantity, Unit

YEARS = """\
id,start,months,fiscal_year
y0,2025-04-01,12,FY2025
y1,2026-04-01,12,FY2026
y2,2027-04-01,12,FY2027
"""


def firm(folder: Path, periods: str = YEARS, **tables: str) -> Case:
    """Write a case with these tables, in CSV, and read it; money counts undiscounted."""
    (folder / "tables").mkdir(exist_ok=True)
    (folder / "case.toml").write_text(
        'name = "tiny"\ntitle = "A tiny firm"\nas_of = 2025-03-31\nhome_currency = "JPY"\n',
        encoding="utf-8",
    )
    texts = {"valuation": "id,discount_rate\nbase,0\n", "periods": periods, **tables}
    folders = {row.table: row.folder for row in (*CORE, *row_classes())}
    for name, text in texts.items():
        place = folder / folders[name]
        (place / f"{name}.csv").write_text(dedent(text), encoding="utf-8")
    return read(folder, row_classes())


class Posts:
    """A module that posts fixed amounts, in place of the modules that would."""

    tables: ClassVar[tuple[type[Row], ...]] = ()
    name: ClassVar[str] = "posts"

    def __init__(self, stream: str, unit: Unit, **amounts: Mapping[str, str]) -> None:
        """Take a stream over (label, period) and its amounts: label to period to number."""
        self.stream, self.unit, self.amounts = stream, unit, amounts
        self.label = {"people_taken": "plant", "crew_needed": "plant", "operating": "plant"}[stream]

    def applies(self, case: Case) -> bool:
        return True

    def build(self, case: Case, to: Builder) -> None:
        to.stream(self.stream, (self.label, "period"), self.unit)
        for label, by_period in self.amounts.items():
            for period, number in by_period.items():
                amount = Quantity(Fraction(number), self.unit)
                to.post(self.stream, amount, **{self.label: label}, period=period)

    def explain(self, told: Told) -> Iterator[Sentence]:
        yield from ()


def plan(case: Case, *modules: Module, minimise: Sequence[str] = ()) -> Planned:
    """Plan with these modules alone, for value or for the least of one stream element."""
    program = assemble(case, modules=(*modules, value.MODULE))
    if minimise:
        stream, *labels = minimise
        names = next(s.dimension_names for s in program.streams.index.streams if s.name == stream)
        row, _ = program.expected(stream, **dict(zip(names, labels, strict=True)))
        program = program.with_objective(-row)
    solution = solve(program, SolveSettings(gap=0.0))
    if minimise:  # the bound is one on that element, not on value
        solution = replace(solution, bound=inf)
    return planned(case, Choices(), program, solution)


def chosen(done: Planned, column: str) -> dict[str, float]:
    """Return the columns of ``module.name`` that are not zero, by their joined labels."""
    columns = done.program.columns
    found = {}
    for number in np.flatnonzero(np.abs(done.values) > 1e-9):
        label = columns.label(int(number))
        if label.startswith(f"{column}["):
            found[label[len(column) + 1 : -1]] = float(done.values[number])
    return found


def said(done: Planned, module: Module) -> list[Sentence]:
    """Return the sentences of one module."""
    return list(module.explain(_ToldPlan(done, module.name)))
