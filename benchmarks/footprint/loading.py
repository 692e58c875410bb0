"""A firm's model built and handed to HiGHS: by replant's kernel, and by the reference's arrays."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType
from typing import Any

import highspy
import numpy as np

from benchmarks.footprint.operation import Link
from benchmarks.footprint.problem import program_of
from benchmarks.footprint.source import Firm, folder, generator

Size = tuple[int, int, int]


def by_kernel(firm: Firm, link: Link) -> Size:
    """Declare the model with labels, assemble it and load it; return what HiGHS counts."""
    program = program_of(firm, None, link)
    model: Any = highspy.Highs()
    model.setOptionValue("output_flag", False)
    status = model.passModel(
        len(program.columns),
        len(program.rows),
        program.matrix.nnz,
        int(highspy.MatrixFormat.kRowwise),
        int(highspy.ObjSense.kMaximize),
        program.objective_constant,
        program.objective,
        program.columns.lower,
        program.columns.upper,
        program.rows.lower,
        program.rows.upper,
        program.matrix.indptr,
        program.matrix.indices,
        program.matrix.data,
        program.columns.integer.astype(np.int32),
    )
    assert status != highspy.HighsStatus.kError
    return model.getNumCol(), model.getNumRow(), model.getNumNz()


def by_hand(firm: Firm, link: Link) -> Size:
    """Fill the reference's arrays, without a label, and load them; return what HiGHS counts."""
    made = reference()
    arrays, _ = made.build(firm, None, "net", link)
    model = made.to_highs(arrays)
    return model.getNumCol(), model.getNumRow(), model.getNumNz()


def reference() -> ModuleType:
    """Return the reference model, which imports its generator by name."""
    name = "footprint_reference_model"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, folder() / "reference_model.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Some of its functions import the generator only when they run, so the name has to stay.
    sys.modules["generator"] = generator()
    spec.loader.exec_module(module)
    sys.modules[name] = module
    return module
