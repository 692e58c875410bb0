"""Make the tables, the evidence and the tie-out of the case from the inputs.

Run it anywhere: ``python cases/nissan-2025/build/make.py``. It needs numpy alone, reads nothing
outside the case's folder and writes the same bytes each time.
"""

from __future__ import annotations

from calibrate import calibrated, write_tie_out
from committed import committed
from common import TABLES, Table, given, plain, write
from evidence import write_evidence
from plans import plan_tables, relations, write_closed_years


def main() -> None:
    """Make everything."""
    found = calibrated()
    found.tables.update(plan_tables())
    found.tables["options"] += committed()
    found.tables["relations"] = relations(found.tables)
    for name, rows in sorted(found.tables.items()):
        write(TABLES / f"{name}.csv", columns(rows), rows)
    write_evidence(found)
    write_tie_out(found)
    write_closed_years(found)
    cells = sum(len(rows) for rows in found.tables.values())
    print(f"{len(found.tables)} tables, {cells} rows; levels {found.levels}")
    print(f"output and sales differ by named rows: {stock_rows(found.flows['FY2024'])}")


def columns(rows: Table) -> tuple[str, ...]:
    """Return the columns of a table in the order of its first row."""
    return tuple(rows[0])


def stock_rows(flows: object) -> str:
    """Return the named rows between output and sales of the base year."""
    sums: dict[str, float] = {}
    for flow, volume in dict(flows).items():  # type: ignore[call-overload]
        sums[flow.plant] = sums.get(flow.plant, 0.0) + volume
    values = {
        "@kei": sums["mizushima"],
        "@renault_vans": sums["renault_vans_plant"],
        "@china_scope": sums["china_scope"] - 52.003,
    }
    rows = given("stock_rows")
    known = {row["id"]: values.get(row["value"]) or _number(row["value"]) for row in rows}
    known["stock"] = 3346.0 - 3048.717 - sum(known.values())
    return "; ".join(f"{name} {plain(value, 1)}" for name, value in known.items())


def _number(text: str) -> float:
    return 0.0 if text.startswith("@") else float(text)


if __name__ == "__main__":
    main()
