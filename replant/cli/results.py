"""The folder of results: one run at a time, and no file is seen before all are whole."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from replant.errors import UsageError

__all__ = ["results_folder", "staged", "writable"]

_STAGE = ".writing"
_LAST = "plan.json"


@contextmanager
def results_folder(folder: Path) -> Iterator[Path]:
    """Make a folder for results and keep other runs out of it while this one lasts.

    Raises
    ------
    UsageError
        If it cannot be made or written, or another run is at work in it.
    """
    with writable(folder):
        folder.mkdir(parents=True, exist_ok=True)
        trial = folder / f"{_STAGE}.{os.getpid()}"
        trial.write_bytes(b"")
        trial.unlink()
        handle = _locked(folder)
    try:
        yield folder
    finally:
        if handle is not None:
            os.close(handle)


@contextmanager
def writable(place: Path, fix: str = "give a folder of yours with --out") -> Iterator[None]:
    """Turn a refusal of the system into a sentence about where we write, and what to do."""
    try:
        yield
    except (OSError, ValueError) as why:
        said = why.strerror if isinstance(why, OSError) and why.strerror else str(why)
        shown = str(place) if len(str(place)) <= 120 else f"{str(place)[:120]}…"
        if isinstance(why, OSError) and why.errno == errno.ENOSPC:
            fix = "make room on the disk"
        raise UsageError(f"{shown} cannot be written ({said}): {fix}") from why


@contextmanager
def staged(folder: Path) -> Iterator[Path]:
    """Give a place to write into; when all is written, put every file where it belongs.

    The plan file comes last. What stood there before stays until then, also if writing fails.
    """
    stage = folder / _STAGE
    with writable(folder):
        shutil.rmtree(stage, ignore_errors=True)
        stage.mkdir()
        try:
            yield stage
            files = sorted(each.relative_to(stage) for each in stage.rglob("*") if each.is_file())
            for file in sorted(files, key=lambda each: each.as_posix() == _LAST):
                (folder / file).parent.mkdir(parents=True, exist_ok=True)
                (stage / file).replace(folder / file)
        finally:
            shutil.rmtree(stage, ignore_errors=True)


def _locked(folder: Path) -> int | None:
    """Lock a folder for this process; the system unlocks it when the process ends, however."""
    try:
        import fcntl
    except ImportError:  # a system without such locks
        return None
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise UsageError(
            f"another run writes to {folder} now: wait for its end, or give another --out"
        ) from None
    except OSError:  # a file system without locks
        os.close(handle)
        return None
    return handle
