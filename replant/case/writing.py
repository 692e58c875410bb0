"""Writing a case: what was read comes out byte for byte, once it is in canonical form."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from replant.case.case import Case
from replant.case.columns import columns_of
from replant.case.decimals import decimal_text
from replant.case.files import Sheet
from replant.case.row import Row
from replant.case.settings import SETTINGS_FILE, Settings, settings_content
from replant.case.table import file_of


def write(case: Case, path: str | Path) -> None:
    """Write a case into a folder.

    Texts come out as they were read; line ends, quoting, blank lines and blanks around cells
    become uniform. Reading and writing again changes no byte.

    Parameters
    ----------
    case : Case
        The case.
    path : str or Path
        The folder, made if need be. Files of other names in it are left alone.
    """
    root = Path(path)
    root.mkdir(parents=True, exist_ok=True)
    text = case.settings_text or settings_toml(case.settings)
    _write_text(root / SETTINGS_FILE, text)
    for table in case.tables.values():
        file = root / file_of(table.row_class)
        file.parent.mkdir(exist_ok=True)
        _write_text(file, csv_text(table.sheet))


def write_templates(rows: Sequence[type[Row]], path: str | Path) -> None:
    """Write an empty table with all headings for each row class, where no file is yet."""
    root = Path(path)
    for row_class in rows:
        file = root / file_of(row_class)
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            _write_text(file, csv_text(Sheet(file.name, tuple(columns_of(row_class)), (), ())))


def _write_text(file: Path, text: str) -> None:
    # bytes, so that no system turns line ends into its own
    file.write_bytes(text.encode())


def csv_text(sheet: Sheet) -> str:
    """Return a sheet as the text of a CSV file."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(sheet.columns)
    writer.writerows([cell.strip() for cell in record] for record in sheet.records)
    return stream.getvalue()


def settings_toml(settings: Settings) -> str:
    """Return the text of case.toml for settings that were made in Python."""
    data = settings_content(settings)
    plain = [f"{name} = {_toml(value)}" for name, value in data.items() if not _section(value)]
    sections = [
        "\n".join(["", f"[{name}]", *(f"{key} = {_toml(each)}" for key, each in value.items())])
        for name, value in data.items()
        if _section(value)
    ]
    return "\n".join([*plain, *sections, ""])


def _section(value: object) -> bool:
    return isinstance(value, dict)


def _toml(value: Any) -> str:
    if isinstance(value, dict):
        inner = ", ".join(f"{name} = {_toml(each)}" for name, each in value.items())
        return f"{{{inner}}}"
    if isinstance(value, list):
        return f"[{', '.join(_toml(each) for each in value)}]"
    if isinstance(value, Fraction):
        return decimal_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)
