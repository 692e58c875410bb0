"""Being asked to stop: a termination counts like Ctrl-C."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["INTERRUPTED", "heed_termination", "leave_at_once"]

INTERRUPTED = 130
"""The exit code of a command that a person ended, as shells have it: 128 and the signal's 2."""


def heed_termination() -> None:
    """Let a termination signal unwind the run as Ctrl-C does, instead of ending it mid-write."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _stop)


@contextmanager
def leave_at_once() -> Iterator[None]:
    """Within it Ctrl-C or a termination signal ends the process with a sentence.

    It is for loading, when there is nothing yet to lose: an exception in the middle of it comes out
    as whatever the library that was being loaded makes of it.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {each: signal.signal(each, _leave) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _leave(number: int, frame: FrameType | None) -> None:
    os.write(2, b"replant: stopped\n")
    os._exit(INTERRUPTED)
