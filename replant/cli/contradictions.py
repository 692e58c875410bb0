"""Tables that are sound one by one and cannot be true together: no plan is to be made of them."""

from __future__ import annotations

from replant.case import Case, Finding
from replant.module import Module, discover

__all__ = ["contradictions"]


def contradictions(case: Case) -> list[Finding]:
    """Return what in a readable case cannot be true together, as its modules see it: errors.

    Where scenarios change a table of such a module, each of them is held to the same.

    Parameters
    ----------
    case : Case
        A case whose tables are clean.
    """
    found: dict[Finding, None] = {}
    for module in discover():
        if hasattr(module, "contradictions"):
            for seen in (case, *_changed(case, module)):
                found |= dict.fromkeys(module.contradictions(seen))
    return list(found)


def _changed(case: Case, module: Module) -> list[Case]:
    """Return the scenarios in which a table of a module reads otherwise."""
    if not case.leaves:
        return []
    tables = {row.table for row in module.tables}
    changes = case.rows("scenario_changes")
    names = sorted({row.scenario for row in changes if row.changed_table in tables})
    return [case.in_scenario(name) for name in names]
