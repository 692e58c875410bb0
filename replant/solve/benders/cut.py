"""Cuts: linear bounds on what a part can be worth, proven by arithmetic from dual values.

For a part ``max q y`` with ``rl ≤ T x + W y ≤ ru`` and ``l(x) ≤ y ≤ u(x)``, any row prices π give

    q y = π W y + (q − π W) y ≤ Σ π⁺ (ru − T x) − Σ π⁻ (rl − T x) + Σ d⁺ u(x) − Σ d⁻ l(x)

with ``d = q − π W``. The right side is linear in x once each column has one of its bounds, and no
word of a solver is needed to believe it: its prices make the bound tight, not true.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from replant.solve.benders.part import MovingBounds, Part

__all__ = ["Cut", "proven"]

Floats = NDArray[np.float64]

# A reduced cost this small, relative to the largest price, on a column without a bound is rounding.
_ROUNDING = 1e-7


@dataclass(frozen=True, eq=False)
class Cut:
    """``value ≤ constant + slope x``.

    Attributes
    ----------
    constant : float
        Where the first stage is zero.
    slope : ndarray, shape (n,)
        For each column of the first stage.
    """

    constant: float
    slope: Floats

    def at(self, first: Floats) -> float:
        """Return the bound at a first stage."""
        return float(self.constant + self.slope @ first)


def proven(
    part: Part, prices: Floats, first: Floats, *, ray: bool = False, size: float = 1.0
) -> Cut | None:
    """Return the cut that row prices prove, tight at a first stage if they are optimal there.

    Parameters
    ----------
    part : Part
        The part.
    prices : ndarray, shape (rows of the part,)
        What one unit more of each row's bound is worth.
    first : ndarray, shape (n,)
        The first stage at which the tightest of several bounds of a column is chosen.
    ray : bool
        Prove that no recourse exists instead: ``0 ≤ constant + slope x`` must hold.
    size : float
        The largest price that these were computed with.

    Returns
    -------
    Cut or None
        None where the prices prove nothing, because a column they need bounded has no bound.
    """
    above, below = part.row_upper, part.row_lower
    useful = np.where(prices > 0.0, np.isfinite(above), np.isfinite(below))
    priced = np.where(useful, prices, 0.0)
    bound = np.where(priced > 0.0, above, np.where(priced < 0.0, below, 0.0))
    slope = -np.asarray(priced @ part.technology, dtype=np.float64)
    constant = float(priced @ bound)
    reduced = -np.asarray(priced @ part.matrix, dtype=np.float64)
    if not ray:
        reduced += part.objective
    allowed = _ROUNDING * max(1.0, size, float(np.abs(prices).max(initial=0.0)))
    for moving, fixed, sign in ((part.uppers, part.upper, 1.0), (part.lowers, part.lower, -1.0)):
        gain = np.maximum(sign * reduced, 0.0) * sign
        which = _tightest(moving, fixed, first, sign)
        still = (which < 0) & (gain != 0.0)
        loose = still & ~np.isfinite(fixed)
        if np.abs(gain[loose]).max(initial=0.0) > allowed:
            return None
        firm = still & ~loose
        constant += float(gain[firm] @ fixed[firm])
        moved = np.flatnonzero((which >= 0) & (gain != 0.0))
        if len(moved):
            rows = which[moved]
            weights = np.zeros(len(moving.column))
            weights[rows] = gain[moved]
            constant += float(weights @ moving.constant)
            slope -= np.asarray(weights @ moving.slope, dtype=np.float64)
    return Cut(constant, slope)


def _tightest(moving: MovingBounds, fixed: Floats, first: Floats, sign: float) -> NDArray[np.intp]:
    """Return each column's moving bound if it binds before its fixed one, else -1.

    Where both bind alike the moving one is taken: it is the one that follows the first stage.
    """
    which = np.full(len(fixed), -1, dtype=np.intp)
    if not len(moving.column):
        return which
    height = sign * moving.at(first)
    order = np.argsort(-height, kind="stable")
    order = order[height[order] <= sign * fixed[moving.column[order]] + 1e-9]
    # Written last wins: the tightest one.
    which[moving.column[order]] = order
    return which
