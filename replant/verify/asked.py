"""What a person asked of one plan: options taken or left, lines within bounds. It binds the plan.

A plan file states what it was asked to keep. Nothing of it is taken on trust: an option that is
not as asked, or a line outside its bound, is a breach like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

__all__ = ["LINES", "Asked", "Bound"]

_KEPT = """
at_work automotive_operating_profit beyond capacity_used cash cash_floor cash_flow crew_needed
dealt exits finance_ledger financing_value free_cash_flow gain headroom heads held hosting_state
jobs jobs_at_work jobs_taken_over kept launchable ledger loss loss_left made models net_cash
net_income offered opening operating option output people_at_work people_taken platforms produced
rd_people_used recurring regional_change_high regional_change_low reinvested renewed sales shipped
shortfall sold_running state taken tax taxable taxable_income undrawn value variants
"""
LINES = frozenset(_KEPT.split())
"""The lines that the exact books keep; one to which a plan posts nothing is 0.

A twin with lines that are not listed here names them in its own ``LINES``.
"""


@dataclass(frozen=True)
class Bound:
    """A line, and what it must not fall below or rise above.

    Parameters
    ----------
    stream : str
        The line's stream.
    labels : tuple of str
        Its labels.
    lower, upper : Fraction or None
        The bounds.
    sentence : str
        What was asked, in words.
    """

    stream: str
    labels: tuple[str, ...]
    lower: Fraction | None
    upper: Fraction | None
    sentence: str


@dataclass(frozen=True)
class Asked:
    """What a person asked of one plan, beyond what the case itself says.

    Parameters
    ----------
    force, forbid : sequence of str
        Options that must be taken or left; ``*`` stands for any text, and force outranks.
    bounds : sequence of Bound
        Lines and what they keep to.
    """

    force: Sequence[str] = ()
    forbid: Sequence[str] = ()
    bounds: Sequence[Bound] = ()
