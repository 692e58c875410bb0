"""Small SMPS files, made here from published numbers."""

from __future__ import annotations

from pathlib import Path

from benchmarks.smps import read_smps
from replant.solve.staged import Staged

# Louveaux and Smeers, Optimal investments for electricity generation, in Ermoliev and Wets (1988):
# invest in four plants, then meet three kinds of demand, the first of which is uncertain.
_INVEST = (10.0, 7.0, 16.0, 6.0)
_OPERATE = (40.0, 45.0, 32.0, 55.0)
_HOURS = (1.0, 0.6, 0.1)


def lands_core() -> str:
    """Return the core of LandS."""
    lines = ["NAME LandS", "ROWS", " N OBJ", " G MINCAP", " L BUDGET"]
    lines += [f" L OPLIM{plant}" for plant in range(1, 5)]
    lines += [f" G DEMAND{kind}" for kind in range(1, 4)]
    lines.append("COLUMNS")
    for plant, cost in enumerate(_INVEST, start=1):
        lines.append(f" X{plant} OBJ {cost} MINCAP 1")
        lines.append(f" X{plant} BUDGET {cost} OPLIM{plant} -1")
    for plant, cost in enumerate(_OPERATE, start=1):
        for kind, hours in enumerate(_HOURS, start=1):
            lines.append(f" Y{plant}{kind} OBJ {cost * hours:.6g} OPLIM{plant} 1")
            lines.append(f" Y{plant}{kind} DEMAND{kind} 1")
    lines += ["RHS", " R MINCAP 12 BUDGET 120", " R DEMAND1 3 DEMAND2 3", " R DEMAND3 2", "ENDATA"]
    return "\n".join(lines) + "\n"


LANDS_TIME = "TIME LandS\nPERIODS\n X1 MINCAP ONE\n Y11 OPLIM1 TWO\nENDATA\n"
LANDS_OUTCOMES = """STOCH LandS
INDEP DISCRETE
 R DEMAND1 3.0 TWO 0.3
 R DEMAND1 5.0 TWO 0.4
 R DEMAND1 7.0 TWO 0.3
ENDATA
"""

# One column and row in each of two stages: make x now at 1, buy y later at 3, meet the demand.
CORE = """NAME small
ROWS
 N cost
 L most
 G need
COLUMNS
 x cost 1 most 1
 x need 1
 y cost 3 need 1
RHS
 R most 10 need 4
ENDATA
"""
TIME = "TIME small\nPERIODS\n x most ONE\n y need TWO\nENDATA\n"
SURE = "STOCH small\nINDEP DISCRETE\n R need 4 1.0\nENDATA\n"


def staged(folder: Path, core: str, time: str, outcomes: str) -> Staged:
    """Write three files and read them."""
    paths = []
    for name, text in (("x.cor", core), ("x.tim", time), ("x.sto", outcomes)):
        path = folder / name
        path.write_text(text, encoding="ascii")
        paths.append(path)
    return read_smps(*paths)
