"""The algebra obeys its laws: every operation agrees with dense numpy arrays."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from replant.errors import (
    DuplicateLabel,
    LabelMismatch,
    UnboundedRange,
    UnitMismatch,
    UnknownLabel,
)
from replant.kernel import Dimension, Expr, Problem
from replant.units import MONEY, ONE, UNIT_VALUE, VOLUME, Cell, Quantity

Floats = NDArray[np.float64]

PLANT = Dimension("plant", ("oppama", "smyrna"))
MODEL = Dimension("model", ("leaf", "note", "rogue"))
PERIOD = Dimension("period", ("FY2026", "FY2027", "FY2028", "FY2029"))
GROUP = Dimension("group", ("small", "large"))
DIMS = (PLANT, MODEL, PERIOD)
PRICE = Cell("models", "leaf", "", "price")
CAPACITY = Cell("plants", "oppama", "", "capacity")

numbers = st.integers(-4, 4).map(float)
axes = st.permutations(DIMS).flatmap(
    lambda order: st.integers(0, 3).map(lambda count: tuple(order[:count]))
)


def dense(expr: Expr, columns: int) -> Floats:
    """Coefficients and constant of an expression: shape (*dims, columns + 1)."""
    array = np.zeros((expr.size, columns + 1))
    np.add.at(array, (expr.elements, expr.columns), expr.values)
    array[:, -1] = expr.constants
    return array.reshape((*expr.shape, columns + 1))


def spread(array: Floats, source: tuple[Dimension, ...], target: tuple[Dimension, ...]) -> Floats:
    """The dense array over more dimensions, the slow and obvious way."""
    result = np.zeros((*(len(dim) for dim in target), array.shape[-1]))
    names = [dim.name for dim in target]
    for place in np.ndindex(result.shape[:-1]):
        result[place] = array[tuple(place[names.index(dim.name)] for dim in source)]
    return result


class World:
    """A problem and expressions over random dimensions drawn from it."""

    def __init__(self) -> None:
        self.problem = Problem()
        self.made = 0

    def expression(self, draw: Callable[..., object], dims: tuple[Dimension, ...]) -> Expr:
        expr = self.problem.variable(f"x{self.made}", *dims)
        self.made += 1
        shape = tuple(len(dim) for dim in dims)
        factor = draw(st.lists(numbers, min_size=expr.size, max_size=expr.size))
        constant = draw(numbers)
        expr = expr * np.array(factor).reshape(shape) + constant
        # Half of the expressions have lost their regular layout.
        return expr.lag(dims[0].name) + expr if dims and draw(st.booleans()) else expr

    def dense(self, expr: Expr) -> Floats:
        return dense(expr, self.problem.columns.count)


@settings(deadline=None)
@given(st.data(), axes, axes)
def test_addition_spreads_by_name(data: st.DataObject, left: tuple, right: tuple) -> None:
    """Left + right has the left's dimensions, then those that only the right has."""
    world = World()
    a, b = world.expression(data.draw, left), world.expression(data.draw, right)
    total = a + b
    dims = left + tuple(dim for dim in right if dim not in left)
    assert total.dims == dims
    wide = spread(world.dense(a), left, dims) + spread(world.dense(b), right, dims)
    assert np.allclose(world.dense(total), wide)


@settings(deadline=None)
@given(st.data(), axes, numbers)
def test_vector_space_laws(data: st.DataObject, dims: tuple, k: float) -> None:
    """Commutative, associative and distributive, with a zero and an inverse."""
    world = World()
    a, b = world.expression(data.draw, dims), world.expression(data.draw, dims)
    c = world.expression(data.draw, dims)
    same = [
        (a + b, b + a),
        ((a + b) + c, a + (b + c)),
        (k * (a + b), a * k + b * k),
        (a - b, a + (-b)),
        (a - a, 0.0 * a),
        (sum([a, b, c]), a + b + c),
        (a + 2.0 - 2.0, a),
        (5.0 - a, 5.0 + -a),
        (a / 4.0, a * 0.25),
        (a.simplified(), a),
        ((a + a).simplified(), 2 * a),
    ]
    for left, right in same:
        assert np.allclose(world.dense(left), world.dense(right))


@settings(deadline=None)
@given(st.data(), axes, axes)
def test_constant_arrays_multiply_by_name(data: st.DataObject, left: tuple, right: tuple) -> None:
    """An expression times a labelled constant multiplies element by element, spread by name."""
    world = World()
    expr = world.expression(data.draw, left)
    shape = tuple(len(dim) for dim in right)
    size = int(np.prod(shape))
    values = np.array(data.draw(st.lists(numbers, min_size=size, max_size=size))).reshape(shape)
    product = expr * Expr.constant(values, right)
    dims = product.dims
    wide = spread(world.dense(expr), left, dims) * spread(values[..., None], right, dims)
    assert np.allclose(world.dense(product), wide)
    turned = Expr.constant(values, right) * expr
    assert np.allclose(world.dense(turned), spread(wide, dims, turned.dims))


@settings(deadline=None)
@given(st.data(), axes)
def test_sums_agree_with_numpy(data: st.DataObject, dims: tuple) -> None:
    """Summing over names is summing over their axes; over none given, over all."""
    world = World()
    expr = world.expression(data.draw, dims)
    over = data.draw(st.sets(st.sampled_from(dims)) if dims else st.just(set()))
    places = tuple(place for place, dim in enumerate(dims) if dim in over)
    total = expr.sum(*(dim.name for dim in over)) if over else expr
    assert np.allclose(world.dense(total), world.dense(expr).sum(axis=places))
    everything = world.dense(expr).sum(axis=tuple(range(len(dims))))
    assert np.allclose(world.dense(expr.sum()), everything)


@settings(deadline=None)
@given(st.data(), axes)
def test_selection_agrees_with_indexing(data: st.DataObject, dims: tuple) -> None:
    """At one label of some dimensions, the others are as they were."""
    world = World()
    expr = world.expression(data.draw, dims)
    chosen = {
        dim.name: data.draw(st.sampled_from(dim.labels)) for dim in dims if data.draw(st.booleans())
    }
    index = tuple(
        dim.index(chosen[dim.name]) if dim.name in chosen else slice(None) for dim in dims
    )
    assert np.allclose(world.dense(expr.at(**chosen)), world.dense(expr)[index])


@settings(deadline=None)
@given(st.data(), axes.filter(bool), st.integers(-5, 5), numbers)
def test_lag_shifts_along_one_dimension(
    data: st.DataObject, dims: tuple, by: int, fill: float
) -> None:
    """What was ``by`` labels earlier, and the fill where there is nothing earlier."""
    world = World()
    expr = world.expression(data.draw, dims)
    before = world.dense(expr)
    after = np.zeros_like(before)
    after[..., -1] = fill
    for place in range(len(dims[0])):
        if 0 <= place - by < len(dims[0]):
            after[place] = before[place - by]
    assert np.allclose(world.dense(expr.lag(dims[0].name, by, fill)), after)


@settings(deadline=None)
@given(st.data())
def test_grouping_sums_into_groups(data: st.DataObject) -> None:
    """Into groups: each old label is added to its group, other dimensions stay in place."""
    world = World()
    expr = world.expression(data.draw, (PLANT, MODEL, PERIOD))
    groups = data.draw(st.lists(st.sampled_from(GROUP.labels), min_size=3, max_size=3))
    grouped = expr.into("model", GROUP, groups)
    assert grouped.dims == (PLANT, GROUP, PERIOD)
    wanted = np.zeros((2, 2, 4, world.problem.columns.count + 1))
    for place, group in enumerate(groups):
        wanted[:, GROUP.index(group)] += world.dense(expr)[:, place]
    assert np.allclose(world.dense(grouped), wanted)


@settings(deadline=None)
@given(st.data(), st.integers(0, 2))
def test_looking_up_takes_one_old_label_for_each_new_one(data: st.DataObject, axis: int) -> None:
    """Along new labels: each takes its old one, however often; other dimensions stay in place."""
    world = World()
    dims = data.draw(st.permutations((PLANT, MODEL, PERIOD)).map(tuple))
    expr = world.expression(data.draw, dims)
    old = dims[axis]
    taken = data.draw(st.lists(st.sampled_from(old.labels), max_size=5))
    target = Dimension("new", tuple(f"new{place}" for place in range(len(taken))))
    looked_up = expr.along(old.name, target, taken)
    assert looked_up.dims == (*dims[:axis], target, *dims[axis + 1 :])
    places = [old.index(label) for label in taken]
    assert np.allclose(world.dense(looked_up), world.dense(expr).take(places, axis=axis))


def test_looking_up_is_undone_by_grouping() -> None:
    """Along and then into again multiplies each label by how often it was taken."""
    problem = Problem()
    x = problem.variable("x", GROUP)
    taken = ["small", "large", "large"]
    again = x.along("group", MODEL, taken).into("model", GROUP, taken)
    wanted = dense(x * np.array([1.0, 2.0]), problem.columns.count)
    assert np.allclose(dense(again, problem.columns.count), wanted)


def test_looking_up_unknown_labels_is_refused() -> None:
    """One old label for each new one, and only labels that are there."""
    problem = Problem()
    x = problem.variable("x", GROUP)
    with pytest.raises(LabelMismatch, match="2 labels of 'group' for the 3 of 'model'"):
        x.along("group", MODEL, ["small", "large"])
    with pytest.raises(UnknownLabel, match="did you mean 'small'"):
        x.along("group", MODEL, ["small", "smal", "large"])


@settings(deadline=None)
@given(st.data(), axes)
def test_range_contains_all_values(data: st.DataObject, dims: tuple) -> None:
    """No values of the columns within their bounds take an expression out of its range."""
    world = World()
    lower = float(data.draw(st.integers(-3, 0)))
    upper = float(data.draw(st.integers(0, 3)))
    other = world.problem.variable("bounded", *dims, lower=lower, upper=upper)
    expr = other * 2 - other.sum() + 1
    low, high = expr.range(world.problem)
    array = world.dense(expr)
    ends = st.sampled_from([lower, upper])
    count = world.problem.columns.count
    x = np.array([*data.draw(st.lists(ends, min_size=count, max_size=count)), 1.0])
    values = array @ x
    assert low.shape == high.shape == expr.shape
    assert (low <= values + 1e-9).all()
    assert (values <= high + 1e-9).all()


def test_range_is_tight_for_what_cancels() -> None:
    """x − x is 0 whatever the bounds of x, even infinite ones."""
    problem = Problem()
    x = problem.variable("x", PLANT)
    low, high = (x - x).range(problem)
    assert low.tolist() == high.tolist() == [0.0, 0.0]


def test_range_may_be_infinite_and_says_so_when_asked() -> None:
    """Without an upper bound the range is infinite; whoever needs a finite one is told of what."""
    problem = Problem()
    problem.declare_stream("cash", (), MONEY)
    x = problem.variable("x", PLANT, lower=1.0)
    low, high = (2 * x).range(problem)
    assert low.tolist() == [2.0, 2.0]
    assert np.isinf(high).all()
    with pytest.raises(UnboundedRange, match=r"x\[oppama\]"):
        x.range(problem, finite=True)
    with pytest.raises(UnboundedRange, match="cash"):
        problem.total("cash").range(problem, finite=True)
    assert x.at(plant="oppama").range(problem)[0].shape == ()


def test_other_labels_are_named() -> None:
    """The same dimension with other labels raises, and the message says which labels differ."""
    problem = Problem()
    x = problem.variable("x", PLANT)
    y = problem.variable("y", Dimension("plant", ("oppama", "tochigi")))
    with pytest.raises(LabelMismatch, match=r"plant.*left has smyrna.*right has tochigi"):
        x + y
    z = problem.variable("z", Dimension("plant", ("smyrna", "oppama")))
    with pytest.raises(LabelMismatch, match="another order"):
        x - z


def test_other_units_are_named_with_their_cells() -> None:
    """Adding money to volume names both units and the cells behind the coefficients."""
    problem = Problem()
    x = problem.variable("x", PLANT, unit=VOLUME)
    revenue = x * Quantity.of("3", UNIT_VALUE, PRICE)
    assert revenue.unit == MONEY
    with pytest.raises(UnitMismatch, match=r"money and volume .*models\.leaf\.price"):
        revenue + x
    with pytest.raises(UnitMismatch, match="money and share"):
        revenue + 1
    with pytest.raises(UnitMismatch, match="money and volume"):
        revenue - Quantity.of("1", VOLUME)
    with pytest.raises(UnitMismatch, match="fill money with volume"):
        revenue.lag("plant", 1, Quantity.of("1", VOLUME))
    assert (revenue + 0).unit == (0 + revenue).unit == MONEY
    assert (revenue / Quantity.of("2", UNIT_VALUE)).unit == VOLUME
    assert (revenue + Quantity.of("1", MONEY)).constants.tolist() == [1.0, 1.0]
    filled = revenue.lag("plant", 1, Quantity.of("7", MONEY, CAPACITY))
    assert filled.constants.tolist() == [7.0, 0.0]
    assert CAPACITY in filled.cells


def test_arrays_of_quantities_bring_unit_and_cells() -> None:
    """A labelled constant of quantities has their common unit and all their cells."""
    prices = [Quantity.of("1", MONEY, PRICE), Quantity.of("2", MONEY, CAPACITY)]
    constant = Expr.constant(prices, (PLANT,))
    assert constant.unit == MONEY
    assert constant.cells == {PRICE, CAPACITY}
    assert constant.constants.tolist() == [1.0, 2.0]
    mixed = [Quantity.of("1", MONEY, PRICE), Quantity.of("2", VOLUME)]
    with pytest.raises(UnitMismatch, match=r"money and volume .*models\.leaf"):
        Expr.constant(mixed, (PLANT,))


def test_cells_stay_with_their_terms() -> None:
    """A sum knows the cells of all its terms, and simplifying keeps them apart."""
    problem = Problem()
    x = problem.variable("x")
    expr = x * Quantity.of("2", ONE, PRICE) + x * Quantity.of("3", ONE, CAPACITY) + x + x
    assert expr.cells == {PRICE, CAPACITY}
    simple = expr.simplified()
    assert sorted(term.values.tolist() for term in simple.terms) == [[2.0], [2.0], [3.0]]
    assert simple.cells == expr.cells


def test_unknown_labels_list_near_misses() -> None:
    """A misspelt label or dimension is answered with what it may have meant."""
    problem = Problem()
    x = problem.variable("x", PLANT, PERIOD)
    with pytest.raises(UnknownLabel, match="'oppama'"):
        x.at(plant="opama")
    with pytest.raises(UnknownLabel, match="'period'"):
        x.sum("periods")
    with pytest.raises(UnknownLabel, match="known are oppama, smyrna"):
        x.at(plant="zzz")


def test_duplicate_labels_are_refused() -> None:
    """A dimension has each label once, and an array each dimension once."""
    with pytest.raises(DuplicateLabel, match="oppama"):
        Dimension("plant", ("oppama", "oppama"))
    with pytest.raises(DuplicateLabel, match="plant"):
        Problem().variable("x", PLANT, PLANT)


def test_arrays_must_fit() -> None:
    """A plain array has exactly the expression's shape, or is one number."""
    problem = Problem()
    x = problem.variable("x", PLANT, MODEL)
    assert (x * np.array(2.0)).values.tolist() == [2.0] * 6
    assert (np.ones((2, 3)) * x).values.tolist() == [1.0] * 6
    assert (x / np.full((2, 3), 2.0)).values.tolist() == [0.5] * 6
    assert (x + np.ones((2, 3))).constants.tolist() == [1.0] * 6
    with pytest.raises(LabelMismatch, match="does not fit"):
        x * np.ones(3)
    with pytest.raises(LabelMismatch, match="not linear"):
        x * x
    with pytest.raises(LabelMismatch, match="2 groups for the 3 labels"):
        x.into("model", GROUP, ["small", "large"])
    with pytest.raises(TypeError):
        x + "1"  # type: ignore[operator]
    with pytest.raises(TypeError):
        x - "1"  # type: ignore[operator]
    with pytest.raises(TypeError):
        x * "1"  # type: ignore[operator]
    with pytest.raises(TypeError):
        x / "1"  # type: ignore[operator]


def test_empty_dimensions_are_fine() -> None:
    """A case without rows of a kind has arrays without elements, and sums of nothing are 0."""
    nothing = Dimension("model", ())
    problem = Problem()
    x = problem.variable("x", PLANT, nothing)
    y = problem.variable("y", PLANT)
    assert (x + y).size == 0
    assert x.lag("model").size == 0
    assert x.sum("model").constants.tolist() == [0.0, 0.0]
    problem.require("limit", x.sum("model") + y, upper=1, rule="at most one")
    assert problem.assemble().matrix.shape == (2, 2)


def test_expressions_print_what_they_are() -> None:
    """The representation names dimensions, unit and size."""
    x = Problem().variable("x", PLANT, unit=MONEY)
    assert repr(x) == "Expr(plant: 2; money; 2 entries)"
    assert repr(x.sum()) == "Expr(scalar; money; 2 entries)"
