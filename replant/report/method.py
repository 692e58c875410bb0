"""How the plan was found and checked."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from replant.plan import Planned
from replant.report.data import Method

__all__ = ["gap_share", "method_of"]

_PACKAGES = ("replant", "highspy", "numpy", "scipy")


def gap_share(best: Planned, nothing: Planned | None) -> float | None:
    """Return the gap as a share of |value - value of doing nothing|; None where that is nothing."""
    gain = 0.0 if nothing is None else abs(best.value - nothing.value)
    return best.gap / gain if gain else None


def method_of(best: Planned, nothing: Planned | None) -> Method:
    """Return what the solver and the second engine say of the best plan."""
    found = best.verification
    matrix = best.program.matrix
    return Method(
        solver=best.solution.solver,
        status=best.solution.status.value,
        value=best.value,
        bound=best.bound,
        gap=best.gap,
        gap_share=gap_share(best, nothing),
        seconds=best.solution.seconds,
        nodes=best.solution.nodes,
        versions=(
            ("Python", platform.python_version()),
            *((name, _version(name)) for name in _PACKAGES),
        ),
        fingerprint=best.case.fingerprint,
        verified=found.ok,
        checks=sum(found.checked.values()),
        checked=tuple(sorted(found.checked.items())),
        findings=() if found.ok else found.sentences(),
        size=(int(matrix.shape[0]), int(matrix.shape[1]), int(matrix.nnz)),
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"
