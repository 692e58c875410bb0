"""What each check looks at, in words."""

from __future__ import annotations

__all__ = ["by_number", "called"]

_NAMES = {
    "I1": "every entry has two sides",
    "I2": "the balance sheet balances",
    "I3": "cash changes by its flows",
    "I4": "what is built is sold",
    "I5": "nothing is built without plant, line, crew",
    "I6": "a plant is in one state, by a legal path",
    "I7": "capacity, tooling and shifts suffice",
    "I8": "heads add up",
    "I9": "provisions are charges less payments",
    "I10": "leases roll forward",
    "I11": "losses carried forward",
    "I12": "debt keeps its terms",
    "I13": "cash keeps its floor",
    "I14": "both sides of a deal book the same",
    "I15": "scenarios: what is decided once is the same",
    "I16": "value is what the plan says",
    "asked": "what was asked of this plan",
    "bound": "the bound is not below the value",
    "seal": "what was asked is what was planned with",
    "labels": "decisions name what the case has",
}


def called(rule: str) -> str:
    """Return a check's name in words; a table's or a column's own name stands for itself."""
    return _NAMES.get(rule, rule.replace("_", " "))


def by_number(rule: str) -> tuple[int, str]:
    """Return what sorts checks by their number, with those that have none last."""
    digits = rule.removeprefix("I")
    return (int(digits) if digits.isdigit() else len(_NAMES), rule)
