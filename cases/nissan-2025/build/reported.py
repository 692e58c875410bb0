"""What the company reported, in billions of yen and people, and lives that all tables share."""

TOTAL_PEOPLE = 132_790
CAPEX = 577.3
DEPRECIATION = 363.6
RESEARCH = 619.0
NET_ASSETS = 5445.3
TOTAL_ASSETS = 19024.1
LIQUID = 3400.0
DEBT = 1902.0
LENT_TO_FINANCE = 1200.0
# Of plants, assumed alike.
LIFE_MONTHS = 96
