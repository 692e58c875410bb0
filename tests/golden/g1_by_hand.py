"""The eight plans of golden case G1, worked out by hand in fractions, and planned one by one."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

from replant.case import Case
from replant.plan import Choices, Planned, make_plan

__all__ = ["OPTIONS", "PLANS", "TABLE", "TIMES", "F", "Taken", "by_hand", "planned"]

F = Fraction
OPTIONS = ("plant.old.close", "property.hq_leaseback", "facility.bond")
TIMES = ("now", "Y1", "Y2", "Y3", "Y4", "Y5")
Taken = tuple[int, int, int]
PLANS: list[Taken] = list(product((0, 1), repeat=3))
# value, when cash first falls below its floor, and by how much then
TABLE = {
    (0, 0, 0): ("-95.825", "Y3", "22"),
    (0, 0, 1): ("-96.425", "Y4", "26.2"),
    (0, 1, 0): ("-97.762", "Y5", "14.225"),
    (0, 1, 1): ("-98.362", "Y5", "26.825"),
    (1, 0, 0): ("-3.146", "now", "33"),
    (1, 0, 1): ("-3.746", "now", "3.6"),
    (1, 1, 0): ("-5.082", "", "0"),
    (1, 1, 1): ("-5.682", "", "0"),
}


def by_hand(taken: Taken) -> tuple[F, list[F]]:
    """Return the value of a plan and its cash at each time."""
    close, lease, bond = taken
    yearly = F(20 if close else -24)
    annuity = sum(1 / F(108, 100) ** year for year in range(1, 6))
    cash = F(90) - 83 * close + 97 * lease + F(30) * F(98, 100) * bond
    path = [cash]
    for year in range(1, 6):
        cash += yearly - F("8.245") * lease - F("2.4") * bond
        path.append(cash - 30 * bond * (year == 5))
        cash = path[-1]
    value = yearly * annuity - 83 * close - F(30) * F(2, 100) * bond
    value += lease * (97 - F("8.245") * annuity - 97 / F(108, 100) ** 5)
    return value, path


def planned(case: Case, taken: Taken, names=OPTIONS) -> Planned:
    """Plan with exactly these options, whether cash keeps its floor or not."""
    force = tuple(name for name, one in zip(names, taken, strict=True) if one)
    forbid = tuple(name for name, one in zip(names, taken, strict=True) if not one)
    return make_plan(case, Choices(force=force, forbid=forbid, allow_shortfall=True))
