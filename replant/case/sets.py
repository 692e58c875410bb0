"""The grammar of ``--set``: ``table.id.column=value`` or ``table.id[period].column=value``."""

import re
from collections.abc import Mapping, Sequence

from replant.case.changes import Change, Fault, keep_filled, positions_of
from replant.case.columns import columns_of
from replant.case.files import Sheet
from replant.case.findings import Finding, finding
from replant.case.periods import PeriodRow
from replant.case.row import Row
from replant.case.table import Table, sheet_with_texts
from replant.units import Cell

FILE = "--set"

_NAME = r"[a-z0-9_-]+"
_SETTING = re.compile(
    rf"(?P<table>{_NAME})\.(?P<id>[^=\[\]]+?)(?:\[(?P<period>[^=\[\]]*)\])?"
    rf"\.(?P<column>{_NAME})=(?P<value>.*)\Z",
    re.DOTALL,
)


def parse_set(text: str) -> Change:
    """Read one setting.

    Parameters
    ----------
    text : str
        ``table.id.column=value`` or ``table.id[period].column=value``; id and period may be
        ``*``; an id may hold points.

    Raises
    ------
    Fault
        If it is anything else.
    """
    match = _SETTING.match(text)
    if not match:
        raise Fault(
            "set-syntax",
            "a setting is table.id.column=value or table.id[period].column=value",
            "write it as plants.oppama.fixed_cost=12.5",
        )
    address = Cell(match["table"], match["id"], match["period"] or "", match["column"])
    return Change(address, match["value"].strip())


def with_sets(
    sheets: Mapping[str, Sheet], row_classes: Mapping[str, type[Row]], sets: Sequence[str]
) -> tuple[dict[str, Sheet], list[Finding]]:
    """Put settings into the texts of the tables, before these are read.

    Returns
    -------
    sheets : dict of str to Sheet
        The sheets with the new texts.
    findings : list of Finding
        One for each setting that names no cell.
    """
    changed = dict(sheets)
    findings = []
    for number, text in enumerate(sets, start=1):
        try:
            _put(changed, row_classes, parse_set(text))
        except Fault as fault:
            findings.append(
                finding(fault.code, FILE, fault.rule, fault.fix, row=number, value=text)
            )
    return changed, findings


def _put(sheets: dict[str, Sheet], row_classes: Mapping[str, type[Row]], change: Change) -> None:
    name, column = change.address.table, change.address.column
    tables = {
        each: Table(row_classes[each], sheets[each], (None,) * len(sheets[each].records))
        for each in {name, PeriodRow.table}
        if each in sheets and each in row_classes
    }
    positions = positions_of(change.address, tables, row_classes)
    keep_filled(columns_of(row_classes[name])[column], change.value)
    texts = {position: {column: change.value} for position in positions}
    sheets[name] = sheet_with_texts(sheets[name], texts)
