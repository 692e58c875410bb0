"""Program in, Solution out; the only room that names a solver. It sees a matrix, never a plant."""

from replant.solve.fixing import fixed_at, relaxed_to_continuous
from replant.solve.settings import Progress, SolveSettings
from replant.solve.solution import Solution, Status
from replant.solve.strategies import solve

__all__ = [
    "Progress",
    "Solution",
    "SolveSettings",
    "Status",
    "fixed_at",
    "relaxed_to_continuous",
    "solve",
]
