"""Streaming: what a problem does with streams, declaring them, posting to them, reading them.

A read of a stream is a pseudo column that assembly replaces by what was posted, so a stream may
be read before it is complete.
"""

from __future__ import annotations

from collections.abc import Sequence

from replant.errors import DuplicateLabel, UnitMismatch
from replant.kernel.dimension import Dimension, check_distinct, size_of
from replant.kernel.expression import Expr
from replant.kernel.provisional import ProvisionalColumns, unit_terms
from replant.kernel.scope import Scope
from replant.kernel.stream import Post, Read, Stream, StreamBook
from replant.units import Quantity, Unit, cells_text

__all__ = ["Streaming"]


class Streaming(Scope):
    """A scope with streams.

    Parameters
    ----------
    scenarios : sequence of (str, float)
        Names and probabilities; see `Scope`.
    """

    def __init__(self, scenarios: Sequence[tuple[str, float]]) -> None:
        super().__init__(scenarios)
        self.streams = StreamBook()
        self.columns = ProvisionalColumns(self.streams)
        self.posts: list[Post] = []
        self.reads: list[Read] = []
        self._totals: dict[tuple[object, ...], Expr] = {}

    def declare_stream(self, name: str, dimension_names: Sequence[str], unit: Unit) -> None:
        """Declare a stream; again with the same content is fine.

        Parameters
        ----------
        name : str
            Public name.
        dimension_names : sequence of str
            Names of its dimensions, in the order of its labels.
        unit : Unit
            Unit of all that is posted.

        Raises
        ------
        DuplicateLabel
            If it was declared with other content, or names a dimension twice.
        """
        if len(set(dimension_names)) < len(dimension_names):
            raise DuplicateLabel(f"stream {name!r} uses a dimension twice: {dimension_names}")
        self.streams.declare(Stream(name, tuple(dimension_names), unit))

    def post(self, stream: str, amount: Expr | Quantity, **labels: str) -> None:
        """Add an amount to stream elements of the current scenario.

        Parameters
        ----------
        stream : str
            A declared stream.
        amount : Expr or Quantity
            What is added; its dimensions become labels of the stream's dimensions of the same
            name.
        **labels : str
            A label for each remaining dimension of the stream.

        Raises
        ------
        UnknownLabel
            If the stream is not declared.
        LabelMismatch
            If dimensions and labels are not together the stream's dimensions.
        UnitMismatch
            If the amount is not in the stream's unit.
        """
        scenario = self._here(f"what is posted to {stream!r}")
        number = self.streams.find(stream)
        added = amount if isinstance(amount, Expr) else Expr.constant(amount)
        unit = self.streams.streams[number].unit
        if added.unit != unit:
            message = f"stream {stream!r} is in {unit}, not {added.unit}{cells_text(added.cells)}"
            raise UnitMismatch(message)
        codes = self.streams.codes(number, added.dims, labels)
        self.posts.append(Post(number, scenario, codes, added, self._owner))

    def total(
        self, stream: str, *dims: Dimension, default: float | None = None, **labels: str
    ) -> Expr:
        """Return a reference to stream elements, also before all is posted.

        Parameters
        ----------
        stream : str
            A declared stream.
        *dims : Dimension
            Dimensions of the result; none for a scalar.
        default : float, optional
            Value of an element to which nobody ever posts, in the stream's unit; 0 if not given.
        **labels : str
            A label for each remaining dimension of the stream.

        Returns
        -------
        Expr
            What is posted to the elements in this scenario, now or later.

        Raises
        ------
        UnknownLabel
            If the stream is not declared.
        LabelMismatch
            If dimensions and labels are not together the stream's dimensions.
        """
        scenario = self._here(f"the total of {stream!r}")
        number = self.streams.find(stream)
        check_distinct(dims, f"the total of {stream!r}")
        value = 0.0 if default is None else float(default)
        key = (scenario, number, dims, value, tuple(sorted(labels.items())))
        if key not in self._totals:
            codes = self.streams.codes(number, dims, labels)
            read = Read(number, scenario, codes, dims, value, self.columns.count)
            size = size_of(dims)
            self.columns.claim(read, size)
            self.reads.append(read)
            unit = self.streams.streams[number].unit
            self._totals[key] = Expr(dims, unit, unit_terms(read.start, size))
        return self._totals[key]
