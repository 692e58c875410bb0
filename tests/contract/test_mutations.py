"""A module that books a little too much, or at another time, is caught by the exact engine.

The plan stays as it is; the program is built anew with one amount changed while one module
builds. Whatever that moves in the plan's rows must differ from what the exact engine computes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from replant.case import read
from replant.kernel import Expr, Program
from replant.module import Builder, discover, row_classes
from replant.plan import Choices, Planned, assemble, make_plan
from replant.solve import SolveSettings
from replant.verify import compare

FIRM = Path(__file__).parent.parent / "cases" / "everything"
NAMES = [module.name for module in discover()]
BOOKING = ("entry", "finance_entry")
# These bind what others post, and post nothing of their own.
SILENT = {"limits", "relations"}
# Besides what the best plan takes: each kind of lease, so that its entries are looked at.
TAKEN = ("property.hq_leaseback", "property.museum_loan", "property.yard_sale")
Change = Callable[[dict[str, Any], Builder], dict[str, Any]]
Kind = tuple[str, ...]


@pytest.fixture(scope="module")
def plan() -> Planned:
    firm = read(FIRM, row_classes())
    return make_plan(firm, Choices(force=TAKEN), SolveSettings(gap=0.05))


# -- what is changed -----------------------------------------------------------------------------


def larger(call: dict[str, Any], to: Builder) -> dict[str, Any]:
    """Return the call with its amount a hundredth larger."""
    amount = call["amount"]
    factor = 1.01 if isinstance(amount, Expr) else Fraction(101, 100)
    return {**call, "amount": amount * factor}


def doubled(call: dict[str, Any], to: Builder) -> dict[str, Any]:
    """Return the call with twice its amount."""
    return {**call, "amount": call["amount"] * 2}


def later(call: dict[str, Any], to: Builder) -> dict[str, Any]:
    """Return the call at the next time, or at the one before the last."""
    place = to.times.index(call["time"])
    return {**call, "time": to.times[place + 1 if place + 1 < len(to.times) else place - 1]}


@dataclass
class Tampering:
    """Watches the calls of one module while it builds, and changes one of them."""

    module: str
    methods: tuple[str, ...]
    monkeypatch: pytest.MonkeyPatch
    calls: list[Kind] = field(default_factory=list)

    def program(self, plan: Planned, number: int = -1, change: Change = larger) -> Program:
        """Return the program with one call changed; the amount of each is in a stream probe."""
        self.calls.clear()
        with self.monkeypatch.context() as patch:
            for name in self.methods:
                patch.setattr(Builder, name, self._tampered(name, number, change))
            return assemble(plan.case, plan.choices)

    def _tampered(self, name: str, number: int, change: Change) -> Callable[..., None]:
        original, probe = getattr(Builder, name), Builder.post

        def tampered(to: Builder, *given: Any, **call: Any) -> None:
            if given:
                call |= dict(zip(("stream", "amount"), given, strict=False))
            if to.module == self.module:
                kind = (call["stream"],) if "stream" in call else (call["debit"], call["credit"])
                self.calls.append((name, *kind))
                if number < 0:
                    self._measure(to, call["amount"], probe)
                elif number == len(self.calls) - 1:
                    call = change(call, to)
            original(to, **call)

        return tampered

    def _measure(self, to: Builder, amount: Any, probe: Callable[..., None]) -> None:
        name = f"probe{len(self.calls) - 1}"
        to.stream(name, (), amount.unit)
        whole = amount.sum() if isinstance(amount, Expr) and amount.dims else amount
        probe(to, name, whole)

    def moving(self, plan: Planned) -> dict[Kind, list[int]]:
        """Return, for each kind of call, the numbers of those that are not nil in the plan."""
        program = self.program(plan)
        found: dict[Kind, list[int]] = {}
        for number, kind in enumerate(self.calls):
            value = program.streams.value(plan.values, f"probe{number}", default=0.0)
            if abs(value) > 1e-2:
                found.setdefault(kind, []).append(number)
        return found


def disagreements(plan: Planned, program: Program) -> tuple[list[Any], int]:
    """Return the rows that moved, and on how many of them the exact engine disagrees."""
    known = plan.verification.books.streams()
    moved = [
        (stream, labels, value)
        for stream, elements in replace(plan, program=program).rows.items()
        for labels, value in elements.items()
        if stream in known and abs(value - plan.row(stream, *labels)) > 1e-5
    ]
    return moved, len(compare(plan.verification.books, moved))


# -- and caught ----------------------------------------------------------------------------------


@pytest.mark.parametrize("change", [larger, later])
@pytest.mark.parametrize("name", NAMES)
def test_a_changed_entry_is_caught(
    name: str, change: Change, plan: Planned, monkeypatch: pytest.MonkeyPatch
):
    """The first entry between each two accounts that the plan makes use of."""
    tampering = Tampering(name, BOOKING, monkeypatch)
    moving = tampering.moving(plan)
    assert moving or not tampering.calls, f"the plan takes nothing that {name} books"
    for kind, numbers in moving.items():
        _, seen = disagreements(plan, tampering.program(plan, numbers[0], change))
        assert seen, (kind, numbers[0])


@pytest.mark.parametrize("name", NAMES)
def test_a_changed_post_is_caught(name: str, plan: Planned, monkeypatch: pytest.MonkeyPatch):
    """Streams that are not money are compared too: heads, volumes, options, statements."""
    tampering = Tampering(name, ("post",), monkeypatch)
    caught = 0
    for kind, numbers in tampering.moving(plan).items():
        moved, seen = disagreements(plan, tampering.program(plan, numbers[0], doubled))
        assert seen or not moved, (kind, moved)
        caught += bool(seen)
    assert caught or name in SILENT, f"nothing that {name} posts is looked at"


@pytest.mark.parametrize("row", read(FIRM, row_classes()).rows("covenants"), ids=lambda row: row.id)
def test_a_changed_bound_of_a_lender_is_caught(
    row: Any, plan: Planned, monkeypatch: pytest.MonkeyPatch
):
    """What multiplies a figure, or is held against it, a hundredth larger in the matrix alone."""
    quantity = type(row).quantity

    def larger_one(self: Any, column: str) -> Any:
        return quantity(self, column) * (Fraction(101, 100) if self.id == row.id else 1)

    with monkeypatch.context() as patch:
        patch.setattr(type(row), "quantity", larger_one)
        moved, seen = disagreements(plan, assemble(plan.case, plan.choices))
    assert {stream for stream, _, _ in moved} == {"covenant_headroom"}
    assert seen == len(moved)
