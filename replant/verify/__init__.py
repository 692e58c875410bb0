"""The exact second evaluation of a plan: fractions, no solver, none of the modules' code.

It reads a case and the plan's decisions alone and computes statements, jobs, tax, value and every
invariant again, scenario by scenario. Each decision and rule has a small twin here, written from
the specification of the tables and never from the module it checks. Repetition is the point.
"""

from replant.verify.asked import Asked, Bound
from replant.verify.books import Books
from replant.verify.breach import Breach
from replant.verify.compare import compare, held_against, with_bound
from replant.verify.evaluate import evaluate, worth
from replant.verify.statements import Statement
from replant.verify.verification import Leaf, Verification

__all__ = [
    "Asked",
    "Books",
    "Bound",
    "Breach",
    "Leaf",
    "Statement",
    "Verification",
    "compare",
    "evaluate",
    "held_against",
    "with_bound",
    "worth",
]
