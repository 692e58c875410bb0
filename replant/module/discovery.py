"""Discovery: every file of the decisions and the rules is a module, found by its place."""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache

from replant.case import Row
from replant.errors import ModuleError
from replant.module.contract import Module

__all__ = ["discover", "row_classes"]

_ROOMS = ("replant.decisions", "replant.rules")


@lru_cache(maxsize=1)
def discover() -> tuple[Module, ...]:
    """Return every module of the decisions and the rules, in the order of their names.

    Raises
    ------
    ModuleError
        If a file has no ``MODULE`` or two modules share a name.
    """
    found: dict[str, Module] = {}
    for room in _ROOMS:
        for each in sorted(_files_of(room)):
            module = getattr(importlib.import_module(f"{room}.{each}"), "MODULE", None)
            if not isinstance(module, Module):
                message = f"{room}.{each} has no MODULE that keeps the contract of a module"
                raise ModuleError(message)
            if module.name in found:
                raise ModuleError(f"two modules are named {module.name!r}")
            found[module.name] = module
    return tuple(found.values())


def _files_of(room: str) -> list[str]:
    package = importlib.import_module(room)
    return [each.name for each in pkgutil.iter_modules(package.__path__) if each.name[0] != "_"]


def row_classes() -> tuple[type[Row], ...]:
    """Return the row classes of every table that some module owns."""
    return tuple(row for module in discover() for row in module.tables)
