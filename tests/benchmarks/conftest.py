"""What tests of the benchmarks share: the folder of public instances, where it is there."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.errors import NoInstances
from benchmarks.registry import Instance, folder, instances


@pytest.fixture(scope="session")
def place() -> Path:
    """The folder of public instances; tests that need it are skipped where it is not there."""
    try:
        return folder()
    except NoInstances as absent:
        pytest.skip(absent.message)


@pytest.fixture(scope="session")
def registry(place: Path) -> dict[str, Instance]:
    """Every instance by its label."""
    return {each.label: each for each in instances(place)}
