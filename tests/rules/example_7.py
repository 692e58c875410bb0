"""The firm of worked example 7: one year with every kind of item."""

from __future__ import annotations

from pathlib import Path

from replant.plan import Planned
from tests.decisions.money_firm import balance, items, plan_of
from tests.decisions.small_firm import rows, table, years

__all__ = ["year_of_example_7"]


def year_of_example_7(folder: Path, **tables: str) -> Planned:
    """Plan the year as the specification's section 7 has it, with further tables if need be."""
    common = {"country": "japan", "kind": "own"}
    kept = {"id": "kept", "carrying_amount": 150, "life_months": 360, "sustaining_capex": 15}
    shut = {
        "id": "shut",
        "carrying_amount": 25,
        "life_months": 120,
        "can_close": "yes",
        "closure_cost": 10,
        "remediation_cost": 20,
        "remediation_paid": "later",
    }
    bond = {"kind": "bond", "rate": "0.04", "due": "2030-01-01"}
    return plan_of(
        folder,
        "plant.shut.close",
        "property.sale",
        "facility.new",
        periods=years(1),
        opening=balance(cash=100, ppe="176.9", property="23.1", debt=-150),
        plants=rows([common | kept, common | shut]),
        calendars=table(id="later", months=24, share=1),
        properties=table(id="hq", carrying_amount="23.1", market_value=97, residual_rate="0.08"),
        property_offers=table(id="sale", property="hq", kind="sell", price=97),
        debts=rows(
            [
                bond | {"id": "due", "principal": 60, "due": "2025-12-01"},
                bond | {"id": "later", "principal": 90},
            ]
        ),
        facilities=table(
            id="new", kind="bond", limit=50, lump=50, rate="0.06", fair_rate="0.06", term_months=60
        ),
        other_items=items(("P0", "revenue", -300), ("P0", "variable_cost", 280)),
        taxes=table(id="tax", rate="0.3", loss_use_share="0.5"),
        tax_losses=table(id="old", amount=100, expires="FY2030"),
        **tables,
    )
