"""The one door to the network: asks a publisher's server politely, and says so where no answer comes.

Nothing else in Tidewaiter opens a connection. The door keeps the pace, waits as long as it is told to,
tries again what is worth trying, sends a key to its own publisher and to nobody else, and hands over
whole bodies only. What a body means is the business of `statistics.fetching`.
"""

from __future__ import annotations

import hashlib
import logging
import time
import zlib
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import urlsplit

from tidewaiter.base.errors import InputError, LakeError, NetworkError, QuotaError, RefusedError
from tidewaiter.base.legible import legible
from tidewaiter.base.version import __version__
from tidewaiter.statistics.fetching.refusals import SpoiledError, TooMuchError, advice, quota_seconds, said_by
from tidewaiter.statistics.fetching.request import Reply, Request

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import httpx2

    from tidewaiter.statistics.fetching.key import Key

_LOOPBACK: Final = {"127.0.0.1", "localhost", "::1"}
_WORTH_TRYING: Final = {408, 500, 502, 503, 504}
_ERROR_BODY: Final = 64 * 1024


class _AgainError(Exception):
    """Something that may be over when it is asked again; `seconds` where the server said when."""

    def __init__(self, why: str, seconds: float | None = None, *, is_fault: bool = True) -> None:
        super().__init__(why)
        self.seconds = seconds
        self.is_fault = is_fault


class Door:
    """A door to one publisher. `pace` seconds lie between two questions, whoever asks them.

    A fault (no connection, 500, a cut body) is tried `faults` times more, `backoff` seconds later at
    first; being told to wait (429) counts as none, until one question has waited `patience` seconds.
    Only differences of a clock that never jumps are used.
    """

    def __init__(  # noqa: PLR0913  # each is a setting of its own
        self,
        base: str,
        *,
        key: Key | None = None,
        key_header: str | None = None,
        key_parameter: str | None = None,
        pace: float = 1.0,
        faults: int = 5,
        backoff: float = 1.0,
        patience: float = 900.0,
        timeout: float = 60.0,
        on_call: Callable[[Request], None] | None = None,
        on_wait: Callable[[float, str], None] | None = None,
    ) -> None:
        self.base = base
        self._key, self._key_header, self._key_parameter = key, key_header, key_parameter
        self._pace, self._faults, self._backoff = pace, faults, backoff
        self._patience, self._timeout = patience, timeout
        self._on_call = on_call or (lambda _request: None)
        self._on_wait = on_wait or (lambda _seconds, _why: None)
        self._next = 0.0
        self._client: httpx2.Client | None = None

    def __enter__(self) -> Self:
        import httpx2

        # What these print of a question could hold a key; what went wrong is told by our own errors.
        for name in ("httpx2", "httpcore2", "stamina"):
            logging.getLogger(name).addHandler(logging.NullHandler())
        logging.getLogger("httpx2").setLevel(logging.WARNING)
        self._client = httpx2.Client(
            timeout=self._timeout,
            follow_redirects=False,
            # Proxies of the environment are for the world outside, not for a stand-in on this machine.
            trust_env=urlsplit(self.base).hostname not in _LOOPBACK,
            headers={"User-Agent": f"tidewaiter/{__version__}", "Accept-Encoding": "gzip, identity"},
        )
        return self

    def __exit__(self, *_: object) -> None:
        if self._client is not None:
            self._client.close()

    def ask(self, request: Request, target: Path, whole: Callable[[Path], None] | None = None) -> Reply:
        """Get one body into the file `target`; `whole` raises `SpoiledError` for one that came damaged.

        Raises `NetworkError` where no answer comes, `QuotaError` where the day's calls are used up,
        `TooMuchError` where the server finds the question too big, `InputError` for a key that is not
        taken, `LakeError` where the disk is full. `target` is whole or not there.
        """
        import httpx2
        import stamina

        part = target.with_name(f"{target.name}.part")
        try:
            for attempt in stamina.retry_context(
                self._again(),
                attempts=None,
                timeout=self._patience,
                wait_initial=self._backoff,
                wait_max=30.0,
                wait_jitter=self._backoff / 2,
            ):
                with attempt:
                    reply = self._ask_once(request, part)
                    if whole is not None:
                        whole(part)
                    part.replace(target)
                    return Reply(target, *reply)
        except (_AgainError, SpoiledError, httpx2.RequestError) as error:
            reason = self._hidden(_plain(error))
            message = f"{_place(request)} does not answer: {reason}; what has come is kept, try again later"
            raise NetworkError(message) from None
        except httpx2.InvalidURL as error:
            message = f"{legible(request.base)} is no address: {error}"
            raise InputError(message) from None
        except OSError as error:
            message = f"{target.parent}: {error.strerror or error}; what has come is kept: make room and try again"
            raise LakeError(message) from error
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
        raise AssertionError

    def _again(self) -> Callable[[Exception], bool | float]:
        """Make what decides of an error whether to ask once more: at once, or in so many seconds."""
        import httpx2

        faults = 0

        def again(error: Exception) -> bool | float:
            nonlocal faults
            if isinstance(error, SpoiledError | httpx2.TransportError | httpx2.DecodingError):
                faults += 1
                return faults <= self._faults
            if not isinstance(error, _AgainError):
                return False
            faults += error.is_fault
            if faults > self._faults or (error.seconds is not None and error.seconds > self._patience):
                return False
            if error.seconds is None:
                return True
            self._on_wait(error.seconds, str(error))
            return error.seconds

        return again

    def _ask_once(self, request: Request, part: Path) -> tuple[str, int, int, str, datetime]:
        self._wait_for_turn()
        self._on_call(request)
        assert self._client is not None
        headers, url = {}, request.url
        if request.keyed and self._key is not None:
            self._refuse_open_line(request)
            if self._key_header:
                headers[self._key_header] = self._key.reveal()
            else:
                url = f"{url}{'&' if '?' in url else '?'}{self._key_parameter}={self._key.reveal()}"
        with self._client.stream("GET", url, headers=headers) as response:
            if response.status_code not in {200, 202, 204}:
                self._refuse(request, response)
            sha256, size = self._save(response, part)
            kind = response.headers.get("content-type", "")
            return sha256, size, response.status_code, kind, datetime.now(UTC)

    def _wait_for_turn(self) -> None:
        now = time.monotonic()
        if self._next > now:
            time.sleep(self._next - now)
        self._next = max(self._next, now) + self._pace

    def _refuse_open_line(self, request: Request) -> None:
        """Refuse to send the key where others could read it, or to another host than its own."""
        mine, there = urlsplit(self.base), urlsplit(request.base)
        if (mine.scheme, mine.netloc) != (there.scheme, there.netloc):
            message = f"the key for {mine.netloc} is not sent to {there.netloc}"
            raise NetworkError(message)
        if there.scheme != "https" and there.hostname not in _LOOPBACK:
            message = f"the key is not sent to {request.base}, which is not https: others could read it"
            raise InputError(message)

    def _save(self, response: httpx2.Response, part: Path) -> tuple[str, int]:
        """Write the body piece by piece, unpacked; returns its sha256 and size."""
        found, size = hashlib.sha256(), 0
        packed = response.headers.get("content-encoding", "").strip().lower() in {"gzip", "x-gzip"}
        unpack = zlib.decompressobj(wbits=31) if packed else None
        secret = self._key.reveal().encode() if self._key else b""
        tail, ends = b"", time.monotonic() + self._patience
        with part.open("wb") as file:
            for piece in response.iter_raw(65536):
                try:
                    plain = piece if unpack is None else unpack.decompress(piece)
                except zlib.error as error:
                    why = f"the packed body is damaged ({error})"
                    raise _AgainError(why) from None
                if secret and secret in tail + plain:
                    message = f"the answer of {response.url.host} repeats the key; it is not kept"
                    raise NetworkError(message)
                tail = plain[-len(secret) :] if secret else b""
                found.update(plain)
                size += len(plain)
                file.write(plain)
                if time.monotonic() > ends:
                    why = f"the body takes longer than {self._patience:.0f} seconds"
                    raise _AgainError(why)
            file.flush()
        if unpack is not None and response.status_code != 204 and not unpack.eof:
            why = "the packed body breaks off"
            raise _AgainError(why)
        return found.hexdigest(), size

    def _refuse(self, request: Request, response: httpx2.Response) -> None:
        """Turn a status that is no answer into the error that says what to do."""
        body = b""
        for piece in response.iter_bytes(8192):
            body += piece
            if len(body) > _ERROR_BODY:
                break
        said = legible(self._hidden(said_by(body)), 200)
        status, place = response.status_code, _place(request)
        message = f"{status}: {said}"
        wait = _retry_after(response.headers)
        if status == 429:
            raise _AgainError(message, wait if wait is not None else advice(said), is_fault=False)
        if status in _WORTH_TRYING:
            raise _AgainError(message, wait)
        if status in {413, 414}:
            raise TooMuchError(message)
        if status == 403 and (seconds := quota_seconds(said)) is not None:
            raise QuotaError(place, said, seconds)
        if status == 401:
            origin = self._key.origin if self._key and request.keyed else "no key"
            message = f"{place} refused the key ({origin}): {message}"
            raise InputError(message)
        where = f"; it sends you to {urlsplit(response.headers.get('location', '')).netloc}" if status < 400 else ""
        message = f"{place} refused the question ({request.what or request.path}): {message}{where}"
        raise RefusedError(message, status)

    def _hidden(self, text: str) -> str:
        return self._key.hidden_in(text) if self._key else text


def _retry_after(headers: Any) -> float | None:
    """Return the seconds to wait that the server names; a date is held against its own clock, not ours."""
    said = headers.get("retry-after", "").strip()
    if said.isdigit():
        return float(said)
    try:
        until = parsedate_to_datetime(said)
        now = parsedate_to_datetime(headers.get("date", ""))
        return max((until - now).total_seconds(), 0.0)
    except (TypeError, ValueError):
        return None


def _place(request: Request) -> str:
    return urlsplit(request.base).netloc or request.base


def _plain(error: Exception) -> str:
    """Say in a few words what went wrong, without addresses."""
    return legible(str(error), 200) or type(error).__name__
