"""What the SMPS reader says of files that break the format: findings, never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.errors import BadFile, TooManyOutcomes
from tests.benchmarks.smps_files import CORE, SURE, TIME, staged


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("x cost 1 most 1", "x cost one most 1"), "line 7: 'one' is not a number"),
        (("x cost 1 most 1", "x cost nan most 1"), "line 7: 'nan' is not a number"),
        (("x need 1", "x nead 1"), "row 'nead' is not declared"),
        (("x need 1", "x most 1"), "given twice"),
        ((" G need", " G need\n G need"), "declared twice"),
        ((" G need", " P need"), "a row is a kind"),
        (("R most 10 need 4", "R most 10\n R most 11"), "given twice, differently"),
        (("R most 10 need 4", "R most 10\n S need 4"), "a second set"),
        (("ENDATA", ""), "ends without ENDATA"),
        (("ENDATA", "BOUNDS\n XX B y 1\nENDATA"), "'XX' is not a kind of bound"),
        (("ENDATA", "BOUNDS\n UP B z 1\nENDATA"), "column 'z' is not declared"),
        (("ENDATA", "BOUNDS\n UP B y -1\nENDATA"), "give its lower bound"),
        (("ENDATA", "QUADOBJ\n x x 1\nENDATA"), "'QUADOBJ' is not a section"),
        ((" N cost", " L cost"), "no free row"),
        ((" y cost 3", " M 'MARKER' 'INTEND'\n y cost 3"), "does not follow its counterpart"),
        ((" y cost 3 need 1", " y cost 3 need 1 most 2 1"), "one or two pairs"),
        ((" y cost 3 need 1", " y cost 3 need 1\n x cost 2"), "comes in two places"),
        ((" y cost 3 need 1", " y cost 3 need 1\n y most 1"), "of a later period"),
    ],
)
def test_a_broken_core_gives_findings(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    """Law: a core that breaks the format is refused with the line and the reason."""
    assert change[0] in CORE
    with pytest.raises(BadFile) as raised:
        staged(tmp_path, CORE.replace(*change), TIME, SURE)
    assert words in str(raised.value)
    assert all(finding.file == "x.cor" for finding in raised.value.findings)


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ("TIME s\nPERIODS\n x most ONE\n z need TWO\nENDATA\n", "column 'z' is not in the core"),
        ("TIME s\nPERIODS\n y need ONE\n x most TWO\nENDATA\n", "does not come after"),
        ("TIME s\nPERIODS\n x ONE\nENDATA\n", "a period is its first column"),
        ("TIME s\nPERIODS\nENDATA\n", "declares no period"),
        ("TIME s\nPERIODS EXPLICIT\n ONE\nROWS\n most ONE\nENDATA\n", "'need' has no period"),
        ("TIME s\nPERIODS\n x most ONE\n y need TWO\n", "ends without ENDATA"),
    ],
)
def test_broken_periods_give_findings(tmp_path: Path, time: str, words: str) -> None:
    """Law: periods that do not fit the core are refused with the reason."""
    with pytest.raises(BadFile, match=words):
        staged(tmp_path, CORE, time, SURE)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("INDEP DISCRETE\n R need 4 0.5", "add up to 0.5"),
        ("INDEP DISCRETE\n R need 4 1.5", "not a probability"),
        ("INDEP DISCRETE\n R neat 4 1.0", "the core holds no entry"),
        ("INDEP DISCRETE\n y most 4 1.0", "the core holds no entry"),
        ("INDEP DISCRETE\n R need 4 NEVER 1.0", "'NEVER' is not declared"),
        ("INDEP DISCRETE\n R most 4 1.0", "in the first period"),
        ("INDEP NORMAL\n R need 4 1.0", "only DISCRETE"),
        ("BLOCKS DISCRETE\n BL B NEVER 1.0", "a declared period"),
        ("BLOCKS DISCRETE\n BL B TWO 0.5\n R need 1\n BL B TWO 0.5\n x need 3", "does not list"),
        ("SCENARIOS DISCRETE\n SC A B 1.0 TWO\n R need 1", "does not come before its child"),
        ("SCENARIOS DISCRETE\n SC A ROOT 0.4 TWO\n R need 1", "add up to 0.4"),
        ("SCENARIOS DISCRETE\n SC A ROOT 1.0 TWO\n R most 1", "before 'A' branches"),
        ("SCENARIOS DISCRETE\n SC A ROOT 0.5 TWO\n SC A ROOT 0.5 TWO", "comes twice"),
        ("SCENARIOS DISCRETE\n R need 1", "before the first scenario"),
        ("", "describes no outcome"),
    ],
)
def test_broken_outcomes_give_findings(tmp_path: Path, body: str, words: str) -> None:
    """Law: outcomes that break the format or do not fit the core are refused with the reason."""
    with pytest.raises(BadFile, match=words):
        staged(tmp_path, CORE, TIME, f"STOCH s\n{body}\nENDATA\n")


def test_too_many_outcomes_are_refused_with_a_word(tmp_path: Path) -> None:
    """Law: a product beyond what can be listed says so instead of filling the memory."""
    lines = [f" R need {value} 0.001" for value in range(1000)]
    lines += [f" y cost {value} 0.001" for value in range(1000)]
    text = "STOCH s\nINDEP DISCRETE\n" + "\n".join(lines) + "\nENDATA\n"
    with pytest.raises(TooManyOutcomes, match="1,000,000 outcomes"):
        staged(tmp_path, CORE, TIME, text)
