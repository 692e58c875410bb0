"""One sentence for many: where the sentences of a rule's rows differ, from which to which."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["one_sentence"]

_NUMBER = re.compile(r"-?[0-9][0-9,]*(?:\.[0-9]+)?")
_LISTED = 3


def one_sentence(sentences: Sequence[str]) -> str:
    """Return one sentence for all rows of a rule: where they differ, from which to which."""
    distinct = list(dict.fromkeys(sentences))
    words = [each.split() for each in distinct]
    if len({len(each) for each in words}) > 1:
        return f"{distinct[0]} (and so in {len(distinct) - 1} more periods or places)"
    return " ".join(_span(list(dict.fromkeys(each))) for each in zip(*words, strict=True))


def _span(words: list[str]) -> str:
    """Return what stands for several words: all of few, the first and last of many."""
    ends = {each[-1] for each in words}
    end = ends.pop() if len(ends) == 1 and len(words) > 1 and not words[0][-1].isalnum() else ""
    bare = [each.removesuffix(end) for each in words]
    if len(bare) > 1 and all(_NUMBER.fullmatch(each) for each in bare):
        ordered = sorted(bare, key=lambda each: float(each.replace(",", "")))
        return f"{ordered[0]} to {ordered[-1]}{end}"
    if len(bare) <= _LISTED:
        return f"{' or '.join(bare)}{end}"
    return f"{bare[0]} … {bare[-1]}{end}"
