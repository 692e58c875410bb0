"""Hold the rows that the solver's side claims against the exact books."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction

from replant.verify.books import Books
from replant.verify.breach import Breach
from replant.verify.verification import Verification

__all__ = ["Claimed", "compare", "held_against", "with_bound"]

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


def with_bound(
    found: Verification, bound: float, gap: float | None = None, tolerance: float = 1e-5
) -> Verification:
    """Return the verification with a breach where a plan's bound contradicts its value.

    That no plan is worth more than the bound is the solver's word, and nothing here can prove it.
    But a bound below the value of a plan that stands is false, and so is a gap that is not the
    distance between the two.

    Parameters
    ----------
    found : Verification
        What the exact engine found.
    bound : float
        What no plan is worth more than, as the solver says; infinite where it proved nothing.
    gap : float, optional
        How far above the value the bound lies, as the plan says.
    tolerance : float
        How far apart they may be, relative to max(1, abs(value)): bounds come in floating point.
    """
    value = float(found.value)
    allowed = tolerance * max(1.0, abs(value))
    breaches = []
    if not bound >= value - allowed:
        sentence = f"The bound {bound:.9g} lies below the value {value:.9g} of this very plan."
        breaches.append(_of_bound(sentence, value - bound))
    distance = max(0.0, bound - value)
    if gap is not None and gap != distance and not abs(gap - distance) <= allowed:
        sentence = f"The gap is {distance:.9g} from value to bound, but the plan says {gap:.9g}."
        breaches.append(_of_bound(sentence, gap - distance))
    return replace(_with(found, breaches), checked={**found.checked, "bound": 1})


def _of_bound(sentence: str, amount: float) -> Breach:
    size = Fraction(str(abs(amount))) if math.isfinite(amount) else Fraction(0)
    return Breach("bound", sentence, size)


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
