"""Streams may be read before they are complete, and are rows like any other."""

from __future__ import annotations

import numpy as np
import pytest

from replant.errors import (
    CyclicStream,
    DuplicateLabel,
    LabelMismatch,
    ScenarioMismatch,
    UnitMismatch,
    UnknownLabel,
)
from replant.kernel import Dimension, Problem, Stage
from replant.units import MONEY, ONE, UNIT_VALUE, VOLUME, Cell, Quantity

PLANT = Dimension("plant", ("oppama", "smyrna"))
PERIOD = Dimension("period", ("P1", "P2", "P3"))
CAPACITY = Cell("plants", "oppama", "", "capacity")
OPENING = Cell("accounts", "cash", "", "opening")


def limited(problem: Problem, early: bool) -> None:
    """Volume within capacity, the capacity posted before or after it is read."""
    problem.declare_stream("capacity", ("plant", "period"), VOLUME)
    make = problem.variable("make", PLANT, PERIOD, unit=VOLUME)
    keep = problem.variable("open", PLANT, PERIOD, upper=1)
    if early:
        problem.post("capacity", keep * Quantity.of("10", VOLUME, CAPACITY))
    room = problem.total("capacity", PLANT, PERIOD)
    problem.require("limit", make - room, upper=0, rule="within capacity")
    if not early:
        problem.post("capacity", keep * Quantity.of("10", VOLUME, CAPACITY))


def test_reading_before_posting_gives_the_same_matrix() -> None:
    """The order of modules does not matter: a total is what is posted, now or later."""
    matrices = []
    for early in (True, False):
        problem = Problem()
        limited(problem, early)
        matrices.append(problem.assemble().matrix.toarray())
    assert np.array_equal(*matrices)
    assert np.array_equal(matrices[0], np.hstack([np.eye(6), -10 * np.eye(6)]))


def test_scalar_and_array_reads_agree() -> None:
    """Reading element by element is reading the array."""
    problem = Problem()
    limited(problem, early=True)
    for plant in PLANT.labels:
        for period in PERIOD.labels:
            one = problem.total("capacity", plant=plant, period=period)
            some = problem.total("capacity", PLANT, period=period).at(plant=plant)
            whole = problem.total("capacity", PERIOD, PLANT).at(plant=plant, period=period)
            for name, part in (("one", one), ("some", some), ("whole", whole)):
                problem.require(name, part, upper=5, rule="r", plant=plant, period=period)
    program = problem.assemble()
    for plant in PLANT.labels:
        rows = [program.rows.find(f"{name}[{plant},P2]") for name in ("one", "some", "whole")]
        first, second, third = (program.matrix[row].toarray().ravel() for row in rows)
        assert np.array_equal(first, second)
        assert np.array_equal(first, third)
        assert first[program.columns.find(f"open[{plant},P2]")] == 10.0


def test_posts_add_up_and_labels_may_be_given_or_spread() -> None:
    """Many posts to one element are added; labels and dimensions together name the element."""
    problem = Problem()
    problem.declare_stream("cash", ("account", "period"), MONEY)
    x = problem.variable("x", PERIOD, unit=MONEY)
    problem.post("cash", x, account="sales")
    problem.post("cash", 2 * x.at(period="P2"), account="sales", period="P2")
    problem.post("cash", Quantity.of("5", MONEY, OPENING), account="opening", period="P1")
    program = problem.assemble()
    values = np.array([1.0, 2.0, 3.0])
    assert program.streams.frame(values) == [
        ("cash", ("sales", "P1"), 1.0),
        ("cash", ("sales", "P2"), 6.0),
        ("cash", ("sales", "P3"), 3.0),
        ("cash", ("opening", "P1"), 5.0),
    ]
    assert program.streams.values(values).tolist() == [1.0, 6.0, 3.0, 5.0]
    assert program.streams.value(values, "cash", account="sales", period="P2") == 6.0
    assert program.streams.value(values, "cash", account="opening", period="P2") == 0.0
    assert program.streams.unit("cash") == MONEY
    assert program.streams.names == ("cash",)
    assert program.streams.dimension_names("cash") == ("account", "period")
    assert "cash" in program.streams
    assert program.streams.frame(values, stream="cash")[0].value == 1.0


def test_chains_of_streams_are_resolved() -> None:
    """A balance carried from period to period is the sum of all flows so far."""
    problem = Problem()
    periods = Dimension("period", tuple(f"P{i}" for i in range(9)))
    problem.declare_stream("flow", ("period",), MONEY)
    problem.declare_stream("balance", ("period",), MONEY)
    for before, now in zip((None, *periods.labels), periods.labels, strict=False):
        if before:
            problem.post("balance", problem.total("balance", period=before), period=now)
        problem.post("balance", problem.total("flow", period=now), period=now)
    x = problem.variable("x", periods, unit=MONEY)
    problem.post("flow", x + Quantity.of("1", MONEY, OPENING))
    problem.require("floor", problem.total("balance", periods), lower=20, rule="enough cash")
    program = problem.assemble()
    assert np.array_equal(program.matrix.toarray(), np.tri(9))
    assert np.array_equal(program.rows.lower, 20.0 - np.arange(1, 10))
    values = np.arange(9.0)
    balance = program.streams.value(values, "balance", period="P8")
    assert balance == values.sum() + 9
    entries = program.row_entries(8)
    assert sum(entry.coefficient for entry in entries if entry.column) == 9.0
    assert [entry for entry in entries if not entry.column] == [("", 9.0, {OPENING})]


def test_defaults_hold_only_where_nobody_posts() -> None:
    """An element to which nobody posts has the reader's default, or 0."""
    problem = Problem()
    problem.declare_stream("share", ("plant",), ONE)
    x = problem.variable("x")
    problem.post("share", 0 * x, plant="oppama")
    for plant in PLANT.labels:
        given = problem.total("share", default=1.0, plant=plant)
        problem.require("given", x + given, upper=3, rule="r", plant=plant)
        problem.require("zero", x + problem.total("share", plant=plant), upper=3, rule="r", p=plant)
    program = problem.assemble()
    upper = {program.rows.label(row): program.rows.upper[row] for row in range(4)}
    assert upper == {
        "given[oppama]": 3.0,
        "given[smyrna]": 2.0,
        "zero[oppama]": 3.0,
        "zero[smyrna]": 3.0,
    }
    assert program.row_entries(program.rows.find("given[smyrna]")) == [
        ("x", 1.0, frozenset()),
        ("", 1.0, frozenset()),
    ]


@pytest.mark.parametrize("length", [1, 2, 5])
def test_cycles_name_the_streams_on_them(length: int) -> None:
    """A stream that depends on itself, directly or around a ring, is an error that names it."""
    problem = Problem()
    names = [f"ring{i}" for i in range(length)]
    for name in [*names, "apart"]:
        problem.declare_stream(name, ("period",), MONEY)
    for name, following in zip(names, names[1:] + names[:1], strict=True):
        problem.post(name, problem.total(following, period="P1"), period="P1")
    problem.post("apart", problem.total("ring0", period="P1"), period="P1")
    problem.total("apart", period="P1")
    with pytest.raises(CyclicStream, match=r"ring0\[P1\]") as caught:
        problem.assemble()
    assert all(name in str(caught.value) for name in names)
    assert "apart" not in str(caught.value)


def test_what_cancels_is_no_cycle() -> None:
    """A stream may read itself where it cancels out."""
    problem = Problem()
    problem.declare_stream("cash", (), MONEY)
    total = problem.total("cash")
    problem.post("cash", problem.variable("x", unit=MONEY) + total - total)
    assert problem.assemble().streams.value(np.array([3.0]), "cash") == 3.0


def test_misuse_names_the_culprit() -> None:
    """Wrong streams, labels, units and scenarios are refused by name."""
    problem = Problem([("low", 0.5), ("high", 0.5)])
    problem.declare_stream("cash", ("period",), MONEY)
    problem.declare_stream("cash", ("period",), MONEY)
    with pytest.raises(DuplicateLabel, match=r"cash.*before"):
        problem.declare_stream("cash", ("period",), VOLUME)
    with pytest.raises(DuplicateLabel, match="dimension twice"):
        problem.declare_stream("jobs", ("plant", "plant"), VOLUME)
    with pytest.raises(ScenarioMismatch, match="within problem"):
        problem.post("cash", Quantity.of("1", MONEY), period="P1")
    with problem.scenario("low"):
        with pytest.raises(UnknownLabel, match="'cash'"):
            problem.post("cahs", Quantity.of("1", MONEY), period="P1")
        with pytest.raises(UnitMismatch, match=r"money, not unit value.*plants\.oppama"):
            problem.post("cash", Quantity.of("1", UNIT_VALUE, CAPACITY), period="P1")
        with pytest.raises(LabelMismatch, match=r"dimensions period; given were plant"):
            problem.post("cash", Quantity.of("1", MONEY), plant="oppama")
        with pytest.raises(LabelMismatch, match="given were plant, period"):
            problem.post("cash", problem.variable("x", PLANT, PERIOD, unit=MONEY))
        problem.post("cash", Quantity.of("1", MONEY), period="P1")
    streams = problem.assemble().streams
    nothing = np.zeros(6)
    assert streams.value(nothing, "cash", scenario="low", period="P1") == 1.0
    assert streams.value(nothing, "cash", scenario="high", period="P1") == 0.0
    assert streams.value(nothing, "cash", scenario="low", default=0.0, period="P7") == 0.0
    with pytest.raises(UnknownLabel, match=r"period 'P7'.*P1"):
        streams.value(nothing, "cash", scenario="low", period="P7")
    with pytest.raises(UnknownLabel, match="'cash'"):
        streams.unit("cahs")
    with pytest.raises(UnknownLabel, match="'low'"):
        streams.frame(nothing, "lo")
    with pytest.raises(LabelMismatch, match="given were"):
        streams.value(nothing, "cash", scenario="low", plant="oppama")
    with pytest.raises(ScenarioMismatch, match="low, high"):
        streams.value(nothing, "cash", period="P1")


def test_tracing_returns_cells_and_owners() -> None:
    """Row → columns × coefficients → cells, also through a stream; posts keep their owner."""
    problem = Problem()
    limited(problem, early=False)
    with problem.owner("hosting"):
        guest = problem.variable("guest", PERIOD, unit=VOLUME, stage=Stage.RECOURSE)
        problem.post("capacity", -guest, plant="oppama")
    program = problem.assemble()
    row = program.rows.find("limit[oppama,P2]")
    assert program.row_entries(row) == [
        ("make[oppama,P2]", 1.0, frozenset()),
        ("open[oppama,P2]", -10.0, {CAPACITY}),
        ("guest[P2]", 1.0, frozenset()),
    ]
    entries = program.stream_entries("capacity", plant="oppama", period="P1")
    assert entries == [("open[oppama,P1]", 10.0, {CAPACITY}), ("guest[P1]", -1.0, frozenset())]
    owners = [
        each.owner for each in program.stream_postings("capacity", plant="oppama", period="P1")
    ]
    assert owners == ["", "hosting"]
    assert program.columns.owners[program.columns.find("guest[P3]")] == "hosting"
