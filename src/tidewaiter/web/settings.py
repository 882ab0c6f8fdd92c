"""What a server was started with, and how it reaches the workers: through one environment variable."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

VARIABLE: Final = "TIDEWAITER_WEB"
MEGABYTE: Final = 1_000_000
LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]", "::1")


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Where the lake is, who may ask, what may be written, and the limits."""

    home: str | None = None
    """Folder or URL of the lake; None: where the settings say."""
    hosts: tuple[str, ...] = LOOPBACK
    """Names this server answers to. Another name in `Host` is refused, lest a foreign page reach it by one."""
    allow_write: bool = False
    token: str = ""
    """What a writer has to show; never empty where `allow_write`."""
    register: str | None = None
    """File of the exclusion register; None: `register.yml` in the lake's folder."""
    readers: int = 2
    """Threads that ask the lake in each worker, each with an engine of its own."""
    engine_threads: int | None = None
    queue: int = 256
    """So many questions may wait; the next one is told to come back."""
    largest_story: int = 2 * MEGABYTE
    largest_upload: int = 256 * MEGABYTE
    body_seconds: float = 30.0
    """A body has to arrive within this."""
    answer_seconds: float = 120.0
    """A question has to be answered within this."""
    draw_at_start: bool = False
    """Whether to load what draws charts before the first reader comes, who would wait for it."""
    log: bool = False
    """One line a request on standard error: method, path, status, time. Never a query or a body."""

    def __post_init__(self) -> None:
        """Refuse a server that writes without asking for a token."""
        if self.allow_write and not self.token:
            message = "a server that may write needs a token"
            raise ValueError(message)

    def to_environment(self) -> None:
        """Leave the settings where `from_environment` finds them in this process and its workers."""
        os.environ[VARIABLE] = json.dumps(asdict(self))

    @classmethod
    def from_environment(cls) -> WebSettings:
        """Read what `to_environment` left; the defaults where it left nothing."""
        given: dict[str, Any] = json.loads(os.environ.get(VARIABLE, "{}"))
        known = {each.name for each in fields(cls)}
        kept: dict[str, Any] = {
            key: tuple(value) if isinstance(value, list) else value for key, value in given.items() if key in known
        }
        return cls(**kept)
