"""A golden case of one's own to break, and the command as a person runs it."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from replant.cli import main

Run = Callable[..., "Told"]


class Firm:
    """A copy of the golden case whose files can be changed."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def put(self, file: str, text: str) -> None:
        (self.path / file).write_text(text, encoding="utf-8")

    def drop(self, file: str) -> None:
        (self.path / file).unlink()

    def swap(self, file: str, old: str, new: str) -> None:
        text = (self.path / file).read_text(encoding="utf-8")
        assert old in text, (file, old)
        self.put(file, text.replace(old, new))


@pytest.fixture
def firm(tmp_path: Path, cases: Path) -> Firm:
    shutil.copytree(cases / "golden-g1", tmp_path / "firm")
    return Firm(tmp_path / "firm")


def command() -> list[str]:
    return [sys.executable, "-c", "from replant.cli import main; main()"]


@dataclass(frozen=True)
class Told:
    """How a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in a folder of one's own; an exception that escapes fails the test."""
    monkeypatch.chdir(tmp_path)

    def running(*arguments: object) -> Told:
        monkeypatch.setattr(sys, "argv", ["replant", *(str(each) for each in arguments)])
        out, error = io.StringIO(), io.StringIO()
        status: object = 0
        before = signal.getsignal(signal.SIGTERM)
        try:
            with redirect_stdout(out), redirect_stderr(error):
                main()
        except SystemExit as left:
            status = left.code or 0
        finally:
            signal.signal(signal.SIGTERM, before)
        told = Told(int(str(status)), out.getvalue(), error.getvalue())
        assert "a fault of replant itself" not in told.stderr, told.stderr
        return told

    return running


@pytest.fixture(scope="session")
def planned(tmp_path_factory: pytest.TempPathFactory, cases: Path, root: Path) -> Path:
    """The results of the golden case, beside a copy of it; to be read, or copied."""
    place = tmp_path_factory.mktemp("planned")
    shutil.copytree(cases / "golden-g1", place / "firm")
    subprocess.run(
        [*command(), "plan", "firm", "--out", "out"],
        cwd=place,
        check=True,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    return place
