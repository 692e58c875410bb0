"""A module whose rows or bounds are too loose is caught by the exact engine.

Each kind of row that a module requires, and each bound of its columns, is dropped in turn. What a
plan could then do that no plan may is handed to the exact engine, which must refuse it. So a bound
that a module gets wrong is seen even where no best plan ever comes near it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import replant
from replant.module import discover
from replant.plan import Choices, make_plan
from replant.solve import SolveSettings
from tests.contract.loosening import Kind, Loose, Workshop
from tests.contract.strict_firm import strict_firm

NAMES = [module.name for module in discover()]
ROOMS = ("decisions", "rules")

# Why nothing breaks these: what else says the same. Whoever lists one here has looked.
IMPLIED: dict[str, tuple[str, ...]] = {
    "The sum over its periods, or over its rivals, is at most 1, and none is below 0.": (
        "column complexity.choose over",
        "column hosting.start over",
        "column platform.end_model over",
        "column platform.end_platform over",
        "column platform.migrate over",
        "column programme.start over",
        "column property.take over",
        "column sourcing.launch over",
        "column stake.act over",
        "column supply.start over",
    ),
    "What enters a node leaves it: one path, and whole where all beside it is whole.": tuple(
        f"column plant_path.{arc} {side}"
        for arc in (
            "operate",
            "operate_and_host",
            "host_only",
            "close",
            "mothball",
            "keep_mothballed",
            "reopen",
            "operate_again",
            "close_mothballed",
            "stay_closed",
            "sell",
            "sell_running",
        )
        for side in ("over", "between")
    ),
    "What follows on the path is not below 0.": (
        "column plant_path.mothball under",
        "column plant_path.operate_again under",
    ),
    "As many as follow a plant to its buyer, and nobody is below 0.": (
        "column plant_path.sell_running under",
    ),
    "In the past plants run, a shift is at most one, and what was shipped needs the first.": (
        "row sourcing.shift_1_as_it_was over",
        "row sourcing.shift_1_as_it_was under",
        "row sourcing.shift_2_as_it_was over",
    ),
    "A line that is off makes nothing, and one that is on has the bounds of its columns.": (
        "row sourcing.shipment over",
    ),
    "A plant without shifts has no capacity, and line_capacity_model has the same most.": (
        "row sourcing.line_capacity_plant over",
        "row sourcing.shipment_plant over",
    ),
    "Each shift stands on the one before, the first on its plant, and the last is not below 0.": (
        "column sourcing.shift_1 over",
        "column sourcing.shift_1 under",
        "column sourcing.shift_2 under",
        "column sourcing.shift_3 over",
    ),
    "A line needs its plant or its model, and ships nothing below 0 while it is off.": (
        "column sourcing.on over",
        "column sourcing.on under",
    ),
    "Renewals bound it from below, and who must be served wants no more than all demand.": (
        "column sourcing.fresh_city over",
        "column sourcing.fresh_city under",
    ),
    "The limit of the facility over all periods.": ("column debt.issue over",),
    "The volume of the deal while it runs.": ("column supply.build over",),
    "The share of each offer, of which one a year is open.": ("row workforce.one_share over",),
    "Who leaves needs an open offer, at most the count of the group, at least nobody.": (
        "column workforce.leave over",
        "column workforce.open under",
    ),
    "All who accept the move, over all periods.": ("column workforce.move over",),
    "Who joins or follows: at most so many while the plant works or is sold.": (
        "column workforce.hire over",
        "column workforce.follow over",
    ),
    "Heads are what the bounds of those who come and go leave; idle are at most heads.": (
        "column workforce.heads over",
        "column workforce.idle over",
    ),
    "It is read from the bounds of all that makes up income.": (
        "row tax.most_gain over",
        "row tax.most_loss over",
    ),
    "Losses used are at most a share of the gain, and not below 0.": ("column tax.gain under",),
    "Gain and loss are not below 0, and at most what the sign leaves.": (
        "column tax.sign over",
        "column tax.sign under",
    ),
    "The stock of the loss, of which each year's use is not below 0.": ("column tax.used over",),
}
# What can be broken without a plan being any other: the exact engine has nothing to refuse.
HARMLESS: dict[str, tuple[str, ...]] = {
    "No decision: the exact engine tells gain from loss by income itself.": (
        "column tax.sign between",
    ),
}
# Bounds that no rule of the case sets: a finite number stands for none, so none is checked.
OF_THE_MATRIX: dict[str, tuple[str, ...]] = {
    "Twice all the work in the firm; that nobody leaves who is not there is checked by heads.": (
        "column workforce.dismiss over",
    ),
}


def listed(reasons: dict[str, tuple[str, ...]], module: str) -> set[str]:
    """Return what a list names of a module."""
    return {
        each
        for some in reasons.values()
        for each in some
        if each.split()[1].startswith(f"{module}.")
    }


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return Workshop(strict_firm(tmp_path_factory.mktemp("firm")))


def refused(workshop: Workshop, kind: Kind) -> str:
    """Return what comes of a kind: refused, accepted, harmless or implied."""
    outcome = "implied"
    for use in workshop.uses(kind):
        if workshop.breaches(use):
            return "refused"
        if not workshop.stands(use):
            return "accepted"
        outcome = "harmless"
    return outcome


@pytest.mark.parametrize("name", NAMES)
def test_what_a_loosened_row_or_bound_lets_through_is_refused(name: str, workshop: Workshop):
    """Where nothing can break it, or nothing comes of it, that is said above with its reason."""
    found: dict[str, set[str]] = {"implied": set(), "harmless": set(), "accepted": set()}
    for kind in workshop.kinds(name):
        found.setdefault(refused(workshop, kind), set()).add(str(kind))
    assert found["accepted"] == listed(OF_THE_MATRIX, name)
    assert found["harmless"] == listed(HARMLESS, name)
    assert found["implied"] == listed(IMPLIED, name)


# -- the judge itself ------------------------------------------------------------------------------


def test_a_plan_that_breaks_nothing_is_not_refused(workshop: Workshop):
    """The firm has plans, and neither side finds anything against the best or another."""
    plan = make_plan(workshop.case, Choices(), SolveSettings(gap=0.1))
    assert plan.verification.ok, plan.verification.sentences()
    for loose in (
        Loose("best", plan.values, plan.values, workshop.program),
        next(workshop.uses(Kind("column", "tax.sign", "between"))),
    ):
        assert workshop.stands(loose)
        assert workshop.breaches(loose) == ()


def test_a_decision_too_many_does_not_stand(workshop: Workshop):
    """Nor is anything else wrong with it: a bound is broken alone where that is possible."""
    use = next(workshop.uses(Kind("row", "stake.once", "over")))
    assert not workshop.stands(use)
    assert {each.rule for each in workshop.breaches(use)} == {"stakes"}


def required() -> Iterator[tuple[str, str]]:
    """Yield the module and a pattern of the name of each row that code requires by its name."""
    for room in ROOMS:
        top = Path(replant.__file__).parent / room
        for path in sorted(top.rglob("*.py")):
            module = path.relative_to(top).parts[0].removesuffix(".py")
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                call = node.func if isinstance(node, ast.Call) and node.args else None
                if isinstance(call, ast.Attribute) and call.attr == "require":
                    yield from ((module, each) for each in _pattern(node.args[0]))


def _pattern(name: ast.expr) -> Iterator[str]:
    if isinstance(name, ast.Constant):
        yield re.escape(str(name.value))
    elif isinstance(name, ast.JoinedStr):
        parts = (p.value if isinstance(p, ast.Constant) else ".+" for p in name.values)
        yield "".join(str(part) for part in parts)


def test_the_firm_has_a_row_of_each_kind_that_a_module_can_require(workshop: Workshop):
    """Who adds a kind of row gives the strict firm a place where it binds."""
    rows = {kind.name for name in NAMES for kind in workshop.kinds(name) if kind.what == "row"}
    patterns = [f"{module}\\.{pattern}" for module, pattern in required()]
    missing = [each for each in patterns if not any(re.fullmatch(each, row) for row in rows)]
    assert len(patterns) > len(NAMES)
    assert missing == []
