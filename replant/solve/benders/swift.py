"""How the master is solved again and again: few figures made anew, and carefully where that fails.

A row that comes or goes takes with it what the simplex method knows of the steepness of edges. To
know it anew costs a pass for every row, more than the few hundred pivots that follow; so steepness
is only estimated, and the objective is left as it is, which saves the passes that clean it up.
"""

from __future__ import annotations

from typing import Any

import highspy

__all__ = ["SWIFT", "run_briefly", "run_carefully", "run_swiftly"]

# The solver's numbers for rules of choice: steepness estimated as it goes, or its own choice.
_ESTIMATED, _OWN_CHOICE = 1, -1
_WEIGHTS, _SHIFTED = (
    "simplex_dual_edge_weight_strategy",
    "dual_simplex_cost_perturbation_multiplier",
)
# With an objective that is not shifted the simplex method may stall: after so many pivots for each
# row and column it is asked with the solver's own care.
_LIMIT, _PIVOTS = "simplex_iteration_limit", 20

# Options of a linear program that is solved swiftly.
SWIFT: dict[str, float | int | str] = {
    "presolve": "off",
    "solver": "simplex",
    _WEIGHTS: _ESTIMATED,
    _SHIFTED: 0.0,
}


def run_swiftly(model: Any) -> Any:
    """Solve from the basis at hand; return the solver's status, perhaps that it stalled."""
    model.setOptionValue(_LIMIT, _PIVOTS * (model.getNumRow() + model.getNumCol() + 1))
    model.run()
    return model.getModelStatus()


def run_briefly(model: Any, pivots: int) -> Any:
    """Take a few pivots from the basis at hand; return the status, perhaps that they were few."""
    model.setOptionValue(_LIMIT, pivots)
    model.run()
    return model.getModelStatus()


def run_carefully(model: Any) -> Any:
    """Solve as the solver would by itself; return its status."""
    careful = {_WEIGHTS: _OWN_CHOICE, _SHIFTED: 1.0, _LIMIT: int(highspy.kHighsIInf)}
    for name, value in careful.items():
        model.setOptionValue(name, value)
    model.run()
    for name in (_WEIGHTS, _SHIFTED):
        model.setOptionValue(name, SWIFT[name])
    return model.getModelStatus()
