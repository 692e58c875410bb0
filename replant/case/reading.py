"""Reading a case: all findings in one pass, then the case or an error with all of them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from replant.case.case import Case
from replant.case.checks import CHECKS, Loaded
from replant.case.columns import columns_of
from replant.case.core import CORE
from replant.case.files import Sheet, read_sheet
from replant.case.findings import Finding, Findings, finding
from replant.case.near import near
from replant.case.row import Row
from replant.case.sets import with_sets
from replant.case.settings import Settings, read_settings
from replant.case.table import Table, file_of, parse_table, table_of

TABLES = "tables"

_FILE_NAME = re.compile(r"[a-z0-9_-]+\.csv\Z")
_IGNORED_STARTS = (".", "~$")


def read(path: str | Path, rows: Sequence[type[Row]] = (), *, sets: Sequence[str] = ()) -> Case:
    """Read a case.

    Parameters
    ----------
    path : str or Path
        The case's folder.
    rows : sequence of type of Row
        The tables of all decisions and rules; the case's own tables are added.
    sets : sequence of str
        Changes such as ``plants.oppama.fixed_cost=12.5`` or ``demand.note/JP[fy26].volume=80``.

    Returns
    -------
    Case
        The case; its `findings` hold warnings and hints.

    Raises
    ------
    CaseError
        If anything is wrong; its `findings` hold everything at once.
    """
    case, findings = load(path, rows, sets=sets)
    findings.raise_errors(str(path))
    assert case is not None, "a case without errors is there"
    return case


def check(
    path: str | Path, rows: Sequence[type[Row]] = (), *, sets: Sequence[str] = ()
) -> Findings:
    """Return everything that is wrong, or worth knowing, in a case; never raise."""
    return load(path, rows, sets=sets)[1]


def load(
    path: str | Path, rows: Sequence[type[Row]] = (), *, sets: Sequence[str] = ()
) -> tuple[Case | None, Findings]:
    """Return the case, or None if an error stops it, and all findings."""
    root = Path(path)
    if not _is_folder(root):
        rule, fix = "a case is a folder", "give the folder that holds case.toml"
        return None, Findings([finding("no-folder", "", rule, fix, value=str(path))])
    row_classes = row_classes_of(rows)
    settings, text, findings = read_settings(root)
    sheets, unread, found = _sheets(root, row_classes)
    findings += found
    sheets, found = with_sets(sheets, row_classes, sets)
    findings += found
    tables, found = _tables(sheets, row_classes)
    findings += found
    # what refers to rows that nobody can name is not at fault
    unread |= {name for name, table in tables.items() if not _named(table)}
    findings += checked(Loaded(tables, row_classes, unread, settings))
    everything = Findings(findings)
    if settings is None or not everything.ok:
        return None, everything
    case = Case(settings, tables, row_classes, root, text, everything)
    return case, everything


def _is_folder(root: Path) -> bool:
    try:
        return root.is_dir()
    except (OSError, ValueError):  # a name that no system would take
        return False


def make(
    settings: Settings | Mapping[str, Any],
    rows: Iterable[Row],
    row_classes: Sequence[type[Row]] = (),
) -> Case:
    """Make a case in Python, with the same checks as one that is read.

    Parameters
    ----------
    settings : Settings or mapping
        What case.toml would say.
    rows : iterable of Row
        The rows of all tables, in any order.
    row_classes : sequence of type of Row
        Tables that exist although no row is given.
    """
    given = settings if isinstance(settings, Settings) else Settings.model_validate(settings)
    by_class: dict[type[Row], list[Row]] = {}
    for row in rows:
        by_class.setdefault(type(row), []).append(row)
    tables = {each.table: table_of(each, its) for each, its in by_class.items()}
    known = row_classes_of([*row_classes, *by_class])
    findings = Findings(checked(Loaded(tables, known, frozenset(), given)))
    findings.raise_errors(given.name)
    return Case(given, tables, known, findings=findings)


def row_classes_of(rows: Iterable[type[Row]]) -> dict[str, type[Row]]:
    """Return the case's own tables and the given ones by name.

    Raises
    ------
    TypeError
        If two row classes claim one table.
    """
    known: dict[str, type[Row]] = {}
    for row_class in (*CORE, *rows):
        other = known.setdefault(row_class.table, row_class)
        if other is not row_class:
            names = f"{other.__name__} and {row_class.__name__}"
            raise TypeError(f"table {row_class.table} has two row classes: {names}")
    return known


def checked(loaded: Loaded) -> list[Finding]:
    """Run all checks across rows and tables."""
    return [each for run in CHECKS for each in run(loaded)]


def _tables(
    sheets: Mapping[str, Sheet], row_classes: Mapping[str, type[Row]]
) -> tuple[dict[str, Table], list[Finding]]:
    tables, findings = {}, []
    for name, sheet in sheets.items():
        tables[name], found = parse_table(row_classes[name], sheet)
        findings.extend(found)
    return tables, findings


def _named(table: Table) -> bool:
    """Return whether the columns that name a table's rows are there."""
    columns = columns_of(table.row_class)
    missing = set(table.row_class.key) - set(table.sheet.columns)
    return not any(columns[name].required for name in missing)


def _sheets(
    root: Path, row_classes: Mapping[str, type[Row]]
) -> tuple[dict[str, Sheet], frozenset[str], list[Finding]]:
    """Read the texts of all tables; also return the names of those that cannot be read."""
    sheets: dict[str, Sheet] = {}
    unread: set[str] = set()
    files, findings = _files(root)
    for file in files:
        name, found = _table_name(file, row_classes)
        findings.extend(found)
        if name is None:
            continue
        sheet, found = read_sheet(root, file)
        findings.extend(found)
        if sheet is None:
            unread.add(name)
        else:
            sheets[name] = sheet
    return sheets, frozenset(unread), findings


def _files(root: Path) -> tuple[list[str], list[Finding]]:
    """Return the files that may be tables: what ends in csv, and all in the folder tables."""
    own, findings = _listed(root, "")
    files = [file for file in own if file.lower().endswith(".csv")]
    if (root / TABLES).exists():
        below, found = _listed(root, f"{TABLES}/")
        files += below
        findings += found
    return files, findings


def _listed(root: Path, folder: str) -> tuple[list[str], list[Finding]]:
    place = root / folder
    if not place.resolve().is_relative_to(root.resolve()):
        fix = "put the folder itself into the case"
        return [], [finding("outside", folder, "files stay inside the case's folder", fix)]
    try:
        names = sorted(each.name for each in place.iterdir())
    except OSError as why:
        rule = "the folder can be listed"
        return [], [finding("unreadable", folder, rule, f"give the right to read it ({why})")]
    return [folder + name for name in names if not name.startswith(_IGNORED_STARTS)], []


def _table_name(
    file: str, row_classes: Mapping[str, type[Row]]
) -> tuple[str | None, list[Finding]]:
    """Return the table that a file holds, if it may be read as one."""
    name = file.rpartition("/")[2]
    if not _FILE_NAME.match(name):
        return None, _odd_name(file, name)
    table = name.removesuffix(".csv")
    row_class = row_classes.get(table)
    if row_class is None:
        return None, [_unknown_file(file, table, row_classes)]
    if file != file_of(row_class):
        rule, fix = f"table {table} stands in {file_of(row_class)}", "move the file"
        return None, [finding("misplaced-file", file, rule, fix)]
    return table, []


def _odd_name(file: str, name: str) -> list[Finding]:
    # a name that is no text must not break the print-out of its own finding
    file = file.encode("utf-8", "backslashreplace").decode()
    if not name.lower().endswith(".csv"):
        rule, fix = "tables end in .csv", "export it as CSV, or put it elsewhere"
        return [finding("unknown-file", file, rule, fix)]
    rule = "a table's file is lower-case letters, digits, _ and -, then .csv"
    fix = re.sub(r"[^a-z0-9_-]+", "_", name.lower().removesuffix(".csv"))
    return [finding("file-name", file, rule, f"call it {fix}.csv")]


def _unknown_file(file: str, table: str, row_classes: Mapping[str, type[Row]]) -> Finding:
    meant = near(table, row_classes)
    if meant:
        fix = f"did you mean {file_of(row_classes[meant])}?"
        return finding("misspelt-file", file, "the file is a table's", fix)
    return finding("unknown-file", file, "no table has this name", "it is not read")
