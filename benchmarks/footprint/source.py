"""Where the firms come from: the generator in the folder of benchmark data, loaded by its path.

The folder is ``REPLANT_BENCHMARKS``, or ``shared/benchmarks`` beside the source tree.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
# The arrays of one firm, by the generator's names.
Firm = Mapping[str, Any]
# Demand, price and cost factors, each with the scenarios along its first axis.
Scenarios = Mapping[str, Any]


def folder() -> Path:
    """Return the folder of the footprint firms, whether it is there or not."""
    given = os.environ.get("REPLANT_BENCHMARKS")
    home = Path(given) if given else ROOT.parent / "shared" / "benchmarks"
    return home / "footprint"


def is_there() -> bool:
    """Return whether the generator is there."""
    return (folder() / "generator.py").is_file()


@cache
def generator() -> ModuleType:
    """Return the generator as a module.

    Raises
    ------
    FileNotFoundError
        If the folder of benchmark data is not there.
    """
    path = folder() / "generator.py"
    if not path.is_file():
        message = f"no footprint generator at {path}; set REPLANT_BENCHMARKS to the benchmark data"
        raise FileNotFoundError(message)
    spec = importlib.util.spec_from_file_location("footprint_generator", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def firm(size: str, seed: int = 1) -> Firm:
    """Return the arrays of a firm: tiny, small, red, nissan or large."""
    return generator().generate(size, seed)


def scenarios(of: Firm, count: int, seed: int = 7) -> Scenarios:
    """Return demand, price and cost factors of so many scenarios, equally likely."""
    return generator().scenarios(of, count, seed)


def base(of: Firm) -> Scenarios:
    """Return the one scenario in which everything comes as planned."""
    return generator().base_scenario(of)
