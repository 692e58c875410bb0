"""The one contract that every decision and every rule keeps, and how they are found.

A module is one file in ``replant/decisions`` or ``replant/rules`` that ends with
``MODULE = ItsClass()``. It declares the tables it reads, builds its columns, rows and entries
through a `Builder`, and explains what was chosen. Modules never import one another: they meet
in *streams*, labelled rows that one posts to and another reads.
"""

from replant.module.agreements import Agreement, runs, signings
from replant.module.books import above_opening, opening_of
from replant.module.builder import Builder, Finisher, declare_core_streams
from replant.module.contract import Module, Sentence, Told
from replant.module.conventions import calendars_of, exchange, fiscal_year, year_number
from replant.module.discovery import discover, row_classes
from replant.module.extent import reach

__all__ = [
    "Agreement",
    "Builder",
    "Finisher",
    "Module",
    "Sentence",
    "Told",
    "above_opening",
    "calendars_of",
    "declare_core_streams",
    "discover",
    "exchange",
    "fiscal_year",
    "opening_of",
    "reach",
    "row_classes",
    "runs",
    "signings",
    "year_number",
]
