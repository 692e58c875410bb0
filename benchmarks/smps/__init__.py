"""Stochastic programmes in SMPS: a core (MPS), a time file and a file of outcomes.

Read: free and fixed MPS with RHS, RANGES, BOUNDS, integer markers and OBJSENSE; periods implicit
and explicit; INDEP, BLOCKS and SCENARIOS DISCRETE. A distribution (NORMAL, SUB, LINTR …), nodes,
outcomes of bounds and an outcome of an entry that the core does not hold are refused.
"""

from benchmarks.smps.read import read_smps

__all__ = ["read_smps"]
