"""A small problem on which HiGHS 1.15.1 goes round in its presolve for ever is solved."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]

# In a process of its own: what goes round there hears no time limit and no signal.
SOLVE = """
import numpy as np
from scipy.sparse import csr_matrix
from replant.solve.settings import SolveSettings
from replant.solve.whole import solve_matrix

free = np.inf
matrix = np.array([
    [0, -1, -2, 2, 0, 0], [-2, -2, 1, -2, 0, 0], [0, 3, 1, -2, 0, 0], [-1, 1, -1, 2, 0, 0],
    [0, 0, 0, 0, 0, -2], [0, 0, 0, 0, -2, 0], [0, 0, 0, 0, -1, 1], [0, 0, 0, 0, 1, 2],
    [0, 0, 0, 0, -2, -1],
], dtype=float)
print(solve_matrix(
    matrix=csr_matrix(matrix),
    objective=np.array([-3.0, 1.0, 1.0, -2.0, 0.0, 0.0]),
    lower=np.array([0.0, 1.0, 0.0, 0.0, -free, -free]),
    upper=np.array([1.0, 3.0, free, 2.0, free, 2.0]),
    integer=np.array([True, False, False, True, False, False]),
    row_lower=np.array([-free, -8.0, -free, 5.0, 0.0, -4.0, -free, 2.0, -4.0]),
    row_upper=np.array([free, -8.0, 7.0, 5.0, free, -4.0, 0.0, 2.0, -4.0]),
    settings=SolveSettings(time_limit=60.0),
).objective)
"""


def test_a_small_problem_ends() -> None:
    """Law: a rule of the presolve that does not end is not used."""
    done = subprocess.run(
        [sys.executable, "-c", SOLVE],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    assert abs(float(done.stdout) - 1.0) < 1e-6
