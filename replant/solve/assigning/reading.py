"""Reads an assignment with switches off a matrix, whatever it stands for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from replant.solve.assigning.structure import Assigning, Flags, Floats, Items, Places, Rows
from replant.solve.staged import Recourse, Staged

__all__ = ["assigning_of"]

# How near to a whole number counts as one, and how large one may be.
_WHOLE, _ROOM = 1e-9, 20_000
# More entries than this in the first stage's rows, as a table, are too many.
_TABLE = 1_000_000


def assigning_of(staged: Staged) -> Assigning | None:
    """Return a problem of one scenario as an assignment with switches; None if it is none."""
    if len(staged) != 1:
        return None
    first, sample = staged.first, staged.make(0)
    if not _fits(staged, sample):
        return None
    matrix, technology = _plain(sample.matrix), _plain(sample.technology)
    found = _Reading(sample, matrix, technology, _switches(staged)).read()
    if found is None:
        return None
    weight = float(staged.probabilities[0])
    table = first.matrix.toarray()
    size = np.maximum(np.abs(table).mean(axis=1), 1e-9) if table.size else np.ones(len(table))
    order = np.argsort(found.block, kind="stable")
    room, units = _whole_room(found, order)
    blocks = len(found.room)
    row = found.row[order]
    items = Items(
        start=np.searchsorted(found.block[order], np.arange(blocks + 1)).astype(np.int64),
        row=row,
        block=found.block[order],
        weight=units,
        true_weight=found.weight[order],
        cost=-weight * sample.objective[order],
        room=room,
        true_room=found.room,
        switch=found.switch,
        of_row_start=np.searchsorted(np.sort(row), np.arange(len(found.ties) + 1)).astype(np.int64),
        of_row=np.argsort(row, kind="stable").astype(np.int64),
    )
    rows = Rows(
        found.lower,
        found.upper,
        np.ascontiguousarray(table),
        first.row_lower,
        first.row_upper,
        size,
    )
    return Assigning(
        items,
        rows,
        order.astype(np.int64),
        -first.objective,
        first.lower,
        first.upper,
        first.integer,
        -(staged.constant + weight * sample.constant),
    )


def _plain(matrix: csr_matrix) -> csr_matrix:
    """Return a matrix with each entry once, and none that is zero."""
    plain = csr_matrix(matrix, copy=True)
    plain.sum_duplicates()
    plain.eliminate_zeros()
    return plain


def _fits(staged: Staged, sample: Recourse) -> bool:
    """Say whether columns are of the right kinds."""
    first = staged.first
    return bool(
        len(sample)
        and sample.integer.all()
        and (sample.lower == 0.0).all()
        and (sample.upper == 1.0).all()
        and np.isfinite(first.lower).all()
        and np.isfinite(first.upper).all()
        and first.matrix.shape[0] * len(first) <= _TABLE
        and staged.probabilities[0] > 0.0
    )


def _switches(staged: Staged) -> Flags:
    """Return which columns of the first stage are yes or no."""
    first = staged.first
    return np.asarray(first.integer & (first.lower >= 0.0) & (first.upper <= 1.0))


@dataclass(frozen=True, eq=False)
class _Read:
    row: Places
    block: Places
    weight: Floats
    room: Floats
    switch: Places
    ties: Places
    lower: Floats
    upper: Floats


@dataclass(eq=False)
class _Reading:
    """Reads the rows of a scenario; a row of another kind ends it."""

    sample: Recourse
    matrix: csr_matrix
    technology: csr_matrix
    switches: Flags

    def read(self) -> _Read | None:
        """Return the blocks and ties; None if a row is of no kind known here."""
        own, shared = np.diff(self.matrix.indptr), np.diff(self.technology.indptr)
        if ((shared > 1) | ((own == 0) & (shared > 0))).any():
            return None
        link = np.flatnonzero((own == 1) & (shared == 1))
        linked = self._links(link)
        tie = np.flatnonzero(self._ties(own, shared))
        rest = np.flatnonzero(
            (own > 0) & ~np.isin(np.arange(len(own)), np.concatenate([link, tie]))
        )
        room = self._rooms(rest)
        if linked is None or room is None or not len(tie):
            return None
        row, lower, upper = self._of_ties(tie)
        if (row < 0).any():
            return None
        return self._blocks(linked, rest, room, row, tie, lower, upper)

    def _links(self, rows: Places) -> Places | None:
        """Return the switch to which each column is linked by ``x ≤ y``, or -1."""
        found = np.full(len(self.sample), -1, dtype=np.int64)
        column = self.matrix.indices[self.matrix.indptr[rows]]
        by = self.matrix.data[self.matrix.indptr[rows]]
        switch = self.technology.indices[self.technology.indptr[rows]]
        takes = self.technology.data[self.technology.indptr[rows]]
        low, high = self.sample.row_lower[rows] - 1e-9, self.sample.row_upper[rows] + 1e-9

        def kept(value: Floats) -> Flags:
            return np.asarray((value >= low) & (value <= high))

        right = kept(0.0 * by) & kept(takes) & kept(by + takes) & ~kept(by) & self.switches[switch]
        if not right.all() or len(np.unique(column)) < len(column):
            return None
        found[column] = switch
        return found

    def _ties(self, own: Places, shared: Places) -> Flags:
        """Return which rows are ``Σ x`` of at least, at most or exactly one."""
        kept = np.zeros(len(own), dtype=np.bool_)
        for row in np.flatnonzero((own > 0) & (shared == 0)):
            entries = self.matrix.data[self.matrix.indptr[row] : self.matrix.indptr[row + 1]]
            low, high = self.sample.row_lower[row], self.sample.row_upper[row]
            one = entries[0]
            kept[row] = bool(
                one > 0.0 and (entries == one).all() and {low, high} <= {-np.inf, one, np.inf}
            )
        return kept

    def _of_ties(self, rows: Places) -> tuple[Places, Floats, Floats]:
        """Return the tie of each column, -1 for none or several, and the bounds of all ties."""
        part = csr_matrix(self.matrix[rows])
        height = part.data[part.indptr[:-1]]
        row = np.full(len(self.sample), -1, dtype=np.int64)
        row[part.indices] = np.repeat(np.arange(len(rows)), np.diff(part.indptr))
        row[np.bincount(part.indices, minlength=len(row)) > 1] = -1
        return row, self.sample.row_lower[rows] / height, self.sample.row_upper[rows] / height

    def _rooms(self, rows: Places) -> tuple[Floats, Places] | None:
        """Return the room of each row ``Σ w x ≤ room · y``, and its switch; None if one is not."""
        room, switch = np.zeros(len(rows)), np.full(len(rows), -1, dtype=np.int64)
        for number, row in enumerate(rows):
            entries = self.matrix.data[self.matrix.indptr[row] : self.matrix.indptr[row + 1]]
            at = slice(self.technology.indptr[row], self.technology.indptr[row + 1])
            high = float(self.sample.row_upper[row])
            if entries.min() < 0.0 or self.sample.row_lower[row] > 0.0 or not np.isfinite(high):
                return None
            room[number] = high
            if at.stop > at.start:
                switch[number] = self.technology.indices[at.start]
                room[number] = -self.technology.data[at.start]
                if high != 0.0 or room[number] < 0.0 or not self.switches[switch[number]]:
                    return None
            low = self.sample.row_lower[row]
            # A lower bound must say nothing: all entries are positive, a switch only takes off.
            if room[number] < 0.0 or (np.isfinite(low) and (switch[number] >= 0 or low > 0.0)):
                return None
        return room, switch

    def _blocks(
        self,
        linked: Places,
        rows: Places,
        room: tuple[Floats, Places],
        row: Places,
        ties: Places,
        lower: Floats,
        upper: Floats,
    ) -> _Read | None:
        """Return which column is of which block: of its row of room, or else of its switch."""
        part = csr_matrix(self.matrix[rows])
        if len(np.unique(part.indices)) < len(part.indices):
            return None
        block = np.full(len(self.sample), -1, dtype=np.int64)
        weight = np.zeros(len(self.sample))
        block[part.indices] = np.repeat(np.arange(len(rows)), np.diff(part.indptr))
        weight[part.indices] = part.data
        rooms, switch = list(room[0]), list(room[1])
        within = block >= 0
        own = np.where(within, room[1][block] if len(rows) else -1, linked)
        if (within & (linked >= 0) & (linked != own)).any():
            return None
        # What takes no room is of the first block of its switch, or of one without room.
        first = {int(each): number for number, each in reversed(list(enumerate(switch)))}
        for column in np.flatnonzero(~within):
            at = int(linked[column])
            if at not in first:
                first[at] = len(rooms)
                rooms.append(0.0)
                switch.append(np.int64(at))
            block[column] = first[at]
        if len(rooms) < 2:
            return None
        return _Read(
            row,
            block,
            weight,
            np.array(rooms),
            np.array(switch, dtype=np.int64),
            ties,
            lower,
            upper,
        )


def _whole_room(found: _Read, order: NDArray[np.intp]) -> tuple[Places, Places]:
    """Return rooms and weights in whole units; where these are none, more fits and nothing less."""
    weight, block = found.weight[order], found.block[order]
    total = np.bincount(block, weights=weight, minlength=len(found.room))
    room = np.minimum(found.room, total)
    unit = np.ones(len(room))
    broken = np.zeros(len(room), dtype=np.bool_)
    np.logical_or.at(broken, block, np.abs(weight - np.round(weight)) > _WHOLE)
    coarse = broken | (room > _ROOM)
    unit[coarse] = np.maximum(room[coarse], 1e-9) / (_ROOM / 10)
    share = weight / unit[block]
    units = np.floor(share * (1.0 - 1e-12) + _WHOLE * (~coarse[block]))
    return (
        np.floor(room / unit * (1.0 + 1e-12) + _WHOLE).astype(np.int64),
        units.astype(np.int64),
    )
