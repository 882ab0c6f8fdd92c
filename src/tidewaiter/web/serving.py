"""Start the server and stop it: the socket, the workers, the signals. Knows no page."""

from __future__ import annotations

import secrets
import socket
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.base.errors import InputError
from tidewaiter.web.settings import LOOPBACK, WebSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

STOPPED: Final = "stopped; the page is gone, the lake stays as it is"
LEAST_TOKEN: Final = 16
EVERYWHERE: Final = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 - compared with, not bound to


def prepare(
    *,
    host: str,
    names: Sequence[str],
    home: str | None,
    register: str | None,
    token: str | None,
    readers: int,
    allow_write: bool,
    log: bool,
) -> tuple[WebSettings, bool]:
    """Turn what was said into settings; the flag tells whether a token was made up.

    Raises `InputError` where a server that listens everywhere has no name, and for a token that is too short.
    """
    if host in EVERYWHERE and not names:
        message = f"a server on {host or 'every address'} needs the name its readers use: --name trade.example.org"
        raise InputError(message)
    if token is not None and len(token) < LEAST_TOKEN:
        message = f"the token for writing is shorter than {LEAST_TOKEN} signs; leave it out and one is made up"
        raise InputError(message)
    made_up = allow_write and token is None
    own = () if host in EVERYWHERE else (host, f"[{host}]")
    settings = WebSettings(
        home=home,
        hosts=tuple(dict.fromkeys((*LOOPBACK, *own, *names))),
        allow_write=allow_write,
        token=(token or secrets.token_urlsafe(24)) if allow_write else "",
        register=register,
        readers=readers,
        draw_at_start=True,
        log=log,
    )
    return settings, made_up


def listen(host: str, port: int) -> socket.socket:
    """Take the address before anything is started; raises `InputError` where it is taken or is not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(512)
    except OSError as error:
        listening.close()
        message = f"cannot listen on {host}:{port}: {error.strerror or error}; choose another --port or --host"
        raise InputError(message) from None
    listening.set_inheritable(True)
    return listening


def address(listening: socket.socket) -> str:
    """Write where the server is, for a browser."""
    host, port = listening.getsockname()[:2]
    shown = "127.0.0.1" if host in EVERYWHERE else f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}"


def run(settings: WebSettings, listening: socket.socket, workers: int = 1) -> None:
    """Serve until Ctrl-C or SIGTERM; raises `InputError` where the extra is not installed."""
    try:
        import uvicorn
        from uvicorn.supervisors import Multiprocess

        from tidewaiter.web.app import create_app
    except ModuleNotFoundError as error:
        message = f"the web page needs {error.name}, which is not installed: pip install 'tidewaiter[web]'"
        raise InputError(message) from None
    settings.to_environment()
    try:
        if workers == 1:
            # Made here, what is wrong with it is told in one line.
            uvicorn.Server(uvicorn.Config(create_app(settings), **OPTIONS)).run(sockets=[listening])
        else:
            many = uvicorn.Config("tidewaiter.web.app:create_app", factory=True, workers=workers, **OPTIONS)
            Multiprocess(many, sockets=[listening]).run()
    except KeyboardInterrupt:
        pass
    finally:
        listening.close()


OPTIONS: Final[dict[str, Any]] = {
    "log_level": "warning",
    "log_config": None,
    "access_log": False,
    "server_header": False,
    "timeout_keep_alive": 15,
    "timeout_graceful_shutdown": 5,
    "limit_concurrency": 600,
    "lifespan": "on",
}
"""The server says nothing of who asked what; `WebSettings.log` has a line of our own."""
