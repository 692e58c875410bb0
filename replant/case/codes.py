"""The codes of findings: how grave each is, what it means and what brings it about."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Severity: TypeAlias = Literal["error", "warning", "info"]
Topic: TypeAlias = Literal["file", "table", "number", "reference", "case", "evidence", "hindsight"]


@dataclass(frozen=True)
class Code:
    """One code.

    Parameters
    ----------
    severity : {"error", "warning", "info"}
        An error stops the reading.
    topic : str
        The heading under which the page on bad input lists it.
    meaning : str
        What is wrong.
    example : str
        What brings it about.
    """

    severity: Severity
    topic: Topic
    meaning: str
    example: str


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
    "model": Code(
        "error",
        "case",
        "The tables are sound one by one, but a decision or a rule cannot work with them.",
        "`terminal_growth` above `discount_rate`",
    ),
    "plan-name": Code(
        "error",
        "case",
        "A plan has an id that the files of the results need.",
        "a comparator called `plan`",
    ),
    "no-periods": Code("error", "case", "No period has the role plan.", "no periods.csv"),
    "periods-gap": Code(
        "error",
        "case",
        "Time passes between two periods of a role.",
        "2025-04-01 and 3 months, then 2025-10-01",
    ),
    "periods-overlap": Code(
        "error",
        "case",
        "Two periods of a role overlap.",
        "2025-04-01 and 12 months, then 2025-10-01",
    ),
    "period-start": Code(
        "error",
        "case",
        "A period starts after the 28th, so months have no clear end.",
        "2025-01-31",
    ),
    "fiscal-year-split": Code(
        "error",
        "case",
        "The periods of a fiscal year do not follow each other.",
        "FY25, FY26, FY25",
    ),
    "over-and-decided": Code(
        "error",
        "case",
        "A period is over, and yet decisions may take effect in it.",
        "over yes, decisions yes",
    ),
    "over-and-closed": Code(
        "error",
        "case",
        "A period of a closed year is marked as over; only periods of the plan are.",
        "role base, over yes",
    ),
    "over-late": Code(
        "error",
        "case",
        "A period that is over comes after one that is not.",
        "over no, then over yes",
    ),
    "over-early": Code(
        "error",
        "case",
        "A period that is over ends after the case's date.",
        "as_of 2025-07-08, over yes to 2025-09-30",
    ),
    "decided-early": Code(
        "error",
        "case",
        "A period with decisions starts before the case's date.",
        "as_of 2025-07-08, decisions yes from 2025-07-01",
    ),
    "probability-sum": Code(
        "error", "case", "The probabilities of the scenarios do not sum to 1.", "0.5 and 0.4"
    ),
    "no-floor": Code(
        "warning", "case", "Nothing says how much cash must be there.", "no liquidity.csv"
    ),
    "no-opening": Code(
        "warning", "case", "Nothing says what the firm begins with.", "no opening.csv"
    ),
    "never-in-force": Code(
        "warning", "case", "A row takes effect in no part of the plan.", "until FY2020"
    ),
    "part-year": Code(
        "warning",
        "case",
        "What a fiscal year brings is tested, and the plan holds more or fewer months of it.",
        "periods from July, a covenant on the first year",
    ),
    "opening-unbalanced": Code(
        "error", "case", "The opening balances of a table do not sum to 0.", "cash 95 for 94"
    ),
    "above-opening": Code(
        "error",
        "case",
        "Plants, properties, stakes or debts add up to more than their opening balance.",
        "a property of 197 where `property` opens with 97",
    ),
    "debt-left": Code(
        "warning",
        "case",
        "A part of the opening debt is in no row of debts, so it is never repaid.",
        "debt −100 in opening.csv, 60 in debts.csv",
    ),
    "price-off-market": Code(
        "warning",
        "case",
        "A property's price is more than twice its market value, or less than half of it.",
        "9700 for a property of 97",
    ),
    "shifts-crossed": Code(
        "error", "case", "A plant works more shifts now than it can.", "shifts_now 3, shifts_max 1"
    ),
    "floor-hole": Code(
        "error",
        "case",
        "Some periods of the plan have a cash floor and others have none.",
        "no row for FY2027 in liquidity.csv",
    ),
    "demand-hole": Code(
        "warning",
        "case",
        "Demand stops and begins again, or nobody wants anything in a period.",
        "no row for FY2027 in demand.csv",
    ),
    "cost-above-price": Code(
        "warning",
        "case",
        "A line makes a model at a cost above every price of it.",
        "`unit_cost` 1000 beside a `price` of 1.25",
    ),
    "money-word": Code(
        "warning",
        "case",
        "A unit of money is only a word, of another currency, or does not fit the others.",
        '`money = "bananas"`',
    ),
    "free-dismissal": Code(
        "warning", "case", "People who are paid may be dismissed for nothing.", "severance 0"
    ),
    "bounds-crossed": Code("error", "case", "A lower bound is above the upper.", "5 and 3"),
    "unknown-table": Code("error", "case", "The address names no table.", "`--set plant.a.b=1`"),
    "unknown-row": Code("error", "case", "The address names no row.", "`--set plants.opama.x=1`"),
    "unknown-cell": Code(
        "error", "case", "The address names no column.", "`--set plants.oppama.fixd_cost=1`"
    ),
    "key-changed": Code(
        "error",
        "case",
        "A key cannot be changed; it is what names the row.",
        "`--set plants.a.id=b`",
    ),
    "set-syntax": Code(
        "error", "case", "The setting is not table.id.column=value.", "`--set plants.oppama=1`"
    ),
    "change": Code("error", "case", "A scenario's change cannot be applied.", "`multiply` a text"),
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
