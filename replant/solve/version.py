"""The solver's version: releases that return wrong optima are refused by name."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.metadata import version

from replant.errors import WrongSolverVersion

__all__ = ["check_version", "scip_version", "solver_version"]

OLDEST = (1, 15, 1)
# On a plant-choice model whose optimum is 8,000 this release returned 10,000 as "optimal".
REFUSED = frozenset({(1, 14, 0)})


def solver_version() -> str:
    """Return the name and version of the solver."""
    return f"HiGHS {version('highspy')}"


def scip_version() -> str:
    """Return the name and version of the second solver, by that of the package it comes in."""
    return f"PySCIPOpt {version('pyscipopt')}"


@lru_cache(maxsize=8)
def check_version(found: str | None = None) -> None:
    """Refuse a solver that is too old or known to be wrong.

    Parameters
    ----------
    found : str, optional
        Version text; that of the installed highspy if not given.

    Raises
    ------
    WrongSolverVersion
        If it is refused.
    """
    text = found or version("highspy")
    numbers = tuple(int(part) for part in re.findall(r"\d+", text)[:3])
    if numbers in REFUSED:
        message = (
            f"highspy {text} returns wrong optima (HiGHS issue 3094): "
            "install highspy 1.15.1 or later"
        )
        raise WrongSolverVersion(message)
    if numbers < OLDEST:
        message = f"highspy {text} is too old: install highspy 1.15.1 or later"
        raise WrongSolverVersion(message)
