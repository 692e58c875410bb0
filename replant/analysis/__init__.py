"""Questions about a case that need more than one solve; each is a new road down from the case."""

from replant.analysis.infeasible import Clash, Shortfall, WhyInfeasible, why_infeasible

__all__ = ["Clash", "Shortfall", "WhyInfeasible", "why_infeasible"]
