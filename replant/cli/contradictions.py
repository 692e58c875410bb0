"""Tables that are sound one by one and cannot be true together: no plan is to be made of them."""

from __future__ import annotations

from collections.abc import Sequence

from replant.case import Case, Finding
from replant.module import Module, discover

__all__ = ["contradictions"]


def contradictions(case: Case) -> list[Finding]:
    """Return what in a readable case cannot be true together, as its modules see it: errors.

    Where scenarios change a table of such a module, each of them is held to the same: modules
    compare their rows with those of others, so all are asked.

    Parameters
    ----------
    case : Case
        A case whose tables are clean.
    """
    asked = [module for module in discover() if hasattr(module, "contradictions")]
    found: dict[Finding, None] = {}
    for seen in (case, *_changed(case, asked)):
        for module in asked:
            found |= dict.fromkeys(module.contradictions(seen))
    return list(found)


def _changed(case: Case, asked: Sequence[Module]) -> list[Case]:
    """Return the scenarios in which a table of these modules reads otherwise."""
    if not case.leaves:
        return []
    tables = {row.table for module in asked for row in module.tables}
    changes = case.rows("scenario_changes")
    names = sorted({row.scenario for row in changes if row.changed_table in tables})
    return [case.in_scenario(name) for name in names]
