"""What a row class says of itself: one source for checks, references and templates."""

from __future__ import annotations

import pickle
from fractions import Fraction
from typing import Annotated, Any, ClassVar

import pytest
from pydantic import ValidationError

from replant.case import (
    CORE,
    Id,
    Money,
    Row,
    columns_of,
    datapackage,
    json_schema,
    meaning,
    number_kind,
    refers_to,
    schema,
)
from replant.units import FLOOR, MONEY, Cell


def test_schema_is_plain_data(tiny) -> None:
    described = {each["column"]: each for each in schema(tiny.plant)}
    assert described["fixed_cost"] == {
        "column": "fixed_cost",
        "kind": "money",
        "unit": "money",
        "required": True,
        "default": None,
        "range": "at least 0",
        "references": [],
        "also": [],
        "choices": [],
        "list": False,
        "key": False,
        "structural": False,
        "meaning": "Avoidable fixed cost a year while operating",
    }
    assert described["id"]["key"]
    assert described["country"]["references"] == ["countries"]
    assert described["utilisation"]["range"] == "at least 0 and at most 1"
    assert described["utilisation"]["default"] == "0.8"
    assert described["kind"]["choices"] == ["own", "partner"]
    assert described["lines"]["structural"]
    assert described["tags"]["list"]
    assert "from" in described
    assert "since" not in described


@pytest.mark.parametrize("row_class", CORE)
def test_every_core_column_says_what_it_means(row_class) -> None:
    assert row_class.__doc__
    for each in schema(row_class):
        assert each["meaning"], each
        assert each["meaning"][0].isupper() or ":" in each["meaning"], each
        if each["default"] is not None:
            assert isinstance(each["default"], str)


def test_json_schema_and_data_package(tiny) -> None:
    told = json_schema(tiny.plant)
    assert told["required"] == ["id", "country", "fixed_cost"]
    assert told["properties"]["can_close"]["enum"] == ["yes", "no"]
    package = datapackage("tiny", "A tiny firm", tiny.rows)
    plants, demand, tariffs = package["resources"]
    assert plants["path"] == "tables/plants.csv"
    assert plants["schema"]["foreignKeys"] == [
        {"fields": ["country"], "reference": {"resource": "countries", "fields": ["id"]}}
    ]
    assert demand["schema"]["primaryKey"] == ["model", "market", "period"]
    assert tariffs["schema"]["fields"][1]["type"] == "date"
    cost = next(each for each in plants["schema"]["fields"] if each["name"] == "fixed_cost")
    assert cost["constraints"] == {"required": True, "minimum": "0"}


def test_another_unit() -> None:
    Rent = Annotated[Fraction, number_kind("rent", MONEY / FLOOR)]

    class Lease(Row):
        """A lease."""

        table: ClassVar[str] = "leases"
        id: Id
        rent: Rent = meaning("Rent a year")

    assert Lease(id="hq", rent="2.5").quantity("rent").unit == MONEY / FLOOR


def test_optional_kinds_may_be_spelt_with_a_bar() -> None:
    class Deal(Row):
        """A deal."""

        table: ClassVar[str] = "deals"
        id: Id
        price: Money | None = meaning("Price", default=None, ge=0)
        plant: Annotated[str | None, refers_to("plants")] = None

    column = columns_of(Deal)["price"]
    assert (column.unit, column.optional, column.required) == (MONEY, True, False)
    assert Deal(id="a").price is None
    assert Deal(id="a", price="2").price == 2
    assert columns_of(Deal)["plant"].reference == refers_to("plants")
    with pytest.raises(ValidationError, match="at least 0"):
        Deal(id="a", price="-2")


@pytest.mark.parametrize("value", [1.5, True, None, "1e3", object()])
def test_numbers_from_python_are_exact_or_refused(tiny, value: Any) -> None:
    with pytest.raises(ValidationError):
        tiny.plant(id="a", country="japan", fixed_cost=value)


def test_rows_are_frozen_and_change_by_copy(tiny) -> None:
    row = tiny.plant(id="a", country="japan", fixed_cost=Fraction(5, 2))
    with pytest.raises(ValidationError):
        row.fixed_cost = Fraction(1)
    assert row.changed(fixed_cost="3").fixed_cost == 3
    with pytest.raises(ValidationError):
        row.changed(fixed_cost="-3")
    assert row.cell("from") == Cell("plants", "a", "", "from")


def test_a_row_class_that_says_too_little_is_refused() -> None:
    with pytest.raises(TypeError, match="key names no column"):

        class NoKey(Row):
            table: ClassVar[str] = "a"
            name: Id

    with pytest.raises(TypeError, match="give its meaning"):

        class NoMeaning(Row):
            table: ClassVar[str] = "a"
            id: Id
            cost: Money

    with pytest.raises(TypeError, match="give it a kind"):

        class NoKind(Row):
            table: ClassVar[str] = "a"
            id: Id
            count: int = 3


def test_a_period_alone_in_the_key_is_the_id() -> None:
    class Cash(Row):
        """Cash."""

        table: ClassVar[str] = "cash"
        key: ClassVar[tuple[str, ...]] = ("period",)
        period: Annotated[str, refers_to("periods", also=("now",))]
        minimum: Money = meaning("Least cash")

    assert Cash(period="now", minimum=1).cell("minimum") == Cell("cash", "now", "", "minimum")


def test_a_case_travels_between_processes(tiny) -> None:
    # test-only row classes cannot be imported elsewhere, so the core's tables must do
    tiny.put("tables/plants.csv", None).put("tables/demand.csv", None)
    tiny.put("evidence.csv", None).put("scenario_changes.csv", None)
    from replant.case import read

    case = read(tiny.path)
    assert pickle.loads(pickle.dumps(case)).fingerprint == case.fingerprint
