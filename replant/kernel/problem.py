"""Problem: collects columns, streams and rows, scenario by scenario, then assembles them.

Columns get provisional numbers as they are declared; their final place (here-and-now first, then
one block for each scenario) is known at assembly only. A read of a stream is a pseudo column
that assembly replaces by what was posted, so a stream may be read before it is complete.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np

from replant.errors import (
    DuplicateLabel,
    LabelMismatch,
    ScenarioMismatch,
    UnitMismatch,
    UnknownLabel,
)
from replant.kernel.declaration import (
    Bound,
    Option,
    RowFamily,
    Stage,
    VariableFamily,
    bound_values,
    check_same,
)
from replant.kernel.dimension import (
    Dimension,
    check_distinct,
    near_misses,
    size_of,
)
from replant.kernel.expression import Expr
from replant.kernel.labels import EVERY_SCENARIO
from replant.kernel.row_names import RowNames
from replant.kernel.stream import Post, Read, Stream, StreamBook
from replant.kernel.term import NO_CELLS, Floats, Positions, Term
from replant.units import ONE, Quantity, Unit, cells_text

if TYPE_CHECKING:
    from replant.kernel.program import Program

__all__ = ["Problem"]


class Problem:
    """An optimisation problem in the making: labelled columns, rows and streams.

    Parameters
    ----------
    scenarios : sequence of (str, float)
        Names and probabilities.

    Raises
    ------
    ScenarioMismatch
        If probabilities are negative or do not sum to 1 within 1e-12.
    DuplicateLabel
        If a scenario is named twice.
    """

    def __init__(self, scenarios: Sequence[tuple[str, float]] = (("base", 1.0),)) -> None:
        self.scenarios = tuple((name, float(share)) for name, share in scenarios)
        self._names = {name: number for number, (name, _) in enumerate(self.scenarios)}
        _check_scenarios(self.scenarios)
        self.families: list[VariableFamily] = []
        self.reads: list[Read] = []
        self.posts: list[Post] = []
        self.rows: list[RowFamily] = []
        self.streams = StreamBook()
        self.objectives: dict[int, Expr] = {}
        self.options: dict[str, list[Option]] = {}
        self._count = 0
        self._starts: list[int] = []
        self._columns: list[VariableFamily | Read] = []
        self._declared: dict[str, dict[int, VariableFamily]] = {}
        self._totals: dict[tuple[object, ...], Expr] = {}
        self._row_names: dict[tuple[int, str], RowNames] = {}
        self._scenario: int | None = 0 if len(self.scenarios) == 1 else None
        self._owner = ""

    # -- where and by whom -------------------------------------------------------------------

    @contextmanager
    def scenario(self, name: str) -> Iterator[None]:
        """Within it, everything declared goes to this scenario's block.

        Raises
        ------
        UnknownLabel
            If there is no such scenario.
        """
        if name not in self._names:
            message = f"there is no scenario {name!r}{near_misses(name, self._names)}"
            raise UnknownLabel(message)
        before, self._scenario = self._scenario, self._names[name]
        try:
            yield
        finally:
            self._scenario = before

    @contextmanager
    def owner(self, name: str) -> Iterator[None]:
        """Within it, everything declared is this owner's (a module's name)."""
        before, self._owner = self._owner, name
        try:
            yield
        finally:
            self._owner = before

    def _here(self, what: str) -> int:
        if self._scenario is None:
            message = f"{what} belongs to one scenario: declare it within problem.scenario(name)"
            raise ScenarioMismatch(message)
        return self._scenario

    # -- columns -----------------------------------------------------------------------------

    def variable(
        self,
        name: str,
        *dims: Dimension,
        unit: Unit = ONE,
        stage: Stage = Stage.HERE_AND_NOW,
        lower: Bound = 0.0,
        upper: Bound = math.inf,
        integer: bool = False,
        derived: bool = False,
    ) -> Expr:
        """Declare columns, one for each element over the dimensions.

        Parameters
        ----------
        name : str
            Public name, unique in a scenario.
        *dims : Dimension
            The axes; none for a single column.
        unit : Unit
            Unit of the columns.
        stage : Stage
            A here-and-now variable declared again in another scenario is the same columns; a
            recourse variable is laid out once in each scenario.
        lower, upper : float, Quantity or ndarray of the dimensions' shape
            Bounds, in the unit of the columns.
        integer : bool
            Whether only whole numbers are allowed.
        derived : bool
            Whether the columns follow from others and are no decision of their own.

        Returns
        -------
        Expr
            The columns, with coefficient 1.

        Raises
        ------
        DuplicateLabel
            If the name was declared before in this scenario.
        ScenarioMismatch
            If a here-and-now variable differs from its declaration in another scenario, or a
            recourse variable is declared outside any scenario.
        LabelMismatch
            If a bound does not have the dimensions' shape.
        """
        recourse = stage is Stage.RECOURSE
        here = self._here(f"the recourse variable {name!r}") if recourse else self._scenario
        number = EVERY_SCENARIO if here is None else here
        check_distinct(dims, f"variable {name!r}")
        declared = self._declared.setdefault(name, {})
        if number in declared:
            message = f"variable {name!r} was declared before{self._place(number)}"
            raise DuplicateLabel(message)
        family = VariableFamily(
            name=name,
            prefix=(),
            dims=dims,
            scenario=number if recourse else EVERY_SCENARIO,
            owner=self._owner,
            unit=unit,
            stage=stage,
            lower=bound_values(lower, dims, unit, f"lower bound of {name!r}"),
            upper=bound_values(upper, dims, unit, f"upper bound of {name!r}"),
            integer=integer,
            derived=derived,
            start=self._count,
        )
        first = next(iter(declared.values()), None)
        if first is not None:
            check_same(first, family)
        if first is None or recourse:
            self.families.append(family)
            self._claim(family, family.size)
        else:
            family = first
        declared[number] = family
        columns = np.arange(family.start, family.stop, dtype=np.int32)
        return Expr(dims, unit, (Term(None, columns, 1.0, NO_CELLS),))

    def _claim(self, block: VariableFamily | Read, size: int) -> None:
        """Give a block of provisional columns its numbers."""
        if self._count + size > np.iinfo(np.int32).max:
            raise OverflowError(f"more than {np.iinfo(np.int32).max} columns")
        if size:
            self._starts.append(self._count)
            self._columns.append(block)
        self._count += size

    def behind(self, column: int) -> VariableFamily | Read:
        """Return the variable or the read that a provisional column belongs to."""
        return self._columns[bisect_right(self._starts, column) - 1]

    @property
    def column_count(self) -> int:
        """Number of provisional columns, reads of streams included."""
        return self._count

    def column_label(self, column: int) -> str:
        """Return the label of a provisional column."""
        block = self.behind(column)
        if isinstance(block, VariableFamily):
            return block.label(column - block.start)
        return f"total of stream {self.streams.streams[block.stream].name!r}"

    def column_bounds(self, columns: Positions) -> tuple[Floats, Floats]:
        """Return the bounds of provisional columns; reads of streams have none."""
        lower = np.full(len(columns), -math.inf)
        upper = np.full(len(columns), math.inf)
        home = np.searchsorted(self._starts, columns, side="right") - 1
        for number in np.unique(home).tolist():
            block = self._columns[number]
            if isinstance(block, VariableFamily):
                here = np.flatnonzero(home == number)
                place = columns[here] - block.start
                lower[here] = np.broadcast_to(block.lower, block.size)[place]
                upper[here] = np.broadcast_to(block.upper, block.size)[place]
        return lower, upper

    # -- streams -----------------------------------------------------------------------------

    def declare_stream(self, name: str, dimension_names: Sequence[str], unit: Unit) -> None:
        """Declare a stream; again with the same content is fine.

        Parameters
        ----------
        name : str
            Public name.
        dimension_names : sequence of str
            Names of its dimensions, in the order of its labels.
        unit : Unit
            Unit of all that is posted.

        Raises
        ------
        DuplicateLabel
            If it was declared with other content, or names a dimension twice.
        """
        stream = Stream(name, tuple(dimension_names), unit)
        if len(set(stream.dimension_names)) < len(stream.dimension_names):
            raise DuplicateLabel(f"stream {name!r} uses a dimension twice: {dimension_names}")
        if name not in self.streams.number:
            self.streams.declare(stream)
            return
        before = self.streams.streams[self.streams.number[name]]
        if before != stream:
            message = (
                f"stream {name!r} was declared before over {before.dimension_names} in "
                f"{before.unit}, now over {stream.dimension_names} in {stream.unit}"
            )
            raise DuplicateLabel(message)

    def post(self, stream: str, amount: Expr | Quantity, **labels: str) -> None:
        """Add an amount to stream elements of the current scenario.

        Parameters
        ----------
        stream : str
            A declared stream.
        amount : Expr or Quantity
            What is added; its dimensions become labels of the stream's dimensions of the same
            name.
        **labels : str
            A label for each remaining dimension of the stream.

        Raises
        ------
        UnknownLabel
            If the stream is not declared.
        LabelMismatch
            If dimensions and labels are not together the stream's dimensions.
        UnitMismatch
            If the amount is not in the stream's unit.
        """
        scenario = self._here(f"what is posted to {stream!r}")
        number = self.streams.find(stream)
        added = amount if isinstance(amount, Expr) else Expr.constant(amount)
        unit = self.streams.streams[number].unit
        if added.unit != unit:
            message = f"stream {stream!r} is in {unit}, not {added.unit}{cells_text(added.cells)}"
            raise UnitMismatch(message)
        codes = self.streams.codes(number, added.dims, labels)
        self.posts.append(Post(number, scenario, codes, added, self._owner))

    def total(
        self, stream: str, *dims: Dimension, default: float | None = None, **labels: str
    ) -> Expr:
        """Return a reference to stream elements, also before all is posted.

        Parameters
        ----------
        stream : str
            A declared stream.
        *dims : Dimension
            Dimensions of the result; none for a scalar.
        default : float, optional
            Value of an element to which nobody ever posts, in the stream's unit; 0 if not given.
        **labels : str
            A label for each remaining dimension of the stream.

        Returns
        -------
        Expr
            What is posted to the elements in this scenario, now or later.

        Raises
        ------
        UnknownLabel
            If the stream is not declared.
        LabelMismatch
            If dimensions and labels are not together the stream's dimensions.
        """
        scenario = self._here(f"the total of {stream!r}")
        number = self.streams.find(stream)
        check_distinct(dims, f"the total of {stream!r}")
        value = 0.0 if default is None else float(default)
        key = (scenario, number, dims, value, tuple(sorted(labels.items())))
        if key not in self._totals:
            codes = self.streams.codes(number, dims, labels)
            read = Read(number, scenario, codes, dims, value, self._count)
            size = size_of(dims)
            self._claim(read, size)
            self.reads.append(read)
            columns = np.arange(read.start, read.start + size, dtype=np.int32)
            terms = (Term(None, columns, 1.0, NO_CELLS),)
            self._totals[key] = Expr(dims, self.streams.streams[number].unit, terms)
        return self._totals[key]

    # -- rows --------------------------------------------------------------------------------

    def require(
        self,
        name: str,
        expr: Expr,
        *,
        lower: Bound = -math.inf,
        upper: Bound = math.inf,
        rule: str,
        **labels: str,
    ) -> None:
        """Demand that an expression lies between two bounds, element by element.

        Parameters
        ----------
        name : str
            Public name; the rows are ``name[label,…]``, fixed labels first.
        expr : Expr
            What is bounded; one row for each element.
        lower, upper : float, Quantity or ndarray of the expression's shape
            Bounds, in the expression's unit.
        rule : str
            A sentence that a person understands.
        **labels : str
            Fixed labels.

        Raises
        ------
        DuplicateLabel
            If the scenario has a row of that label already.
        LabelMismatch, UnitMismatch
            If a bound does not fit the expression.
        """
        scenario = self._here(f"the row {name!r}")
        prefix = tuple(labels.values())
        self._row_names.setdefault((scenario, name), RowNames()).claim(name, prefix, expr.dims)
        self.rows.append(
            RowFamily(
                name=name,
                prefix=prefix,
                dims=expr.dims,
                scenario=scenario,
                owner=self._owner,
                rule=rule,
                lower=bound_values(lower, expr.dims, expr.unit, f"lower bound of row {name!r}"),
                upper=bound_values(upper, expr.dims, expr.unit, f"upper bound of row {name!r}"),
                expr=expr,
            )
        )

    def option(self, option_id: str, expr: Expr, sentence: str = "") -> None:
        """Register an expression that equals 1 when an option is taken.

        Parameters
        ----------
        option_id : str
            Public id, by which the option can be forced.
        expr : Expr
            A scalar over here-and-now columns, the same in every scenario.
        sentence : str
            What taking it means.

        Raises
        ------
        LabelMismatch
            If the expression is no scalar.
        DuplicateLabel
            If the scenario has the option already.
        """
        _check_scalar(expr, f"option {option_id!r}")
        number = EVERY_SCENARIO if self._scenario is None else self._scenario
        given = self.options.setdefault(option_id, [])
        if any(option.scenario == number for option in given):
            raise DuplicateLabel(f"option {option_id!r} was registered before{self._place(number)}")
        given.append(Option(expr, sentence, number))

    def objective(self, expr: Expr) -> None:
        """Set what the current scenario maximises; scenarios are weighted by probability.

        Raises
        ------
        LabelMismatch
            If the expression is no scalar.
        DuplicateLabel
            If the scenario has an objective already.
        """
        scenario = self._here("the objective")
        _check_scalar(expr, "the objective")
        if scenario in self.objectives:
            raise DuplicateLabel(f"the objective was set before{self._place(scenario)}")
        self.objectives[scenario] = expr

    def _place(self, scenario: int) -> str:
        alone = len(self.scenarios) == 1 or scenario == EVERY_SCENARIO
        return "" if alone else f" in scenario {self.scenarios[scenario][0]!r}"

    def assemble(self) -> Program:
        """Return the labelled sparse matrix of all that was declared.

        Raises
        ------
        CyclicStream
            If the total of a stream depends on itself.
        ScenarioMismatch
            If a scenario uses another's columns, or options differ between scenarios.
        """
        from replant.kernel.assembly import assemble

        return assemble(self)


def _check_scenarios(scenarios: Sequence[tuple[str, float]]) -> None:
    names = [name for name, _ in scenarios]
    if len(set(names)) < len(names):
        raise DuplicateLabel(f"a scenario is named twice: {', '.join(names)}")
    total = math.fsum(share for _, share in scenarios)
    if abs(total - 1.0) > 1e-12 or any(share < 0.0 for _, share in scenarios):
        listed = ", ".join(f"{name} {share}" for name, share in scenarios)
        raise ScenarioMismatch(f"probabilities must be at least 0 and sum to 1; got {listed}")


def _check_scalar(expr: Expr, what: str) -> None:
    if expr.dims:
        names = ", ".join(dim.name for dim in expr.dims)
        raise LabelMismatch(f"{what} must be a scalar, but has the dimensions {names}")
