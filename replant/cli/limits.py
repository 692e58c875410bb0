"""Limits on the command line: ``platforms[FY2032]<=10``."""

from __future__ import annotations

import re

from replant.errors import UsageError
from replant.plan import Limit

__all__ = ["parse_limit"]

_LIMIT = re.compile(
    r"\s*(?P<stream>[a-z_]+)(?:\[(?P<labels>[^\]]*)\])?\s*(?P<sign><=|>=|=)\s*"
    r"(?P<bound>[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?)\s*\Z"
)


def parse_limit(text: str) -> Limit:
    """Return the limit that a text asks for.

    Raises
    ------
    UsageError
        If it is not of the form ``stream[label,label]<=number``.
    """
    match = _LIMIT.match(text)
    if match is None:
        shown = text if len(text) <= 80 else f"{text[:80]}…"
        raise UsageError(
            f"{shown!r} is no limit; write it as 'platforms[FY2032]<=10', with a plain number of "
            "at most 15 digits"
        )
    labels = tuple(part.strip() for part in (match["labels"] or "").split(",") if part.strip())
    bound = float(match["bound"])
    return Limit(
        stream=match["stream"],
        labels=labels,
        lower=bound if match["sign"] in (">=", "=") else None,
        upper=bound if match["sign"] in ("<=", "=") else None,
        rule=f"{text.strip()} was asked for.",
    )
