"""Problem: collects columns, streams and rows, scenario by scenario, then assembles them.

Columns get provisional numbers as they are declared; their final place (here-and-now first, then
one block for each scenario) is known at assembly only.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from replant.errors import DuplicateLabel, LabelMismatch
from replant.kernel.declaration import (
    Bound,
    Option,
    RowFamily,
    Stage,
    VariableFamily,
    bound_values,
    check_same,
)
from replant.kernel.dimension import Dimension, check_distinct
from replant.kernel.expression import Expr
from replant.kernel.labels import EVERY_SCENARIO
from replant.kernel.provisional import unit_terms
from replant.kernel.row_names import RowNames
from replant.kernel.streaming import Streaming
from replant.units import ONE, Unit

if TYPE_CHECKING:
    from replant.kernel.program import Program

__all__ = ["Problem"]


class Problem(Streaming):
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
        super().__init__(scenarios)
        self.families: list[VariableFamily] = []
        self.rows: list[RowFamily] = []
        self.objectives: dict[int, Expr] = {}
        self.options: dict[str, list[Option]] = {}
        self._declared: dict[str, dict[int, VariableFamily]] = {}
        self._row_names: dict[tuple[int, str], RowNames] = {}

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
        what = f"the recourse variable {name!r}"
        number = self._here(what) if recourse else self._here_or_everywhere
        check_distinct(dims, f"variable {name!r}")
        if number in self._declared.setdefault(name, {}):
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
            start=self.columns.count,
        )
        family = self._entered(family, number)
        return Expr(dims, unit, unit_terms(family.start, family.size))

    def _entered(self, family: VariableFamily, scenario: int) -> VariableFamily:
        """Return the columns that a declaration stands for: the first's, if here and now."""
        declared = self._declared[family.name]
        first = next(iter(declared.values()), None)
        if first is not None:
            check_same(first, family)
        if first is None or family.stage is Stage.RECOURSE:
            self.families.append(family)
            self.columns.claim(family, family.size)
            first = family
        declared[scenario] = first
        return first

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
        number = self._here_or_everywhere
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


def _check_scalar(expr: Expr, what: str) -> None:
    if expr.dims:
        names = ", ".join(dim.name for dim in expr.dims)
        raise LabelMismatch(f"{what} must be a scalar, but has the dimensions {names}")
