"""What a sound case gives: typed rows, views, scenarios, changed cells."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import ClassVar

import pytest

from replant.case import ExchangeRate, Id, Row, Scenario, make, read
from replant.case.settings import Settings
from replant.errors import CaseError, EvidenceError, HindsightError, UsageError
from replant.units import MONEY, MONTHS, Cell


def test_rows_are_typed_and_exact(tiny) -> None:
    case = tiny.read()
    oppama = case.row("plants", "oppama")
    assert oppama.fixed_cost == Fraction(61, 2)
    assert oppama.sell_price is None
    assert oppama.utilisation == Fraction(4, 5)
    assert oppama.lead == 6
    assert oppama.can_close is True
    assert (oppama.kind, oppama.tags, oppama.note, oppama.earliest) == ("own", (), "", None)
    assert case.row(tiny.plant, "civac").sell_price == 3
    assert case.name == "tiny"
    assert case.as_of == date(2025, 7, 8)
    assert case.has("plants")
    assert not case.has("tariffs")
    assert case.rows("tariffs") == ()
    assert case.unit_label("plants", "fixed_cost") == "¥bn"


def test_a_quantity_knows_unit_and_cell(tiny) -> None:
    case = tiny.read()
    cost = case.row("plants", "oppama").quantity("fixed_cost")
    assert (cost.value, cost.unit) == (Fraction(61, 2), MONEY)
    assert cost.cells == {Cell("plants", "oppama", "", "fixed_cost")}
    assert case.row("plants", "oppama").quantity("lead").unit == MONTHS
    volume = case.row("demand", "note", "JP", "p2").quantity("volume")
    assert volume.cells == {Cell("demand", "note/JP", "p2", "volume")}
    assert case.row("demand", "note/JP/p2") is case.row("demand", "note", "JP", "p2")


def test_a_quantity_of_nothing_is_refused(tiny) -> None:
    oppama = tiny.read().row("plants", "oppama")
    for column, why in (("note", "not a number"), ("sell_price", "empty"), ("cost", "no column")):
        with pytest.raises(UsageError, match=why):
            oppama.quantity(column)


def test_unknown_names_are_refused_with_a_near_miss(tiny) -> None:
    case = tiny.read()
    with pytest.raises(UsageError, match="did you mean plants"):
        case.rows("plant")
    with pytest.raises(UsageError, match="did you mean oppama"):
        case.row("plants", "opama")
    with pytest.raises(UsageError, match="did you mean p1"):
        case.period("p11")
    assert case.find("plants", "opama") is None


def test_byte_order_mark_windows_lines_and_blank_lines_do_not_matter(tiny) -> None:
    plain = tiny.read().fingerprint
    text = tiny.files["tables/plants.csv"]
    odd = text.replace("oppama,japan,30.50,", "\n , , ,\n oppama , japan,30.5 ,")
    tiny.put("tables/plants.csv", b"\xef\xbb\xbf" + odd.replace("\n", "\r\n").encode())
    assert tiny.read().fingerprint == plain
    reordered = "sell_price,id,fixed_cost,country,note\n3,civac,12.0,mexico,\n,oppama,30.5,japan,\n"
    tiny.put("tables/plants.csv", reordered)
    assert tiny.read().fingerprint == plain
    tiny.swap("tables/plants.csv", "12.0", "12.1")
    assert tiny.read().fingerprint != plain


def test_errors_are_of_their_kind(tiny) -> None:
    tiny.swap("claims.csv", "2025-05-13", "2026-05-13")
    with pytest.raises(HindsightError) as late:
        tiny.read()
    assert {each.code for each in late.value.findings} == {"hindsight", "late-input"}
    tiny.put("claims.csv", tiny.files["claims.csv"])
    tiny.swap("evidence.csv", "20,40", "41,40")
    with pytest.raises(EvidenceError):
        tiny.read()
    tiny.swap("tables/plants.csv", "12,3", "x,3")
    with pytest.raises(CaseError) as any_:
        tiny.read()
    assert type(any_.value) is CaseError
    assert "tables/plants.csv row 3 column fixed_cost" in str(any_.value)


def test_findings_that_do_not_stop_stay_with_the_case(tiny) -> None:
    tiny.put("tables/thoughts.csv", "a\n1\n")
    assert tiny.read().findings.codes == {"unknown-file"}


def test_two_row_classes_of_one_table_are_refused(tiny) -> None:
    class Other(Row):
        table: ClassVar[str] = "plants"
        id: Id

    with pytest.raises(TypeError, match="two row classes"):
        read(tiny.path, [*tiny.rows, Other])


# ── views ──


def test_the_plan_is_in_view_first(tiny) -> None:
    case = tiny.read()
    assert [period.id for period in case.periods] == ["p1", "p2", "p3"]
    assert [period.index for period in case.periods] == [0, 1, 2]
    assert [(year.id, year.last.id, year.months) for year in case.fiscal_years] == [
        ("FY25", "p2", 9),
        ("FY26", "p3", 12),
    ]
    assert [row.period for row in case.rows("demand")] == ["p1", "p2", "p3"]
    assert len(case.rows("plants")) == 2


@pytest.mark.parametrize("view", ["base", "FY24"])
def test_another_year_shows_its_own_rows(tiny, view) -> None:
    case = tiny.read().for_year(view)
    assert [period.id for period in case.periods] == ["base"]
    assert [row.period for row in case.rows("demand")] == ["base"]
    assert [row.id for row in case.rows("periods")] == ["base"]
    assert len(case.rows("plants")) == 2
    assert [row.period for row in case.for_year("plan").rows("demand")] == ["p1", "p2", "p3"]
    assert case.fingerprint != case.for_year("plan").fingerprint


def test_a_year_inside_the_plan(tiny) -> None:
    case = tiny.read().for_year("FY25")
    assert [row.period for row in case.rows("demand")] == ["p1", "p2"]
    with pytest.raises(UsageError, match="did you mean FY2"):
        case.for_year("FY2")


def test_rows_of_now_are_always_in_view(tiny) -> None:
    tiny.swap("tables/demand.csv", "note,JP,base,90", "note,JP,now,90")
    assert [row.period for row in tiny.read().rows("demand")] == ["now", "p1", "p2", "p3"]


# ── scenarios and changed cells ──


def test_scenarios_change_cells(tiny) -> None:
    case = tiny.read()
    assert [(each.id, each.probability) for each in case.scenarios] == [
        ("low", Fraction(2, 5)),
        ("high", Fraction(3, 5)),
    ]
    low, high = case.in_scenario("low"), case.in_scenario("high")
    assert low.row("demand", "note", "JP", "p3").volume == 72
    assert low.row("demand", "note", "JP", "p2").volume == 40
    assert low.row("plants", "oppama").fixed_cost == 32
    assert high.row("plants", "oppama").sell_price == 7
    assert case.row("plants", "oppama").fixed_cost == Fraction(61, 2)
    assert (low.scenario, case.scenario) == ("low", None)
    assert len({case.fingerprint, low.fingerprint, high.fingerprint}) == 3
    with pytest.raises(UsageError, match="already"):
        low.in_scenario("high")
    with pytest.raises(UsageError, match="no row"):
        case.in_scenario("lov")


def test_changes_of_one_scenario_add_up_in_their_order(tiny) -> None:
    tiny.swap(
        "scenario_changes.csv",
        "low,plants,oppama,,fixed_cost,add,1.5",
        "low,plants,*,,fixed_cost,set,10\nlow,plants,oppama,,fixed_cost,add,1.5\n"
        "low,plants,oppama,,fixed_cost,multiply,2\nlow,plants,civac,,utilisation,multiply,0.5",
    )
    case = tiny.read().in_scenario("low")
    assert case.row("plants", "oppama").fixed_cost == 23
    assert case.row("plants", "civac").fixed_cost == 10
    assert case.row("plants", "civac").utilisation == Fraction(2, 5)
    assert case.row("plants", "oppama").utilisation == Fraction(4, 5)


def test_a_scenario_that_leaves_the_range_is_found_when_the_case_is_read(tiny) -> None:
    tiny.swap("scenario_changes.csv", "add,1.5", "add,-31")
    (found,) = tiny.check()
    assert found.code == "out-of-range"
    assert found.rule.startswith("in scenario low")


def test_replace_cells(tiny) -> None:
    case = tiny.read()
    cell = Cell("plants", "oppama", "", "fixed_cost")
    other = case.replace_cells({cell: Fraction(1, 4), Cell("demand", "*", "*", "volume"): 5})
    assert other.row("plants", "oppama").quantity("fixed_cost").value == Fraction(1, 4)
    assert {row.volume for row in other.rows("demand")} == {5}
    assert case.row("plants", "oppama").fixed_cost == Fraction(61, 2)
    for wrong, value, code in (
        (Cell("plants", "opama", "", "fixed_cost"), 1, "unknown-row"),
        (cell, "-1", "out-of-range"),
        (cell, Fraction(1, 3), "change"),
    ):
        with pytest.raises(CaseError) as error:
            case.replace_cells({wrong: value})
        assert [each.code for each in error.value.findings] == [code]


# ── --set ──


@pytest.mark.parametrize(
    ("setting", "key", "column", "value"),
    [
        ("plants.oppama.fixed_cost=1", "plants oppama", "fixed_cost", 1),
        ("plants.oppama.fixed_cost = 1", None, "set-syntax", None),
        ("plants.oppama.note=a=b, c", "plants oppama", "note", "a=b, c"),
        ("plants.oppama.lead=3", "plants oppama", "lead", 3),
        ("plants.*.fixed_cost=2.5", "plants civac", "fixed_cost", Fraction(5, 2)),
        ("plants.civac.sell_price=", "plants civac", "sell_price", None),
        ("plants.oppama.from=1961-10-01", "plants oppama", "since", date(1961, 10, 1)),
        ("demand.note/JP[p2].volume=7", "demand note JP p2", "volume", 7),
        ("demand.*[*].volume=8", "demand note JP p3", "volume", 8),
        ("demand.note/JP.volume=7", None, "unknown-row", None),
        ("demand.note/JP[p9].volume=7", None, "unknown-row", None),
        ("plants.oppama[p1].fixed_cost=7", None, "unknown-row", None),
        ("plant.oppama.fixed_cost=7", None, "unknown-table", None),
        ("tariffs.JP.rate=7", None, "unknown-row", None),
        ("plants.opama.fixed_cost=7", None, "unknown-row", None),
        ("plants.oppama.fixed_costs=7", None, "unknown-cell", None),
        ("plants.oppama.id=7", None, "key-changed", None),
        ("plants.oppama.fixed_cost=7 bn", None, "unit-in-cell", None),
        ("plants.oppama.utilisation=", None, "change", None),
        ("plants.oppama.country=jpan", None, "unknown-reference", None),
        ("", None, "set-syntax", None),
        ("=", None, "set-syntax", None),
        ("../x.a.b=1", None, "set-syntax", None),
        ("plants.oppama.fixed_cost", None, "set-syntax", None),
    ],
)
def test_set(tiny, setting, key, column, value) -> None:
    if key is None:
        assert tiny.check(setting).codes == {column}
        return
    assert getattr(tiny.read(setting).row(*key.split()), column) == value


@pytest.mark.parametrize("setting", ["demand.*[*].volume=8", "demand.note/JP[*].volume=8"])
def test_a_star_names_the_plan_and_never_a_closed_year(tiny, setting) -> None:
    """What is asked of all periods is asked of the future: a closed year stays as reported."""
    rows = tiny.read(setting).tables["demand"].rows
    found = {row.period: row.volume for row in rows}
    assert found == {"base": 90, "p1": 8, "p2": 8, "p3": 8}
    by_name = tiny.read("demand.note/JP[base].volume=8").tables["demand"].rows
    assert next(row.volume for row in by_name if row.period == "base") == 8


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("plants.nowhere.fixed_cost=7", ("no row nowhere", "oppama, civac")),
        ("demand.note/JP[p9].volume=7", ("period 'p9'", "p1, p2, p3")),
        ("plants.oppama.cost=7", ("no column cost", "fixed_cost")),
        ("plant.oppama.cost=7", ("no table plant", "plants")),
    ],
)
def test_an_address_that_names_nothing_is_told_what_there_is(tiny, setting, said) -> None:
    """A refusal states what is wrong, not the rule that was meant, and names what exists."""
    (refusal,) = tiny.check(setting)
    assert said[0] in refusal.rule
    assert said[1] in refusal.fix


def test_set_mends_a_broken_cell(tiny) -> None:
    tiny.swap("tables/plants.csv", "civac,mexico,12", "civac,mexico,n/a")
    assert tiny.read("plants.civac.fixed_cost=12").row("plants", "civac").fixed_cost == 12


def test_set_takes_ids_with_points(tiny) -> None:
    tiny.swap("tables/plants.csv", "civac,mexico", "civac.1,mexico")
    assert tiny.read("plants.civac.1.fixed_cost=3").row("plants", "civac.1").fixed_cost == 3


# ── rows made in Python ──


def test_make_checks_like_read(tiny) -> None:
    case = tiny.read()
    rows = [row for table in case.tables.values() for row in table.rows]
    same = make(case.settings, rows, tiny.rows)
    assert same.fingerprint == case.fingerprint
    assert same.in_scenario("low").fingerprint == case.in_scenario("low").fingerprint
    with pytest.raises(CaseError, match="unknown-reference"):
        make(case.settings, [*rows, tiny.plant(id="x", country="none", fixed_cost=1)])
    with pytest.raises(CaseError, match="no-periods"):
        make({"name": "a", "title": "t", "as_of": "2025-07-08", "home_currency": "jpy"}, [])


def test_settings(tiny) -> None:
    tiny.put(
        "case.toml",
        tiny.files["case.toml"]
        + '[units]\nmoney = "$m"\n[solve]\ngap = 0.005\n[accounting]\nregime = [\n'
        '{standard = "JGAAP34", from = 2027-04-01}, {standard = "JGAAP", from = 2000-01-01}]\n',
    )
    settings: Settings = tiny.read().settings
    assert settings.solve.gap == Fraction(1, 200)
    assert settings.units.label("money") == "$m"
    assert settings.accounting.standard_on(date(2027, 3, 31)) == "JGAAP"
    assert settings.accounting.standard_on(date(2027, 4, 1)) == "JGAAP34"
    assert settings.accounting.standard_on(date(1999, 4, 1)) is None


def test_rows_keep_their_type(tiny) -> None:
    case = tiny.read()
    rates: tuple[ExchangeRate, ...] = case.rows(ExchangeRate)
    scenario: Scenario = case.row(Scenario, "low")
    assert (rates, scenario.id) == ((), "low")
