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


def _commands(page: Path) -> list[tuple[str, str]]:
    shown = []
    for block in re.findall(r"```console\n(.*?)```", page.read_text("utf-8"), re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            shown.append((command, output))
    return shown


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


@pytest.mark.parametrize("page", [page for page in PAGES if _commands(page)], ids=lambda page: page.name)
def test_a_page_shows_what_its_commands_print(folder, comtrade, page):
    commands = _commands(page)
    for command, shown in commands:
        words = shlex.split(command)
        assert words[0] == "tidewaiter"
        run = subprocess.run(
            [sys.executable, "-m", "tidewaiter", *words[1:]],
            cwd=folder,
            capture_output=True,
            text=True,
            env={
                "TIDEWAITER_HOME": str(folder / "lake"),
                "TIDEWAITER_COMTRADE_URL": comtrade,
                "PATH": "",
                "COLUMNS": "120",
                "PYTHONUTF8": "1",
            },
        )
        assert run.returncode in {0, 1}, run.stderr
        assert _matches(shown, run.stdout), f"{command}\n{run.stdout}"


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
