"""How a run of the command ends: whatever went wrong is one line on standard error, and an exit code.

Owns no command. Only a fault of Tidewaiter's own leaves a traceback; wrong input, a wrong option, a
full disk and a closed pipe do not.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Final, NoReturn, TextIO

from typer import Abort, TyperException

if TYPE_CHECKING:
    import typer

USAGE: Final = 2
STOPPED: Final = "stopped; a file is landed whole or not at all, and what was landed stays"
INTERRUPTED: Final = 130
PIPE_CLOSED: Final = 141
"""What a shell reports of a program whose reader went away, such as `| head -1`."""

_A_DAY: Final = ("does not match the formats '%Y-%m-%d'", "is no day; write it like 2020-03-18")


def run(app: typer.Typer, arguments: list[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code; never returns."""
    _speak_utf8()
    try:
        code = app(arguments, prog_name="tidewaiter", standalone_mode=False)
        _flush(sys.stdout)
    except (Exception, KeyboardInterrupt, SystemExit) as error:
        ending = _ending(error)
        if ending is None:
            raise
        _leave(*ending)
    if code == INTERRUPTED:
        _leave(STOPPED, INTERRUPTED)
    raise SystemExit(code if isinstance(code, int) else 0)


def _ending(error: BaseException) -> tuple[str | None, int] | None:
    """Return what to say of an error, if anything, and the exit code; None for a fault of Tidewaiter's own."""
    from tidewaiter.base.errors import TidewaiterError

    ending: tuple[str | None, int] | None = None
    match error:
        case TidewaiterError():
            ending = str(error), error.exit_code
        case TyperException():
            ending = _usage(error), USAGE
        case BrokenPipeError() | SystemExit(__context__=BrokenPipeError()):
            ending = None, PIPE_CLOSED
        case OSError():
            ending = f"{f'{error.filename}: ' if error.filename else ''}{error.strerror or error}", USAGE
        case KeyboardInterrupt() | Abort():
            ending = STOPPED, INTERRUPTED
        case RuntimeError() if str(error) == "Query interrupted":
            # What the engine makes of Ctrl-C while it works.
            ending = STOPPED, INTERRUPTED
        case Exception() if _is_the_engines(error):
            reason = (str(error).strip() or "no reason is given").splitlines()[0]
            ending = f"the lake's files cannot be read: {reason}", USAGE
    return ending


def _speak_utf8() -> None:
    """Write UTF-8 whatever the locale, so that JSON is valid and no name of a place stops a run."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")


def _usage(error: TyperException) -> str | None:
    """Say what is wrong with the options, and where they are explained; None where the help was printed."""
    say = getattr(error, "format_message", error.__str__)
    message = " ".join(say().split()).replace("Value error, ", "").replace(*_A_DAY)
    context = getattr(error, "ctx", None)
    if not message or context is None:
        return message or None
    return f"{message.removesuffix('.')} ({context.command_path} -h explains the options)"


def _is_the_engines(error: Exception) -> bool:
    engine = sys.modules.get("duckdb")
    return engine is not None and isinstance(error, engine.Error)


def _leave(message: str | None, code: int) -> NoReturn:
    """Say why on standard error and stop, without a second complaint about an output that is full or closed."""
    from tidewaiter.base.legible import legible

    try:
        _flush(sys.stdout)
    except (OSError, ValueError):
        _discard(sys.stdout)
    if message is not None and sys.stderr is not None:
        try:
            print(f"tidewaiter: {legible(message)}", file=sys.stderr, flush=True)  # noqa: T201 - a person reads this
        except (OSError, ValueError):
            _discard(sys.stderr)
    raise SystemExit(code) from None


def _flush(stream: TextIO | None) -> None:
    """Write out what a stream holds; there is none where the shell closed it before the start."""
    if stream is not None:
        stream.flush()


def _discard(stream: TextIO) -> None:
    """Lead what is left in a stream's buffer nowhere: the interpreter writes it once more when it ends."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        return
