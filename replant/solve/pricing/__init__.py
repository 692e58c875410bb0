"""The few rows that tie a problem are taken out and priced: what is left is far easier to prove."""

from replant.solve.pricing.pricing import Pricing, pricing_of

__all__ = ["Pricing", "pricing_of"]
