"""Saying what a long command is at: within its first two seconds, and then again and again."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import Self

__all__ = ["Stages"]

FIRST, AGAIN = 0.8, 15.0
"""Seconds until the first word, once Python has loaded, and the longest silence after it."""
_TICK = 0.25


class Stages:
    """Tells on standard error which stage a command is at; says nothing of one that is quick.

    What else is told of the work in the meantime counts as a word: see :meth:`heard`.
    """

    def __init__(self) -> None:
        self._began = self._since = self._word = time.monotonic()
        self._name = self._told = ""
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._keep_telling, daemon=True)

    def __enter__(self) -> Self:
        """Begin to watch."""
        self._watch.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Fall silent."""
        self._over.set()
        self._watch.join()

    def at(self, name: str) -> None:
        """Begin a stage."""
        with self._lock:
            self._name, self._since = name, time.monotonic()

    def heard(self) -> None:
        """Take note that something was told, so that silence is counted from now."""
        with self._lock:
            self._word, self._told = time.monotonic(), self._name

    def tell(self, text: str) -> None:
        """Tell what was found within a stage, unless the command has been quick so far."""
        with self._lock:
            now = time.monotonic()
            self._word, self._told = now, self._name
            if now - self._began >= FIRST:
                self._say(now, text)

    def _keep_telling(self) -> None:
        while not self._over.wait(_TICK):
            with self._lock:
                self._tell_if_due(time.monotonic())

    def _tell_if_due(self, now: float) -> None:
        if not self._name or now - self._began < FIRST:
            return
        new = self._told != self._name
        if new or now - self._word >= AGAIN:
            still = "" if new else f", for {now - self._since:.0f} s now"
            self._told, self._word = self._name, now
            self._say(now, f"{self._name}{still}")

    def _say(self, now: float, text: str) -> None:
        print(f"{now - self._began:6.1f} s   {text}", file=sys.stderr, flush=True)
