"""Hold the rows that the solver's side claims against the exact books."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from replant.verify.books import Books
from replant.verify.breach import Breach
from replant.verify.verification import Verification

__all__ = ["Claimed", "compare", "held_against"]

Claimed = tuple[str, tuple[str, ...], float]
"""A stream, its labels and the value that the solver's side computed."""


def held_against(
    found: Verification, claimed: Mapping[str, Iterable[Claimed]], tolerance: float = 1e-6
) -> Verification:
    """Return the verification with a breach for each claimed row that differs from the exact one.

    Parameters
    ----------
    found : Verification
        What the exact engine found.
    claimed : mapping of str to iterable of (stream, labels, value)
        Rows of the solver's side by scenario; those under an empty name are held against the
        books of the whole, which are expected values where there are scenarios. Streams that the
        exact books do not have are passed over.
    tolerance : float
        As in `compare`.
    """
    known = {leaf.name: leaf.found for leaf in found.leaves}
    breaches: dict[str, tuple[Breach, ...]] = {}
    for name, rows in claimed.items():
        books = known[name].books if name else found.books
        kept = set(books.streams())
        seen = compare(books, (row for row in rows if row[0] in kept), tolerance)
        breaches[name] = tuple(replace(breach, scenario=name) for breach in seen)
    leaves = tuple(
        replace(leaf, found=_with(leaf.found, breaches.get(leaf.name, ()))) for leaf in found.leaves
    )
    return replace(
        _with(found, (each for some in breaches.values() for each in some)), leaves=leaves
    )


def _with(found: Verification, breaches: Iterable[Breach]) -> Verification:
    return replace(found, breaches=(*found.breaches, *breaches))


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
