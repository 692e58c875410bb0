"""Which things of the Nissan case a claim is about, and which a row is about.

A claim's subject names a plant, partner, asset, model, platform or region, or something wider: the
company, a precedent, the industry. A row is about whatever it names: its own id and name, and two
steps further the rows that it refers to (a line's plant and its country, a deal's partner).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from replant.case import Case, Row, columns_of

__all__ = ["NAMES", "WIDE", "about", "named"]

WIDE = frozenset({"company", "industry", "fx", "benchmark"})
"""Subjects that are about no one thing of the case."""

# What the case calls a claim's subject, where it does not call it the same. A subject may cover
# several things; any of the words says that a row is about one of them.
NAMES: dict[str, tuple[str, ...]] = {
    "plant:samut_prakan_1": ("samut_prakan",),
    "plant:aguascalientes": ("aguascalientes_a1", "aguascalientes_a2"),
    "plant:aguascalientes_a1a2": ("aguascalientes_a1", "aguascalientes_a2"),
    "plant:oppama+shonan": ("oppama", "shonan"),
    "plant:smyrna+canton": ("smyrna", "canton"),
    "company:nissan_shatai": ("nissan_shatai", "shonan"),
    "asset:hq": ("headquarters",),
    "model:leaf": ("leaf_ariya",),
    "model:japan": ("japan",),
    "model:china": ("china",),
    "platform:cmf-cd": ("cmf_cd",),
    "platform:cmf-ev": ("cmf_ev",),
    "platform:cmf-b": ("cmf_b",),
    "platform:cmf-a+": ("cmf_a",),
    "platform:f-alpha": ("f_alpha",),
    "region:north_america": ("us", "canada", "mexico", "usa"),
    "region:yokosuka": ("kanagawa", "oppama"),
    "region:us": ("us", "usa"),
}


def about(subject: str) -> tuple[str, ...] | None:
    """Return the names of what a claim is about; None where it is about no one thing."""
    kind, _, name = subject.partition(":")
    if kind in WIDE or subject == "region:all":
        return None
    return NAMES.get(subject, (name,))


def named(case: Case, row: Row) -> str:
    """Return all words by which a row says what it is about, each set between slashes."""
    near = [row, *_referred(case, row)]
    rows = near + [each for first in near[1:] for each in _referred(case, first)]
    words = (str(word) for each in rows for word in _words(each))
    return "/" + "/".join(re.sub(r"[^a-z0-9_]+", "/", word.lower()) for word in words) + "/"


def _words(row: Row) -> Iterator[object]:
    yield from row.key_values
    for column in columns_of(type(row)).values():
        value = getattr(row, column.attribute)
        if isinstance(value, str):
            yield value


def _referred(case: Case, row: Row) -> Iterator[Row]:
    """Go through the rows that a row refers to; demand is about the lines that meet it, too."""
    if row.table == "demand":
        yield from (each for each in case.tables["lines"].rows if each.model == row.model)
    for column in columns_of(type(row)).values():
        value = getattr(row, column.attribute)
        if column.reference is None or not isinstance(value, str) or not value:
            continue
        for target in column.reference.targets:
            if target in case.tables:
                yield from _rows_of(case, target, value)


def _rows_of(case: Case, table: str, identifier: str) -> Iterator[Row]:
    yield from (each for each in case.tables[table].rows if each.key_values[0] == identifier)
