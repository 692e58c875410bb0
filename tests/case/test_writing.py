"""Reading and writing again changes no byte."""

from __future__ import annotations

import tempfile
from datetime import date
from fractions import Fraction
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from replant.case import PeriodRow, PlanRow, make, read, write, write_templates
from replant.case.decimals import decimal_text, fraction_of


def content(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_a_canonical_case_comes_back_byte_for_byte(tiny, tmp_path) -> None:
    write(tiny.read(), tmp_path / "copy")
    assert content(tmp_path / "copy") == content(tiny.path)


def test_changes_are_written(tiny, tmp_path) -> None:
    case = tiny.read("plants.civac.note=a, b").in_scenario("low")
    write(case, tmp_path / "copy")
    assert read(tmp_path / "copy", tiny.rows).fingerprint == case.fingerprint


def test_settings_made_in_python_come_back(tiny, tmp_path) -> None:
    told = {
        "name": "a",
        "title": 'Say "hello" \\ ¥',
        "as_of": date(2025, 7, 8),
        "home_currency": "jpy",
        "accounting": {"regime": [{"standard": "JGAAP", "from": date(2020, 4, 1)}]},
        "solve": {"gap": "0.005"},
        "comparators": {"plans": ["a", "b"]},
        "base_year": {"fiscal_year": "FY25"},
    }
    period = PeriodRow(id="p", start="2025-07-08", months=3, fiscal_year="FY25")
    plans = [PlanRow(id=name, name=name) for name in "ab"]
    case = make(told, [period, *plans])
    write(case, tmp_path)
    again = read(tmp_path)
    assert again.settings == case.settings
    assert again.fingerprint == case.fingerprint


def test_templates_leave_files_alone(tiny) -> None:
    before = content(tiny.path)
    write_templates(tiny.rows, tiny.path)
    after = content(tiny.path)
    assert after.pop("tables/tariffs.csv") == b"market,from,rate\n"
    assert after == before
    assert tiny.check().codes == {"no-rows"}


EARLY, LATE = date(1900, 1, 1), date(2100, 1, 1)

decimals = st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=6
).map(lambda value: f"{value:f}")
texts = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cf")), max_size=20).map(str.strip)
ids = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,8}", fullmatch=True)


@given(
    st.dictionaries(
        ids,
        st.tuples(decimals, texts, st.booleans(), st.dates(EARLY, LATE)),
        max_size=6,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_case_round_trips(tiny, plants) -> None:
    rows = [
        tiny.plant(
            id=name,
            country="japan",
            fixed_cost=abs(Fraction(cost)),
            sell_price=cost,
            note=note,
            can_close=closes,
            since=day,
        )
        for name, (cost, note, closes, day) in plants.items()
    ]
    base = tiny.read()
    others = [row for name, table in base.tables.items() if name != "plants" for row in table.rows]
    kept = [row for row in others if type(row).table in ("periods", "countries")]
    case = make(base.settings, [*kept, *rows], tiny.rows)
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder, "first"), Path(folder, "second")
        write(case, first)
        again = read(first, tiny.rows)
        write(again, second)
        assert again.fingerprint == case.fingerprint
        assert again.rows("plants") == tuple(rows)
        assert content(first) == content(second)


@given(st.fractions(), st.integers(0, 12))
def test_decimal_text_is_exact(value, places) -> None:
    value = Fraction(round(value * 10**places), 10**places)
    text = decimal_text(value)
    if len(text) <= 60:
        assert fraction_of(text) == value
