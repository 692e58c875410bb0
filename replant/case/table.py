"""One table of a case: its rows, beside the texts that they were read from."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from replant.case.columns import Column, columns_by_attribute, columns_of
from replant.case.files import Sheet
from replant.case.findings import Finding, finding
from replant.case.kinds import text_of
from replant.case.near import near, suggestion
from replant.case.row import KEY_SEPARATOR, Row, address_of

KEPT_SUGGESTIONS = 200
"""A table with a million misspelt words must not compare each with all known ones."""


def file_of(row_class: type[Row]) -> str:
    """Return the file of a table inside its case."""
    name = f"{row_class.table}.csv"
    return f"{row_class.folder}/{name}" if row_class.folder else name


@dataclass(frozen=True)
class Table:
    """A table, read.

    Parameters
    ----------
    row_class : type of Row
        What its rows are.
    sheet : Sheet
        The texts, kept so that writing gives back what was read.
    parsed : tuple of Row or None
        One for each record of the sheet; None where the record is broken.
    """

    row_class: type[Row]
    sheet: Sheet
    parsed: tuple[Row | None, ...]

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The rows that could be read."""
        return tuple(row for row in self.parsed if row is not None)

    def numbered(self) -> Iterator[tuple[int, Row]]:
        """Go through the rows that could be read, with their numbers in the file."""
        for number, row in zip(self.sheet.numbers, self.parsed, strict=True):
            if row is not None:
                yield number, row

    @cached_property
    def keys(self) -> tuple[tuple[str, ...], ...]:
        """The key of each record, of broken ones as it stands in the file."""
        return keys_of(self.row_class, self.sheet)

    @cached_property
    def addresses(self) -> tuple[tuple[str, str], ...]:
        """The id and period of each record."""
        key = self.row_class.key
        return tuple(address_of(key, values) for values in self.keys)

    @cached_property
    def by_key(self) -> Mapping[str, Row]:
        """The rows by the parts of their key, joined with slashes."""
        pairs = zip(self.keys, self.parsed, strict=True)
        return {KEY_SEPARATOR.join(key): row for key, row in pairs if row is not None}

    @cached_property
    def by_id(self) -> Mapping[str, tuple[int, ...]]:
        """The positions of the records of each id."""
        positions: dict[str, list[int]] = {}
        for position, (identifier, _) in enumerate(self.addresses):
            positions.setdefault(identifier, []).append(position)
        return {identifier: tuple(each) for identifier, each in positions.items()}

    def texts(self, column: str) -> tuple[str, ...]:
        """Return the texts of a column, with the default where a cell is empty."""
        return column_texts(columns_of(self.row_class)[column], self.sheet)

    def given(self, position: int, column: str) -> bool:
        """Whether a cell is filled in the file, so that its default does not count."""
        if column not in self.sheet.columns:
            return False
        return bool(self.sheet.records[position][self.sheet.columns.index(column)].strip())


def keys_of(row_class: type[Row], sheet: Sheet) -> tuple[tuple[str, ...], ...]:
    """Return the key of each record of a sheet."""
    columns = columns_of(row_class)
    parts = [column_texts(columns[name], sheet) for name in row_class.key]
    return tuple(zip(*parts, strict=True))


def column_texts(column: Column, sheet: Sheet) -> tuple[str, ...]:
    """Return the texts of a column, with the default where a cell is empty."""
    default = text_of(column.default)
    if column.name not in sheet.columns:
        return (default,) * len(sheet.records)
    place = sheet.columns.index(column.name)
    return tuple(record[place].strip() or default for record in sheet.records)


def parse_table(row_class: type[Row], sheet: Sheet) -> tuple[Table, list[Finding]]:
    """Read the rows of a sheet, each for itself, so that no fault hides another."""
    findings = _column_findings(row_class, sheet)
    absent = {name for name, each in columns_of(row_class).items() if each.required}
    absent -= set(sheet.columns)
    parsed: list[Row | None] = []
    reader = RowReader(row_class, sheet.file, skip=frozenset(absent))
    for number, record in zip(sheet.numbers, sheet.records, strict=True):
        row, found = reader.read(number, sheet.columns, record)
        parsed.append(row)
        findings.extend(found)
    return Table(row_class, sheet, tuple(parsed)), findings


def _column_findings(row_class: type[Row], sheet: Sheet) -> list[Finding]:
    columns = columns_of(row_class)
    found = []
    for name in sheet.columns:
        if name not in columns:
            fix = suggestion(name, columns, f"use one of {', '.join(columns)}")
            rule = f"the column is one of table {row_class.table}"
            found.append(finding("unknown-column", sheet.file, rule, fix, row=1, column=name))
    for name, column in columns.items():
        if column.required and name not in sheet.columns:
            rule, fix = "the column has no default", f"add it: {column.meaning}"
            found.append(finding("missing-column", sheet.file, rule, fix, row=1, column=name))
    return found


class RowReader:
    """Reads the records of one table into rows.

    Parameters
    ----------
    row_class : type of Row
        What the rows are.
    file : str
        The file, for findings.
    skip : frozenset of str
        Columns that are missing altogether, which is told once and not for each row.
    """

    def __init__(self, row_class: type[Row], file: str, skip: frozenset[str] = frozenset()) -> None:
        self.row_class = row_class
        self.file = file
        self.skip = skip
        self._columns = columns_of(row_class)

    def read(
        self, number: int, columns: Sequence[str], record: Sequence[str]
    ) -> tuple[Row | None, list[Finding]]:
        """Read one record."""
        cells = zip(columns, (cell.strip() for cell in record), strict=True)
        filled = {name: cell for name, cell in cells if cell and name in self._columns}
        try:
            return self.row_class.model_validate(filled), []
        except ValidationError as why:
            # pydantic's own type for one error is private
            errors = [dict(error) for error in why.errors(include_url=False)]
        told = (self._finding(number, error) for error in errors)
        return None, [each for each in told if each is not None]

    def _finding(self, number: int, error: dict[str, Any]) -> Finding | None:
        column = self._column(error)
        if column is None:
            # a rule of the row class itself, across columns
            rule, fix = str(error["msg"]).removeprefix("Value error, "), "mend the row"
            return finding("rule", self.file, rule, fix, row=number)
        if error["type"] == "missing":
            if column.name in self.skip:
                return None
            code, rule, fix = "missing", "the cell has no default", f"fill it: {column.meaning}"
        else:
            code, rule, fix = _refused(column, error)
        value = "" if error["type"] == "missing" else str(error["input"])
        return finding(code, self.file, rule, fix, row=number, column=column.name, value=value)

    def _column(self, error: dict[str, Any]) -> Column | None:
        if not error["loc"]:
            return None
        name = str(error["loc"][0])
        return self._columns.get(name) or columns_by_attribute(self.row_class)[name]


def _refused(column: Column, error: dict[str, Any]) -> tuple[str, str, str]:
    """Return code, rule and fix of a value that its kind refuses."""
    if error["type"] == "literal_error":
        choices = ", ".join(column.choices)
        found = near(str(error["input"]), column.choices)
        fix = f"did you mean {found}?" if found else f"write one of {choices}"
        return "choice", f"the word is one of {choices}", fix
    context = error.get("ctx", {})
    if error["type"] == "refused":
        return str(context["code"]), str(context["rule"]), str(context["fix"])
    return "rule", str(error["msg"]).removeprefix("Value error, "), "mend the value"


def with_texts(
    table: Table, changes: Mapping[int, Mapping[str, str]]
) -> tuple[Table, list[Finding]]:
    """Return the table with other texts in some cells, reading only the rows that change.

    Parameters
    ----------
    table : Table
        The table.
    changes : mapping of int to mapping of str to str
        For each record's position the new text of each column.
    """
    sheet = sheet_with_texts(table.sheet, changes)
    reader = RowReader(table.row_class, sheet.file)
    parsed = list(table.parsed)
    findings: list[Finding] = []
    for position in changes:
        number, record = sheet.numbers[position], sheet.records[position]
        parsed[position], found = reader.read(number, sheet.columns, record)
        findings.extend(found)
    return Table(table.row_class, sheet, tuple(parsed)), findings


def sheet_with_texts(sheet: Sheet, changes: Mapping[int, Mapping[str, str]]) -> Sheet:
    """Return the sheet with other texts in some cells, with new columns at its end."""
    named = {name for texts in changes.values() for name in texts}
    columns = (*sheet.columns, *sorted(named - set(sheet.columns)))
    blanks = ("",) * (len(columns) - len(sheet.columns))
    records = [record + blanks for record in sheet.records] if blanks else list(sheet.records)
    for position, texts in changes.items():
        record = records[position]
        pairs = zip(columns, record, strict=True)
        records[position] = tuple(texts.get(name, cell) for name, cell in pairs)
    return replace(sheet, columns=columns, records=tuple(records))


def table_of(row_class: type[Row], rows: Sequence[Row]) -> Table:
    """Return the table of rows that were made in Python, as if it had been read."""
    columns = columns_of(row_class)
    records = tuple(
        tuple(text_of(getattr(row, column.attribute)) for column in columns.values())
        for row in rows
    )
    numbers = tuple(range(2, len(rows) + 2))
    sheet = Sheet(file_of(row_class), tuple(columns), numbers, records)
    return Table(row_class, sheet, tuple(rows))
