"""The base of every table's row."""

from fractions import Fraction
from typing import Any, ClassVar, Self

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

from replant.case.columns import Column, columns_by_attribute, columns_of, keep_bounds
from replant.case.kinds import text_of
from replant.errors import UsageError
from replant.units import Cell, Quantity

PERIOD = "period"
KEY_SEPARATOR = "/"


class Row(BaseModel):
    """One row of one table; a subclass declares a table.

    A subclass sets `table` and `key` and gives each field a kind and a meaning:

    >>> class Plant(Row):
    ...     table: ClassVar[str] = "plants"
    ...     fixed_cost: Money = meaning("Avoidable fixed cost a year while operating", ge=0)

    Attributes
    ----------
    table : str
        Name of the table and of its file.
    key : tuple of str
        The columns that tell one row from another, ``("id",)`` unless said otherwise.
    folder : str
        The folder of the file inside the case; empty for the case's own folder.
    evidenced : bool
        Whether the audit asks for evidence of this table's numbers.
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        validate_default=True,
        protected_namespaces=(),
    )

    table: ClassVar[str]
    key: ClassVar[tuple[str, ...]] = ("id",)
    folder: ClassVar[str] = "tables"
    evidenced: ClassVar[bool] = True

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        """Refuse a row class that says too little, when it is written and not when it is used."""
        super().__pydantic_init_subclass__(**kwargs)
        if "table" not in vars(cls):
            return  # a base that several tables share
        columns = columns_of(cls)
        missing = [name for name in cls.key if name not in columns]
        if missing or not cls.key:
            raise TypeError(f"{cls.__name__}: key names no column of the table: {missing}")
        for column in columns.values():
            if column.numeric and not column.meaning:
                raise TypeError(f"{cls.__name__}.{column.name}: give its meaning")

    @field_validator("*", mode="after")
    @classmethod
    def _within_bounds(cls, value: object, info: ValidationInfo) -> object:
        keep_bounds(columns_by_attribute(cls)[str(info.field_name)], value)
        return value

    @property
    def key_values(self) -> tuple[str, ...]:
        """The texts of the key columns, in the order of `key`."""
        columns = columns_of(type(self))
        return tuple(text_of(getattr(self, columns[name].attribute)) for name in self.key)

    @property
    def address(self) -> tuple[str, str]:
        """The row's id and period as cells name them."""
        return address_of(self.key, self.key_values)

    def cell(self, column: str) -> Cell:
        """Return where a value of this row stands.

        Parameters
        ----------
        column : str
            The column's heading.
        """
        self._described(column)
        identifier, period = self.address
        return Cell(self.table, identifier, period, column)

    def quantity(self, column: str) -> Quantity:
        """Return a number of this row with its unit and its cell.

        Parameters
        ----------
        column : str
            The heading of a numeric column.

        Raises
        ------
        UsageError
            If the column is not numeric, or the cell is empty and has no default.
        """
        described = self._described(column)
        value = getattr(self, described.attribute)
        if described.unit is None or value is None:
            what = "is not a number" if described.unit is None else "is empty"
            raise UsageError(f"{self.cell(column)} {what}")
        return Quantity(Fraction(value), described.unit, frozenset({self.cell(column)}))

    def changed(self, **values: object) -> Self:
        """Return a checked copy with other values, given by attribute."""
        # model_copy does not validate
        own = {name: getattr(self, name) for name in type(self).model_fields}
        return type(self).model_validate(own | values)

    def _described(self, column: str) -> Column:
        described = columns_of(type(self)).get(column)
        if described is None:
            known = ", ".join(columns_of(type(self)))
            raise UsageError(f"table {self.table} has no column {column}; it has {known}")
        return described


def address_of(key: tuple[str, ...], values: tuple[str, ...]) -> tuple[str, str]:
    """Part a key into the id and the period of a cell's address.

    The id joins the key's parts with a slash. A period in the key stands apart, unless it is
    all there is.
    """
    if PERIOD not in key or len(key) == 1:
        return KEY_SEPARATOR.join(values), ""
    position = key.index(PERIOD)
    others = values[:position] + values[position + 1 :]
    return KEY_SEPARATOR.join(others), values[position]
