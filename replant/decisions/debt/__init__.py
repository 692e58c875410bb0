"""Debt: what falls due, and what can be drawn or issued to bridge it."""

from replant.decisions.debt.choice import MODULE, Debt
from replant.decisions.debt.rows import ExistingDebt, Facility

__all__ = ["MODULE", "Debt", "ExistingDebt", "Facility"]
