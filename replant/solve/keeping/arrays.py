"""Arrays of numbers on disk: written at once or not at all, read without executing anything.

A file is checked before a number of it is read: that its arrays are those expected, of the kind
and number of dimensions expected, as long as the file says and no longer than the file is. So a
file that was damaged, or made up to fill the memory, costs a sentence.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from replant.errors import SolverError

__all__ = ["Refused", "foreign", "read_arrays", "write_arrays"]

Arrays = dict[str, NDArray[Any]]

_LARGEST = 4_000_000_000
_NAMED = ".npy"


class Refused(SolverError):
    """A file from which a solve was to go on is damaged, or of another problem."""


def foreign(path: Path) -> Refused:
    """Return the refusal of a file whose numbers are of something else."""
    return Refused(
        f"{path} was kept for another problem or by another release: delete it to begin anew"
    )


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write a file of arrays; a kill in the middle leaves the file before.

    Parameters
    ----------
    path : Path
        The file.
    arrays : mapping of str to ndarray
        Numbers.

    Raises
    ------
    OSError
        If it cannot be written; the file before is still there.
    """
    # Two processes that write to the same file must not write into each other.
    beside = path.with_name(f"{path.name}.{os.getpid()}.part")
    given: dict[str, Any] = dict(arrays)
    try:
        with beside.open("wb") as file:
            np.savez(file, **given)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise


def read_arrays(path: Path, kinds: Mapping[str, tuple[Any, int]]) -> Arrays:
    """Return the arrays of a file.

    Parameters
    ----------
    path : Path
        The file.
    kinds : mapping of str to tuple
        Kind of number and number of dimensions of each array that there must be.

    Raises
    ------
    Refused
        If it is no such file.
    """
    try:
        size = path.stat().st_size
        if not path.is_file() or size > _LARGEST:
            raise ValueError("no file of this kind")
        with zipfile.ZipFile(path) as file:
            return {
                name: _array(file, name + _NAMED, size, np.dtype(kind), dimensions)
                for name, (kind, dimensions) in kinds.items()
            }
    except (
        OSError, ValueError, KeyError, TypeError, EOFError, RuntimeError, SyntaxError,
        OverflowError, zipfile.BadZipFile,
    ) as problem:  # fmt: skip
        raise Refused(
            f"{path} holds nothing that a solve kept: delete it to begin anew"
        ) from problem


def _array(
    file: zipfile.ZipFile, name: str, size: int, kind: np.dtype[Any], dimensions: int
) -> NDArray[Any]:
    """Return one array, if it is what it should be."""
    entry = file.getinfo(name)
    if entry.compress_type != zipfile.ZIP_STORED or entry.file_size > size:
        raise ValueError("larger than its file")
    with file.open(entry) as raw:
        if np.lib.format.read_magic(raw) != (1, 0):
            raise ValueError("another format")
        shape, by_column, found = np.lib.format.read_array_header_1_0(raw)
        wanted = prod(shape) * kind.itemsize
        if found != kind or len(shape) != dimensions or wanted != entry.file_size - raw.tell():
            raise ValueError("other numbers")
        content = raw.read()
    if len(content) != wanted:
        raise ValueError("cut short")
    return np.frombuffer(content, dtype=kind).reshape(shape, order="F" if by_column else "C")
