"""Near misses: the known name that a misspelt one probably means."""

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

_MAXIMUM_CANDIDATES = 2_000
_MAXIMUM_LENGTH = 80


def near(word: str, known: Iterable[str]) -> str | None:
    """Return the known word nearest to `word`, or None if none is near."""
    # The comparison is quadratic in length and linear in candidates: a huge table must not stall.
    if len(word) > _MAXIMUM_LENGTH:
        return None
    candidates = list(islice(known, _MAXIMUM_CANDIDATES))
    lower = {candidate.lower(): candidate for candidate in candidates}
    found = get_close_matches(word.lower(), lower, n=1, cutoff=0.7)
    return lower[found[0]] if found else None


def suggestion(word: str, known: Iterable[str], otherwise: str) -> str:
    """Return the words of a mend: the near miss, or what else to do."""
    found = near(word, known)
    return f"did you mean {found}?" if found else otherwise
