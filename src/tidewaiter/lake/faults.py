"""What may go wrong with a disk, a Delta log or the engine, said in one line; owns no table and opens no file."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from tidewaiter.base.errors import LakeError

if TYPE_CHECKING:
    from collections.abc import Iterator

READING: Final = "reading"
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_FULL_WORDS: Final = ("no space left", "disk quota exceeded", "file too large", "max_temp_directory_size")
_MEMORY_WORDS: Final = ("out of memory", "failed to allocate")
_PROTOCOL_WORDS: Final = ("reader version", "writer version", "reader feature", "writer feature", "unsupported table")


def first_line(error: BaseException) -> str:
    """Return what `error` says, up to its first line break."""
    return (str(error).strip() or type(error).__name__).splitlines()[0].strip()


@contextmanager
def told(home: str, doing: str) -> Iterator[None]:
    """Turn every fault below into a `LakeError` of one line that says what to do.

    `doing` says what was being done, such as "landing fish.csv". Errors that Tidewaiter raised
    itself pass through untouched.
    """
    import duckdb
    from deltalake.exceptions import DeltaError

    try:
        yield
    except OSError as error:
        raise LakeError(_sentence(error, home, doing)) from error
    except duckdb.Error as error:
        raise LakeError(_sentence(error, home, doing)) from error
    except DeltaError as error:
        raise LakeError(_sentence(error, home, doing)) from error


def _sentence(error: Exception, home: str, doing: str) -> str:
    import duckdb

    words = str(error).lower()
    if getattr(error, "errno", None) in _FULL or any(each in words for each in _FULL_WORDS):
        return f"{doing}: no space left for the lake at {home}; nothing was landed; free some space and try again"
    if isinstance(error, PermissionError) or "permission denied" in words:
        return f"{doing}: the lake at {home} may not be read or written by you; mend its permissions"
    if any(each in words for each in _PROTOCOL_WORDS):
        return f"{doing}: the lake at {home} was written by a newer version; upgrade Tidewaiter ({first_line(error)})"
    if any(each in words for each in _MEMORY_WORDS):
        return f"{doing}: the engine ran out of memory; raise TIDEWAITER_MEMORY_LIMIT ({first_line(error)})"
    if isinstance(error, duckdb.Error) and doing == READING:
        return (
            f"{doing}: the lake at {home} is damaged: {first_line(error)}; "
            "bring it back from a copy, or land the files in its folder raw into a new lake"
        )
    return f"{doing}: the lake at {home} cannot be used: {first_line(error)}"
