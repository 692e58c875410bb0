"""A small firm in a folder, built by a few modules alone, and what a chosen plan does to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from replant.case import Case, read
from replant.kernel import Expr, Problem, Program
from replant.ledger import Clock
from replant.module import Builder, Module, Sentence, calendars_of, declare_core_streams
from replant.rules.value import Value
from replant.solve import SolveSettings, relaxed_to_continuous, solve

SETTINGS = """
title = "Small"
as_of = "2025-04-01"
home_currency = "JPY"
"""
COUNTRIES = "id\njapan"
Extra = Callable[[Builder], Expr | None]


def years(count: int, months: int = 12, closed: Sequence[int] = ()) -> str:
    """Write periods P0, P1, … of one length from April 2025; some closed to decisions."""
    lines = ["id,start,months,fiscal_year,decisions"]
    for index in range(count):
        whole = 2025 * 12 + 3 + index * months
        year, month = divmod(whole, 12)
        fiscal = (whole - 3) // 12
        open_ = "no" if index in closed else "yes"
        lines.append(f"P{index},{year}-{month + 1:02}-01,{months},FY{fiscal},{open_}")
    return "\n".join(lines)


def table(**columns: object) -> str:
    """Write one row, its columns given by name."""
    return rows([columns])


def rows(lines: Iterable[Mapping[str, object]]) -> str:
    """Write some rows; a column that a row does not name is empty."""
    given = list(lines)
    names = list(dict.fromkeys(name for line in given for name in line))
    body = [",".join(str(line.get(name, "")) for name in names) for line in given]
    return "\n".join([",".join(names), *body])


def case_of(folder: Path, modules: Sequence[Module], **tables: str) -> Case:
    """Write a case folder and read it with the tables of some modules."""
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    (folder / "case.toml").write_text(SETTINGS, encoding="utf-8")
    for name, text in {"countries": COUNTRIES, **tables}.items():
        (folder / "tables" / f"{name}.csv").write_text(text + "\n", encoding="utf-8")
    known = dict.fromkeys([*Value.tables, *(row for each in modules for row in each.tables)])
    return read(folder, tuple(known))


@dataclass(frozen=True, eq=False)
class Built:
    """Modules as a program."""

    case: Case
    program: Program

    @property
    def columns(self) -> list[str]:
        """Names of all columns."""
        return list(self.program.columns.labels)

    def plan(self, *taken: str, **volumes: float) -> np.ndarray:
        """Return the columns' values with some at 1, or at the volumes given by name."""
        x = np.zeros(len(self.program.columns))
        for label in taken:
            x[self.program.columns.find(label)] = 1.0
        for label, value in volumes.items():
            x[self.program.columns.find(label)] = value
        return x

    def lawful(self, x: np.ndarray) -> bool:
        """Return whether a plan keeps all rows and bounds."""
        program = self.program
        sums = program.matrix @ x
        return bool(
            (sums >= program.rows.lower - 1e-9).all()
            and (sums <= program.rows.upper + 1e-9).all()
            and (x >= program.columns.lower - 1e-9).all()
            and (x <= program.columns.upper + 1e-9).all()
        )

    def value(self, x: np.ndarray, stream: str, **labels: str) -> float:
        """Return a stream's element (0 where nobody posted)."""
        return self.program.streams.value(x, stream, default=0.0, **labels)

    def book(self, x: np.ndarray, stream: str = "ledger") -> dict[tuple[str, ...], float]:
        """Return what is not zero in a stream, by its labels."""
        return {
            figure.labels: round(figure.value, 9)
            for figure in self.program.streams.frame(x, stream=stream)
            if abs(figure.value) > 1e-12
        }

    def option(self, x: np.ndarray, option: str) -> float:
        """Return the value of an option."""
        row = self.program.options[option]
        return float(x[row.indices] @ row.coefficients) + row.constant

    def best(self, objective: np.ndarray | None = None, *, relaxed: bool = False) -> np.ndarray:
        """Return the best plan."""
        program = self.program if objective is None else self.program.with_objective(objective)
        program = relaxed_to_continuous(program) if relaxed else program
        solution = solve(program, SolveSettings(gap=0.0, time_limit=60.0))
        assert solution.values is not None, solution.status
        return solution.values

    def feasible(self) -> bool:
        """Return whether there is a plan at all."""
        return solve(self.program, SolveSettings(time_limit=60.0)).values is not None


def build(case: Case, *modules: Module, extra: Extra | None = None) -> Built:
    """Build modules into a program; `extra` may post to streams and give the objective."""
    problem = Problem()
    declare_core_streams(problem)
    with problem.scenario("base"):
        for module in modules:
            with problem.owner(module.name):
                module.build(case, Builder(problem, case, module.name))
        if extra is not None:
            with problem.owner("test"):
                objective = extra(Builder(problem, case, "test"))
            if objective is not None:
                problem.objective(objective)
    return Built(case, problem.assemble())


def discounted_cash(rate: str = "0.08") -> Extra:
    """Return the objective: operating and investing cash at a rate, less what lies beyond."""

    def objective(to: Builder) -> Expr:
        total = -to.total("beyond") * float(to.clock.discount(Fraction(rate), to.clock.last.id))
        for time in to.times:
            factor = float(to.clock.discount(Fraction(rate), time))
            for flow in ("operating", "investing"):
                total = total + to.total("cash_flow", **{"class": flow}, time=time) * factor
        return total

    return objective


def balanced(built: Built, x: np.ndarray) -> bool:
    """Return whether the ledger's accounts sum to nothing at every time."""
    sums: dict[str, float] = {}
    for (_, time), value in built.book(x).items():
        sums[time] = sums.get(time, 0.0) + value
    return all(abs(each) < 1e-9 for each in sums.values())


@dataclass(frozen=True)
class Solved:
    """A solved plan as a module sees it when it explains."""

    built: Built
    module: Module
    x: np.ndarray

    @property
    def case(self) -> Case:
        return self.built.case

    @property
    def clock(self) -> Clock:
        return Clock(self.case.periods, calendars_of(self.case))

    def chosen(self, name: str) -> dict[tuple[str, ...], float]:
        found = {}
        for label, value in zip(self.built.columns, self.x, strict=True):
            start, _, rest = label.partition("[")
            if start == f"{self.module.name}.{name}" and value:
                found[tuple(rest.rstrip("]").split(","))] = float(value)
        return found

    def stream(self, stream: str, *labels: str) -> float:
        names = self.built.program.streams.dimension_names(stream)
        return self.built.value(self.x, stream, **dict(zip(names, labels, strict=True)))


def told(built: Built, module: Module, x: np.ndarray) -> list[Sentence]:
    """Return what a module says of a plan."""
    return list(module.explain(Solved(built, module, x)))
