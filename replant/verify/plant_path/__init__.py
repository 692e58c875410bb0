"""The exact twin of plant paths: every plant walks one legal path of states and pays for it.

A path is a walk on the time graph. Its arcs are the columns of the plan; each arc covers a stretch
of periods with one state. What is posted is linear in the columns, so it stands even where the
path is broken; whether it is a path at all is found by walking it.
"""

from __future__ import annotations

from replant.verify.plant_path.arcs import SHAPES
from replant.verify.plant_path.checks import check
from replant.verify.plant_path.meaning import post

__all__ = ["COLUMNS", "NAME", "ORDER", "check", "post"]

NAME = "plant_path"
ORDER = 10
COLUMNS = frozenset(SHAPES)
