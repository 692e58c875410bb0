"""The schema of the tables for other programs: JSON Schema and a data package's description."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from replant.case.columns import Bounds, Column, columns_of
from replant.case.kinds import text_of
from replant.case.row import Row
from replant.case.table import file_of

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_DECIMAL = r"^[+-]?[0-9]+(\.[0-9]+)?$"
_FIELD_TYPES = {"months": "integer", "whole": "integer", "flag": "boolean", "date": "date"}


def json_schema(row_class: type[Row]) -> dict[str, Any]:
    """Return the JSON Schema of one row, whose values are texts as in the file.

    Ranges of numbers stand in the descriptions: JSON Schema cannot compare decimal texts.
    """
    columns = columns_of(row_class).values()
    return {
        "$schema": _DIALECT,
        "title": row_class.table,
        "description": _first_line(row_class),
        "type": "object",
        "properties": {column.name: _property(column) for column in columns},
        "required": [column.name for column in columns if column.required],
        "additionalProperties": False,
    }


def datapackage(name: str, title: str, rows: Sequence[type[Row]]) -> dict[str, Any]:
    """Return the content of ``datapackage.json`` for the tables of a case.

    Parameters
    ----------
    name, title : str
        The case's.
    rows : sequence of type of Row
        The tables that the package holds.
    """
    return {"name": name, "title": title, "resources": [_resource(each) for each in rows]}


def _first_line(row_class: type[Row]) -> str:
    return (row_class.__doc__ or row_class.table).strip().splitlines()[0]


def _property(column: Column) -> dict[str, Any]:
    described: dict[str, Any] = {"type": "string", "description": _description(column)}
    if column.default is not None:
        described["default"] = text_of(column.default)
    if column.choices:
        described["enum"] = list(column.choices)
    elif column.numeric:
        described["pattern"] = _DECIMAL
    elif column.kind == "flag":
        described["enum"] = ["yes", "no"]
    elif column.kind == "date":
        described["format"] = "date"
    return described


def _description(column: Column) -> str:
    unit = f"in {column.unit}" if column.unit is not None else ""
    parts = [column.meaning, unit, str(column.bounds)]
    return "; ".join(part for part in parts if part)


def _resource(row_class: type[Row]) -> dict[str, Any]:
    columns = columns_of(row_class).values()
    return {
        "name": row_class.table.replace("_", "-"),
        "path": file_of(row_class),
        "description": _first_line(row_class),
        "format": "csv",
        "encoding": "utf-8",
        "schema": {
            "fields": [_field(column) for column in columns],
            "primaryKey": list(row_class.key),
            "foreignKeys": [key for column in columns for key in _foreign_keys(column)],
            "missingValues": [""],
        },
    }


def _field(column: Column) -> dict[str, Any]:
    kind = "number" if column.numeric else "string"
    field: dict[str, Any] = {
        "name": column.name,
        "type": _FIELD_TYPES.get(column.kind, kind),
        "description": _description(column),
    }
    if column.kind == "flag":
        field |= {"trueValues": ["yes"], "falseValues": ["no"]}
    constraints = _constraints(column)
    return field | ({"constraints": constraints} if constraints else {})


def _constraints(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if column.required:
        found["required"] = True
    if column.choices:
        found["enum"] = list(column.choices)
    return found | _range(column.bounds)


def _range(bounds: Bounds) -> dict[str, str]:
    given: dict[str, Fraction | None] = {
        "minimum": bounds.ge,
        "exclusiveMinimum": bounds.gt,
        "maximum": bounds.le,
        "exclusiveMaximum": bounds.lt,
    }
    return {name: text_of(value) for name, value in given.items() if value is not None}


def _foreign_keys(column: Column) -> list[dict[str, Any]]:
    """Return the foreign key of a column; none where it is a list or may point to two tables."""
    reference = column.reference
    if reference is None or column.many or reference.also or len(reference.targets) > 1:
        return []
    table, _, wanted = reference.targets[0].partition(".")
    target = {"resource": table.replace("_", "-"), "fields": [wanted or "id"]}
    return [{"fields": [column.name], "reference": target}]
