"""What the exact evaluation found: of a case as it is, or leaf by leaf and together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from replant.verify.books import Books
from replant.verify.breach import Breach
from replant.verify.statements import Statement, statements

__all__ = ["Leaf", "Verification", "expected_books", "together"]


@dataclass(frozen=True)
class Verification:
    """What the exact evaluation found.

    Parameters
    ----------
    books : Books
        The exact books; with scenarios their expected value.
    breaches : tuple of Breach
        Everything that does not hold, in whichever scenario.
    checked : mapping of str to int
        How often each invariant was looked at, over all scenarios.
    without_twin : tuple of str
        Modules of the plan that nothing here can check: the plan is then not verified.
    times : tuple of str
        ``now`` and the periods.
    leaves : tuple of Leaf
        Each scenario for itself; empty where the case has none.
    excused : tuple of Breach
        What does not hold and was allowed not to: a comparator may miss the floor. It is no part
        of `breaches`.
    """

    books: Books
    breaches: tuple[Breach, ...]
    checked: Mapping[str, int]
    without_twin: tuple[str, ...]
    times: tuple[str, ...] = ()
    leaves: tuple[Leaf, ...] = ()
    excused: tuple[Breach, ...] = ()

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Profit and loss, balance sheet and cash flow of each time."""
        return tuple(statements(self.books, self.times))

    @property
    def ok(self) -> bool:
        """Whether nothing is broken and nothing was left unchecked."""
        return not self.breaches and not self.without_twin

    @property
    def value(self) -> Fraction:
        """The exact value of the plan; with scenarios its expected value."""
        return sum(self.books.elements("value").values(), Fraction(0))

    def without(self, *allowed: str) -> Verification:
        """Return the same with the breaches of some rules excused: they are told, and allowed."""
        kept = tuple(breach for breach in self.breaches if breach.rule not in allowed)
        more = tuple(breach for breach in self.breaches if breach.rule in allowed)
        leaves = tuple(replace(leaf, found=leaf.found.without(*allowed)) for leaf in self.leaves)
        return replace(self, breaches=kept, leaves=leaves, excused=(*self.excused, *more))

    def sentences(self) -> tuple[str, ...]:
        """Return the verdict and every finding in words."""
        checks = sum(self.checked.values())
        where = f" in {len(self.leaves)} scenarios" if len(self.leaves) > 1 else ""
        lines = [
            f"{name} has no exact twin: the plan is not verified." for name in self.without_twin
        ]
        lines += [str(breach) for breach in self.breaches]
        if lines:
            return (f"{checks} checks{where}, {len(self.breaches)} breaches.", *lines)
        return (f"{checks} checks of {len(self.checked)} invariants{where}, no breach.",)


@dataclass(frozen=True)
class Leaf:
    """One scenario: its name, its probability, and what was found in it."""

    name: str
    probability: Fraction
    found: Verification


def together(leaves: Sequence[Leaf], besides: Books) -> Verification:
    """Return what was found in all leaves, with expected books.

    Parameters
    ----------
    leaves : sequence of Leaf
        What was found in each, one at least.
    besides : Books
        What was checked and found of the scenarios as a whole.
    """
    checked: Counter[str] = Counter(besides.checked)
    for leaf in leaves:
        checked.update(leaf.found.checked)
    named = [
        replace(breach, scenario=leaf.name) for leaf in leaves for breach in leaf.found.breaches
    ]
    unchecked = {name for leaf in leaves for name in leaf.found.without_twin}
    return Verification(
        books=expected_books(leaves),
        breaches=(*besides.breaches, *named),
        checked=dict(checked),
        without_twin=tuple(sorted(unchecked)),
        times=leaves[0].found.times,
        leaves=tuple(leaves),
    )


def expected_books(leaves: Sequence[Leaf]) -> Books:
    """Return books in which every element is its expected value over the leaves."""
    books = Books()
    for leaf in leaves:
        for stream in leaf.found.books.streams():
            for labels, amount in leaf.found.books.elements(stream).items():
                books.post(stream, *labels, amount=leaf.probability * amount)
    return books
