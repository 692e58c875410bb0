"""What was asked of a plan beyond its case, in words: a plan that was bent must say so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from replant.case import Case
from replant.case.changes import Fault, positions_of
from replant.case.sets import parse_set
from replant.plan import Choices

__all__ = ["what_if"]

_FEW = 3


def what_if(choices: Choices, sets: Sequence[str], before: Case | None = None) -> tuple[str, ...]:
    """Return one phrase for each thing that a person asked of one run.

    Parameters
    ----------
    choices : Choices
        What was forced, forbidden and bounded; a comparator's choices are the case's own.
    sets : sequence of str
        The cells that were changed, as they were given.
    before : Case, optional
        The case without these changes, to say what stood there.
    """
    asked: list[str] = []
    if not choices.plan:
        asked += [f"{each} is forced" for each in choices.force]
        asked += [f"{each} is forbidden" for each in choices.forbid]
        asked += [each.rule.removesuffix(" was asked for.") for each in choices.limits]
        if choices.allow_shortfall:
            asked.append("cash may fall below its floor, and limits and covenants may be missed")
    return (*asked, *(_changed(each, before) for each in sets))


def _changed(text: str, before: Case | None) -> str:
    address, _, value = text.partition("=")
    said = f"{address.strip()} is {value.strip() or 'empty'}"
    stood = list(dict.fromkeys(_stood(text, before))) if before is not None else []
    if not stood:
        return said
    listed = ", ".join(stood[:_FEW]) + (", …" if len(stood) > _FEW else "")
    return f"{said} instead of {listed}"


def _stood(text: str, before: Case) -> Iterator[str]:
    """Yield what the case says where a change was made."""
    try:
        change = parse_set(text)
        positions = positions_of(change.address, before.tables, before.row_classes)
    except Fault:
        return
    texts = before.tables[change.address.table].texts(change.address.column)
    for position in positions:
        yield texts[position] or "nothing"
