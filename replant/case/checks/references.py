"""Keys and references: no two rows share their key, and what a value names is there."""

from collections.abc import Iterator

from replant.case.checks.loaded import Loaded
from replant.case.columns import Column, columns_of
from replant.case.findings import Finding, finding
from replant.case.kinds import LIST_SEPARATOR, Reference
from replant.case.near import suggestion
from replant.case.row import KEY_SEPARATOR
from replant.case.settings import SETTINGS_FILE
from replant.case.table import KEPT_SUGGESTIONS, Table, file_of

__all__ = ["duplicate_keys", "references", "settings_references"]


def duplicate_keys(loaded: Loaded) -> Iterator[Finding]:
    """Find rows that share their key with an earlier one."""
    for name, table in loaded.tables.items():
        if name in loaded.unread:
            continue
        first: dict[tuple[str, ...], int] = {}
        for number, key in zip(table.sheet.numbers, table.keys, strict=True):
            earlier = first.setdefault(key, number)
            if earlier != number:
                yield finding(
                    "duplicate-key",
                    table.sheet.file,
                    f"no two rows share their {', '.join(table.row_class.key)}",
                    f"row {earlier} has it already: keep one",
                    row=number,
                    column=table.row_class.key[0],
                    value=KEY_SEPARATOR.join(key),
                )


def references(loaded: Loaded) -> Iterator[Finding]:
    """Find values that name no row of the table that they refer to."""
    for table in loaded.tables.values():
        for column in columns_of(table.row_class).values():
            if column.reference and column.name in table.sheet.columns:
                yield from _column_references(loaded, table, column, column.reference)


def _column_references(
    loaded: Loaded, table: Table, column: Column, reference: Reference
) -> Iterator[Finding]:
    known = _known_values(loaded, reference)
    if known is None:
        return
    where = " or ".join(reference.targets)
    missing = _missing(loaded, reference)
    if missing and not known and any(table.texts(column.name)):
        yield finding(
            "unknown-reference",
            table.sheet.file,
            f"{column.name} names a row of {where}, and {missing} is missing",
            "add it",
            column=column.name,
        )
        return
    unknown = ((row, name) for row, name in _named(table, column) if name not in known)
    for told, (row, name) in enumerate(unknown):
        fix = f"use a value of {where}, or add the row there"
        if told < KEPT_SUGGESTIONS:  # to look for what is near takes time
            fix = suggestion(name, known, fix)
        yield finding(
            "unknown-reference",
            table.sheet.file,
            f"{column.name} names a row of {where}",
            fix,
            row=row,
            column=column.name,
            value=name,
        )


def _named(table: Table, column: Column) -> Iterator[tuple[int, str]]:
    """Go through the names in a column that refers to another table, with their row's number."""
    for number, text in zip(table.sheet.numbers, table.texts(column.name), strict=True):
        parts = [part.strip() for part in text.split(LIST_SEPARATOR)] if column.many else [text]
        yield from ((number, part) for part in parts if part)


def _missing(loaded: Loaded, reference: Reference) -> str:
    """Return the file of a table that a reference needs and the case has not; empty if it has."""
    for target in reference.targets:
        name = target.partition(".")[0]
        if name not in loaded.tables and name in loaded.row_classes:
            return file_of(loaded.row_classes[name])
    return ""


def _known_values(loaded: Loaded, reference: Reference) -> dict[str, None] | None:
    """Return the values that a reference may take; None if that cannot be told."""
    known = dict.fromkeys(reference.also)
    for target in reference.targets:
        name, _, wanted = target.partition(".")
        if name in loaded.unread or name not in loaded.row_classes:
            return None
        table = loaded.tables.get(name)
        if table is not None:
            column = wanted or table.row_class.key[0]
            known |= dict.fromkeys(table.texts(column))
    return known


def settings_references(loaded: Loaded) -> Iterator[Finding]:
    """Find a base year or comparators in the settings that no table knows."""
    if loaded.settings is None:
        return
    year, plans = loaded.settings.base_year, loaded.settings.comparators.plans
    years = (year.fiscal_year,) if year else ()
    for column, values, target in (
        ("base_year.fiscal_year", years, "periods.fiscal_year"),
        ("comparators.plans", plans, "plans"),
    ):
        known = _known_values(loaded, Reference((target,)))
        for value in values:
            if known is None or value in known:
                continue
            rule = f"{column} names a row of {target}"
            fix = suggestion(value, known, f"add the row to {target.partition('.')[0]}")
            yield finding("unknown-reference", SETTINGS_FILE, rule, fix, column=column, value=value)
