"""Whatever stands in a file, reading ends with a case or a CaseError, never with another error."""

from __future__ import annotations

import contextlib
import random
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from replant.case import Case
from replant.case.decimals import NotADecimal, fraction_of
from replant.case.kinds import parse_date
from replant.errors import CaseError

FILES = [
    "case.toml",
    "tables/periods.csv",
    "tables/plants.csv",
    "tables/demand.csv",
    "scenarios.csv",
    "scenario_changes.csv",
    "evidence.csv",
    "claims.csv",
]
NASTY = [
    "", ",", '"', "\n", "\r", "\0", "\ufeff", ";", "*", "1e9999", "-", "nan", "9" * 5000, "=1+1",
    "../../etc/passwd", "%s{}$(x)`", "9999-12-31", "0000-00-00", "é", "🚗", "__class__", "1/0",
    "[[[[[[", "\u2028", "\x85", "0" * 70, "{code}", "'", "\\", "\t", "1_000", "+5", "١٢", "c1",
]  # fmt: skip


def attempt(tiny, *sets: str) -> None:
    try:
        case = tiny.read(*sets)
    except CaseError as error:
        if not error.findings or not str(error):
            raise AssertionError("an error without findings") from error
        return
    assert isinstance(case, Case)


@pytest.mark.parametrize("file", FILES)
@given(st.binary(max_size=400))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_bytes(tiny, file, content) -> None:
    attempt(tiny.put(file, content))


@pytest.mark.parametrize("file", FILES)
def test_mutated_files(tiny, file) -> None:
    chance = random.Random(file)
    for _ in range(120):
        text = tiny.files[file]
        for _ in range(chance.randint(1, 4)):
            start = chance.randrange(len(text) + 1)
            end = min(len(text), start + chance.randint(0, 12))
            text = text[:start] + chance.choice(NASTY) + text[end:]
        attempt(tiny.put(file, text))


@pytest.mark.parametrize("file", [file for file in FILES if file.endswith("csv")])
def test_mutated_cells(tiny, file) -> None:
    """Whole cells are exchanged, so that the rows stay well formed and later checks are met."""
    chance = random.Random(file)
    for _ in range(150):
        lines = [line.split(",") for line in tiny.files[file].splitlines()]
        for _ in range(chance.randint(1, 3)):
            line = chance.choice(lines[1:])
            value = chance.choice([*NASTY, *chance.choice(lines[1:])])
            line[chance.randrange(len(line))] = '"' + value.replace('"', '""') + '"'
        attempt(tiny.put(file, "\n".join(",".join(line) for line in lines) + "\n"))


@given(st.text(max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_setting(tiny, text) -> None:
    attempt(tiny, text, f"plants.oppama.note={text}", f"plants.{text}.fixed_cost=1")


@given(st.text(alphabet="0123456789.,eE+-%()'_ ¥bn/=#\u2212\u00a0", max_size=80))
def test_any_number(text) -> None:
    with contextlib.suppress(NotADecimal):
        assert fraction_of(text) == Fraction(text)


@given(st.text(alphabet="0123456789-", min_size=8, max_size=11))
def test_any_date(text) -> None:
    with contextlib.suppress(PydanticCustomError):
        assert parse_date(text).isoformat() == text


def test_deeply_nested_settings(tiny) -> None:
    attempt(tiny.put("case.toml", "a = " + "[" * 100_000))


def test_many_bad_rows_do_not_stall(tiny) -> None:
    rows = "".join(f"p{number},jpan{number},x,\n" for number in range(20_000))
    findings = tiny.put("tables/plants.csv", f"id,country,fixed_cost,sell_price\n{rows}").check()
    assert len(findings) >= 40_000
