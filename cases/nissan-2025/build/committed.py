"""What the company had announced with its terms by the day of the case, besides plants.

It is an option in the model's terms and none in the firm's: table options forces it in every plan,
in doing nothing too. Plants that were committed have a table of their own (plant_commitments).
"""

from __future__ import annotations

from common import Table

ANNOUNCED: tuple[tuple[str, str], ...] = (
    (
        "facility.convertible",
        "the company announced it on 7 July 2025 with its size and maturity (C070); decisions take "
        "effect from October 2025 on, so its money comes then and not in July",
    ),
)


def committed() -> Table:
    """Return the rows of table options that hold every plan to what was announced."""
    return [{"option": option, "action": "force", "reason": reason} for option, reason in ANNOUNCED]
