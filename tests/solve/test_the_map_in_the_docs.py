"""What the page on the engine says of itself is what the engine does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from replant.solve import choosing, decomposed, patterns, strategies
from replant.solve.benders import chains, falling, grouping, hardest
from replant.solve.dividing import ways

REPOSITORY = Path(__file__).resolve().parents[2]
PAGE = " ".join((REPOSITORY / "docs/explanation/engine.md").read_text(encoding="utf-8").split())
IN_WORDS = {4: "four", 6: "six", 40: "forty"}


@pytest.mark.parametrize(
    "said",
    [
        f"| {strategies._SCENARIOS} scenarios, or {IN_WORDS[strategies._FEW]} where "
        f"{strategies._MANY} choices lead; no row links scenarios | `Benders` |",
        f"| else, {strategies._MANY} choices that lead | `guided` |",
        f"or of more than {ways._SUMS} |",
        f"| scenarios that fall into [periods](#chains), {choosing._CHAINED:,} entries or more |",
        f"| fewer than {choosing._SMALL:,} entries, or a single linear scenario | whole |",
        f"with more than {grouping._GROUPS} parts, neighbouring scenarios share one",
        f"no more than {chains._ESTIMATES} periods in all scenarios",
        f"in as many bundles as make {chains._BUNDLED} estimates",
        f"Scenarios are told apart from {falling._ENTRIES:,} entries on",
        f"with up to {decomposed._TREE} whole numbers in the first stage: branch and bound",
        f"up to {decomposed._TREE_BY_PERIOD:,} whole numbers straight after the dive",
        f"up to {IN_WORDS[hardest._LOOKED_AT]} scenarios are first solved by themselves",
        f"is written out as well, up to {IN_WORDS[hardest._TOGETHER]}.",
        f"A part with up to {patterns._COLUMNS} columns, all yes or no",
    ],
)
def test_the_page_says_where_each_way_begins(said: str) -> None:
    """Law: the numbers by which a way is chosen are those of the code."""
    assert said in PAGE


def test_every_file_that_the_page_names_is_there() -> None:
    """Law: who follows the page into the code finds what it names."""
    rooms = {each.relative_to(REPOSITORY / "replant/solve").as_posix()
             for each in (REPOSITORY / "replant/solve").rglob("*")}  # fmt: skip
    named = set(re.findall(r"`([a-z_/]+(?:\.py|/))`", PAGE))
    assert len(named) > 30
    gone = [each for each in named if not any(f"/{room}".endswith(f"/{each.rstrip('/')}")
                                              for room in rooms)]  # fmt: skip
    assert gone == []
