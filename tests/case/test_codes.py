"""Every code has an input that brings it about, at the place that the finding names."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from replant.case import CODES, Findings
from replant.case import files as case_files
from replant.case.codes import codes_page

Break = Callable[["object"], None]


def put(file, content):
    return lambda tiny: tiny.put(file, content)


def swap(file, old, new):
    return lambda tiny: tiny.swap(file, old, new)


def note(text):
    table = f"id,country,fixed_cost,note\noppama,japan,30.50,\ncivac,mexico,12,{text}\n"
    return put("tables/plants.csv", table)


def plant(line):
    """Put one plant in place of civac: row 3."""
    return swap("tables/plants.csv", "civac,mexico,12,3", line)


def cost(text):
    return plant(f"civac,mexico,{text},3")


def both(*breaks):
    def run(tiny):
        for each in breaks:
            each(tiny)

    return run


def folder(tiny):
    tiny.put("tables/plants.csv", None)
    (tiny.path / "tables/plants.csv").mkdir()


def link(tiny):
    tiny.put("tables/plants.csv", None)
    (tiny.path / "tables/plants.csv").symlink_to("/etc/passwd")


PLANTS = "tables/plants.csv"
PERIODS = "tables/periods.csv"
EVIDENCE = "evidence.csv"
CLAIMS = "claims.csv"
CHANGES = "scenario_changes.csv"
HEAD = "id,country,fixed_cost,sell_price"
EVIDENCE_ROW = "plants,oppama,,fixed_cost,c1,sourced,20,40,"
CLAIM_ROW = "c1,s1,p1,2025-05-13,,confirmed,Thirty billion"

OPEN = "p1,2025-04-01,3,FY25,plan,no,no,no"
OVER = "p1,2025-04-01,3,FY25,plan,no,no,yes"


def over(*rows: str) -> Break:
    """Return a change of the periods: a closed year, some rows, and a year to plan."""
    heading = "id,start,months,fiscal_year,role,decisions,model_change,over"
    base = "base,2024-04-01,12,FY24,base,no,no,no"
    end = "p3,2025-10-01,12,FY26,plan,yes,yes,no"
    if len(rows) == 1:
        end = "p3,2025-07-01,12,FY26,plan,yes,yes,no"
    return put(PERIODS, "\n".join((heading, base, *rows, end)) + "\n")


# code, what breaks the case, file, row, column
BROKEN = [
    ("no-settings", put("case.toml", None), "case.toml", None, ""),
    ("settings-syntax", put("case.toml", "title = Tiny\n"), "case.toml", None, ""),
    ("settings", swap("case.toml", "title =", "titel ="), "case.toml", None, "titel"),
    ("settings", swap("case.toml", "2025-07-08", '"8 July"'), "case.toml", None, "as_of"),
    ("unknown-file", put("tables/thoughts.csv", "a\n1\n"), "tables/thoughts.csv", None, ""),
    ("unknown-file", put("tables/notes.txt", "a"), "tables/notes.txt", None, ""),
    ("misspelt-file", put("tables/plant.csv", "a\n1\n"), "tables/plant.csv", None, ""),
    ("misplaced-file", put("plants.csv", "a\n1\n"), "plants.csv", None, ""),
    ("file-name", put("tables/Plants 2.CSV", "a\n1\n"), "tables/Plants 2.CSV", None, ""),
    ("not-a-file", folder, PLANTS, None, ""),
    ("outside", link, PLANTS, None, ""),
    ("not-csv", put(PLANTS, b"PK\x03\x04rest"), PLANTS, None, ""),
    ("not-csv", put(PLANTS, b"id,country\na\0,b\n"), PLANTS, None, ""),
    ("encoding", put(PLANTS, "id,country\nz\xfcrich,japan\n".encode("latin-1")), PLANTS, 2, ""),
    ("encoding", put(PLANTS, HEAD.encode("utf-16")), PLANTS, None, ""),
    ("empty-file", put(PLANTS, b""), PLANTS, None, ""),
    ("empty-file", put(PLANTS, b"\n\n"), PLANTS, None, ""),
    ("no-rows", put("tables/tariffs.csv", "market,from,rate\n"), "tables/tariffs.csv", None, ""),
    ("quoting", swap(PLANTS, "civac,mexico", 'civac,"mexico'), PLANTS, 3, ""),
    ("quoting", swap(PLANTS, "civac,mexico", 'civac,"mex"ico'), PLANTS, 3, ""),
    ("delimiter", put(PLANTS, "id;country\noppama;japan\n"), PLANTS, 1, ""),
    ("empty-heading", swap(PLANTS, HEAD, "id,country,fixed_cost,"), PLANTS, 1, ""),
    ("duplicate-column", swap(PLANTS, HEAD, "id,country,fixed_cost,id"), PLANTS, 1, "id"),
    (
        "unknown-column",
        swap(PLANTS, "sell_price", "sale_price"),
        PLANTS,
        1,
        "sale_price",
    ),
    ("missing-column", swap(PLANTS, "fixed_cost", "note"), PLANTS, 1, "fixed_cost"),
    ("ragged", plant("civac,mexico,12,3,4"), PLANTS, 3, ""),
    ("ragged", plant("civac,mexico,1,234,3"), PLANTS, 3, ""),
    ("cell-too-long", cost("1" * 10_001), PLANTS, 3, "fixed_cost"),
    ("cell-too-long", cost("1" * 200_000), PLANTS, 3, ""),
    ("control-character", note("\x1b[31mred"), PLANTS, 3, "note"),
    ("control-character", note("bell\x07"), PLANTS, 3, "note"),
    ("control-character", note("\u202egnp.exe"), PLANTS, 3, "note"),
    (
        "control-character",
        swap("case.toml", "A tiny", "A \\u001b[2Jtiny"),
        "case.toml",
        None,
        "title",
    ),
    ("missing", cost(""), PLANTS, 3, "fixed_cost"),
    ("missing", cost("   "), PLANTS, 3, "fixed_cost"),
    ("duplicate-key", plant("oppama,mexico,12,3"), PLANTS, 3, "id"),
    ("id", plant("Civac plant,mexico,12,3"), PLANTS, 3, "id"),
    ("id", plant("../civac,mexico,12,3"), PLANTS, 3, "id"),
    (
        "flag",
        both(swap(PLANTS, "sell_price", "can_close"), cost("12")),
        PLANTS,
        3,
        "can_close",
    ),
    (
        "date",
        both(swap(PLANTS, "sell_price", "earliest"), plant("civac,mexico,12,08/07/2025")),
        PLANTS,
        3,
        "earliest",
    ),
    (
        "date",
        both(swap(PLANTS, "sell_price", "earliest"), plant("civac,mexico,12,2025-02-30")),
        PLANTS,
        3,
        "earliest",
    ),
    ("choice", swap(PERIODS, "FY26,plan", "FY26,planned"), PERIODS, 5, "role"),
    (
        "list",
        both(swap(PLANTS, "sell_price", "tags"), plant("civac,mexico,12,a;;b")),
        PLANTS,
        3,
        "tags",
    ),
    (
        "rule",
        put("tables/tariffs.csv", "market,from,rate\nnowhere,2025-04-01,0\n"),
        "tables/tariffs.csv",
        2,
        "",
    ),
    ("settings", swap("case.toml", '"jpy"', "[1]"), "case.toml", None, "home_currency"),
    ("not-a-number", cost("n/a"), PLANTS, 3, "fixed_cost"),
    ("not-a-number", cost("(12)"), PLANTS, 3, "fixed_cost"),
    ("not-a-number", cost("−12"), PLANTS, 3, "fixed_cost"),
    ("not-a-number", cost("nan"), PLANTS, 3, "fixed_cost"),
    ("not-a-number", cost("１２"), PLANTS, 3, "fixed_cost"),
    ("unit-in-cell", cost("12 bn"), PLANTS, 3, "fixed_cost"),
    ("unit-in-cell", cost("¥12"), PLANTS, 3, "fixed_cost"),
    ("unit-in-cell", cost("12%"), PLANTS, 3, "fixed_cost"),
    ("thousands-separator", cost('"1,234"'), PLANTS, 3, "fixed_cost"),
    ("thousands-separator", cost("1 234.5"), PLANTS, 3, "fixed_cost"),
    ("decimal-comma", cost('"12,5"'), PLANTS, 3, "fixed_cost"),
    ("exponent", cost("1e3"), PLANTS, 3, "fixed_cost"),
    ("spreadsheet-error", cost("#REF!"), PLANTS, 3, "fixed_cost"),
    ("spreadsheet-error", cost("=B2*2"), PLANTS, 3, "fixed_cost"),
    ("number-too-long", cost("1" * 61), PLANTS, 3, "fixed_cost"),
    ("not-whole", swap(PERIODS, "01,12,FY26", "01,12.5,FY26"), PERIODS, 5, "months"),
    ("out-of-range", cost("-3"), PLANTS, 3, "fixed_cost"),
    ("unknown-reference", plant("civac,mexco,12,3"), PLANTS, 3, "country"),
    ("unknown-reference", swap(CLAIMS, "c1,s1", "c1,s9"), CLAIMS, 2, "source_id"),
    (
        "unknown-reference",
        put(
            "case.toml",
            "title='t'\nas_of=2025-07-08\nhome_currency='jpy'\n[base_year]\nfiscal_year='FY23'\n",
        ),
        "case.toml",
        None,
        "base_year.fiscal_year",
    ),
    (
        "unknown-reference",
        put(
            "case.toml",
            "title='t'\nas_of=2025-07-08\nhome_currency='jpy'\n[comparators]\nplans=['best']\n",
        ),
        "case.toml",
        None,
        "comparators.plans",
    ),
    (
        "relation",
        put("tables/relations.csv", "id,kind,options,reason\nr,requires,a,b\n"),
        "tables/relations.csv",
        2,
        "options",
    ),
    (
        "relation",
        put("tables/relations.csv", "id,kind,options,reason\nr,at_most,a;b,c\n"),
        "tables/relations.csv",
        2,
        "options",
    ),
    ("no-periods", put(PERIODS, None), PERIODS, None, ""),
    ("periods-gap", swap(PERIODS, "p3,2026-04-01", "p3,2026-05-01"), PERIODS, 5, "start"),
    ("periods-overlap", swap(PERIODS, "p2,2025-10-01", "p2,2025-09-01"), PERIODS, 4, "start"),
    ("period-start", swap(PERIODS, "2024-04-01", "2024-03-31"), PERIODS, 2, "start"),
    (
        "fiscal-year-split",
        both(swap(PERIODS, "6,FY25", "6,FY27"), swap(PERIODS, "12,FY26", "12,FY25")),
        PERIODS,
        5,
        "start",
    ),
    ("over-and-decided", over("p1,2025-04-01,3,FY25,plan,yes,no,yes"), PERIODS, 3, "over"),
    ("over-and-decided", over("p1,2025-04-01,3,FY25,plan,no,yes,yes"), PERIODS, 3, "over"),
    ("over-and-closed", over("p1,2025-04-01,3,FY25,base,no,no,yes"), PERIODS, 3, "over"),
    ("over-late", over(OPEN, "p2,2025-07-01,3,FY25,plan,no,no,yes"), PERIODS, 4, "start"),
    ("over-early", over(OVER, "p2,2025-07-01,3,FY25,plan,no,no,yes"), PERIODS, 4, "start"),
    ("decided-early", swap(PERIODS, "FY25,,no", "FY25,,yes"), PERIODS, 3, "start"),
    ("probability-sum", swap("scenarios.csv", "0.6", "0.5"), "scenarios.csv", None, "probability"),
    (
        "bounds-crossed",
        put("tables/limits.csv", "id,stream,lower,upper,sentence\nl,jobs,5,3,No\n"),
        "tables/limits.csv",
        2,
        "lower",
    ),
    ("unknown-table", swap(CHANGES, "low,demand", "low,demands"), CHANGES, 2, ""),
    ("unknown-row", swap(CHANGES, "low,plants,oppama", "low,plants,opama"), CHANGES, 3, ""),
    ("unknown-row", swap(CHANGES, "*,p3", "*,p4"), CHANGES, 2, ""),
    ("unknown-row", swap(CHANGES, "*,p3", "*,"), CHANGES, 2, ""),
    ("unknown-cell", swap(CHANGES, "p3,volume", "p3,volumes"), CHANGES, 2, ""),
    ("key-changed", swap(CHANGES, "p3,volume", "p3,market"), CHANGES, 2, ""),
    ("change", swap(CHANGES, ",,fixed_cost", ",,note"), CHANGES, 3, ""),
    ("change", swap(CHANGES, "multiply,0.9", "multiply,lots"), CHANGES, 2, ""),
    ("evidence-table", swap(EVIDENCE, "demand,note", "demnd,note"), EVIDENCE, 4, "table"),
    ("evidence-row", swap(EVIDENCE, "plants,oppama", "plants,opama"), EVIDENCE, 3, "id"),
    ("evidence-row", swap(EVIDENCE, "note/*", "note/*/x"), EVIDENCE, 4, "id"),
    ("evidence-row", swap(EVIDENCE, "note/*,*", "note/*,"), EVIDENCE, 4, "period"),
    ("evidence-row", swap(EVIDENCE, "oppama,,", "oppama,p1,"), EVIDENCE, 3, "period"),
    (
        "evidence-column",
        swap(EVIDENCE, "fixed_cost,c1", "fixd_cost,c1"),
        EVIDENCE,
        3,
        "column",
    ),
    ("evidence-without-claim", swap(EVIDENCE, "c1,sourced", ",sourced"), EVIDENCE, 3, "claims"),
    (
        "evidence-without-reason",
        swap(EVIDENCE, "assumed,,,Typical of such plants", "assumed,,,"),
        EVIDENCE,
        2,
        "reason",
    ),
    ("evidence-range", swap(EVIDENCE, "20,40", "40,20"), EVIDENCE, 3, "low"),
    ("value-outside-range", swap(EVIDENCE, "20,40", "20,30"), PLANTS, 2, "fixed_cost"),
    ("hindsight", swap(CLAIMS, "2025-05-13", "2025-07-09"), CLAIMS, 2, "date_of_report"),
    ("hindsight", swap(CLAIMS, "2025-05-13", "2025-07 (undated)"), CLAIMS, 2, "date_of_report"),
    (
        "hindsight",
        swap(CLAIMS, "-13,", "-13,2025-08-01"),
        CLAIMS,
        2,
        "date_of_report",
    ),
    (
        "hindsight-kind",
        both(
            swap(CLAIMS, "status,statement", "as_of_reason,statement"),
            swap(CLAIMS, CLAIM_ROW, "c1,s1,p1,2025-09-13,,everybody knew,Thirty"),
            swap(CLAIMS, ",derived,", ",,"),
        ),
        CLAIMS,
        2,
        "as_of_reason",
    ),
    ("claim-date", swap(CLAIMS, "2025-05-13", "soon"), CLAIMS, 2, "date_of_report"),
    ("claim-undated", swap(CLAIMS, "2025-05-13", ""), CLAIMS, 2, "date_of_report"),
    ("late-input", swap(CLAIMS, "2025-05-13", "2026-05-13"), CLAIMS, 3, "inputs"),
    (
        "derived-circle",
        swap(CLAIMS, CLAIM_ROW, "c1,s1,from c2,2025-05-13,,derived,Thirty billion"),
        CLAIMS,
        None,
        "inputs",
    ),
]
ELSEWHERE = {"no-folder", "unreadable", "too-large", "too-many-rows", "set-syntax"}
# known only once the case is assembled: tests/cli/test_examining.py
ELSEWHERE |= {"unknown-option", "unknown-line", "model", "plan-name"}
ELSEWHERE |= {"no-floor", "no-opening", "number-without-evidence", "absurd-number"}
ELSEWHERE |= {"free-dismissal", "never-in-force", "part-year"}
ELSEWHERE |= {"opening-unbalanced", "shifts-crossed", "floor-hole", "demand-hole", "money-word"}
ELSEWHERE |= {"above-opening", "debt-left", "price-off-market", "cost-above-price"}


def test_the_tiny_case_is_sound(tiny) -> None:
    assert list(tiny.check()) == []


@pytest.mark.parametrize(
    ("code", "break_it", "file", "row", "column"),
    BROKEN,
    ids=[f"{each[0]}-{number}" for number, each in enumerate(BROKEN)],
)
def test_input_brings_its_code(tiny, code, break_it, file, row, column) -> None:
    break_it(tiny)
    found = [each for each in tiny.check() if each.code == code]
    assert found, tiny.check()
    places = {(each.file, each.row, each.column) for each in found}
    wanted = {(file, number, column) for number in ([row] if row else [None, *range(1, 9)])}
    assert places & wanted or (row is None and {place[0] for place in places} == {file}), places
    assert all(each.rule and each.fix and each.severity == CODES[code].severity for each in found)


def test_every_code_is_tried() -> None:
    assert {each[0] for each in BROKEN} | ELSEWHERE == set(CODES)


def test_no_folder(tmp_path, tiny) -> None:
    from replant.case import check

    for path in (tmp_path / "none", tiny.path / "case.toml", "a\0b", "a" * 5000):
        assert check(path).codes == {"no-folder"}


def test_unreadable(tiny, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError("not yours")

    monkeypatch.setattr(case_files, "_read_bytes", refuse)
    assert "unreadable" in tiny.check().codes


def test_too_large_and_too_many_rows(tiny, monkeypatch) -> None:
    monkeypatch.setattr(case_files, "MAXIMUM_ROWS", 3)
    found = tiny.check()
    assert {(each.file, each.row) for each in found if each.code == "too-many-rows"} >= {
        ("tables/demand.csv", 5)
    }
    monkeypatch.setattr(case_files, "MAXIMUM_BYTES", 80)
    assert "too-large" in tiny.check().codes


def test_set_syntax(tiny) -> None:
    assert tiny.check("plants.oppama=1").codes == {"set-syntax"}


def test_a_device_is_no_file(tiny) -> None:
    tiny.put(PLANTS, None)
    os.mkfifo(tiny.path / PLANTS)
    assert "not-a-file" in tiny.check().codes


def test_all_findings_come_in_one_pass(tiny) -> None:
    tiny.put(
        PLANTS,
        f"{HEAD}\noppama,japn,30,\ncivac,mexico,12,3\nsmyrna,mexico,1e3,x\nshonan,japan,-1,\n",
    )
    tiny.swap(PERIODS, "FY26,plan", "FY26,plann")
    tiny.swap("case.toml", "title", "titel")
    tiny.put("sources.csv", b"\xff\xfe")
    found = {(each.code, each.file, each.row, each.column) for each in tiny.check()}
    assert {
        ("unknown-reference", PLANTS, 2, "country"),
        ("exponent", PLANTS, 4, "fixed_cost"),
        ("not-a-number", PLANTS, 4, "sell_price"),
        ("out-of-range", PLANTS, 5, "fixed_cost"),
        ("choice", PERIODS, 5, "role"),
        ("settings", "case.toml", None, "titel"),
        ("encoding", "sources.csv", None, ""),
    } <= found
    # a source table that cannot be read makes no claim's source unknown
    assert not any(code == "unknown-reference" and file == CLAIMS for code, file, _, _ in found)


def test_a_mistyped_key_is_told_once(tiny) -> None:
    """Rows that nobody can name bring no finding of their own, nor does what refers to them."""
    tiny.swap(PLANTS, "id,", "idd,")
    assert sorted(each.code for each in tiny.check()) == ["missing-column", "unknown-column"]


@pytest.mark.parametrize(
    ("heading", "codes"), [("lead", ["value-outside-range"]), ("laed", ["unknown-column"])]
)
def test_a_mistyped_column_is_not_held_to_its_range(tiny, heading, codes) -> None:
    """What stands there instead of its values was never written, and is not at fault."""
    heads, *rows = (tiny.path / PLANTS).read_text(encoding="utf-8").splitlines()
    tiny.put(PLANTS, "\n".join([f"{heads},{heading}", *(f"{row},6" for row in rows)]) + "\n")
    known = (tiny.path / EVIDENCE).read_text(encoding="utf-8")
    tiny.put(EVIDENCE, f"{known}plants,oppama,,lead,,estimated,10,20,guessed\n")
    assert [each.code for each in tiny.check()] == codes


def test_bytes_of_another_encoding_are_shown_as_they_were_meant(tiny) -> None:
    """A table saved as Latin-1 is told by its own letters, and not by Python's bytes."""
    tiny.put(PLANTS, f"{HEAD}\noppama,japan,30,\n".encode() + "zürich,japan,1,\n".encode("latin-1"))
    (found,) = [each for each in tiny.check() if each.code == "encoding"]
    assert found.value.startswith("ürich")


def test_near_misses_are_suggested(tiny) -> None:
    tiny.swap(PLANTS, "sell_price", "sel_price")
    tiny.swap(PLANTS, "civac,mexico", "civac,mexcio")
    fixes = {each.code: each.fix for each in tiny.check()}
    assert fixes["unknown-column"] == "did you mean sell_price?"
    assert fixes["unknown-reference"] == "did you mean mexico?"


@pytest.mark.parametrize(
    ("text", "fix"),
    [
        ("1e3", "write 1000"),
        ('"1,234,567.5"', "write 1234567.5"),
        ("1.234.567", "write 1234567"),
        ('"12,5"', "write 12.5"),
        ("12%", "write 0.12"),
        ("(12)", "write -12"),
        ("−12", "write -12"),
        (".5", "write 0.5"),
        ("5.", "write 5"),
    ],
)
def test_the_fix_is_ready_to_type(tiny, text, fix) -> None:
    cost(text)(tiny)
    found = [each.fix for each in tiny.check() if each.file == PLANTS]
    assert found == [fix]
    typed = fix.removeprefix("write ")
    tiny.put(PLANTS, tiny.files[PLANTS].replace("civac,mexico,12", f"civac,mexico,{typed}"))
    assert {each.code for each in tiny.check()} <= {"out-of-range"}


def test_findings_as_a_frame(tiny) -> None:
    cost("n/a")(tiny)
    tiny.put("tables/thoughts.csv", "a\n1\n")
    findings = tiny.check()
    frame = findings.frame()
    assert not findings.ok
    assert list(frame.columns[:4]) == ["code", "severity", "file", "row"]
    assert list(frame["severity"]) == ["error", "info"]
    assert frame["row"].tolist()[0] == 3
    assert Findings().ok
    assert len(Findings().frame()) == 0
    assert isinstance(findings[:1], Findings)
    assert "n/a" in repr(findings)


def test_the_page_on_bad_input_lists_all_codes(root: Path) -> None:
    page = (root / "docs/how-to/bad-input.md").read_text(encoding="utf-8")
    assert page.endswith(codes_page()), "write the tables anew with replant.case.codes.codes_page()"
    assert len(re.findall(r"^\| `[a-z-]+` \|", page, flags=re.MULTILINE)) == len(CODES)


def test_file_names_that_are_no_text(tiny) -> None:
    (tiny.path / "tables" / "b\udcff.csv").write_text("a\n")
    (found,) = tiny.check()
    assert found.code == "file-name"
    str(found).encode()


def test_links_in_circles(tiny) -> None:
    tiny.put(PLANTS, None)
    (tiny.path / PLANTS).symlink_to(tiny.path / PLANTS)
    assert tiny.check().codes & {"unreadable", "not-a-file"}


def test_a_folder_of_tables_that_leads_elsewhere(tiny, tmp_path) -> None:
    (tiny.path / "tables").rename(tmp_path / "elsewhere")
    (tiny.path / "tables").symlink_to(tmp_path / "elsewhere")
    assert "outside" in tiny.check().codes
