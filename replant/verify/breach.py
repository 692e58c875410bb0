"""A breach: something the plan does, or says, that the case does not allow."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

__all__ = ["Breach"]


@dataclass(frozen=True)
class Breach:
    """One broken invariant.

    Parameters
    ----------
    rule : str
        The invariant, ``I1`` to ``I16``, or the name of the column, table or stream.
    sentence : str
        What is wrong, in words a person understands.
    amount : Fraction
        By how much, where that has a meaning; else 0.
    where : str
        The element that breaks it: labels, or a time.
    scenario : str
        The scenario in which it is broken; empty where there is none, or it holds for all.
    """

    rule: str
    sentence: str
    amount: Fraction = Fraction(0)
    where: str = ""
    scenario: str = ""

    def __str__(self) -> str:
        """Return the rule, the sentence and the size of the breach."""
        leaf = f"in {self.scenario}" if self.scenario else ""
        places = ", ".join(each for each in (self.where, leaf) if each)
        place = f" [{places}]" if places else ""
        size = f" (by {float(self.amount):.6g})" if self.amount else ""
        return f"{self.rule}{place}: {self.sentence}{size}"
