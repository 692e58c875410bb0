"""Scenarios: their probabilities sum to 1, and what each changes can be changed."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from replant.case import changes
from replant.case.case import change_of
from replant.case.checks.loaded import Loaded
from replant.case.findings import Finding, finding
from replant.case.kinds import text_of
from replant.case.scenarios import Scenario, ScenarioChange
from replant.case.table import file_of

__all__ = ["probabilities", "scenario_changes"]


def probabilities(loaded: Loaded) -> Iterator[Finding]:
    """Find probabilities that do not sum to 1."""
    table = loaded.tables.get(Scenario.table)
    rows = [row for _, row in loaded.numbered(Scenario)]
    if table is None or not rows or len(rows) < len(table.parsed):
        return
    total = sum((row.probability for row in rows), Fraction(0))
    if total != 1:
        rule, fix = "the probabilities sum to 1", "mend them; thirds are 0.333, 0.333 and 0.334"
        yield finding(
            "probability-sum",
            file_of(Scenario),
            rule,
            fix,
            column="probability",
            value=text_of(total),
        )


def scenario_changes(loaded: Loaded) -> Iterator[Finding]:
    """Find changes that cannot be made, and values that they make wrong."""
    by_scenario: dict[str, list[tuple[int, ScenarioChange]]] = {}
    for number, row in loaded.numbered(ScenarioChange):
        by_scenario.setdefault(row.scenario, []).append((number, row))
    for name, numbered in by_scenario.items():
        yield from _one_scenario(loaded, name, numbered)


def _one_scenario(
    loaded: Loaded, name: str, numbered: list[tuple[int, ScenarioChange]]
) -> Iterator[Finding]:
    draft = changes.Draft(loaded.tables, loaded.row_classes)
    for number, row in numbered:
        if row.changed_table in loaded.unread:
            continue
        try:
            draft.make(change_of(row))
        except changes.Fault as fault:
            value = str(change_of(row).address)
            file = file_of(ScenarioChange)
            yield finding(fault.code, file, fault.rule, fault.fix, row=number, value=value)
    _, found = draft.tables_changed()
    for each in found:
        yield replace(each, rule=f"in scenario {name}, {each.rule}")
