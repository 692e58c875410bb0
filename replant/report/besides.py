"""Modules that the report was not written for: what they do is told under their own titles."""

from __future__ import annotations

from collections.abc import Iterable

from replant.module import discover
from replant.report.data import Action
from replant.report.figures import Figures

__all__ = ["PLACED", "beside", "besides", "named_in"]

PLACED = frozenset(
    {
        "complexity",
        "cost_work",
        "debt",
        "hosting",
        "jobs",
        "liquidity",
        "covenants",
        "plant_path",
        "platform",
        "programme",
        "property",
        "sourcing",
        "stake",
        "supply",
        "workforce",
    }
)
"""Modules whose deeds have a line, a lane or a section of their own in a report."""


def beside(module: str) -> str:
    """Return the title under which a module's deeds are told; empty where they have a place."""
    if not module or module in PLACED:
        return ""
    found = next((each for each in discover() if each.name == module), None)
    if found is None:
        return ""
    return str(getattr(found, "title", "")) or _in_words(module)


def besides(actions: Iterable[Action]) -> dict[str, list[Action]]:
    """Gather by title what has no place of its own, once where scenarios tell it differently."""
    gathered: dict[str, list[Action]] = {}
    seen: set[tuple[str, ...]] = set()
    for each in actions:
        key = (each.beside, each.kind, each.id, each.option, each.period)
        if each.beside and not (each.scenarios and key in seen):
            seen.add(key)
            gathered.setdefault(each.beside, []).append(each)
    return gathered


def named_in(figures: Figures, module: str, name: str) -> str:
    """Return what a row of a module's own tables is called; its id in words if it has no name."""
    tables = next((each.tables for each in discover() if each.name == module), ())
    for table in tables:
        row = figures.case.find(table.table, name)
        if getattr(row, "name", ""):
            return str(getattr(row, "name", ""))
    return _in_words(name)


def _in_words(name: str) -> str:
    text = name.replace("_", " ")
    return f"{text[:1].upper()}{text[1:]}"
