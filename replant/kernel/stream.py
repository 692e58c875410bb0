"""Streams: named totals that anybody may post to and anybody may read.

A stream declares the *names* of its dimensions and its unit; its labels are whatever is posted
or read. An element of a stream is identified by the stream and its label values. Here live the
declaration, the posts and reads as they arrive, and the book that gives each element a number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from replant.errors import DuplicateLabel, LabelMismatch, UnknownLabel
from replant.kernel.dimension import Dimension, Dimensions, near_misses, shape_of
from replant.kernel.expression import Expr
from replant.kernel.labels import written
from replant.units import Unit

__all__ = ["Keys", "Post", "Read", "Stream", "StreamBook"]

Keys = NDArray[np.int64]
# For each dimension of the stream: the code of one label, or the codes of a Dimension's labels.
Codes = tuple[int | Keys, ...]


@dataclass(frozen=True)
class Stream:
    """A declared stream: its name, the names of its dimensions, its unit."""

    name: str
    dimension_names: tuple[str, ...]
    unit: Unit


@dataclass(frozen=True, eq=False)
class Post:
    """An amount added to one or more elements of a stream in one scenario."""

    stream: int
    scenario: int
    codes: Codes
    amount: Expr
    owner: str


@dataclass(frozen=True, eq=False)
class Read:
    """A reference to elements of a stream: pseudo columns that assembly replaces.

    ``start`` is the first provisional column; there is one for each element over ``dims``.
    """

    stream: int
    scenario: int
    codes: Codes
    dims: Dimensions
    default: float
    start: int


@dataclass
class StreamBook:
    """The declared streams, and a code for every label that was posted or read."""

    streams: list[Stream] = field(default_factory=list)
    number: dict[str, int] = field(default_factory=dict)
    labels: list[tuple[dict[str, int], ...]] = field(default_factory=list)
    _arrays: dict[tuple[int, int, Dimension], Keys] = field(default_factory=dict)

    def declare(self, stream: Stream) -> None:
        """Add a stream; again with the same content is fine.

        Raises
        ------
        DuplicateLabel
            If it was declared with other content.
        """
        if stream.name in self.number:
            self._check_again(stream)
            return
        self.number[stream.name] = len(self.streams)
        self.streams.append(stream)
        self.labels.append(tuple({} for _ in stream.dimension_names))

    def _check_again(self, stream: Stream) -> None:
        before = self.streams[self.number[stream.name]]
        if before != stream:
            raise DuplicateLabel(
                f"stream {stream.name!r} was declared before over {before.dimension_names} in "
                f"{before.unit}, now over {stream.dimension_names} in {stream.unit}"
            )

    def find(self, name: str) -> int:
        """Return the number of a stream.

        Raises
        ------
        UnknownLabel
            If nobody declared it.
        """
        try:
            return self.number[name]
        except KeyError:
            message = f"there is no stream {name!r}{near_misses(name, self.number)}"
            raise UnknownLabel(message) from None

    def codes(self, number: int, dims: Dimensions, labels: Mapping[str, str]) -> Codes:
        """Return the codes of labels and dimensions, giving new labels new codes.

        Raises
        ------
        LabelMismatch
            If together they are not exactly the stream's dimensions.
        """
        stream = self.streams[number]
        given = {dim.name: dim for dim in dims}
        if len(given) + len(labels) != len(stream.dimension_names) or any(
            name not in given and name not in labels for name in stream.dimension_names
        ):
            wanted = ", ".join(stream.dimension_names) or "no labels"
            got = ", ".join([*given, *labels]) or "none"
            message = f"stream {stream.name!r} has the dimensions {wanted}; given were {got}"
            raise LabelMismatch(message)
        return tuple(
            self._array(number, axis, given[name])
            if name in given
            else _code(self.labels[number][axis], labels[name])
            for axis, name in enumerate(stream.dimension_names)
        )

    def _array(self, number: int, axis: int, dim: Dimension) -> Keys:
        key = (number, axis, dim)
        if key not in self._arrays:
            table = self.labels[number][axis]
            self._arrays[key] = np.array([_code(table, label) for label in dim.labels], np.int64)
        return self._arrays[key]

    def index(self, scenarios: int) -> StreamIndex:
        """Return the numbering of all possible elements, now that all labels are known."""
        tables = tuple(tuple(tuple(table) for table in tables) for tables in self.labels)
        return StreamIndex(tuple(self.streams), dict(self.number), tables, scenarios)


def _code(table: dict[str, int], label: str) -> int:
    return table.setdefault(label, len(table))


@dataclass(frozen=True, eq=False)
class StreamIndex:
    """A key for every possible stream element: ordered by scenario, stream, label codes."""

    streams: tuple[Stream, ...]
    number: Mapping[str, int]
    labels: tuple[tuple[tuple[str, ...], ...], ...]
    scenarios: int
    starts: Keys = field(init=False)
    span: int = field(init=False)
    codes: tuple[tuple[dict[str, int], ...], ...] = field(init=False)

    def __post_init__(self) -> None:
        """Lay the streams of one scenario end to end."""
        sizes = [_product(self.sizes(number)) for number in range(len(self.streams))]
        starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)]).astype(np.int64)
        object.__setattr__(self, "starts", starts)
        object.__setattr__(self, "span", int(starts[-1]))
        codes = tuple(
            tuple({label: code for code, label in enumerate(table)} for table in tables)
            for tables in self.labels
        )
        object.__setattr__(self, "codes", codes)

    def sizes(self, number: int) -> tuple[int, ...]:
        """Return the number of labels along each dimension of a stream."""
        return tuple(len(table) for table in self.labels[number])

    def keys(self, item: Post | Read) -> Keys:
        """Return the key of each element of a post or read, flat over its dimensions."""
        dims = item.amount.dims if isinstance(item, Post) else item.dims
        names = self.streams[item.stream].dimension_names
        axis = {dim.name: position for position, dim in enumerate(dims)}
        keys = np.full(shape_of(dims), self.start(item.scenario, item.stream), dtype=np.int64)
        stride = 1
        sizes = self.sizes(item.stream)
        for name, code, size in reversed(list(zip(names, item.codes, sizes, strict=True))):
            if isinstance(code, int):
                keys += code * stride
            else:
                keys += (code * stride).reshape((-1,) + (1,) * (len(dims) - axis[name] - 1))
            stride *= size
        return keys.ravel()

    def start(self, scenario: int, number: int) -> int:
        """Return the first key of a stream in a scenario."""
        return scenario * self.span + int(self.starts[number])

    def key(self, scenario: int, stream: str, labels: Mapping[str, str]) -> int:
        """Return the key of one element.

        Raises
        ------
        UnknownLabel
            If there is no such stream, or the label was never posted or read.
        LabelMismatch
            If the labels are not the stream's dimensions.
        """
        names = self.find(stream).dimension_names
        number = self.number[stream]
        if set(labels) != set(names):
            wanted = ", ".join(names) or "no labels"
            message = f"stream {stream!r} has the dimensions {wanted}; given were {list(labels)}"
            raise LabelMismatch(message)
        offset = 0
        for name, table in zip(names, self.codes[number], strict=True):
            if labels[name] not in table:
                label = labels[name]
                message = f"{name} {label!r} never met stream {stream!r}{near_misses(label, table)}"
                raise UnknownLabel(message)
            offset = offset * len(table) + table[labels[name]]
        return self.start(scenario, number) + offset

    def find(self, stream: str) -> Stream:
        """Return a declared stream.

        Raises
        ------
        UnknownLabel
            If there is no such stream.
        """
        if stream not in self.number:
            message = f"there is no stream {stream!r}{near_misses(stream, self.number)}"
            raise UnknownLabel(message)
        return self.streams[self.number[stream]]

    def decoded(self, key: int) -> tuple[int, Stream, tuple[str, ...]]:
        """Return the scenario's number, the stream and the labels of a key."""
        scenario, rest = divmod(key, self.span)
        number = int(np.searchsorted(self.starts, rest, side="right")) - 1
        offset = rest - int(self.starts[number])
        labels: list[str] = []
        for table in reversed(self.labels[number]):
            offset, code = divmod(offset, len(table))
            labels.append(table[code])
        return scenario, self.streams[number], tuple(reversed(labels))

    def label(self, key: int) -> str:
        """Return ``stream[label,…]`` of a key."""
        _, stream, labels = self.decoded(key)
        return written(stream.name, labels)


def _product(sizes: tuple[int, ...]) -> int:
    total = 1
    for size in sizes:
        total *= size
    return total
