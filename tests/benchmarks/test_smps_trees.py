"""Problems of more than two stages: each branch of the root is one scenario."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.benchmarks.smps_files import staged

# Three stages: stock s carries over; the demand of the second and third stage is uncertain.
THREE = """NAME three
ROWS
 N cost
 E one
 E two
 E three
COLUMNS
 a cost 1 one 1
 s cost 0.1 one -1
 s two 1
 b cost 2 two 1
 t cost 0.1 two -1
 t three 1
 c cost 5 three 1
RHS
 R one 1 two 1
 R three 1
ENDATA
"""
THREE_TIME = "TIME three\nPERIODS\n a one P1\n b two P2\n c three P3\nENDATA\n"
THREE_INDEPENDENT = """STOCH three
INDEP DISCRETE
 R two 1 0.5
 R two 3 0.5
 R three 1 0.25
 R three 4 0.75
ENDATA
"""
THREE_SCENARIOS = """STOCH three
SCENARIOS DISCRETE
 SC A ROOT 0.125 P1
 R two 1
 R three 1
 SC B A 0.375 P3
 R three 4
 SC C A 0.125 P2
 R two 3
 SC D C 0.375 P3
 R three 4
ENDATA
"""


def test_a_tree_of_scenarios_equals_its_independent_outcomes(tmp_path: Path) -> None:
    """Law: three stages stated as products or as branching scenarios are one problem."""
    product = staged(tmp_path, THREE, THREE_TIME, THREE_INDEPENDENT)
    branching = staged(tmp_path, THREE, THREE_TIME, THREE_SCENARIOS)
    assert len(product) == len(branching) == 2
    assert product.probabilities.tolist() == branching.probabilities.tolist() == [0.5, 0.5]
    for number in range(2):
        one, other = product.make(number), branching.make(number)
        assert one.matrix.toarray().tolist() == other.matrix.toarray().tolist()
        assert one.row_lower.tolist() == other.row_lower.tolist()
        assert one.objective == pytest.approx(other.objective)


def test_a_branch_holds_its_whole_subtree_once(tmp_path: Path) -> None:
    """Law: the second stage's columns stand once in a branch, the third's once for each outcome."""
    part = staged(tmp_path, THREE, THREE_TIME, THREE_INDEPENDENT).make(0)
    assert part.matrix.shape == (3, 4)
    assert part.objective == pytest.approx([-2.0, -0.1, -5.0 * 0.25, -5.0 * 0.75])
    assert part.matrix.toarray().tolist() == [
        [1.0, -1.0, 0.0, 0.0],
        [0.0, 1.0, 1.0, 0.0],
        [0.0, 1.0, 0.0, 1.0],
    ]
    assert part.technology.toarray().tolist() == [[0.0, 1.0], [0.0, 0.0], [0.0, 0.0]]
