"""Ctrl-C while a solver runs: asked once it stops with the best plan, asked twice it quits."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

__all__ = ["Interrupted", "catch_interrupt", "finish_first"]


@dataclass(eq=False)
class Interrupted:
    """Whether a person asked to stop."""

    requested: bool = False


# Who is to know, the outermost first: a solve within a solve stops both.
_waiting: list[Interrupted] = []
# Work that is to be finished first: no solve within it is told.
_finishing: list[Interrupted] = []


@contextmanager
def catch_interrupt() -> Iterator[Interrupted]:
    """Within it Ctrl-C (or a termination signal) sets a flag instead of raising.

    A second one raises KeyboardInterrupt as usual. Outside the main thread signals cannot be
    caught, and nothing changes.
    """
    state = Interrupted()
    if _finishing or threading.current_thread() is not threading.main_thread():
        yield state
        return
    with _heard(state):
        yield state


@contextmanager
def finish_first() -> Iterator[Interrupted]:
    """Within it Ctrl-C sets a flag as in `catch_interrupt`, and no solve within it stops for it.

    It is for short work that would come to nothing, or to something else, if a solve in the middle
    of it gave up. A second one raises KeyboardInterrupt as usual.
    """
    with catch_interrupt() as state:
        _finishing.append(state)
        try:
            yield state
        finally:
            _finishing.remove(state)


@contextmanager
def _heard(state: Interrupted) -> Iterator[None]:
    """Let signals set a flag, and those of all who wait around it."""

    def ask(number: int, frame: FrameType | None) -> None:
        if state.requested:
            raise KeyboardInterrupt
        for each in _waiting:
            each.requested = True

    before = {each: signal.signal(each, ask) for each in (signal.SIGINT, signal.SIGTERM)}
    _waiting.append(state)
    try:
        yield
    finally:
        _waiting.remove(state)
        for each, handler in before.items():
            signal.signal(each, handler)
