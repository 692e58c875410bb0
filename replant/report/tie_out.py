"""Tie-out: the base year as reported beside what the model gives for it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from replant.case import Case
from replant.report.data import Tie

__all__ = ["tie_out_of"]

FILE = "tie_out.csv"
_TARGETS = ("reported", "target")
_DIFFERENCES = ("miss", "difference")
_NAMES = ("quantity", "name", "id")


def tie_out_of(case: Case) -> tuple[tuple[Tie, ...], str]:
    """Return the lines of the case's tie-out, and a note where there are none."""
    path = None if case.path is None else Path(case.path) / FILE
    if path is None or not path.is_file():
        return (), f"The case has no {FILE}: nothing ties it to reported accounts."
    with path.open(encoding="utf-8", newline="") as file:
        ties = tuple(_ties(csv.DictReader(file)))
    if not ties:
        return (), f"{FILE} has no line with a target, the model's figure and their difference."
    return ties, ""


def _ties(rows: Iterator[dict[str, str]] | csv.DictReader[str]) -> Iterator[Tie]:
    for row in rows:
        target, model = _number(row, _TARGETS), _number(row, ("model",))
        if target is None or model is None:
            continue
        missed = _number(row, _DIFFERENCES)
        yield Tie(
            name=_text(row, _NAMES),
            year=_text(row, ("fiscal_year",)),
            target=target,
            model=model,
            difference=model - target if missed is None else missed,
            unit=_text(row, ("unit",)),
            within=_text(row, ("within",)) != "no",
            note=_text(row, ("note",)),
        )


def _text(row: dict[str, str], columns: tuple[str, ...]) -> str:
    return next((row[name] for name in columns if row.get(name)), "")


def _number(row: dict[str, str], columns: tuple[str, ...]) -> float | None:
    text = _text(row, columns)
    try:
        return float(text) if text else None
    except ValueError:
        return None
