"""Workforce: heads of each group, and how people come, go and move."""

from __future__ import annotations

from replant.verify.workforce.checks import check
from replant.verify.workforce.people import post

__all__ = ["COLUMNS", "LINES", "NAME", "ORDER", "check", "post"]

NAME = "workforce"
ORDER = 40
LINES: frozenset[str] = frozenset({"people"})
COLUMNS: frozenset[str] = frozenset({"hire", "dismiss", "move", "open", "leave", "follow"})
