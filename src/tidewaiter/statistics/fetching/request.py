"""One question to a publisher's server, and what came back; pure shapes, no network.

A request never holds a key: what identifies it may be written down anywhere.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Request:
    """A GET of `base` + `path` with `parameters`; `keyed` where the key has to go along, `what` for people."""

    source: str
    base: str
    path: str
    parameters: tuple[tuple[str, str], ...] = ()
    keyed: bool = False
    what: str = ""

    @property
    def url(self) -> str:
        """The address without any key; commas stay legible."""
        query = urlencode(self.parameters, quote_via=quote, safe=",*:")
        return f"{self.base}{self.path}{f'?{query}' if query else ''}"

    @property
    def fingerprint(self) -> str:
        """The sha256 of everything that decides the answer, by which it is known again; no key in it."""
        parts = (self.source, self.base, self.path, *(f"{name}={value}" for name, value in sorted(self.parameters)))
        return hashlib.sha256("\n".join((*parts, str(self.keyed))).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the bytes as a file, unpacked where the transfer was packed, and when they came (UTC)."""

    path: Path
    sha256: str
    size: int
    status: int
    content_type: str
    came_at: datetime
