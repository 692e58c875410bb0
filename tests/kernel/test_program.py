"""The assembled program: layout, labels, blocks, and programs made from programs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from replant.errors import (
    DuplicateLabel,
    LabelMismatch,
    ScenarioMismatch,
    UnitMismatch,
    UnknownLabel,
)
from replant.kernel import Dimension, Expr, ExtraRow, Problem, Program, Stage, stacking
from replant.units import MONEY, ONE, VOLUME, Quantity

PLANT = Dimension("plant", ("oppama", "smyrna"))
PERIOD = Dimension("period", ("P1", "P2", "P3"))


def two_stage(seed: int, only: int | None = None) -> Problem:
    """A random two-stage problem; ``only`` lays out one of its scenarios alone."""
    random = np.random.default_rng(seed)
    count = int(random.integers(1, 4))
    data = [random.integers(-2, 3, (6, len(PLANT), len(PERIOD))).astype(float) for _ in range(3)]
    shares = [1.0 / count] * count
    scenarios = [(f"s{number}", share) for number, share in enumerate(shares)]
    problem = Problem(scenarios if only is None else [(f"s{only}", 1.0)])
    bounded = random.integers(0, 2, 5).astype(bool)
    for number in range(count) if only is None else [only]:
        with problem.scenario(f"s{number}"):
            declare(problem, data[0], data[1 + number % 2], bounded)
    return problem


def declare(problem: Problem, same: np.ndarray, other: np.ndarray, some: np.ndarray) -> None:
    """One scenario's declarations; ``same`` is the data that all scenarios share."""
    problem.declare_stream("room", ("plant", "period"), VOLUME)
    problem.declare_stream("profit", (), ONE)
    keep = problem.variable("open", PLANT, PERIOD, upper=1, integer=True)
    make = problem.variable("make", PLANT, PERIOD, unit=VOLUME, stage=Stage.RECOURSE)
    spend = problem.variable("spend", PERIOD, upper=9)
    problem.require("share", keep * same[0] + same[1], upper=same[2] + 3, rule="same everywhere")
    problem.require("mixed", keep * same[3] + spend * other[0][0], lower=-5, rule="not the same")
    room = problem.total("room", PLANT, PERIOD, default=2.0)
    problem.require("limit", make - room, upper=0, rule="within room")
    problem.post("room", keep.at(plant="oppama") * Expr.constant(7, unit=VOLUME), plant="oppama")
    if some[0]:
        problem.post("room", make.at(period="P1") * 0.5, period="P2")
    if some[1]:
        problem.require("flow", make.sum("plant"), upper=other[1][0], rule="demand")
    problem.post("profit", (keep * other[2]).sum() + make.sum() / Quantity.of("1", VOLUME) - 1)
    problem.option(
        "spend early", spend.at(period="P1") + keep.at(period="P1").sum() * same[4, 0, 0]
    )
    if some[2]:
        problem.objective(problem.total("profit") + spend.sum() + same[5, 0, 0])


def assert_same(left: Program, right: Program) -> None:
    """Two programs agree entry for entry, label for label."""
    assert list(left.columns.labels) == list(right.columns.labels)
    assert sorted(left.rows.labels) == sorted(right.rows.labels)
    order = [right.rows.find(label) for label in left.rows.labels]
    assert np.array_equal(left.matrix.toarray(), right.matrix.toarray()[order])
    assert np.array_equal(left.rows.lower, right.rows.lower[order])
    assert np.array_equal(left.rows.upper, right.rows.upper[order])
    assert np.array_equal(left.objective, right.objective)
    assert left.objective_constant == right.objective_constant
    for name in ("lower", "upper", "integer", "derived", "stage"):
        assert np.array_equal(getattr(left.columns, name), getattr(right.columns, name))
    x = np.arange(len(left.columns), dtype=float)
    scenario = left.blocks[0].name
    assert sorted(left.streams.frame(x, scenario)) == sorted(right.streams.frame(x, scenario))
    assert left.options.keys() == right.options.keys()
    assert all(left.options[name].equals(right.options[name]) for name in left.options)


@settings(deadline=None)
@given(st.integers(0, 10**6))
def test_a_block_is_the_scenario_built_alone(seed: int) -> None:
    """The block of a scenario is what the same declarations give for that scenario alone."""
    whole = two_stage(seed).assemble()
    for number, block in enumerate(whole.blocks):
        alone = two_stage(seed, only=number).assemble()
        assert_same(whole.block(block.name), alone)


@settings(deadline=None)
@given(st.integers(0, 10**6))
def test_the_whole_is_its_blocks(seed: int) -> None:
    """Every entry of the whole matrix stands in a block, and the objective is their mean."""
    whole = two_stage(seed).assemble()
    shared, first = whole.here_and_now.stop, whole.first_stage_rows.stop
    seen = np.zeros(whole.matrix.shape)
    objective = np.zeros(len(whole.columns))
    constant = 0.0
    for block in whole.blocks:
        part = whole.block(block.name)
        columns = np.r_[0:shared, block.columns]
        rows = np.r_[0:first, block.rows]
        seen[np.ix_(rows, columns)] = part.matrix.toarray()
        objective[columns] += block.probability * part.objective
        constant += block.probability * part.objective_constant
        assert [whole.rows.rule(int(row)) for row in rows] == [
            part.rows.rule(row) for row in range(len(rows))
        ]
    assert np.array_equal(seen, whole.matrix.toarray())
    assert np.allclose(objective, whole.objective)
    assert np.isclose(constant, whole.objective_constant)


@settings(deadline=None)
@given(st.integers(0, 10**6))
def test_layout_is_contiguous(seed: int) -> None:
    """Here-and-now columns and shared rows first, then one block after another, to the end."""
    whole = two_stage(seed).assemble()
    ends = whole.here_and_now.stop, whole.first_stage_rows.stop
    assert (whole.columns.stage[whole.here_and_now] == 0).all()
    for block in whole.blocks:
        assert (block.columns.start, block.rows.start) == ends
        assert (whole.columns.stage[block.columns] == 1).all()
        ends = block.columns.stop, block.rows.stop
    assert ends == whole.matrix.shape[::-1]
    assert not whole.matrix[whole.first_stage_rows, whole.here_and_now.stop :].nnz
    if len(whole.blocks) > 1:
        # "mixed" holds other data in other scenarios, "share" the same.
        assert {whole.rows.names[row] for row in range(ends[1])[whole.first_stage_rows]} >= {
            "share"
        }


@settings(deadline=None)
@given(st.integers(0, 10**6))
def test_tracing_adds_up_to_the_matrix(seed: int) -> None:
    """The entries behind a row sum to its coefficients, and its constant moved the bounds."""
    whole = two_stage(seed).assemble()
    for block in whole.blocks:
        part = whole.block(block.name)
        for row in range(len(part.rows)):
            found = np.zeros(len(part.columns))
            for entry in part.row_entries(row):
                if entry.column:
                    found[part.columns.find(entry.column)] += entry.coefficient
            assert np.allclose(found, part.matrix[row].toarray().ravel())


@settings(deadline=None)
@given(st.integers(0, 10**6))
def test_building_twice_gives_the_same_bytes(seed: int) -> None:
    """Same declarations, same program: nothing depends on hashing or chance."""
    left, right = (two_stage(seed).assemble() for _ in range(2))
    for name in ("data", "indices", "indptr"):
        assert getattr(left.matrix, name).tobytes() == getattr(right.matrix, name).tobytes()
    assert list(left.rows.labels) == list(right.rows.labels)
    assert left.streams.keys.tobytes() == right.streams.keys.tobytes()


def scenarios(names: str = "low high") -> Problem:
    listed = names.split()
    return Problem([(name, 1.0 / len(listed)) for name in listed])


def test_here_and_now_is_declared_once() -> None:
    """Declared in every scenario, a here-and-now variable is the same columns in all."""
    problem = scenarios()
    seen = []
    for name in ("low", "high"):
        with problem.scenario(name):
            seen.append(problem.variable("open", PLANT, upper=1).columns)
            problem.variable("make", PLANT, stage=Stage.RECOURSE, upper=2 if name == "low" else 3)
    assert np.array_equal(*seen)
    program = problem.assemble()
    shared, own = ["open[oppama]", "open[smyrna]"], ["make[oppama]", "make[smyrna]"]
    assert list(program.columns.labels) == [*shared, *own, *own]
    assert program.columns.upper.tolist() == [1, 1, 2, 2, 3, 3]
    assert program.columns.labels.scenario_numbers.tolist() == [-1, -1, 0, 0, 1, 1]
    assert program.columns.find("make[smyrna]", "high") == 5
    assert program.columns.find("open[smyrna]", "high") == 1
    with pytest.raises(ScenarioMismatch, match="low, high"):
        program.columns.find("make[smyrna]")
    with pytest.raises(UnknownLabel, match=r"open\[smyrna\]"):
        program.columns.find("open[smirna]")
    with pytest.raises(UnknownLabel, match="'open'"):
        program.columns.find("opens")


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"upper": 2}, "upper bound"),
        ({"lower": -1}, "lower bound"),
        ({"unit": MONEY}, "unit"),
        ({"integer": True}, "integer"),
        ({"derived": True}, "derived"),
        ({"stage": Stage.RECOURSE}, "stage"),
    ],
)
def test_here_and_now_must_agree(changes: dict[str, object], what: str) -> None:
    """A here-and-now variable that differs between scenarios is refused, and how is said."""
    problem = scenarios()
    with problem.scenario("low"):
        problem.variable("open", PLANT)
    with problem.scenario("high"), pytest.raises(ScenarioMismatch, match=rf"'open'.*{what}"):
        problem.variable("open", PLANT, **changes)  # type: ignore[arg-type]


def test_names_are_unique_in_a_scenario() -> None:
    """A variable, row, option or objective declared twice is refused by name."""
    problem = scenarios()
    with problem.scenario("low"):
        x = problem.variable("x", PLANT)
        with pytest.raises(DuplicateLabel, match=r"'x'.*'low'"):
            problem.variable("x", PLANT)
        problem.require("r", x, upper=1, rule="r")
        problem.require("r", x, upper=1, rule="r", period="P1")
        problem.require("q", x.sum(), upper=1, rule="r", plant="oppama")
        for expr, labels in ((x, {}), (x.sum(), {"plant": "smyrna"})):
            with pytest.raises(DuplicateLabel, match="repeat"):
                problem.require("r", expr, upper=1, rule="r", **labels)
        for expr, labels in ((x, {}), (x.sum(), {"plant": "oppama"})):
            with pytest.raises(DuplicateLabel, match="repeat"):
                problem.require("q", expr, upper=1, rule="r", **labels)
        problem.option("o", x.sum())
        with pytest.raises(DuplicateLabel, match=r"'o'.*'low'"):
            problem.option("o", x.sum())
        problem.objective(x.sum())
        with pytest.raises(DuplicateLabel, match="objective"):
            problem.objective(x.sum())
        with pytest.raises(LabelMismatch, match="plant"):
            problem.option("p", x)
    with pytest.raises(DuplicateLabel, match="twice"):
        Problem([("a", 0.5), ("a", 0.5)])
    with pytest.raises(ScenarioMismatch, match="sum to 1"):
        Problem([("a", 0.5), ("b", 0.4)])
    with pytest.raises(UnknownLabel, match="'low'"), problem.scenario("lwo"):
        pass


def test_bounds_must_fit() -> None:
    """A bound has the unit of what it bounds, and its shape or none."""
    problem = Problem()
    x = problem.variable("x", PLANT, unit=VOLUME, upper=Quantity.of("3", VOLUME))
    assert problem.columns.bounds(x.columns)[1].tolist() == [3.0, 3.0]
    with pytest.raises(UnitMismatch, match=r"upper bound of 'y' is in money, not volume"):
        problem.variable("y", unit=VOLUME, upper=Quantity.of("3", MONEY))
    with pytest.raises(LabelMismatch, match="lower bound of row 'r'"):
        problem.require("r", x, lower=np.ones(3), rule="r")


def test_rows_of_one_scenario_use_its_own_columns() -> None:
    """A row that reaches into another scenario's block is refused by its label."""
    problem = scenarios()
    kept = {}
    for name in ("low", "high"):
        with problem.scenario(name):
            kept[name] = problem.variable("make", PLANT, stage=Stage.RECOURSE)
    with problem.scenario("high"):
        problem.require("r", kept["low"], upper=1, rule="r")
    with pytest.raises(ScenarioMismatch, match=r"'r\[oppama\]' of scenario 'high'"):
        problem.assemble()
    with pytest.raises(ScenarioMismatch, match="recourse variable"):
        problem.variable("other", stage=Stage.RECOURSE)


def test_options_are_the_same_in_all_scenarios() -> None:
    """An option that differs between scenarios, or has recourse columns, is refused."""
    problem = scenarios()
    for name in ("low", "high"):
        with problem.scenario(name):
            x = problem.variable("x")
            problem.option("take", x * (1 if name == "low" else 2), "It is taken.")
    with pytest.raises(ScenarioMismatch, match=r"'take'.*'high'"):
        problem.assemble()
    problem = Problem()
    problem.option("take", problem.variable("x", stage=Stage.RECOURSE))
    with pytest.raises(ScenarioMismatch, match="here-and-now"):
        problem.assemble()
    problem = scenarios()
    problem.option("take", problem.variable("x") + 1, "It is taken.")
    program = problem.assemble()
    assert program.options["take"].indices.tolist() == [0]
    assert program.options["take"].constant == 1.0
    assert program.option_sentences == {"take": "It is taken."}


def test_rows_without_columns_stay_only_if_violated() -> None:
    """What holds anyway is dropped; what cannot hold stays, with its rule, for the solver."""
    problem = Problem()
    x = problem.variable("x", PLANT)
    problem.require("fine", 0 * x, upper=1, rule="always true")
    problem.require("broken", 0 * x.at(plant="oppama") + 2, upper=1, rule="never true")
    program = problem.assemble()
    assert list(program.rows.labels) == ["broken"]
    assert program.rows.rule(0) == "never true"
    assert program.rows.upper.tolist() == [-1.0]
    with pytest.raises(UnknownLabel, match="fine"):
        program.rows.find("fine[oppama]")


def small() -> Program:
    problem = scenarios()
    for name in ("low", "high"):
        with problem.scenario(name):
            problem.declare_stream("cash", (), ONE)
            x = problem.variable("x", PLANT)
            y = problem.variable("y", stage=Stage.RECOURSE)
            problem.require("first", x, upper=1, rule="first")
            problem.require("own", y + x.sum(), upper=2, rule="own")
            problem.post("cash", y * (1 if name == "low" else 3) + 1)
            problem.objective(y + x.sum())
    return problem.assemble()


def test_extra_rows_join_where_they_belong() -> None:
    """Shared rows come before the blocks, a block's rows in it, and linking rows last."""
    program = small()
    more = program.with_rows(
        [
            ExtraRow("lock", [0], [1.0], 1.0, 1.0, "locked"),
            ExtraRow("cut", [0, 3], [1.0, 2.0], 0.0, 4.0, "cut"),
        ]
    )
    assert list(more.rows.labels) == [
        "first[oppama]", "first[smyrna]", "lock", "own", "own", "cut",
    ]  # fmt: skip
    assert more.rows.rule(2) == "locked"
    assert more.first_stage_rows == slice(0, 3)
    assert [block.rows for block in more.blocks] == [slice(3, 4), slice(4, 6)]
    assert more.row_entries(5) == [("x[oppama]", 1.0, frozenset()), ("y", 2.0, frozenset())]
    high = more.block("high")
    assert list(high.rows.labels) == ["first[oppama]", "first[smyrna]", "lock", "own", "cut"]
    assert high.matrix[4].toarray().tolist() == [[1.0, 0.0, 2.0]]
    again = high.with_rows([ExtraRow("cut2", [2], [1.0], 0.0, 1.0, "cut")])
    assert again.rows.labels.scenario(again.rows.find("cut2")) == "high"
    linked = more.with_rows([ExtraRow("mean", [2, 3], [0.5, 0.5], 0.0, 1.0, "mean")])
    assert linked.linking_rows == slice(6, 7)
    with pytest.raises(ScenarioMismatch, match="'mean' links"):
        linked.block("low")
    with pytest.raises(DuplicateLabel, match="'lock'"):
        more.with_rows([ExtraRow("lock", [0], [1.0], 1.0, 1.0, "locked")])
    assert program.with_rows([]) is program
    assert len(program.rows) == 4


def test_programs_are_altered_by_copy() -> None:
    """Other bounds or another objective make another program and leave the first as it was."""
    program = small()
    fixed = program.with_bounds(upper=np.ones(4), row_upper=np.zeros(4))
    assert fixed.columns.upper.tolist() == [1.0] * 4
    assert fixed.block("low").rows.upper.tolist() == [0.0] * 3
    assert np.isinf(program.columns.upper).all()
    with pytest.raises(LabelMismatch, match="4 columns"):
        program.with_bounds(upper=np.ones(3))
    goal, constant = program.expected("cash")
    assert goal.tolist() == [0.0, 0.0, 0.5, 1.5]
    assert constant == 1.0
    other = program.with_objective(goal, constant)
    assert other.block("high").objective.tolist() == [0.0, 0.0, 3.0]
    assert other.block("high").objective_constant == 1.0
    assert program.objective.tolist() == [1.0, 1.0, 0.5, 0.5]
    with pytest.raises(UnknownLabel, match="'low'"):
        program.block("lo")


def test_a_block_of_a_block_is_itself() -> None:
    """A block is a program of one scenario."""
    block = small().block("high")
    again = block.block("high")
    assert np.array_equal(block.matrix.toarray(), again.matrix.toarray())
    assert block.streams.value(np.array([0.0, 0.0, 2.0]), "cash") == 7.0
    assert again.streams.value(np.array([0.0, 0.0, 2.0]), "cash", scenario="high") == 7.0
    with pytest.raises(ScenarioMismatch, match="'low' is not in this block"):
        block.streams.frame(np.zeros(3), "low")


def test_an_empty_problem_is_a_program() -> None:
    """Nothing declared is a program without columns and rows."""
    program = Problem().assemble()
    assert program.matrix.shape == (0, 0)
    assert program.block("base").matrix.shape == (0, 0)
    assert program.streams.frame(np.zeros(0)) == []


@settings(deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 40))
def test_the_matrix_does_not_depend_on_the_size_of_parts(seed: int, size: int) -> None:
    """However many entries are put in order at a time, the program has the same bytes."""
    usual = two_stage(seed).assemble()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stacking, "PART", size)
        parted = two_stage(seed).assemble()
    for ours, theirs in (
        (parted.matrix.indptr, usual.matrix.indptr),
        (parted.matrix.indices, usual.matrix.indices),
        (parted.matrix.data, usual.matrix.data),
        (parted.rows.lower, usual.rows.lower),
        (parted.rows.upper, usual.rows.upper),
        (parted.objective, usual.objective),
    ):
        assert ours.tobytes() == theirs.tobytes()
