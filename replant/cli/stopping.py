"""Being asked to stop: a termination counts like Ctrl-C."""

from __future__ import annotations

import signal
import threading
from types import FrameType

__all__ = ["heed_termination"]


def heed_termination() -> None:
    """Let a termination signal unwind the run as Ctrl-C does, instead of ending it mid-write."""
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGTERM, _stop)


def _stop(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
