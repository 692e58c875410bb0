"""What a plan must take, must leave or must keep to, besides what the case itself says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from fractions import Fraction
from math import inf
from typing import Any

import numpy as np

from replant.case import Case
from replant.errors import UsageError
from replant.kernel import Expr, ExtraRow, Program
from replant.kernel.dimension import near_misses
from replant.module import Builder, discover

__all__ = ["Choices", "Limit", "comparator_choices"]

# Options that mean going on as before: doing nothing does not forbid them.
_STAYING = (".operate", ".run")


@dataclass(frozen=True)
class Limit:
    """A bound on a stream's element: ``platforms[FY2032] <= 10``."""

    stream: str
    labels: tuple[str, ...]
    lower: float | None
    upper: float | None
    rule: str

    def require(self, to: Builder) -> None:
        """Add the bound as rows."""
        element = to.element(self.stream, self.labels)
        for name, bound, sign in (("lower", self.lower, 1.0), ("upper", self.upper, -1.0)):
            if bound is not None:
                edge = Expr.constant(bound, unit=element.unit)
                where = f"{self.stream}[{','.join(self.labels)}]"
                to.require(
                    f"limit_{name}",
                    (element - edge) * sign,
                    lower=0.0,
                    upper=inf,
                    rule=self.rule,
                    limit=where,
                )


@dataclass(frozen=True)
class Choices:
    """Forced and forbidden options, bounds on rows, and how to read a comparator.

    Parameters
    ----------
    force, forbid : tuple of str
        Option ids; ``*`` stands for any text.
    limits : tuple of Limit
        Bounds on rows.
    nothing : bool
        Whether nothing is done: every option is forbidden, and so is every act that has no option
        of its own.
    save : tuple of str
        Options and acts (``workforce.leave``) that stay free where nothing else is done.
    allow_shortfall : bool
        Whether cash may fall below its floor, and limits and covenants of the case may be missed;
        the plan then says which, from when and by how much. What is asked of one plan (``limits``)
        is kept all the same.
    plan : str
        Id of the comparator in table ``plans``; empty for the best plan.
    """

    force: tuple[str, ...] = ()
    forbid: tuple[str, ...] = ()
    limits: tuple[Limit, ...] = ()
    nothing: bool = False
    save: tuple[str, ...] = ()
    allow_shortfall: bool = False
    plan: str = ""

    def rows(self, program: Program, case: Case) -> list[ExtraRow]:
        """Return the rows that force and forbid options.

        Raises
        ------
        UsageError
            If an id names no option.
        """
        wanted: dict[str, tuple[float, str]] = {}
        if self.nothing:
            acts = [each for each in program.options if not each.endswith(_STAYING)]
            idle = [each for each in acts if not _any(each, self.save)]
            wanted.update(dict.fromkeys(idle, (0.0, "Nothing is done.")))
        # within the table force outranks forbid
        for row in sorted(case.rows("options"), key=lambda row: row.action == "force"):
            for each in _matching(row.option, program):
                forced = row.action == "force"
                rule = f"{_asked(program, each, forced=forced)}: {row.reason}"
                wanted[each] = (float(forced), rule)
        for pattern in self.forbid:
            for each in _matching(pattern, program):
                wanted[each] = (0.0, f"{_asked(program, each, forced=False)}.")
        for pattern in self.force:
            for each in _matching(pattern, program):
                wanted[each] = (1.0, f"{_asked(program, each, forced=True)}.")
        rows = [_row(program, each, value, rule) for each, (value, rule) in wanted.items()]
        return rows + (_idle_rows(program, self.save) if self.nothing else [])


def _asked(program: Program, option: str, *, forced: bool) -> str:
    """Return what is asked of an option, in the words in which it is listed."""
    words, taken = (
        program.option_sentences.get(option, "").removesuffix("."),
        program.options[option],
    )
    said = f"{words} ({option})" if words else option
    verb = "Forced" if forced else "Forbidden"
    # no decision leads there: a flag or a date of the case rules it out
    never = forced and not len(taken.indices) and taken.constant < 1
    return f"{verb}: {said}{', which the tables of the case let no plan do' if never else ''}"


def _matching(pattern: str, program: Program) -> list[str]:
    found = [each for each in program.options if fnmatchcase(each, pattern)]
    if not found:
        near = near_misses(pattern, program.options)
        raise UsageError(f"there is no option {pattern!r}{near}")
    return found


def _row(program: Program, option: str, value: float, rule: str) -> ExtraRow:
    taken = program.options[option]
    level = value - taken.constant
    label = f"option[{option}]"
    return ExtraRow(label, taken.indices, taken.coefficients, level, level, rule)


def _any(name: str, patterns: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _idle_rows(program: Program, save: tuple[str, ...]) -> list[ExtraRow]:
    """Return rows that hold at zero what modules name as acts without an option of their own."""
    acts = {
        f"{module.name}.{name}" for module in discover() for name in getattr(module, "acts", ())
    }
    acts = {each for each in acts if not _any(each, save)}
    names = program.columns.names
    return [
        ExtraRow(
            f"idle[{_called(program, int(column))}]",
            np.array([column]),
            np.array([1.0]),
            0.0,
            0.0,
            "Nothing is done.",
        )
        for column in np.flatnonzero([name in acts for name in names])
    ]


def _called(program: Program, column: int) -> str:
    """Return a column's label, with its scenario where several have it."""
    labels = program.columns.labels
    scenario = labels.scenario(column) if len(program.blocks) > 1 else ""
    return f"{labels.label(column)}@{scenario}" if scenario else labels.label(column)


def comparator_choices(case: Case, plan: str) -> Choices:
    """Return the choices of a plan that the case names in table ``plans``."""
    row = case.row("plans", plan)
    options = [each for each in case.rows("plan_options") if each.plan == plan]
    bounds = [each for each in case.rows("plan_bounds") if each.plan == plan]
    return Choices(
        force=_ids(options, "force"),
        forbid=_ids(options, "forbid"),
        limits=tuple(
            Limit(each.stream, each.labels, _number(each.lower), _number(each.upper), each.reason)
            for each in bounds
        ),
        nothing=row.kind == "do_nothing",
        allow_shortfall=row.kind in ("do_nothing", "announced"),
        plan=plan,
    )


def _ids(options: Iterable[Any], action: str) -> tuple[str, ...]:
    return tuple(each.option for each in options if each.action == action)


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)
