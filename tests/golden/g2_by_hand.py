"""What golden case G2 is worth with a guest in the plant and without, by hand in fractions."""

from __future__ import annotations

from fractions import Fraction

from replant.case import Case
from replant.plan import Choices
from replant.units import Cell

__all__ = ["ANNUITY", "BASE", "CLOSE", "HOSTING", "LEASED", "TIMES", "F", "at"]

F = Fraction
TIMES = ("now", "Y1", "Y2", "Y3", "Y4", "Y5")
RATE = F(108, 100)
ANNUITY = sum(1 / RATE**year for year in range(1, 6))
HOSTING = Choices(force=("deal.guest",))
# what the firm is worth without a guest: close and lease back, or close alone where cash allows
CLOSE = 20 * ANNUITY - 83
LEASED = CLOSE + 97 - F("8.245") * ANNUITY - 97 / RATE**5
BASE = -23 - 6 * ANNUITY - 60 / RATE**5


def at(case: Case, fee: Fraction, floor: int = 40) -> Case:
    cells = {Cell("liquidity", time, "", "minimum_cash"): floor for time in TIMES}
    return case.replace_cells({**cells, Cell("hosting_deals", "guest", "", "fee"): fee})
