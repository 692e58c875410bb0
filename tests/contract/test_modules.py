"""Every module keeps the contract: discovered, so that a new one is judged without an edit here."""

from __future__ import annotations

from pathlib import Path

import pytest

from replant.case import Case, read
from replant.module import Module, discover, row_classes
from replant.plan import Planned, check_module, make_plan
from replant.units import MONEY, Quantity

FIRM = Path(__file__).parent.parent / "cases" / "everything"
MODULES = {module.name: module for module in discover()}


@pytest.fixture(scope="module")
def firm() -> Case:
    return read(FIRM, row_classes())


@pytest.fixture(scope="module")
def plan(firm: Case) -> Planned:
    return make_plan(firm)


def test_the_firm_uses_every_table_of_every_module(firm: Case):
    """Who adds a table adds a row of it to tests/cases/everything."""
    assert [row.table for row in row_classes() if not firm.rows(row)] == []


def test_the_firm_s_best_plan_is_verified(plan: Planned):
    assert plan.verification.ok, plan.verification.sentences()


@pytest.mark.parametrize("name", MODULES)
def test_a_module_keeps_the_contract(name: str, firm: Case, plan: Planned):
    assert check_module(MODULES[name], firm, plan) == ()


# -- the judge itself --------------------------------------------------------------------------


def test_a_module_that_does_not_apply_cannot_be_judged(golden: Case):
    assert "does not apply" in check_module(MODULES["workforce"], golden)[0]


@pytest.fixture(scope="module")
def golden(cases: Path) -> Case:
    return read(cases / "golden-g1", row_classes())


def faults(module: Module, case: Case, monkeypatch: pytest.MonkeyPatch, **changed) -> str:
    for name, value in changed.items():
        monkeypatch.setattr(type(module), name, value)
    return " ".join(check_module(module, case))


def test_the_judge_sees_silence(golden: Case, monkeypatch: pytest.MonkeyPatch):
    told = faults(MODULES["property"], golden, monkeypatch, explain=lambda self, told: iter(()))
    assert "no sentence tells the option property.hq_leaseback" in told


def test_the_judge_sees_an_entry_with_one_side(golden: Case, monkeypatch: pytest.MonkeyPatch):
    build = type(MODULES["property"]).build

    def lopsided(self, case, to):
        build(self, case, to)
        cost = case.row("properties", "hq").quantity("carrying_amount")
        to.post("ledger", cost, account="property", time="now")

    told = faults(MODULES["property"], golden, monkeypatch, build=lopsided)
    assert "entries of property do not balance" in told


def test_the_judge_sees_money_from_nowhere(golden: Case, monkeypatch: pytest.MonkeyPatch):
    build = type(MODULES["property"]).build

    def generous(self, case, to):
        build(self, case, to)
        to.entry(debit="cash", credit="equity_income", amount=Quantity.of(7, MONEY), time="Y1")

    told = faults(MODULES["property"], golden, monkeypatch, build=generous)
    assert "property books a constant on cash without a cell behind it" in told
    assert "a plan is not verified" in told
