"""Compiled where numba is installed; the same functions in plain Python where it is not.

Plain Python is some hundred times slower: right for tests, of no use for speed. ``COMPILED`` tells.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import TypeVar

__all__ = ["COMPILED", "compiled"]

COMPILED = find_spec("numba") is not None
AnyFunction = TypeVar("AnyFunction", bound=Callable[..., object])


def compiled(function: AnyFunction) -> AnyFunction:
    """Return the function compiled, to run without the interpreter's lock, if that is possible."""
    if not COMPILED:
        return function
    numba = import_module("numba")
    made: AnyFunction = numba.njit(cache=True, nogil=True)(function)
    return made
