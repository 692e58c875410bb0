"""Files of a case, read with suspicion: sizes, encodings, quoting and links are checked.

Reading only opens files below the case's folder and only turns bytes into texts; nothing in a
case is ever run.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from replant.case.findings import Finding, finding

MAXIMUM_BYTES = 50_000_000
MAXIMUM_ROWS = 1_000_000
MAXIMUM_CELL = 10_000

_BINARY_STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b", b"\x89PNG")
_OTHER_UNICODE = (b"\xff\xfe", b"\xfe\xff")
_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True)
class Sheet:
    """A table as it stands in its file: texts only.

    Parameters
    ----------
    file : str
        The file inside the case.
    columns : tuple of str
        The headings.
    numbers : tuple of int
        The row number of each record as a spreadsheet counts.
    records : tuple of tuple of str
        The cells, one record for each row.
    """

    file: str
    columns: tuple[str, ...]
    numbers: tuple[int, ...]
    records: tuple[tuple[str, ...], ...]


def read_text(root: Path, file: str) -> tuple[str | None, list[Finding]]:
    """Read the text of one file of the case, or say why not."""
    try:
        content, found = _read_bytes(root, file)
    except (OSError, ValueError, RuntimeError) as why:
        rule = "the file can be opened"
        return None, [finding("unreadable", file, rule, f"give the right to read it ({why})")]
    if content is None:
        return None, found
    return _decoded(content, file)


def _read_bytes(root: Path, file: str) -> tuple[bytes | None, list[Finding]]:
    path = root / file
    if not path.resolve().is_relative_to(root.resolve()):
        fix = "put the file itself into the case"
        return None, [finding("outside", file, "files stay inside the case's folder", fix)]
    if not path.is_file():
        fix = "put a file in its place, or take it away"
        return None, [finding("not-a-file", file, "it is a file", fix)]
    with path.open("rb") as stream:
        content = stream.read(MAXIMUM_BYTES + 1)
    if len(content) > MAXIMUM_BYTES:
        rule = f"a file has at most {MAXIMUM_BYTES // 1_000_000} MB"
        return None, [finding("too-large", file, rule, "keep the rows that the plan needs")]
    return content, []


def _decoded(content: bytes, file: str) -> tuple[str | None, list[Finding]]:
    if content.startswith(_OTHER_UNICODE):
        fix = "save it as UTF-8 instead of UTF-16"
        return None, [finding("encoding", file, "the file is UTF-8 text", fix)]
    if content.startswith(_BINARY_STARTS) or b"\0" in content:
        fix = "export the sheet as CSV (UTF-8)"
        return None, [finding("not-csv", file, "the file is text, not a workbook", fix)]
    try:
        return content.decode("utf-8-sig"), []
    except UnicodeDecodeError as why:
        line = content.count(b"\n", 0, why.start) + 1
        value = content[why.start : why.start + 8].decode("latin-1")
        fix = "save it as CSV (UTF-8)"
        return None, [
            finding("encoding", file, "the file is UTF-8 text", fix, row=line, value=value)
        ]


def read_sheet(root: Path, file: str) -> tuple[Sheet | None, list[Finding]]:
    """Read one CSV file into texts.

    Returns
    -------
    sheet : Sheet or None
        The rows that have the heading's number of cells; None if there is no usable heading.
    findings : list of Finding
        What is wrong with the file, its heading and its rows.
    """
    text, findings = read_text(root, file)
    return (None, findings) if text is None else parse_sheet(text, file)


def parse_sheet(text: str, file: str) -> tuple[Sheet | None, list[Finding]]:
    """Read the text of a CSV file."""
    rows = _Rows(text, file)
    heading = next(rows, None)
    if heading is None:
        fix = "write the headings in the first row"
        return None, rows.findings or [finding("empty-file", file, "a table has a heading", fix)]
    columns = tuple(cell.strip() for cell in heading[1])
    found = _heading_findings(columns, file)
    if found:
        return None, found
    sheet = _body(rows, columns, file)
    if not sheet.records and not rows.findings:
        fix = "add rows, or take the file away"
        rows.findings.append(finding("no-rows", file, "a table usually has rows", fix))
    return sheet, rows.findings


class _Rows(Iterator[tuple[int, list[str]]]):
    """The rows of a CSV text with their numbers, without empty ones; gathers findings."""

    def __init__(self, text: str, file: str) -> None:
        # strict: an unclosed quotation mark is an error, not the rest of the file in one cell
        self._rows = csv.reader(io.StringIO(text, newline=""), strict=True)
        self._number = 0
        self.file = file
        self.findings: list[Finding] = []

    def __next__(self) -> tuple[int, list[str]]:
        for row in self._checked():
            if any(cell.strip() for cell in row):
                return self._number, row
        raise StopIteration

    def _checked(self) -> Iterator[list[str]]:
        while True:
            self._number += 1
            try:
                yield next(self._rows)
            except StopIteration:
                return
            except csv.Error as why:
                self.findings.append(_csv_finding(self.file, self._number, str(why)))
                return


def _csv_finding(file: str, row: int, why: str) -> Finding:
    if "field larger" in why:
        return _too_long(file, row, "")
    return finding(
        "quoting",
        file,
        "quotation marks come in pairs around a whole cell, and double inside one",
        f"mend the quotation mark ({why})",
        row=row,
    )


def _too_long(file: str, row: int, column: str) -> Finding:
    rule = f"a cell has at most {MAXIMUM_CELL:,} characters"
    return finding("cell-too-long", file, rule, "shorten it", row=row, column=column)


def _heading_findings(columns: tuple[str, ...], file: str) -> list[Finding]:
    found = []
    used = next((each for each in _OTHER_DELIMITERS if each in columns[0]), None)
    if len(columns) == 1 and used:
        rule = "cells are separated by commas"
        fix = f"export with commas instead of {_OTHER_DELIMITERS[used]}"
        return [finding("delimiter", file, rule, fix, row=1, value=columns[0])]
    if not all(columns):
        rule, fix = "each column has a heading", "name the column, or take it away"
        found.append(finding("empty-heading", file, rule, fix, row=1))
    for name in sorted({name for name in columns if name and columns.count(name) > 1}):
        rule, fix = "headings differ from each other", "keep one of the columns"
        found.append(finding("duplicate-column", file, rule, fix, row=1, column=name))
    return found


def _body(rows: _Rows, columns: tuple[str, ...], file: str) -> Sheet:
    numbers: list[int] = []
    records: list[tuple[str, ...]] = []
    for number, row in rows:
        if len(records) == MAXIMUM_ROWS:
            rule = f"a table has at most {MAXIMUM_ROWS:,} rows"
            fix = "keep the rows that the plan needs"
            rows.findings.append(finding("too-many-rows", file, rule, fix, row=number))
            break
        found = _row_findings(number, row, columns, file)
        rows.findings.extend(found)
        if not found:
            numbers.append(number)
            records.append(tuple(row))
    return Sheet(file, columns, tuple(numbers), tuple(records))


def _row_findings(
    number: int, row: list[str], columns: tuple[str, ...], file: str
) -> list[Finding]:
    if len(row) != len(columns):
        rule = f"each row has {len(columns)} cells, as the heading has"
        fix = f"this row has {len(row)}; put a cell that holds a comma in quotation marks"
        return [finding("ragged", file, rule, fix, row=number, value=",".join(row))]
    return [
        _too_long(file, number, name)
        for name, cell in zip(columns, row, strict=True)
        if len(cell) > MAXIMUM_CELL
    ]
