"""What two processes say to each other: named arrays, with their length before them."""

from __future__ import annotations

import io
import struct
from collections.abc import Mapping
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Message", "receive", "send"]

Message = Mapping[str, NDArray[Any]]

_LENGTH = struct.Struct("<Q")


def send(line: IO[bytes], message: Mapping[str, Any]) -> None:
    """Write a message.

    Raises
    ------
    OSError
        If nobody reads any more.
    """
    held = io.BytesIO()
    np.savez(held, allow_pickle=False, **message)
    content = held.getvalue()
    line.write(_LENGTH.pack(len(content)) + content)
    line.flush()


def receive(line: IO[bytes]) -> Message | None:
    """Read a message; None where the other side has ended."""
    head = line.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    content = line.read(length)
    if len(content) < length:
        return None
    with np.load(io.BytesIO(content), allow_pickle=False) as read:
        return dict(read)
