"""From a case to a plan: assemble, solve, snap to decimals, verify."""

from replant.plan.assemble import assemble
from replant.plan.check_module import check_module
from replant.plan.choices import Choices, Limit, comparator_choices
from replant.plan.decisions import Decisions, decisions_of
from replant.plan.document import PlanDocument, Solver, read_plan, seal_of, write_plan
from replant.plan.pipeline import make_plan
from replant.plan.planned import Leaf, Planned

__all__ = [
    "Choices",
    "Decisions",
    "Leaf",
    "Limit",
    "PlanDocument",
    "Planned",
    "Solver",
    "assemble",
    "check_module",
    "comparator_choices",
    "decisions_of",
    "make_plan",
    "read_plan",
    "seal_of",
    "write_plan",
]
