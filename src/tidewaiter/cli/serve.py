"""`tidewaiter serve`: the web page and the JSON API on this machine, read-only unless told otherwise."""

from __future__ import annotations

from typing import Annotated

import typer

from tidewaiter.cli.options import Home, Quiet

EXAMPLES = """
Examples:

  tidewaiter serve

  tidewaiter serve --port 9000 --workers 2

  tidewaiter serve --allow-write --register suspects.yml

  tidewaiter serve --host 0.0.0.0 --name trade.example.org
"""

TOKEN = "TIDEWAITER_WRITE_TOKEN"  # noqa: S105 - the name of the variable


def add_to(app: typer.Typer) -> None:
    """Hang the command into the command line."""
    app.command("serve", epilog=EXAMPLES)(serve)


def serve(
    *,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on; 0 takes a free one.")] = 8484,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that share the lake.")] = 1,
    readers: Annotated[int, typer.Option(min=1, max=16, help="Threads in each that ask the lake.")] = 2,
    name: Annotated[
        list[str] | None,
        typer.Option(
            help="Name that readers reach it by, as behind a proxy; may be repeated.", show_default="loopback"
        ),
    ] = None,
    allow_write: Annotated[
        bool, typer.Option("--allow-write", help="Let who has the token land files and review suspects.")
    ] = False,
    token: Annotated[
        str | None, typer.Option(envvar=TOKEN, help="The token; made up and printed if not given.", show_envvar=True)
    ] = None,
    register: Annotated[
        str | None, typer.Option(help="File of the exclusion register.", show_default="register.yml in the lake")
    ] = None,
    log: Annotated[bool, typer.Option("--log", help="Print one line a request: no query, no text.")] = False,
    home: Home = None,
    quiet: Quiet = False,
) -> None:
    """Serve the web page: check a story, explore, read the law, in a browser; nothing leaves this machine.

    Read-only unless --allow-write. Ctrl-C ends it.
    """
    from tidewaiter.web import serving

    settings, made_up = serving.prepare(
        host=host,
        names=name or (),
        home=home,
        register=register,
        token=token,
        readers=readers,
        allow_write=allow_write,
        log=log,
    )
    listening = serving.listen(host, port)
    if not quiet:
        typer.echo(f"Tidewaiter is at {serving.address(listening)} (Ctrl-C ends it)")
        if made_up:
            typer.echo(f"Writing is allowed to who has the token: {settings.token}")
    serving.run(settings, listening, workers)
    if not quiet:
        typer.echo(f"tidewaiter: {serving.STOPPED}", err=True)
