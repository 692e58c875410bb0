"""What the modules say of a plan, and what of it holds in which scenario."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from replant.case import Case
from replant.ledger import Clock
from replant.module import Sentence, calendars_of
from replant.plan.assemble import applying

__all__ = ["merged", "tell"]


class _Tellable(Protocol):
    """What of a plan is needed to speak of it."""

    @property
    def case(self) -> Case:
        """The case that was planned."""

    @property
    def taken(self) -> Mapping[str, float]:
        """The columns that are not zero."""

    def row(self, stream: str, *labels: str) -> float:
        """Return the value of a stream's element."""


def tell(plan: _Tellable) -> list[Sentence]:
    """Return what every module says of a plan in one future."""
    return [
        replace(sentence, module=module.name)
        for module in applying(plan.case)
        for sentence in module.explain(_ToldPlan(plan, module.name))
    ]


def merged(told: Mapping[str, Sequence[Sentence]], titles: Mapping[str, str]) -> list[Sentence]:
    """Return the sentences of several futures, each once, with the futures in which it is said.

    Parameters
    ----------
    told : mapping of str to sequence of Sentence
        What is said in each scenario.
    titles : mapping of str to str
        The scenarios' names in words.
    """
    if len(told) == 1:
        return [sentence for each in told.values() for sentence in each]
    where: dict[Sentence, list[str]] = {}
    first: dict[Sentence, Sentence] = {}
    for name, sentences in told.items():
        for sentence in sentences:
            key = replace(sentence, cells=frozenset())
            known = first.setdefault(key, sentence)
            first[key] = replace(known, cells=known.cells | sentence.cells)
            if name not in where.setdefault(key, []):
                where[key].append(name)
    order: dict[tuple[str, ...], int] = {}
    for key in where:
        order.setdefault(_topic(key), len(order))
    return [
        first[key] if len(where[key]) == len(told) else _placed(first[key], where[key], titles)
        for key in sorted(where, key=lambda each: order[_topic(each)])
    ]


def _topic(sentence: Sentence) -> tuple[str, ...]:
    """Return what a sentence is about: variants of it stand together."""
    return sentence.subject, sentence.option, sentence.period


def _placed(sentence: Sentence, names: Sequence[str], titles: Mapping[str, str]) -> Sentence:
    """Return a sentence that says in which scenarios it holds."""
    *others, last = (titles[name] for name in names)
    listed = f"{', '.join(others)} and {last}" if others else last
    one = "scenarios" if others else "scenario"
    text = f"In the {one} {listed}: {sentence.text}"
    return replace(sentence, text=text, scenarios=tuple(names))


@dataclass(frozen=True, eq=False)
class _ToldPlan:
    """A plan as one module may ask about it."""

    plan: _Tellable
    module: str

    @property
    def case(self) -> Case:
        """The case that was planned."""
        return self.plan.case

    @cached_property
    def clock(self) -> Clock:
        """The case's time conventions."""
        return Clock(self.case.periods, calendars_of(self.case))

    def chosen(self, name: str) -> Mapping[tuple[str, ...], float]:
        """Return this module's columns of one name that are not zero."""
        return dict(self._chosen(name))

    def _chosen(self, name: str) -> Iterator[tuple[tuple[str, ...], float]]:
        prefix = f"{self.module}.{name}["
        for label, value in self.plan.taken.items():
            if label.startswith(prefix):
                yield tuple(label[len(prefix) : -1].split(",")), value

    def stream(self, stream: str, *labels: str) -> float:
        """Return the value of a stream's element (0 where nobody posted)."""
        return self.plan.row(stream, *labels)
