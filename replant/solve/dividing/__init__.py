"""Problems whose parts are lists of ways: the first stage divided until the lists say no more."""

from replant.solve.dividing.tree import DIVIDED, divided

__all__ = ["DIVIDED", "divided"]
