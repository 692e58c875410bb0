"""A module whose rows or bounds are too loose is caught by the exact engine.

Each kind of row that a module requires, and each bound of its columns, is dropped in turn. What a
plan could then do that no plan may is handed to the exact engine, which must refuse it. So a bound
that a module gets wrong is seen even where no best plan ever comes near it.
"""

from __future__ import annotations

import ast
import re
import tomllib
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

LISTS = Path(__file__).parent / "loosened"


def listed(why: str, module: str) -> set[str]:
    """Return the kinds that a module's own list excuses, each there under its reason.

    Whoever lists one has looked. The lists are ``loosened/<module>.toml``; a module without one
    has nothing to excuse. ``implied``: nothing can break it, for something else says the same.
    ``harmless``: it can be broken without a plan being any other, so that the exact engine has
    nothing to refuse. ``of_the_matrix``: a bound that no rule of the case sets, where a finite
    number stands for none.
    """
    file = LISTS / f"{module}.toml"
    if not file.exists():
        return set()
    reasons = tomllib.loads(file.read_text(encoding="utf-8")).get(why, {})
    each = [kind.split() for kinds in reasons.values() for kind in kinds]
    return {f"{what} {module}.{name} {side}" for what, name, side in each}


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
    """Where nothing can break it, or nothing comes of it, the module's list says why."""
    found: dict[str, set[str]] = {"implied": set(), "harmless": set(), "accepted": set()}
    for kind in workshop.kinds(name):
        found.setdefault(refused(workshop, kind), set()).add(str(kind))
    assert found["accepted"] == listed("of_the_matrix", name)
    assert found["harmless"] == listed("harmless", name)
    assert found["implied"] == listed("implied", name)


def test_every_list_is_of_a_module():
    """And says nothing but the three things that a list can say."""
    for file in LISTS.iterdir():
        assert file.stem in NAMES
        said = tomllib.loads(file.read_text(encoding="utf-8"))
        assert set(said) <= {"implied", "harmless", "of_the_matrix"}, file


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
