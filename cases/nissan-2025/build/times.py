"""Periods of the plan and of the closed years, and exchange rates in each of them."""

from __future__ import annotations

from common import BASE, PREDICT, Record, Table, given

QUARTER_YEARS = (2025, 2026)
LAST_YEAR = 2032
# Nothing is decided before the day of the case, 8 July 2025: decisions take effect from October
# 2025 on, at the start of each half-year, until FY2029.
DECISION_QUARTERS = ((2025, 3), (2026, 1), (2026, 3))
LAST_DECISIONS = 2029
# Over on 8 July 2025, and not published by then.
OVER_QUARTERS = ((2025, 1),)


def periods() -> Table:
    """Return the quarters and years of the plan, the base year and the year to predict."""
    rows = [
        _period(PREDICT, "2023-04-01", 12, PREDICT, "predict"),
        _period(BASE, "2024-04-01", 12, BASE, "base"),
    ]
    starts = ("04-01", "07-01", "10-01", "01-01")
    for year in QUARTER_YEARS:
        for quarter, start in enumerate(starts, 1):
            calendar = year + 1 if quarter == 4 else year
            row = _period(f"FY{year}Q{quarter}", f"{calendar}-{start}", 3, f"FY{year}", "plan")
            row["decisions"] = "yes" if (year, quarter) in DECISION_QUARTERS else "no"
            row["model_change"] = "yes" if quarter == 1 and year > 2025 else "no"
            row["over"] = "yes" if (year, quarter) in OVER_QUARTERS else "no"
            rows.append(row)
    for year in range(QUARTER_YEARS[-1] + 1, LAST_YEAR + 1):
        row = _period(f"FY{year}", f"{year}-04-01", 12, f"FY{year}", "plan")
        row["decisions"] = "yes" if year <= LAST_DECISIONS else "no"
        rows.append(row)
    return rows


def _period(name: str, start: str, months: int, year: str, role: str) -> Record:
    decided = "yes" if role == "plan" else "no"
    return {
        "id": name, "start": start, "months": str(months), "fiscal_year": year, "role": role,
        "decisions": decided, "model_change": decided, "over": "no",
    }  # fmt: skip


def years(period: Record) -> float:
    """Return the length of a period in years."""
    return int(period["months"]) / 12


def currencies(times: Table) -> tuple[Table, Table]:
    """Return the currencies at base-year rates, and their rates in each period."""
    known, rates = [], []
    for row in given("rates"):
        known.append(
            {"id": row["currency"], "name": row["name"], "reference_rate": row["reference"]}
        )
        for period in times:
            column = {"base": "reference", "predict": "fy2023", "plan": "plan"}[period["role"]]
            rates.append({"currency": row["currency"], "period": period["id"], "rate": row[column]})
    return known, rates
