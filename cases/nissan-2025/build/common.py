"""What the scripts of this case share: reading inputs, writing tables, plain decimals."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

BUILD = Path(__file__).parent
CASE = BUILD.parent
INPUTS = BUILD / "inputs"
TABLES = CASE / "tables"

Record = dict[str, str]
Table = list[Record]
Tables = dict[str, Table]

BASE = "FY2024"
PREDICT = "FY2023"


def read(path: Path) -> Table:
    """Return the records of a csv file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def given(name: str) -> Table:
    """Return the records of one input table."""
    return read(INPUTS / f"{name}.csv")


def write(path: Path, columns: Sequence[str], records: Iterable[Mapping[str, str]]) -> None:
    """Write records as a csv file with plain line ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(records)


def plain(value: float, digits: int = 4) -> str:
    """Return a plain decimal without trailing zeros."""
    text = f"{value:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def number(text: str, default: float = 0.0) -> float:
    """Return a cell as a number; an empty one is the default."""
    return float(text) if text else default


def by_id(table: Table) -> dict[str, Record]:
    """Return the records of a table by their id."""
    return {row["id"]: row for row in table}
