"""Limits on the command line: ``platforms[FY2032]<=10``."""

from __future__ import annotations

import re

from replant.errors import UsageError
from replant.plan import Limit

__all__ = ["parse_limit"]

_LIMIT = re.compile(
    r"\s*(?P<stream>[a-z_]+)(?:\[(?P<labels>[^\]]*)\])?\s*(?P<sign><=|>=|=)\s*"
    r"(?P<bound>[+-]?\d+(?:\.\d+)?)\s*\Z"
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
        raise UsageError(f"{text!r} is no limit; write it as 'platforms[FY2032]<=10'")
    labels = tuple(part.strip() for part in (match["labels"] or "").split(",") if part.strip())
    bound = float(match["bound"])
    return Limit(
        stream=match["stream"],
        labels=labels,
        lower=bound if match["sign"] in (">=", "=") else None,
        upper=bound if match["sign"] in ("<=", "=") else None,
        rule=f"{text.strip()} was asked for.",
    )
