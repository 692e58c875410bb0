"""A tiny case that every test of the room starts from, and breaks in its own way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, ClassVar, Literal, Self

import pytest
from pydantic import model_validator

from replant.case import (
    Case,
    Date,
    Findings,
    Flag,
    Id,
    Money,
    Months,
    OptionalDate,
    OptionalMoney,
    Row,
    Share,
    Text,
    Texts,
    Volume,
    Whole,
    check,
    meaning,
    read,
    refers_to,
)


class Plant(Row):
    """One plant of the firm."""

    table: ClassVar[str] = "plants"

    id: Id
    country: Annotated[str, refers_to("countries")]
    fixed_cost: Money = meaning("Avoidable fixed cost a year while operating", ge=0)
    sell_price: OptionalMoney = meaning("Price if sold", default=None)
    utilisation: Share = meaning("Share of capacity in use", default="0.8", ge=0, le=1)
    lead: Months = meaning("Lead before closing", default="6", ge=0)
    lines: Whole = meaning("Lines that it has", default="1", structural=True)
    can_close: Flag = meaning("Whether it may close", default="yes")
    earliest: OptionalDate = meaning("First day on which it may close", default=None)
    kind: Literal["own", "partner"] = meaning("Whose it is", default="own")
    tags: Texts = meaning("Words to gather it by", default=())
    note: Text = meaning("A note", default="")
    since: OptionalDate = meaning("Opened on", default=None, column="from")


class Demand(Row):
    """Demand for one model in one market and period."""

    table: ClassVar[str] = "demand"
    key: ClassVar[tuple[str, ...]] = ("model", "market", "period")

    model: Id
    market: Id
    period: Annotated[str, refers_to("periods", also=("now",))]
    volume: Volume = meaning("Most that can be sold", ge=0)


class Tariff(Row):
    """A dated rate."""

    table: ClassVar[str] = "tariffs"
    key: ClassVar[tuple[str, ...]] = ("market", "from")

    market: Id
    since: Date = meaning("First day", column="from")
    rate: Share = meaning("Rate of duty")

    @model_validator(mode="after")
    def _is_somewhere(self) -> Self:
        if self.market == "nowhere":
            raise ValueError("a market is somewhere")
        return self


SETTINGS = """\
name = "tiny"
title = "A tiny firm"
as_of = 2025-07-08
home_currency = "jpy"
"""

FILES = {
    "case.toml": SETTINGS,
    "tables/periods.csv": """\
id,start,months,fiscal_year,role,decisions
base,2024-04-01,12,FY24,base,
p1,2025-07-01,3,FY25,,no
p2,2025-10-01,6,FY25,plan,
p3,2026-04-01,12,FY26,plan,
""",
    "tables/countries.csv": "id,name\njapan,Japan\nmexico,Mexico\n",
    "tables/plants.csv": """\
id,country,fixed_cost,sell_price
oppama,japan,30.50,
civac,mexico,12,3
""",
    "tables/demand.csv": """\
model,market,period,volume
note,JP,base,90
note,JP,p1,20
note,JP,p2,40
note,JP,p3,80
""",
    "scenarios.csv": "id,probability\nlow,0.4\nhigh,0.6\n",
    "scenario_changes.csv": """\
scenario,table,id,period,column,action,value
low,demand,*,p3,volume,multiply,0.9
low,plants,oppama,,fixed_cost,add,1.5
high,plants,oppama,,sell_price,set,7
""",
    "evidence.csv": """\
table,id,period,column,claims,basis,low,high,reason
plants,*,,*,,assumed,,,Typical of such plants
plants,oppama,,fixed_cost,c1,sourced,20,40,
demand,note/*,*,volume,c2,derived,,,Share of the total
scenarios,*,,probability,,assumed,,,The desk's view
""",
    "claims.csv": """\
claim_id,source_id,locator,date_of_report,known_from,status,statement
c1,s1,p1,2025-05-13,,confirmed,Thirty billion
c2,s1,from c1,2025 (analyst),,derived,Twenty thousand
""",
    "sources.csv": "source_id,publisher,title,date,url\ns1,Firm,Results,2025-05-13,\n",
}


@dataclass
class Tiny:
    """The folder of the tiny case, with what it takes to read it."""

    path: Path
    rows: Sequence[type[Row]] = (Plant, Demand, Tariff)
    plant: type[Plant] = Plant
    demand: type[Demand] = Demand
    files: Mapping[str, str] = field(default_factory=lambda: dict(FILES))

    def put(self, file: str, content: str | bytes | None) -> Tiny:
        """Write a file, or take it away."""
        path = self.path / file
        if content is None:
            path.unlink()
            return self
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return self

    def swap(self, file: str, old: str, new: str) -> Tiny:
        """Change one place of a file."""
        text = (self.path / file).read_text(encoding="utf-8")
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {file}"
        return self.put(file, text.replace(old, new))

    def read(self, *sets: str) -> Case:
        return read(self.path, self.rows, sets=sets)

    def check(self, *sets: str) -> Findings:
        return check(self.path, self.rows, sets=sets)


@pytest.fixture
def tiny(tmp_path: Path) -> Tiny:
    """A fresh tiny case."""
    made = Tiny(tmp_path / "tiny")
    for file, content in FILES.items():
        made.put(file, content)
    return made
