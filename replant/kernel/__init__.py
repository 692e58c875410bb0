"""Labelled affine algebra over named dimensions, assembled into one sparse matrix.

It knows no plant, no money and no file. ``Problem`` collects, ``Problem.assemble`` returns a
``Program``, and solvers and reports see nothing else.
"""

from replant.kernel.columns import Columns, Rows
from replant.kernel.declaration import Stage
from replant.kernel.dimension import Dimension
from replant.kernel.expression import Expr
from replant.kernel.extra_rows import ExtraRow
from replant.kernel.problem import Problem
from replant.kernel.program import Block, OptionRow, Program
from replant.kernel.streams import Figure, StreamRow, Streams
from replant.kernel.tracing import Entry, Posting

__all__ = [
    "Block",
    "Columns",
    "Dimension",
    "Entry",
    "Expr",
    "ExtraRow",
    "Figure",
    "OptionRow",
    "Posting",
    "Problem",
    "Program",
    "Rows",
    "Stage",
    "StreamRow",
    "Streams",
]
