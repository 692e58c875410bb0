"""Many linear programs over one matrix, solved from one basis.

Given the first stage, a thousand scenarios of one period differ in demand, prices and limits, and
their best bases differ in a few columns. ``Bunch`` inverts one basis and lets each problem take its
few pivots beside it, without a solver's overhead per call.
"""

from replant.solve.bunching.answers import Answers, State
from replant.solve.bunching.bunch import Bunch
from replant.solve.bunching.compiled import COMPILED

__all__ = ["COMPILED", "Answers", "Bunch", "State"]
