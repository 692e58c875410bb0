"""Judge one module on a case: whether it keeps what every decision and every rule must keep."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

import numpy as np

from replant.case import Case, make
from replant.errors import Infeasible, ReplantError
from replant.kernel import Problem, Program
from replant.ledger import CORE_STREAMS
from replant.module import Builder, Module, Sentence, row_classes
from replant.plan.assemble import assemble
from replant.plan.choices import Choices
from replant.plan.pipeline import make_plan
from replant.plan.planned import Planned
from replant.solve import SolveSettings
from replant.units import MONEY

__all__ = ["check_module"]

_WORDS = re.compile(r"[a-z]+(_[a-z0-9]+)*\Z")
_SHORT = re.compile(
    r"(?:acc|amt|avg|bal|calc|cfg|cnt|dep|fc|fin|fx|idx|inv|liab|mfg|num|opt|param|pct|prd|prod|"
    r"qty|rev|tmp|val|var|vol|yr)\Z"
)
_BOOKS = ("ledger", "finance_ledger")
# What an option that means going on as before says in common with its plant.
_STAYING = (".operate", ".run")
_SMALL = 1e-9
_SETTINGS = SolveSettings(gap=0.05, time_limit=60.0)


def check_module(module: Module, case: Case, plan: Planned | None = None) -> tuple[str, ...]:
    """Return everything in which a module does not keep the contract on a case.

    An empty table adds nothing. Every entry balances, column by column, and every coefficient of
    an entry goes back to a cell of a table (a column that is money itself may stand alone).
    Labels are unique. Every option that a plan takes is told in a sentence. Names are whole words.

    Parameters
    ----------
    module : Module
        The module; it must apply to the case.
    case : Case
        A complete firm that fills the module's tables.
    plan : Planned, optional
        The case's best plan, where it is at hand.

    Returns
    -------
    tuple of str
        One sentence for each fault; none if the contract is kept.
    """
    if not module.applies(case):
        return (f"{module.name} does not apply to {case.name}: give it a case with its tables",)
    try:
        judge = _Judge(module, case, make_plan(case, settings=_SETTINGS) if plan is None else plan)
    except ReplantError as why:
        return (f"{case.name} cannot be planned: {why}",)
    return tuple(judge.faults())


class _Judge:
    """A module, a case and the program that all modules make of it."""

    def __init__(self, module: Module, case: Case, plan: Planned) -> None:
        self.module = module
        self.case = case
        self.plan = plan
        self.program: Program = plan.program

    @cached_property
    def lenient(self) -> Program:
        """The case where cash may fall short, so that any option can be forced."""
        return assemble(self.case, Choices(allow_shortfall=True))

    def faults(self) -> Iterator[str]:
        yield from self._names()
        yield from self._empty()
        yield from self._labels()
        yield from self._books()
        yield from self._telling()

    # -- names and labels ----------------------------------------------------------------------

    def _names(self) -> Iterator[str]:
        module, columns = self.module, self.program.columns
        own = {str(name).partition(".")[2] for name in columns.names if self._is_own(str(name))}
        named = {module.name, *own, *(row.table for row in module.tables)}
        for row in module.tables:
            if not (row.__doc__ or "").strip():
                yield f"{row.__name__} does not say what a row of {row.table} is"
        for name in sorted(named):
            words = name.split("_")
            if _WORDS.match(name) is None and not self._bears_an_id(name):
                yield f"{name} is not in lower-case words joined by underscores"
            yield from (f"{name}: {each} is no whole word" for each in words if _SHORT.match(each))

    def _bears_an_id(self, name: str) -> bool:
        """Return whether a column's name ends in an id of the case."""
        ids = {str(row.key_values[0]) for table in row_classes() for row in self.case.rows(table)}
        return any(name.endswith(f"_{each}") for each in ids)

    def _is_own(self, name: str) -> bool:
        return name.startswith(f"{self.module.name}.")

    def _labels(self) -> Iterator[str]:
        for what, labels in (
            ("column", self.program.columns.labels),
            ("row", self.program.rows.labels),
        ):
            seen: set[tuple[str, str]] = set()
            for place in range(len(labels)):
                label = (labels.label(place), labels.scenario(place))
                if label in seen and self._is_own(label[0]):
                    yield f"there are two of the {what} {label[0]}"
                seen.add(label)
        rows = self.program.rows
        silent = {
            str(rows.names[row])
            for row in range(len(rows))
            if self._is_own(rows.label(row)) and len(rows.rule(row).split()) < 3
        }
        yield from (f"the row {name} does not say what it demands" for name in sorted(silent))

    # -- an empty table --------------------------------------------------------------------------

    def _empty(self) -> Iterator[str]:
        """A firm with periods and nothing else: a module with tables has nothing to do there."""
        if not self.module.tables:
            return
        periods = self.case.rows("periods")
        bare = make(_bare_settings(self.case), periods, row_classes())
        if not self.module.applies(bare):
            return
        problem = Problem((("base", 1.0),))
        for stream in CORE_STREAMS:
            problem.declare_stream(stream.name, stream.labels, stream.unit)
        with problem.scenario("base"), problem.owner(self.module.name):
            self.module.build(bare, Builder(problem, bare, self.module.name))
        program = problem.assemble()
        if len(program.columns) or len(program.rows) or problem.posts:
            yield f"{self.module.name} adds something where its tables are empty"

    # -- entries ---------------------------------------------------------------------------------

    def _books(self) -> Iterator[str]:
        program = self.program
        scenario = program.blocks[0].name
        frame = program.streams.frame(np.zeros(len(program.columns)), scenario)
        for ledger in _BOOKS:
            sums: defaultdict[tuple[str, str], float] = defaultdict(float)
            traceless: set[tuple[str, str]] = set()
            for figure in frame:
                if figure.stream != ledger:
                    continue
                account, time = figure.labels
                labels = {"account": account, "time": time}
                for post in program.stream_postings(ledger, scenario=scenario, **labels):
                    if post.owner != self.module.name:
                        continue
                    for entry in post.entries:
                        sums[time, entry.column] += entry.coefficient
                        if not entry.cells and not self._is_money(entry.column):
                            traceless.add((account, entry.column or "a constant"))
            for (time, column), amount in sums.items():
                if abs(amount) > _SMALL:
                    where = f"{time}, {column or 'constant'}"
                    yield f"entries of {self.module.name} do not balance ({where}: {amount:g})"
            for account, column in sorted(traceless):
                yield f"{self.module.name} books {column} on {account} without a cell behind it"

    def _is_money(self, column: str) -> bool:
        if not column:
            return False
        columns = self.program.columns
        found = columns.find(column, self.program.blocks[0].name)
        return bool(columns.labels.family_of(found).unit == MONEY)

    # -- telling ---------------------------------------------------------------------------------

    def _telling(self) -> Iterator[str]:
        mine = self._own_options()
        plans = [self.plan]
        untold = [each for each in sorted(mine) if self.plan.row("option", each) <= _SMALL]
        plans += [plan for each in untold if (plan := self._forced(each)) is not None]
        for plan in plans:
            if not plan.verification.ok:
                yield f"a plan is not verified: {plan.verification.sentences()[1]}"
            yield from self._told(plan, mine)

    def _own_options(self) -> set[str]:
        program = self.program
        scenario = program.blocks[0].name
        return {
            option
            for option in program.options
            for post in program.stream_postings("option", scenario=scenario, option=option)
            if post.owner == self.module.name
        }

    def _forced(self, option: str) -> Planned | None:
        """Return a plan that takes an option; None if none can, or only one of another period."""
        base, _, last = option.rpartition(".")
        if last in {period.id for period in self.case.periods} and base:
            return None
        choices = Choices(force=(option,), allow_shortfall=True)
        program = self.lenient.with_rows(choices.rows(self.lenient, self.case))
        try:
            return make_plan(self.case, choices, _SETTINGS, program)
        except Infeasible:
            return None

    def _told(self, plan: Planned, mine: set[str]) -> Iterator[str]:
        sentences = plan.sentences()
        for option in sorted(mine):
            if plan.row("option", option) > _SMALL and not self._is_told(option, sentences):
                yield f"no sentence tells the option {option}"
        for sentence in sentences:
            if not sentence.text.strip().endswith("."):
                yield f"not a whole sentence: {sentence.text!r}"

    def _is_told(self, option: str, sentences: tuple[Sentence, ...]) -> bool:
        """Return whether some sentence tells an option, with cells behind it.

        An option of one period is told by a sentence of its option in that period; going on as
        before by any sentence on what goes on.
        """
        base, _, last = option.rpartition(".")
        for sentence in sentences:
            if sentence.option == option and sentence.cells:
                return True
            if sentence.option == base and sentence.period == last:
                return True
            if option.endswith(_STAYING) and sentence.subject == base:
                return True
        return False


def _bare_settings(case: Case) -> dict[str, object]:
    """Return the settings of a firm that has no comparators and no base year to reproduce."""
    return {
        "name": "bare",
        "title": "Bare",
        "as_of": case.settings.as_of,
        "home_currency": case.settings.home_currency,
        "accounting": case.settings.accounting,
    }
