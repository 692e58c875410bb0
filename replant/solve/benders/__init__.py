"""Benders decomposition: a master over what all scenarios share, one small problem for each part.

It sees a problem in two stages and nothing else. Every cut is computed from dual values by plain
arithmetic, so it is valid whatever the solver's tolerance was.
"""
