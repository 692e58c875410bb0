"""Being asked to stop: a termination counts like Ctrl-C."""

from __future__ import annotations

import signal
import threading
from types import FrameType

__all__ = ["INTERRUPTED", "heed_termination"]

INTERRUPTED = 130
"""The exit code of a command that a person ended, as shells have it: 128 and the signal's 2."""


def heed_termination() -> None:
    """Let a termination signal unwind the run as Ctrl-C does, instead of ending it mid-write."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _stop)


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
