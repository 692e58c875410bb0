"""Property: hold, sell, or sell and lease back, in whatever accounting standard is in force."""

from replant.decisions.property.choice import MODULE, PropertySale
from replant.decisions.property.rows import Property, PropertyOffer

__all__ = ["MODULE", "Property", "PropertyOffer", "PropertySale"]
