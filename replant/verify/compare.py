"""Hold the rows that the solver's side claims against the exact books."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from replant.verify.books import Books
from replant.verify.breach import Breach

__all__ = ["Claimed", "compare"]

Claimed = tuple[str, tuple[str, ...], float]
"""A stream, its labels and the value that the solver's side computed."""


def compare(
    books: Books, claimed: Iterable[Claimed], tolerance: float = 1e-6
) -> tuple[Breach, ...]:
    """Return a breach for each claimed row that differs from the exact one.

    Parameters
    ----------
    books : Books
        The exact books.
    claimed : iterable of (stream, labels, value)
        Rows of the solver's side. ``value`` without labels is the value of the plan.
    tolerance : float
        How far apart they may be, relative to max(1, abs(exact)).

    Returns
    -------
    tuple of Breach
        ``I16`` for value, the stream's name for everything else.
    """
    allowed = Fraction(str(tolerance))
    return tuple(
        breach
        for stream, labels, value in claimed
        if (breach := _difference(books, stream, tuple(labels), value, allowed)) is not None
    )


def _difference(
    books: Books, stream: str, labels: tuple[str, ...], value: float, tolerance: Fraction
) -> Breach | None:
    rule = "I16" if stream == "value" else stream
    where = f"{stream}[{','.join(labels)}]" if labels else stream
    books.checked[rule] += 1
    exact = books.line(stream, *labels)
    if value != value or value in (float("inf"), float("-inf")):
        return Breach(rule, f"{where} is not a number.", where=where)
    difference = abs(Fraction(value) - exact)
    if difference <= tolerance * max(Fraction(1), abs(exact)):
        return None
    sentence = f"{where} is {float(exact):.9g}, but the plan says {value:.9g}."
    return Breach(rule, sentence, difference, where)
