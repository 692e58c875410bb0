"""What a case says, as one short mark, however its files are written."""

import hashlib
import json
from collections.abc import Mapping

from replant.case.columns import columns_of
from replant.case.kinds import text_of
from replant.case.row import Row
from replant.case.settings import Settings, settings_content
from replant.case.table import Table

__all__ = ["fingerprint_of"]


def fingerprint_of(settings: Settings, view: str, tables: Mapping[str, Table]) -> str:
    """Return the sha256 of what a case says; see `Case.fingerprint`.

    Parameters
    ----------
    settings : Settings
        What case.toml says.
    view : str
        The periods in view.
    tables : mapping of str to Table
        The tables that have a file.
    """
    content = hashlib.sha256()
    said = settings_content(settings)
    said.pop("name")  # by default the folder's: a copy is the same case
    head = {"settings": said, "view": view}
    content.update(json.dumps(head, sort_keys=True, default=text_of).encode())
    for name in sorted(tables):
        columns = columns_of(tables[name].row_class)
        content.update(json.dumps([name, *columns]).encode())
        for line in sorted(_canonical(row) for row in tables[name].rows):
            content.update(line.encode())
    return content.hexdigest()


def _canonical(row: Row) -> str:
    columns = columns_of(type(row)).values()
    return json.dumps([text_of(getattr(row, column.attribute)) for column in columns])
