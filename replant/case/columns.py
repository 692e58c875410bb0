"""What a row class says about its columns: one source for checks, references and templates."""

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from types import NoneType
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo

from replant.case.kinds import Kind, Reference, refusal, text_of
from replant.units import Unit

_UNSET: Any = object()
_SIGNS = {"ge": "at least", "gt": "more than", "le": "at most", "lt": "less than"}


@dataclass(frozen=True)
class Bounds:
    """The range that a number must keep."""

    ge: Fraction | None = None
    gt: Fraction | None = None
    le: Fraction | None = None
    lt: Fraction | None = None

    def holds(self, value: Fraction | int) -> bool:
        """Whether the value is in the range."""
        return (
            (self.ge is None or value >= self.ge)
            and (self.gt is None or value > self.gt)
            and (self.le is None or value <= self.le)
            and (self.lt is None or value < self.lt)
        )

    def __str__(self) -> str:
        """Return the range in words; empty where there is none."""
        words = [
            f"{sign} {text_of(getattr(self, name))}"
            for name, sign in _SIGNS.items()
            if getattr(self, name) is not None
        ]
        return " and ".join(words)


_UNBOUNDED = Bounds()


@dataclass(frozen=True)
class Meaning:
    """What `meaning` says of a field, beside its kind."""

    text: str
    bounds: Bounds
    structural: bool


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Parameters
    ----------
    name, attribute : str
        The heading in the file and the attribute of the row; they differ only where the
        heading is no free Python name.
    kind : str
        The kind's name; ``choice`` for a closed list of words.
    unit : Unit or None
        The unit, for numbers.
    required, optional, many : bool
        Whether the cell must be filled, may be None, is a list.
    default : object
        The value of an empty cell, if not required.
    bounds : Bounds
        The range of a number.
    reference : Reference or None
        Where the value must stand.
    choices : tuple of str
        The words of a choice.
    structural : bool
        Whether a number only shapes the case and needs no evidence.
    meaning : str
        One line.
    """

    name: str
    attribute: str
    kind: str
    unit: Unit | None
    required: bool
    optional: bool
    many: bool
    default: object
    bounds: Bounds
    reference: Reference | None
    choices: tuple[str, ...]
    structural: bool
    meaning: str

    @property
    def numeric(self) -> bool:
        """Whether the column holds numbers."""
        return self.unit is not None


def meaning(
    text: str,
    *,
    default: Any = _UNSET,
    ge: int | str | Fraction | None = None,
    gt: int | str | Fraction | None = None,
    le: int | str | Fraction | None = None,
    lt: int | str | Fraction | None = None,
    structural: bool = False,
    column: str | None = None,
) -> Any:
    """Say what a field means.

    Parameters
    ----------
    text : str
        One line that a planner understands; no unit, as it follows from the kind.
    default : optional
        The value of an empty cell, as it would be written in the file, or None for an
        optional kind. Without it the cell must be filled.
    ge, gt, le, lt : int, str or Fraction, optional
        The range of a number.
    structural : bool, default False
        For a number that only shapes the case (a count of months, a rank): no evidence wanted.
    column : str, optional
        The heading, where it cannot be the attribute's name.
    """
    bounds = Bounds(*(None if bound is None else Fraction(bound) for bound in (ge, gt, le, lt)))
    extra = {"meaning": Meaning(text, bounds, structural)}
    if default is _UNSET:
        return Field(alias=column, json_schema_extra=extra)  # type: ignore[arg-type]
    return Field(default=default, alias=column, json_schema_extra=extra)  # type: ignore[arg-type]


@cache
def columns_of(row_class: type[BaseModel]) -> dict[str, Column]:
    """Return the columns of a row class by heading, in the order of the class."""
    columns = (_column(name, field) for name, field in row_class.model_fields.items())
    return {column.name: column for column in columns}


@cache
def columns_by_attribute(row_class: type[BaseModel]) -> dict[str, Column]:
    """Return the columns of a row class by the attribute that holds them."""
    return {column.attribute: column for column in columns_of(row_class).values()}


def _column(attribute: str, field: FieldInfo) -> Column:
    marks = _marks(field)
    kind = next((mark for mark in marks if isinstance(mark, Kind)), None)
    reference = next((mark for mark in marks if isinstance(mark, Reference)), None)
    many = _mentions(field.annotation, tuple)
    choices = _choices(field.annotation)
    said = _said(field)
    return Column(
        name=field.alias or attribute,
        attribute=attribute,
        kind=_kind_name(attribute, kind, reference, choices, many),
        unit=kind.unit if kind else None,
        required=field.is_required(),
        optional=NoneType in get_args(field.annotation),
        many=many,
        default=None if field.is_required() else field.default,
        bounds=said.bounds,
        reference=reference,
        choices=choices,
        structural=said.structural,
        meaning=said.text or _implied_meaning(kind, reference),
    )


def _said(field: FieldInfo) -> Meaning:
    extra: Any = field.json_schema_extra
    said = extra.get("meaning") if isinstance(extra, dict) else None
    return said if isinstance(said, Meaning) else Meaning("", Bounds(), False)


def _implied_meaning(kind: Kind | None, reference: Reference | None) -> str:
    if reference:
        return f"One of {' or '.join(reference.targets)}"
    return "Identifier" if kind and kind.name == "id" else ""


def _kind_name(
    attribute: str,
    kind: Kind | None,
    reference: Reference | None,
    choices: tuple[str, ...],
    many: bool,
) -> str:
    if kind:
        return kind.name
    if reference:
        return "list" if many else "id"
    if choices:
        return "choice"
    raise TypeError(f"field {attribute}: give it a kind of replant.case, a Literal or a reference")


def _marks(field: FieldInfo) -> list[object]:
    """Return the annotations of a field, also those inside ``Money | None``."""
    inner = [mark for part in get_args(field.annotation) for mark in get_args(part)[1:]]
    return [*field.metadata, *inner]


def _mentions(annotation: object, wanted: type) -> bool:
    return any(get_origin(part) is wanted for part in (annotation, *get_args(annotation)))


def _choices(annotation: object) -> tuple[str, ...]:
    for part in (annotation, *get_args(annotation)):
        if get_origin(part) is Literal:
            return tuple(str(choice) for choice in get_args(part) if choice)
    return ()


def keep_bounds(column: Column, value: object) -> None:
    """Refuse a number outside its range."""
    if column.bounds == _UNBOUNDED or not isinstance(value, (Fraction, int)):
        return
    if not column.bounds.holds(value):
        rule = f"{column.name} is {column.bounds}"
        raise refusal("out-of-range", rule, f"write a number that is {column.bounds}")


def schema(row_class: type[BaseModel]) -> list[dict[str, Any]]:
    """Describe each column as plain data.

    Parameters
    ----------
    row_class : type of Row
        The table's row.

    Returns
    -------
    list of dict
        One entry a column with column, kind, unit, required, default, range, references,
        choices, key, structural and meaning; texts and booleans only.
    """
    key: tuple[str, ...] = getattr(row_class, "key", ())
    return [_described(column, column.name in key) for column in columns_of(row_class).values()]


def _described(column: Column, in_key: bool) -> dict[str, Any]:
    reference = column.reference
    return {
        "column": column.name,
        "kind": column.kind,
        "unit": None if column.unit is None else str(column.unit),
        "required": column.required,
        "default": None if column.default is None else text_of(column.default),
        "range": str(column.bounds),
        "references": list(reference.targets) if reference else [],
        "also": list(reference.also) if reference else [],
        "choices": list(column.choices),
        "list": column.many,
        "key": in_key,
        "structural": column.structural,
        "meaning": column.meaning,
    }
