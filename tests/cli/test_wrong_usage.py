"""Wrong usage ends with 2 and a sentence; nothing is solved, nothing is written."""

from __future__ import annotations

import pytest

from replant.case import load
from replant.cli.asked import Asked, solve_settings
from replant.cli.results import results_folder
from replant.errors import UsageError
from replant.module import row_classes


@pytest.fixture(scope="module")
def case(cases):
    found, findings = load(cases / "golden-g1", row_classes())
    assert found is not None, findings
    return found


@pytest.mark.parametrize(
    ("gap", "seconds", "threads"),
    [
        (float("nan"), None, 1),
        (float("inf"), None, 1),
        (-1.0, None, 1),
        (None, 0.0, 1),
        (None, -5.0, 1),
        (None, float("nan"), 1),
        (None, None, 0),
        (None, None, -1),
        (None, None, 10_000),
    ],
)
def test_numbers_outside_their_range_are_refused(case, gap, seconds, threads) -> None:
    with pytest.raises(UsageError, match="is a number"):
        solve_settings(case, gap, seconds, threads)


def test_no_time_limit_is_one(case) -> None:
    assert solve_settings(case, 0.0, float("inf"), 1).time_limit == float("inf")


@pytest.mark.parametrize(
    "limit", ["", "foo", "cash[Y1]", "cash[Y1]<=abc", "cash[Y1]<=" + "9" * 400, "cash[Y1]<=nan"]
)
def test_what_is_no_limit_is_refused(limit: str) -> None:
    with pytest.raises(UsageError, match="is no limit"):
        Asked.of(None, None, [limit], None)


def test_an_option_cannot_be_forced_and_forbidden() -> None:
    with pytest.raises(UsageError, match="both forced and forbidden"):
        Asked.of(["plant.old.close"], ["plant.old.close"], None, None)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--force", "plant.odl.close"], "did you mean 'plant.old.close'"),
        (["--limit", "platfroms[Y1]<=3"], "did you mean platforms?"),
        (["--limit", "cash[Y9]>=3"], "not 'Y9'"),
        (["--limit", "cash>=3"], "cash has time"),
        (["--out", "afile"], "cannot be written"),
        (["--out", "afile/below"], "cannot be written"),
        (["--out", "x" * 300], "cannot be written"),
        (["--frob"], "No such option"),
    ],
)
def test_wrong_usage_is_a_sentence(firm, run, tmp_path, arguments, said) -> None:
    (tmp_path / "afile").write_text("mine")
    told = run("plan", firm.path, *arguments)
    assert told.returncode == 2, told
    assert said in told.stderr
    assert not (tmp_path / "out").exists() or not any((tmp_path / "out").iterdir())
    assert (tmp_path / "afile").read_text() == "mine"


@pytest.mark.parametrize("folder", ["nothing", "afile", "日本"])
def test_a_case_that_is_no_folder(run, tmp_path, folder) -> None:
    (tmp_path / "afile").write_text("mine")
    for command in ("check", "plan", "options", "audit"):
        told = run(command, folder)
        assert told.returncode == 1
        assert "a case is a folder" in told.stderr


def test_two_runs_do_not_share_a_folder(tmp_path) -> None:
    pytest.importorskip("fcntl")
    with (
        results_folder(tmp_path / "out"),
        pytest.raises(UsageError, match="another run"),
        results_folder(tmp_path / "out"),
    ):
        pass
    with results_folder(tmp_path / "out"):
        pass


def test_a_reader_that_leaves_is_no_fault(firm, root, tmp_path) -> None:
    """`replant options … | head -1` ends without a word of complaint."""
    import os
    import subprocess

    from tests.cli.conftest import command

    running = subprocess.Popen(
        [*command(), "options", str(firm.path)],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    said = running.stderr.read()
    running.stderr.close()
    running.wait(timeout=60)
    assert said == b""


def test_results_are_not_put_among_the_tables_of_the_case(firm, run) -> None:
    """A table of the results is none of the case: it must not be read as one next time."""
    before = sorted(firm.path.rglob("*"))
    for place in (firm.path, firm.path / "tables"):
        told = run("plan", firm.path, "--out", place)
        assert told.returncode == 2
        assert "holds the case itself" in told.stderr
    assert sorted(firm.path.rglob("*")) == before


def test_a_table_that_is_missing_is_named_once_for_each_that_needs_it(firm, run) -> None:
    firm.drop("tables/plants.csv")
    told = run("check", firm.path)
    lines = [line for line in told.stderr.splitlines() if "tables/plants.csv is missing" in line]
    assert lines
    assert len(lines) == len(set(lines)) == told.stderr.count("unknown-reference")


def test_the_version_is_the_one_of_the_package(run) -> None:
    import replant

    assert run("--version").stdout.strip() == f"replant {replant.__version__}"
