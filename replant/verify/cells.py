"""Cells of rows as plain exact values, whatever is empty or named differently."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

__all__ = ["as_date", "cell", "number", "text", "words", "yes"]


def cell(row: Any, column: str) -> Any:
    """Return a row's cell by the heading of its column; None if the row has none.

    The attribute differs from the heading only where that is no free Python name.
    """
    if hasattr(row, column):
        return getattr(row, column)
    for name, field in getattr(type(row), "model_fields", {}).items():
        if field.alias == column:
            return getattr(row, name)
    return None


def as_date(value: Any) -> date | None:
    """Return a date from a date, an ISO text or nothing."""
    if value is None or value == "":
        return None
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def number(value: Any, default: Fraction | int = 0) -> Fraction:
    """Return an exact number from a cell; the default if the cell is empty."""
    if value is None or value == "":
        return Fraction(default)
    inner = getattr(value, "value", value)
    if type(inner) is Fraction:
        return inner
    return Fraction(inner) if isinstance(inner, int | Fraction) else Fraction(str(inner))


def text(value: Any) -> str:
    """Return a cell as text; nothing is the empty text."""
    return "" if value is None else str(value)


def words(value: Any) -> tuple[str, ...]:
    """Return a list cell as texts; a text is split at its semicolons."""
    if value is None or value == "":
        return ()
    parts: Iterable[Any] = value.split(";") if isinstance(value, str) else value
    return tuple(str(part).strip() for part in parts)


def yes(value: Any, default: bool = False) -> bool:
    """Return whether a cell says yes; the default if it is empty."""
    if value is None or value == "":
        return default
    return value if isinstance(value, bool) else str(value).lower() in ("yes", "true", "1")
