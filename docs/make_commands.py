"""Write docs/reference/commands.md from the command line's own help, so that the two never differ.

    python docs/make_commands.py          write the page
    python docs/make_commands.py --check  exit 1 if the page is out of date
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parent / "reference" / "commands.md"
INTRODUCTION = """# Commands

Written by `python docs/make_commands.py` from the commands' own help. Exit codes: 0 fine, 1 findings that need a look
or a question without a number, 2 wrong input, 3 a source is down.
"""


def help_of(*words: str) -> str:
    """Return the help of one command as a plain 100-column terminal shows it."""
    plain = {"COLUMNS": "100", "TERM": "dumb", "NO_COLOR": "1", "PYTHONUTF8": "1", "TIDEWAITER_HOME": ""}
    run = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "tidewaiter", *words, "--help"],
        capture_output=True,
        text=True,
        check=True,
        env={**{key: value for key, value in os.environ.items() if key not in {"FORCE_COLOR"}}, **plain},
    )
    return "\n".join(line.rstrip() for line in run.stdout.strip("\n").splitlines())


def commands() -> list[tuple[str, ...]]:
    """List every command and sub-command by its words, in the order of the help."""
    from tidewaiter.cli import app

    found: list[tuple[str, ...]] = [(command.name or "",) for command in app.registered_commands]
    for group in app.registered_groups:
        assert group.typer_instance is not None
        found += [(group.name or "", command.name or "") for command in group.typer_instance.registered_commands]
    return found


def page() -> str:
    """Write the whole page."""
    parts = [INTRODUCTION]
    for words in commands():
        parts.append(f"## tidewaiter {' '.join(words)}\n\n```text\n{help_of(*words)}\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    text = page()
    if "--check" in sys.argv:
        sys.exit(0 if PAGE.exists() and PAGE.read_text("utf-8") == text else 1)
    PAGE.write_text(text, "utf-8")
