"""The Nissan case, read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from replant.case import Case, read
from replant.module import row_classes


@pytest.fixture(scope="session")
def nissan(cases: Path) -> Case:
    """The whole firm."""
    return read(cases / "nissan-2025", row_classes())
