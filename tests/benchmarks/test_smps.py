"""The SMPS reader: what each section of its files means."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from benchmarks.whole import solve_whole_of
from replant.solve.settings import SolveSettings
from replant.solve.staged import Staged
from tests.benchmarks.smps_files import (
    CORE,
    LANDS_OUTCOMES,
    LANDS_TIME,
    SURE,
    TIME,
    lands_core,
    staged,
)

EXACT = SolveSettings(gap=1e-9, time_limit=30.0)


def cost(problem: Staged) -> float:
    return -solve_whole_of(problem, EXACT).objective


def test_lands_costs_381_853(tmp_path: Path) -> None:
    """Law: LandS with three outcomes costs 381.853 (slptestset; Louveaux and Smeers 1988)."""
    found = staged(tmp_path, lands_core(), LANDS_TIME, LANDS_OUTCOMES)
    assert len(found) == 3
    assert cost(found) == pytest.approx(381.853333, abs=1e-5)


def test_only_the_rows_of_the_core_are_cut_in_two(tmp_path: Path) -> None:
    """Law: rows of the first period hold first-period columns; the others are technology."""
    found = staged(tmp_path, CORE, TIME, SURE)
    assert found.first.matrix.toarray().tolist() == [[1.0]]
    assert found.first.row_upper.tolist() == [10.0]
    part = found.make(0)
    assert part.matrix.toarray().tolist() == [[1.0]]
    assert part.technology.toarray().tolist() == [[1.0]]
    assert part.row_lower.tolist() == [4.0]
    assert part.row_upper.tolist() == [np.inf]
    assert part.objective.tolist() == [-3.0]


@pytest.mark.parametrize(
    ("kind", "span", "limits"),
    [
        ("E", 2.0, (4.0, 6.0)),
        ("E", -2.0, (2.0, 4.0)),
        ("L", 2.0, (2.0, 4.0)),
        ("L", -2.0, (2.0, 4.0)),
        ("G", 2.0, (4.0, 6.0)),
        ("G", -2.0, (4.0, 6.0)),
    ],
)
def test_a_range_opens_a_row_to_its_side(
    tmp_path: Path, kind: str, span: float, limits: tuple[float, float]
) -> None:
    """Law: a range reaches up from G, down from L, and to its sign's side from E."""
    core = CORE.replace(" G need", f" {kind} need")
    core = core.replace("ENDATA", f"RANGES\n R need {span}\nENDATA")
    part = staged(tmp_path, core, TIME, SURE).make(0)
    assert (part.row_lower[0], part.row_upper[0]) == limits


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        ("UP B y 7", (0.0, 7.0, False)),
        ("UP y 7", (0.0, 7.0, False)),
        ("UP y 1e30", (0.0, np.inf, False)),
        ("LO y -1D30", (-np.inf, np.inf, False)),
        ("LO B y 2", (2.0, np.inf, False)),
        ("FX B y 2", (2.0, 2.0, False)),
        ("FR B y", (-np.inf, np.inf, False)),
        ("FR y", (-np.inf, np.inf, False)),
        ("MI B y", (-np.inf, np.inf, False)),
        ("PL B y", (0.0, np.inf, False)),
        ("BV B y", (0.0, 1.0, True)),
        ("UI B y 7", (0.0, 7.0, True)),
        ("LI B y 2", (2.0, np.inf, True)),
    ],
)
def test_every_kind_of_bound(
    tmp_path: Path, bound: str, expected: tuple[float, float, bool]
) -> None:
    """Law: each kind of bound sets what MPS says, with or without the name of the set."""
    core = CORE.replace("ENDATA", f"BOUNDS\n {bound}\nENDATA")
    part = staged(tmp_path, core, TIME, SURE).make(0)
    assert (part.lower[0], part.upper[0], bool(part.integer[0])) == expected


def test_markers_make_whole_numbers(tmp_path: Path) -> None:
    """Law: columns between markers are whole numbers, others are not."""
    core = CORE.replace(" y cost", " M1 'MARKER' 'INTORG'\n y cost").replace(
        "RHS\n", " M2 'MARKER' 'INTEND'\nRHS\n"
    )
    found = staged(tmp_path, core, TIME, SURE)
    assert found.make(0).integer.tolist() == [True]
    assert found.first.integer.tolist() == [False]


def test_a_right_side_of_the_objective_is_subtracted(tmp_path: Path) -> None:
    """Law: in MPS the objective's right-hand side is a constant with its sign turned."""
    plain = cost(staged(tmp_path, CORE, TIME, SURE))
    shifted = cost(staged(tmp_path, CORE.replace(" R most", " R cost 5\n R most"), TIME, SURE))
    assert shifted == pytest.approx(plain - 5.0)


def test_maximising_is_read(tmp_path: Path) -> None:
    """Law: OBJSENSE MAX keeps the objective's sign, MIN turns it."""
    most = staged(tmp_path, CORE.replace("ROWS", "OBJSENSE\n MAX\nROWS"), TIME, SURE)
    assert most.first.objective.tolist() == [1.0]
    assert staged(tmp_path, CORE, TIME, SURE).first.objective.tolist() == [-1.0]


def test_fixed_columns_of_text_cut_names_with_blanks(tmp_path: Path) -> None:
    """Law: names that hold blanks are read by position, as in a file of fixed form."""

    def fixed(*fields: str) -> str:
        starts = (1, 4, 14, 24, 39, 49)
        line = ""
        for start, field in zip(starts, fields, strict=False):
            line = line.ljust(start) + field
        return line + "\n"

    core = (
        "NAME\nROWS\n"
        + fixed("N", "my cost")
        + fixed("L", "at most")
        + fixed("G", "my need")
        + "COLUMNS\n"
        + fixed("", "to make", "my cost", "1.0", "at most", "1.0")
        + fixed("", "to make", "my need", "1.0")
        + fixed("", "to buy", "my cost", "3.0", "my need", "1.0")
        + "RHS\n"
        + fixed("", "R", "at most", "10.0", "my need", "4.0")
        + "ENDATA\n"
    )
    path = tmp_path / "x.cor"
    path.write_text(core, encoding="ascii")
    from benchmarks.smps.mps import read_mps

    read = read_mps(path)
    assert list(read.columns) == ["to make", "to buy"]
    assert read.entries["to buy", "my need"] == 1.0
    assert read.right == {"at most": 10.0, "my need": 4.0}


def test_independent_outcomes_multiply(tmp_path: Path) -> None:
    """Law: two variables of two outcomes make four scenarios with the products of their chances."""
    outcomes = (
        "STOCH s\nINDEP DISCRETE\n R need 4 0.25\n R need 6 0.75\n"
        " y cost 3 0.4\n y cost 5 0.6\nENDATA\n"
    )
    found = staged(tmp_path, CORE, TIME, outcomes)
    seen = sorted(
        (float(part.row_lower[0]), -float(part.objective[0]), float(chance))
        for part, chance in zip(map(found.make, range(4)), found.probabilities, strict=True)
    )
    expected = [(4.0, 3.0, 0.1), (4.0, 5.0, 0.15), (6.0, 3.0, 0.3), (6.0, 5.0, 0.45)]
    assert np.array(seen) == pytest.approx(np.array(expected))


def test_a_block_keeps_the_first_outcomes_values(tmp_path: Path) -> None:
    """Law: what a later outcome of a block does not list is as in its first outcome."""
    outcomes = (
        "STOCH s\nBLOCKS DISCRETE\n BL B TWO 0.5\n R need 6\n x need 2\n"
        " BL B TWO 0.5\n R need 8\nENDATA\n"
    )
    found = staged(tmp_path, CORE, TIME, outcomes)
    assert [float(found.make(each).row_lower[0]) for each in (0, 1)] == [6.0, 8.0]
    assert [found.make(each).technology.toarray()[0, 0] for each in (0, 1)] == [2.0, 2.0]


def test_a_scenario_begins_with_its_parents_values(tmp_path: Path) -> None:
    """Law: a child changes what it lists; a child of the root begins with the core."""
    outcomes = (
        "STOCH s\nSCENARIOS DISCRETE\n SC A ROOT 0.5 TWO\n R need 6\n x need 2\n"
        " SC B A 0.25 TWO\n R need 8\n SC C ROOT 0.25 TWO\n R need 9\nENDATA\n"
    )
    found = staged(tmp_path, CORE, TIME, outcomes)
    parts = [found.make(number) for number in range(3)]
    assert found.names == ("A", "B", "C")
    assert found.probabilities.tolist() == [0.5, 0.25, 0.25]
    assert [float(part.row_lower[0]) for part in parts] == [6.0, 8.0, 9.0]
    assert [part.technology.toarray()[0, 0] for part in parts] == [2.0, 2.0, 1.0]


def test_explicit_periods_need_no_order(tmp_path: Path) -> None:
    """Law: periods named row by row and column by column give what the implicit ones give."""
    explicit = (
        "TIME small\nPERIODS EXPLICIT\n ONE\n TWO\nROWS\n need TWO\n most ONE\n"
        "COLUMNS\n y TWO\n x ONE\nENDATA\n"
    )
    one, other = staged(tmp_path, CORE, TIME, SURE), staged(tmp_path, CORE, explicit, SURE)
    assert one.first.objective.tolist() == other.first.objective.tolist()
    assert one.make(0).matrix.toarray().tolist() == other.make(0).matrix.toarray().tolist()
