"""The README is executed: every command in it runs and prints what it shows."""

from __future__ import annotations

import os
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
"""Pages of which Python, SQL and R are executed too, in their order among the commands."""
RSCRIPT = shutil.which("Rscript")


def _steps(page: Path) -> list[tuple[str, str, str]]:
    """List what a page does, in order: the language, the text, and for a command what it prints."""
    languages = ("console", "python", "sql", "r") if page.name in WALKED else ("console",)
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
    steps = _steps(page)
    for language, text, shown in steps:
        if language == "r" and RSCRIPT is None:
            continue
        run = _run(language, text, folder, environment)
        assert run.returncode in ({0, 1} if language == "console" else {0}), f"{text}\n{run.stderr}"
        if language == "console":
            assert _matches(shown, run.stdout), f"{text}\n{run.stdout}"
    if RSCRIPT is None and any(language == "r" for language, *_ in steps):
        _without_r()


def _run(language: str, text: str, folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run one step as a reader would who types it: each of its own, so that nothing but files passes between them."""
    command = [sys.executable, "-c", text]
    if language == "r":
        # R is a shell script that wants the tools of the system beside it.
        script = folder / "recipe.R"
        script.write_text(text, encoding="utf-8")
        command, environment = [str(RSCRIPT), "--vanilla", str(script)], environment | {"PATH": os.defpath}
    elif language == "sql":
        command[2] = f"import duckdb; assert duckdb.sql({text!r}).fetchall()"
    elif language == "console":
        words = shlex.split(text)
        assert words[0] == "tidewaiter"
        command[1:] = ["-m", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=environment)


def _without_r() -> None:
    reason = "no R: install Debian's packages r-base-core and r-cran-jsonlite; all but the R of this page ran"
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


def test_the_workbook_of_the_cookbook_has_a_number_for_each_year_and_says_its_unit(folder):
    from python_calamine import CalamineWorkbook

    page = next(page for page in PAGES if page.name == "cookbook.md")
    environment = {"TIDEWAITER_HOME": str(folder / "lake"), "PATH": "", "PYTHONUTF8": "1"}
    for language, text, _ in _steps(page)[:2]:
        assert _run(language, text, folder, environment).returncode == 0
    rows = CalamineWorkbook.from_path(folder / "years.xlsx").get_sheet_by_index(0).to_python()
    cells = [cell for row in rows for cell in row]
    # The file has 32.163 and 46.398 million dollars.
    assert [cell for cell in cells if isinstance(cell, float | int) and cell > 10_000] == [32_163_000, 46_398_000]
    assert any("USD" in str(cell) for cell in cells)


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
