"""The README is executed: every command in it runs and prints what it shows."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?://|#|mailto:)([^)#\s]+)[^)]*\)")


WALKED = ("first-bulletin.md", "cookbook.md")
"""Pages of which Python and SQL are executed too, in their order among the commands."""


def _steps(page: Path) -> list[tuple[str, str, str]]:
    """List what a page does, in order: the language, the text, and for a command what it prints."""
    languages = ("console", "python", "sql") if page.name in WALKED else ("console",)
    steps = []
    for language, block in re.findall(r"^```(\w+)\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE):
        if language not in languages:
            continue
        if language != "console":
            steps.append((language, block, ""))
            continue
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            steps.append((language, command, output))
    return steps


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _matches(shown: str, printed: str) -> bool:
    """Tell whether `printed` is what was shown, white space apart; `...` stands for anything."""
    pattern = ".*".join(re.escape(_squeezed(part)) for part in shown.split("..."))
    return re.fullmatch(pattern.replace(r"\ .*", ".*").replace(r".*\ ", ".*"), _squeezed(printed)) is not None


@pytest.fixture
def folder(tmp_path):
    shutil.copytree(ROOT / "tests" / "fixtures" / "readme", tmp_path, dirs_exist_ok=True)
    return tmp_path


@pytest.fixture(scope="module")
def comtrade():
    """The stand-in for UN Comtrade that the README names, on a port of its own; its address."""
    command = [sys.executable, str(ROOT / "tests" / "servers" / "comtrade.py"), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = re.search(r"http://[0-9.:]+", process.stdout.readline())
        assert said is not None
        yield said[0]
        process.terminate()


@pytest.mark.parametrize("page", [page for page in PAGES if _steps(page)], ids=lambda page: page.name)
def test_a_page_shows_what_its_commands_print(folder, comtrade, page):
    environment = {
        "TIDEWAITER_HOME": str(folder / "lake"),
        "TIDEWAITER_COMTRADE_URL": comtrade,
        "PATH": "",
        "COLUMNS": "120",
        "PYTHONUTF8": "1",
    }
    for language, text, shown in _steps(page):
        words = {"python": ["-c", text], "sql": ["-c", f"import duckdb; assert duckdb.sql({text!r}).fetchall()"]}.get(
            language, ["-m", *shlex.split(text)]
        )
        assert words[0] == "-c" or words[1] == "tidewaiter"
        run = subprocess.run([sys.executable, *words], cwd=folder, capture_output=True, text=True, env=environment)
        assert run.returncode in ({0} if words[0] == "-c" else {0, 1}), run.stderr
        if language == "console":
            assert _matches(shown, run.stdout), f"{text}\n{run.stdout}"


def test_what_an_r_recipe_reads_was_written_by_a_command_before_it():
    """R is not here to run it; the files that it reads are."""
    page = ROOT / "docs" / "how-to" / "cookbook.md"
    text = page.read_text("utf-8")
    for block in re.finditer(r"^```r\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        for name in re.findall(r'"([\w/]+\.(?:csv|parquet|json))"', block[1]):
            made = "evidence.zip" if name.startswith("evidence/") else name
            assert made in text[: block.start()], f"{name} is read before anything wrote it"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_link_in_the_docs_leads_nowhere(page):
    for target in LINK.findall(page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_every_command_has_a_place_in_the_docs():
    from tidewaiter.cli import app

    pages = "\n".join(page.read_text("utf-8") for page in PAGES)
    for command in app.registered_commands:
        assert f"tidewaiter {command.name}" in pages, command.name


def test_the_page_of_commands_is_what_the_help_says():
    run = subprocess.run(
        [sys.executable, str(ROOT / "docs" / "make_commands.py"), "--check"], capture_output=True, text=True
    )
    assert run.returncode == 0, f"run: python docs/make_commands.py\n{run.stderr}"
