"""The streams of an assembled program: every posted element as a free row.

What a report prints is read here, from the same matrix that the solver saw.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from replant.errors import ScenarioMismatch, UnknownLabel
from replant.kernel.dimension import near_misses
from replant.kernel.stream import Keys, StreamIndex
from replant.kernel.term import Floats
from replant.units import Unit

__all__ = ["Figure", "StreamRow", "Streams"]


class Figure(NamedTuple):
    """One line of a report: a stream, its labels, and the value in the stream's unit."""

    stream: str
    labels: tuple[str, ...]
    value: float


class StreamRow(NamedTuple):
    """A stream element as a row: columns, coefficients and constant."""

    indices: NDArray[np.int32]
    coefficients: Floats
    constant: float


@dataclass(frozen=True, eq=False)
class Streams:
    """Every posted stream element, as a row over the program's columns and a constant.

    Parameters
    ----------
    index : StreamIndex
        The declared streams and the keys of their elements.
    keys : ndarray of int64, shape (elements,)
        Sorted keys of the posted elements.
    matrix : csr_matrix, shape (elements, columns)
        Coefficients.
    constants : ndarray, shape (elements,)
        Constants.
    scenarios : tuple of str
        Names of all scenarios, by their number.
    only : int, optional
        The one scenario that is here; None means all.
    """

    index: StreamIndex
    keys: Keys
    matrix: csr_matrix
    constants: Floats
    scenarios: tuple[str, ...]
    only: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the declared streams, in the order of their declaration."""
        return tuple(stream.name for stream in self.index.streams)

    def __contains__(self, stream: str) -> bool:
        return stream in self.index.number

    def unit(self, stream: str) -> Unit:
        """Return the unit of a stream.

        Raises
        ------
        UnknownLabel
            If there is no such stream.
        """
        return self.index.find(stream).unit

    def dimension_names(self, stream: str) -> tuple[str, ...]:
        """Return the names of a stream's dimensions, in the order of its labels.

        Raises
        ------
        UnknownLabel
            If there is no such stream.
        """
        return self.index.find(stream).dimension_names

    def scenario_number(self, scenario: str | None) -> int:
        """Return the number of a scenario; None will do where there is only one.

        Raises
        ------
        ScenarioMismatch
            If none is named and there are several, or it is not in this block.
        UnknownLabel
            If there is no such scenario.
        """
        only = 0 if len(self.scenarios) == 1 else self.only
        if scenario is None:
            if only is None:
                listed = ", ".join(self.scenarios)
                raise ScenarioMismatch(f"streams differ between scenarios, name one of: {listed}")
            return only
        if scenario not in self.scenarios:
            near = near_misses(scenario, self.scenarios)
            raise UnknownLabel(f"there is no scenario {scenario!r}{near}")
        number = self.scenarios.index(scenario)
        if only not in (None, number):
            raise ScenarioMismatch(f"scenario {scenario!r} is not in this block")
        return number

    def row(self, stream: str, *, scenario: str | None = None, **labels: str) -> StreamRow:
        """Return one element as a row; an element that nobody posted to is empty.

        Raises
        ------
        UnknownLabel
            If the stream does not exist, or a label never met it.
        LabelMismatch
            If the labels are not the stream's dimensions.
        ScenarioMismatch
            If there are several scenarios and none is named.
        """
        key = self.index.key(self.scenario_number(scenario), stream, labels)
        place = int(np.searchsorted(self.keys, key))
        if place == len(self.keys) or self.keys[place] != key:
            return StreamRow(np.zeros(0, dtype=np.int32), np.zeros(0), 0.0)
        start, stop = self.matrix.indptr[place : place + 2]
        indices, data = self.matrix.indices[start:stop], self.matrix.data[start:stop]
        return StreamRow(indices, data, float(self.constants[place]))

    def value(
        self,
        x: Floats,
        stream: str,
        *,
        scenario: str | None = None,
        default: float | None = None,
        **labels: str,
    ) -> float:
        """Return the value of one element, in the stream's unit.

        Parameters
        ----------
        x : ndarray, shape (columns,)
            Values of the program's columns.
        stream : str
            The stream.
        scenario : str, optional
            The scenario, needed where there are several.
        default : float, optional
            Returned where a label never met the stream, instead of an error.
        **labels : str
            A label for each dimension of the stream.

        Raises
        ------
        UnknownLabel
            If the stream does not exist, or a label never met it and there is no default.
        LabelMismatch
            If the labels are not the stream's dimensions.
        ScenarioMismatch
            If there are several scenarios and none is named.
        """
        self.index.find(stream)
        number = self.scenario_number(scenario)
        try:
            row = self.row(stream, scenario=self.scenarios[number], **labels)
        except UnknownLabel:
            if default is None:
                raise
            return default
        return float(x[row.indices] @ row.coefficients) + row.constant

    def values(self, x: Floats) -> Floats:
        """Return the value of every posted element, in the order of ``keys``."""
        values: Floats = self.matrix @ x + self.constants
        return values

    def frame(
        self, x: Floats, scenario: str | None = None, *, stream: str | None = None
    ) -> list[Figure]:
        """Return every posted element of a scenario in long form.

        Parameters
        ----------
        x : ndarray, shape (columns,)
            Values of the program's columns.
        scenario : str, optional
            The scenario, needed where there are several.
        stream : str, optional
            Only this stream.

        Raises
        ------
        ScenarioMismatch
            If there are several scenarios and none is named.
        UnknownLabel
            If there is no such scenario or stream.
        """
        chosen = self.places(self.scenario_number(scenario), stream)
        values = self.matrix[chosen] @ x + self.constants[chosen]
        figures = []
        for key, value in zip(self.keys[chosen].tolist(), values.tolist(), strict=True):
            _, found, labels = self.index.decoded(key)
            figures.append(Figure(found.name, labels, value))
        return figures

    def places(self, scenario: int, stream: str | None = None) -> slice:
        """Return where a scenario's elements stand, or those of one of its streams."""
        if stream is None:
            first, last = scenario * self.index.span, (scenario + 1) * self.index.span
        else:
            number = self.index.number[self.index.find(stream).name]
            first, last = self.index.start(scenario, number), self.index.start(scenario, number + 1)
        start, stop = np.searchsorted(self.keys, (first, last)).tolist()
        return slice(start, stop)

    def taken(self, scenario: int, matrix: csr_matrix, places: slice) -> Streams:
        """Return one scenario's streams over a block's columns."""
        return replace(
            self,
            keys=self.keys[places],
            matrix=matrix,
            constants=self.constants[places],
            only=scenario,
        )
