"""A firm of money alone, in a folder: planned for real, and held against the exact engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from replant.case import Case, read
from replant.module import row_classes
from replant.plan import Choices, Planned, make_plan
from replant.solve import SolveSettings
from tests.decisions.small_firm import COUNTRIES, rows, table, years

__all__ = ["balance", "firm", "items", "over_time", "plan", "plan_of"]

JGAAP = (("JGAAP", "2020-01-01"),)


def firm(folder: Path, standards: Sequence[tuple[str, str]] = JGAAP, **tables: str) -> Case:
    """Write and read a case: five years, 100 of cash, 8 %, unless told otherwise."""
    usual = {
        "countries": COUNTRIES,
        "periods": years(5),
        "opening": balance(cash=100),
        "liquidity": table(period="now", minimum_cash=0),
        "valuation": table(id="value", discount_rate="0.08"),
    }
    regime = ", ".join(f'{{ standard = "{name}", from = "{day}" }}' for name, day in standards)
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    (folder / "case.toml").write_text(
        'title = "Money"\nas_of = "2025-04-01"\nhome_currency = "JPY"\n'
        + (f"[accounting]\nregime = [{regime}]\n" if standards else ""),
        encoding="utf-8",
    )
    for name, text in {**usual, **tables}.items():
        place = folder if name.startswith("scenario") else folder / "tables"
        (place / f"{name}.csv").write_text(text + "\n", encoding="utf-8")
    return read(folder, row_classes())


def balance(**accounts: float | str) -> str:
    """Write opening balances; equity makes up the sum."""
    listed: Mapping[str, float | str] = {
        **accounts,
        "equity": -sum(float(each) for each in accounts.values()),
    }
    return rows([{"account": name, "amount": value} for name, value in listed.items()])


def items(*lines: tuple[str, str, float | str]) -> str:
    """Write other items paid in cash: period, account, cost."""
    return rows(
        [
            {"id": f"i{number}", "period": period, "name": "item", "account": name, "amount": cost}
            for number, (period, name, cost) in enumerate(lines)
        ]
    )


def plan(
    case: Case,
    *,
    force: Sequence[str] = (),
    forbid: Sequence[str] = (),
    allow_shortfall: bool = False,
) -> Planned:
    """Plan a case to the end; the exact engine must agree on every row."""
    choices = Choices(force=tuple(force), forbid=tuple(forbid), allow_shortfall=allow_shortfall)
    found = make_plan(case, choices, SolveSettings(gap=0.0, time_limit=60.0))
    assert found.verification.ok, found.verification.sentences()
    return found


def plan_of(folder: Path, *force: str, **tables: str) -> Planned:
    """Write, read and plan in one go, with some options forced."""
    return plan(firm(folder, **tables), force=force)


def over_time(planned: Planned, stream: str, *labels: str) -> dict[str, float]:
    """Return a stream's elements that are not zero, by their last label."""
    return {
        key[-1]: round(value, 6)
        for key, value in planned.rows.get(stream, {}).items()
        if key[:-1] == labels and abs(value) > 1e-9
    }
