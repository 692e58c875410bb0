"""Arrays in, a HiGHS model out: the one place where a matrix is handed over."""

from __future__ import annotations

from typing import Any

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

__all__ = ["INFINITE", "loaded"]

Floats = NDArray[np.float64]

INFINITE = float(highspy.kHighsInf)
# A rule of the solver's presolve (to make rows sparser by adding equations) that, together with
# its substitution of columns, goes on for ever on some small problems and hears no time limit.
_SPARSIFY = 1 << 14
_KINDS = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)


def loaded(
    matrix: csr_matrix,
    objective: Floats,
    lower: Floats,
    upper: Floats,
    row_lower: Floats,
    row_upper: Floats,
    *,
    integer: NDArray[np.bool_] | None = None,
    constant: float = 0.0,
    **options: float | int | str,
) -> Any:
    """Return a quiet HiGHS model that maximises ``objective @ x + constant``.

    Parameters
    ----------
    matrix : csr_matrix, shape (rows, columns)
        Coefficients.
    objective, lower, upper : ndarray, shape (columns,)
        Objective and bounds of the columns.
    row_lower, row_upper : ndarray, shape (rows,)
        Bounds of the rows.
    integer : ndarray of bool, optional
        Which columns are whole numbers.
    constant : float
        Added to the objective.
    options : number or str
        Options of HiGHS by name.
    """
    model: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    model.setOptionValue("output_flag", False)
    model.setOptionValue("presolve_rule_off", _SPARSIFY)
    for name, value in options.items():
        model.setOptionValue(name, value)
    lp = highspy.HighsLp()
    lp.num_row_, lp.num_col_ = matrix.shape
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.offset_ = float(constant)
    lp.col_cost_ = objective
    lp.col_lower_, lp.col_upper_ = lower, upper
    lp.row_lower_, lp.row_upper_ = row_lower, row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = matrix.indptr.astype(np.int32)
    lp.a_matrix_.index_ = matrix.indices.astype(np.int32)
    lp.a_matrix_.value_ = matrix.data.astype(np.float64)
    if integer is not None and integer.any():
        lp.integrality_ = [_KINDS[int(each)] for each in integer]
    model.passModel(lp)
    return model
