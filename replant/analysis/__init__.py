"""Questions about a case that need more than one solve; each is a new road down from the case."""

from replant.analysis.infeasible import Clash, Shortfall, WhyInfeasible, why_infeasible
from replant.analysis.tie_out import Tie, tie_out

__all__ = ["Clash", "Shortfall", "Tie", "WhyInfeasible", "tie_out", "why_infeasible"]
