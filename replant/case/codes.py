"""The codes of findings, and the page that lists them."""

from replant.case.case_codes import CASE_CODES
from replant.case.code import Code, Severity, Topic

__all__ = ["CODES", "Code", "Severity", "Topic", "codes_page"]

CODES: dict[str, Code] = {
    # ── files ──
    "no-folder": Code("error", "file", "The case is no folder.", "`replant check nisan`"),
    "no-settings": Code("error", "file", "The folder has no case.toml.", "an empty folder"),
    "settings-syntax": Code("error", "file", "case.toml is no TOML.", "`title = Nissan`"),
    "settings": Code(
        "error",
        "file",
        "A key of case.toml is unknown, missing or has a wrong value.",
        '`titel = "Nissan"`',
    ),
    "unknown-file": Code(
        "info", "file", "No table has this name; the file is not read.", "`tables/notes.csv`"
    ),
    "misspelt-file": Code(
        "warning",
        "file",
        "The file is not read, as no table has this name, but one has nearly this name.",
        "`tables/plant.csv`",
    ),
    "misplaced-file": Code(
        "error", "file", "The table stands in another folder.", "`plants.csv` beside case.toml"
    ),
    "file-name": Code(
        "error",
        "file",
        "A table's file name is lower-case letters, digits, _ and -, and ends in .csv.",
        "`tables/Plants.CSV`",
    ),
    "not-a-file": Code("error", "file", "It is a folder or a device.", "a folder `plants.csv`"),
    "outside": Code(
        "error", "file", "The file is a link that leads out of the case.", "a link to `/etc`"
    ),
    "unreadable": Code("error", "file", "The system refuses the file.", "no right to read"),
    "too-large": Code("error", "file", "The file has more than 50 MB.", "a data dump"),
    "not-csv": Code(
        "error",
        "file",
        "The bytes are no text: a workbook or another binary under a wrong name.",
        "an `.xlsx` renamed `plants.csv`",
    ),
    "encoding": Code("error", "file", "The file is no UTF-8 text.", "`Zürich` saved as Latin-1"),
    "empty-file": Code("error", "file", "The file has no heading.", "a file of no bytes"),
    "no-rows": Code("info", "file", "The table has a heading and no row.", "`id,country`"),
    # ── tables ──
    "quoting": Code(
        "error", "table", "A quotation mark is not closed or stands amid a cell.", '`"Oppama,1`'
    ),
    "delimiter": Code("error", "table", "The cells are not separated by commas.", "`id;country`"),
    "empty-heading": Code("error", "table", "A column has no heading.", "`id,,country`"),
    "duplicate-column": Code("error", "table", "Two columns share a heading.", "`id,id`"),
    "unknown-column": Code(
        "error", "table", "The table has no such column.", "`fixed_costs` for `fixed_cost`"
    ),
    "missing-column": Code(
        "error", "table", "A column without a default is missing.", "plants without `country`"
    ),
    "ragged": Code(
        "error", "table", "The row has more or fewer cells than the heading.", "`oppama,japan,1`"
    ),
    "too-many-rows": Code("error", "table", "The table has more than 1,000,000 rows.", "a log"),
    "cell-too-long": Code("error", "table", "A cell has more than 10,000 characters.", "a page"),
    "control-character": Code(
        "error", "table", "A text holds characters that a terminal would obey.", "an escape"
    ),
    "missing": Code("error", "table", "A cell without a default is empty.", "`oppama,`"),
    "duplicate-key": Code("error", "table", "Two rows share their key.", "`oppama` twice"),
    "id": Code("error", "table", "The text is no identifier.", "`Oppama plant`"),
    "flag": Code("error", "table", "A flag is yes or no.", "`TRUE`"),
    "date": Code("error", "table", "A date is year-month-day.", "`08/07/2025`"),
    "choice": Code("error", "table", "The word is none of the choices.", "`role` `planned`"),
    "list": Code("error", "table", "A list has an empty part.", "`a;;b`"),
    "rule": Code(
        "error", "table", "The row breaks a rule of its table.", "an end before its beginning"
    ),
    # ── numbers ──
    "not-a-number": Code("error", "number", "The text is no plain decimal.", "`n/a`"),
    "unit-in-cell": Code(
        "error", "number", "The cell holds a unit beside the number.", "`12 bn`, `¥12`, `12%`"
    ),
    "thousands-separator": Code("error", "number", "Thousands are separated.", "`1,234`"),
    "decimal-comma": Code("error", "number", "The decimal sign is a comma.", "`12,5`"),
    "absurd-number": Code(
        "warning", "number", "The number is larger than any figure of a firm.", "1 and 40 zeros"
    ),
    "exponent": Code("error", "number", "The number has an exponent.", "`1e3`"),
    "spreadsheet-error": Code(
        "error", "number", "The cell holds a formula or its error.", "`#REF!`, `=B2*2`"
    ),
    "number-too-long": Code("error", "number", "The number has over 60 characters.", "`1000…`"),
    "not-whole": Code("error", "number", "A whole number is wanted.", "`months` `2.5`"),
    "out-of-range": Code("error", "number", "The number is outside its range.", "`-3`"),
    # ── references ──
    "unknown-reference": Code(
        "error", "reference", "The value names no row of the other table.", "plant `opama`"
    ),
    "relation": Code(
        "error",
        "reference",
        "A relation has too few options, one twice, or a count that does not fit its kind.",
        "`at_most` without a number",
    ),
    "unknown-option": Code(
        "error", "reference", "The case has no option of this id.", "`plant.opama.close`"
    ),
    "unknown-line": Code(
        "error",
        "reference",
        "The plan has no line of this name, or none with these labels.",
        "`platfroms` for `platforms`",
    ),
    # ── the case as a whole ──
    **CASE_CODES,
    # ── evidence ──
    "evidence-table": Code("error", "evidence", "Evidence names no table.", "`plant`"),
    "evidence-row": Code("error", "evidence", "Evidence names no row of the table.", "`opama`"),
    "evidence-column": Code(
        "error", "evidence", "Evidence names no column of the table.", "`fixd_cost`"
    ),
    "evidence-without-claim": Code(
        "error", "evidence", "A sourced or derived number cites no claim.", "`sourced` and no claim"
    ),
    "evidence-without-reason": Code(
        "error", "evidence", "An assumption or estimate gives no reason.", "`assumed` and no reason"
    ),
    "evidence-range": Code("error", "evidence", "The low value is above the high.", "5 and 3"),
    "value-outside-range": Code(
        "warning", "evidence", "The cell lies outside the range of its evidence.", "9 in 1 to 5"
    ),
    "number-without-evidence": Code(
        "warning", "evidence", "Numbers rest on nothing, though others say on what.", "one row"
    ),
    # ── hindsight ──
    "hindsight": Code(
        "error",
        "hindsight",
        "A claim was known only after the case's date, and nothing says why it may be used.",
        "a report of May 2026 in a case of July 2025",
    ),
    "hindsight-kind": Code(
        "error",
        "hindsight",
        "The reason of a late claim does not say which of the two kinds it is.",
        "`as_of_reason` `it is well known`",
    ),
    "claim-date": Code("error", "hindsight", "The date of a claim cannot be read.", "`soon`"),
    "claim-undated": Code(
        "error", "hindsight", "A claim that evidence cites has no date.", "no `date_of_report`"
    ),
    "late-input": Code(
        "error",
        "hindsight",
        "A derived claim rests on a claim that may not be used.",
        "C3 from C2, and C2 of May 2026",
    ),
    "derived-circle": Code(
        "error", "hindsight", "A derived claim rests on itself.", "C1 from C2, C2 from C1"
    ),
}


_TOPICS: dict[Topic, str] = {
    "file": "Files",
    "table": "Tables",
    "number": "Numbers",
    "reference": "References",
    "case": "The case as a whole",
    "evidence": "Evidence",
    "hindsight": "Hindsight",
}


def codes_page() -> str:
    """Return the codes as Markdown tables, one for each topic, for the page on bad input."""
    return "\n".join(_topic_table(topic, title) for topic, title in _TOPICS.items())


def _topic_table(topic: Topic, title: str) -> str:
    lines = [f"### {title}", "", "| code | severity | meaning | example |", "|---|---|---|---|"]
    for name, code in CODES.items():
        if code.topic == topic:
            lines.append(f"| `{name}` | {code.severity} | {code.meaning} | {code.example} |")
    return "\n".join([*lines, ""])
