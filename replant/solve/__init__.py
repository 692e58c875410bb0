"""Program in, Solution out; the only room that names a solver. It sees a matrix, never a plant."""

from replant.solve.decomposed import solve_decomposed
from replant.solve.fixing import fixed_at, relaxed_to_continuous
from replant.solve.settings import Progress, SolveSettings
from replant.solve.solution import Solution, StagedSolution, Status
from replant.solve.staged import FirstStage, Recourse, Staged, staged_of
from replant.solve.strategies import solve
from replant.solve.suiting import solve_staged

__all__ = [
    "FirstStage",
    "Progress",
    "Recourse",
    "Solution",
    "SolveSettings",
    "Staged",
    "StagedSolution",
    "Status",
    "fixed_at",
    "relaxed_to_continuous",
    "solve",
    "solve_decomposed",
    "solve_staged",
    "staged_of",
]
