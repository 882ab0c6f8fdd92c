"""Fill templates with a bulletin: ours, or people's own from a folder, in a sandbox that can reach nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.base.errors import InputError
from tidewaiter.tell.brief import words
from tidewaiter.tell.story_words import harmless

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2.sandbox import SandboxedEnvironment

    from tidewaiter.base.sheet import Sheet
    from tidewaiter.tell.brief.model import Bulletin

SHIPPED: Final = Path(__file__).parent.parent / "templates" / "brief"
NAMES: Final = ("bulletin.md.j2", "bulletin.html.j2")


def fill(
    name: str,
    bulletin: Bulletin,
    folder: Path | None = None,
    set_up: Callable[[SandboxedEnvironment], None] | None = None,
    **more: Any,
) -> str:
    """Fill the template `name` of `folder`, or ours where the folder has none of that name.

    Raises `InputError`, naming file and line, for a template that is wrong or wants what the sandbox forbids.
    """
    from jinja2 import TemplateError, TemplateSyntaxError
    from jinja2.exceptions import SecurityError, UndefinedError

    try:
        environment = _environment(folder)
        if set_up is not None:
            set_up(environment)
        template = environment.get_template(name)
        text = template.render(bulletin=bulletin, dated=words.dated(bulletin.subject.day), words=words, **more)
    except TemplateSyntaxError as error:
        message = f"template {error.filename or error.name}, line {error.lineno}: {error.message}"
        raise InputError(message) from None
    except (UndefinedError, SecurityError, TemplateError, UnicodeDecodeError) as error:
        message = f"template {name} of {folder or SHIPPED}: {error}"
        raise InputError(message) from None
    return text if text.endswith("\n") else f"{text}\n"


def checked(folder: Path) -> Path:
    """Return the folder of people's own templates; raises `InputError` where it holds none of ours by name."""
    if not any(folder.joinpath(name).is_file() for name in NAMES):
        message = f"{folder} holds no template; it needs {' or '.join(NAMES)}"
        raise InputError(message)
    return folder


def _environment(folder: Path | None) -> SandboxedEnvironment:
    from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, select_autoescape
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    folders = [SHIPPED] if folder is None else [folder, SHIPPED]
    environment = ImmutableSandboxedEnvironment(
        loader=ChoiceLoader([FileSystemLoader(each) for each in folders]),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["as_markdown"] = _as_markdown
    environment.filters["harmless"] = lambda text: harmless(str(text))
    return environment


def _as_markdown(sheet: Sheet) -> str:
    from tidewaiter.tell.sheets import text

    return text.markdown([sheet])
