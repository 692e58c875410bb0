"""The house keeps its own rules: floors, versions, clean files, and documentation that runs."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


# ── floors ───────────────────────────────────────────────────────────────────────────────────────


def test_imports_go_down_only(monkeypatch: pytest.MonkeyPatch) -> None:
    from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

    monkeypatch.chdir(ROOT)
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        status = lint_imports(config_filename="pyproject.toml", no_cache=True)
    assert status == EXIT_STATUS_SUCCESS, told.getvalue()


# ── versions ─────────────────────────────────────────────────────────────────────────────────────


def test_highspy_is_one_that_tells_the_truth() -> None:
    """HiGHS 1.14.0 returns a wrong optimum on a plant-choice model (HiGHS issue 3094)."""
    installed = tuple(int(part) for part in version("highspy").split(".")[:3])
    assert installed >= (1, 15, 1)


def test_package_and_metadata_agree_on_the_version() -> None:
    import replant

    assert replant.__version__ == version("replant")


def test_lock_names_no_host_and_hashes_every_package() -> None:
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    pins = re.findall(r"^([A-Za-z0-9._-]+)==(\S+)(.*(?:\n    .*)*)", text, flags=re.MULTILINE)
    assert len(pins) > 50
    assert [name for name, _, rest in pins if "--hash=sha256:" not in rest] == []


def test_both_locks_agree() -> None:
    """requirements.lock is made from uv.lock by `make lock`; neither may be edited alone."""
    import tomllib

    resolved = {
        (package["name"], package["version"])
        for package in tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    }
    pins = re.findall(
        r"^([A-Za-z0-9._-]+)==([^\s;\\]+)",
        (ROOT / "requirements.lock").read_text(encoding="utf-8"),
        flags=re.MULTILINE,
    )
    assert set(pins) <= resolved
    assert {name for name, _ in resolved} - {name for name, _ in pins} <= {"replant"}


def test_lock_names_public_hosts_only() -> None:
    """A lock made behind a firm's mirror would name that mirror to everyone."""
    hosts = set(re.findall(r"\w+://[^/\"]*", (ROOT / "uv.lock").read_text(encoding="utf-8")))
    assert hosts <= {"https://pypi.org", "https://files.pythonhosted.org"}


# ── clean files ──────────────────────────────────────────────────────────────────────────────────

TEXT = {
    ".cfg", ".css", ".csv", ".html", ".ini", ".j2", ".js", ".json", ".lock", ".md", ".py",
    ".sh", ".svg", ".toml", ".txt", ".typ", ".yaml", ".yml", "",
}  # fmt: skip
# A path that holds only on the machine where it was written.
MACHINE = re.compile(
    r"(?<![\w.:/<*~$}\])-])/(?:home|Users|root|work|workspace|opt|mnt|srv|private)/[\w.-]+"
    r"|\b[A-Z]:\\\\?Users\\"
    r"|\bfile:///(?!\{)\w"
)


def committed() -> list[Path]:
    """Every file that git tracks, or nothing outside a clone."""
    if not (ROOT / ".git").exists() or shutil.which("git") is None:
        return []
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_no_committed_file_names_a_path_of_one_machine() -> None:
    files = [path for path in committed() if path.suffix in TEXT and path.is_file()]
    if not files:
        pytest.skip("not a git clone")
    found = []
    for path in files:
        if path == Path(__file__).resolve():
            continue
        for number, line in enumerate(
            path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1
        ):
            if match := MACHINE.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}: {match.group()}")
    assert found == []


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("see /home/ann/replant/cases", True),
        ('path = "/Users/ann/replant"', True),
        ("file:///etc/hosts", True),
        ("open https://example.org/home/ann", False),
        ("cases/home/one.csv", False),
        ("$PREFIX/opt/thing", False),
    ],
)
def test_machine_paths_are_told_from_others(line: str, caught: bool) -> None:
    assert (MACHINE.search(line) is not None) is caught


# ── documentation that runs ──────────────────────────────────────────────────────────────────────

BLOCK = re.compile(
    r"^<!-- runs -->[ \t]*\n+```(?P<kind>python|console)[^\n]*\n(?P<body>.*?)^```[ \t]*$",
    flags=re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Snippet:
    """One block of a page that is marked to run."""

    kind: str
    body: str
    line: int


def snippets(text: str) -> list[Snippet]:
    """All marked blocks of a page, in order."""
    return [
        Snippet(found["kind"], found["body"], text.count("\n", 0, found.start("body")) + 1)
        for found in BLOCK.finditer(text)
    ]


def pages() -> Iterator[Path]:
    """Every page with at least one marked block."""
    for path in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        if path.is_file() and snippets(path.read_text(encoding="utf-8")):
            yield path


def commands(body: str) -> list[str]:
    """The command lines of a console block; a trailing backslash continues one."""
    joined = re.sub(r"\\\n(?:> ?)?\s*", " ", body)
    return [line[2:].strip() for line in joined.splitlines() if line.startswith("$ ")]


def run_page(path: Path, folder: Path) -> None:
    """Run a page's blocks from top to bottom; its Python blocks share one namespace."""
    names: dict[str, object] = {"__name__": "__main__"}
    for snippet in snippets(path.read_text(encoding="utf-8")):
        where = f"{path.name}:{snippet.line}"
        if snippet.kind == "python":
            source = "\n" * (snippet.line - 1) + snippet.body
            exec(compile(source, str(path), "exec"), names)
            continue
        lines = commands(snippet.body)
        assert lines, f"{where}: a console block needs a line that starts with `$ replant`"
        for line in lines:
            words = shlex.split(line, comments=True)
            assert words[0] == "replant", f"{where}: only `$ replant ...` is run, not {line!r}"
            done = subprocess.run(
                [sys.executable, "-m", "replant.cli", *words[1:]]
                if not (beside := Path(sys.executable).parent / "replant").exists()
                else [str(beside), *words[1:]],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
                timeout=600,
                env={**os.environ, "NO_COLOR": "1", "COLUMNS": "100"},
            )
            assert done.returncode == 0, f"{where}: {line}\n{done.stdout}\n{done.stderr}"


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A scratch folder that looks like a clone: the shipped cases are there to read or change."""
    if (ROOT / "cases").is_dir():
        shutil.copytree(ROOT / "cases", tmp_path / "cases")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("page", [pytest.param(p, id=str(p.relative_to(ROOT))) for p in pages()])
def test_documentation_runs(page: Path, elsewhere: Path) -> None:
    run_page(page, elsewhere)


def test_marked_blocks_are_found_and_run(elsewhere: Path) -> None:
    page = elsewhere / "page.md"
    page.write_text(
        "# A page\n\n<!-- runs -->\n```python\nx = 1\n```\n\n```python\nx = 1 / 0\n```\n\n"
        "<!-- runs -->\n\n```python\nassert x == 1\nraise LookupError\n```\n",
        encoding="utf-8",
    )
    first, second = snippets(page.read_text(encoding="utf-8"))
    assert (first.kind, first.body, first.line) == ("python", "x = 1\n", 5)
    assert second.line == 15
    with pytest.raises(LookupError):
        run_page(page, elsewhere)


def test_console_blocks_are_split_into_commands() -> None:
    body = "$ replant plan cases/tiny \\\n    --out out/\nThe plan ...\n$ replant verify out/\n"
    assert commands(body) == ["replant plan cases/tiny  --out out/", "replant verify out/"]
