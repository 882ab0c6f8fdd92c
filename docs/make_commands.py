"""Write docs/reference/commands.md from the command line itself, so that the two never differ.

Run it without options to write the page, with --check to exit 1 if the page is out of date.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent / "reference" / "commands.md"
INTRODUCTION = """# Commands

Written by `python docs/make_commands.py` from the commands themselves. Exit codes: 0 fine, 1 findings that need a look
or a question without a number, 2 wrong input, 3 a source is down.
"""


def page() -> str:
    """Write the whole page."""
    from typer.main import get_command

    from tidewaiter.cli import app

    return "\n".join([INTRODUCTION, *_sections(get_command(app), ("tidewaiter",))])


def _sections(command: Any, words: tuple[str, ...]) -> list[str]:
    inner = getattr(command, "commands", None)
    if inner is not None:
        return [part for name, each in inner.items() for part in _sections(each, (*words, name))]
    arguments = [each for each in command.params if each.param_type_name == "argument"]
    options = [each for each in command.params if each.param_type_name == "option"]
    line = " ".join([*words, *(str(each.name).upper() for each in arguments)])
    parts = [f"## {' '.join(words)}\n", f"    {line}\n", f"{command.help.strip()}\n"]
    rows = [f"| `{str(each.name).upper()}` | {each.help} |" for each in arguments]
    rows += [f"| {', '.join(f'`{name}`' for name in each.opts)} | {each.help} |" for each in options if not each.hidden]
    parts.append("\n".join(["| | |", "|---|---|", *rows]) + "\n")
    examples = [text.strip() for text in (command.epilog or "").split("\n") if text.strip().startswith("tidewaiter")]
    if examples:
        parts.append("\n".join(["```", *examples, "```"]) + "\n")
    return parts


if __name__ == "__main__":
    text = page()
    if "--check" in sys.argv:
        sys.exit(0 if PAGE.exists() and PAGE.read_text("utf-8") == text else 1)
    PAGE.write_text(text, "utf-8")
