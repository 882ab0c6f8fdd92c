"""What can be wrong with a file's bytes before anybody looks at its rows, each said in one line.

Reads fixed-size pieces only, so that a file of any size takes the same memory.
"""

from __future__ import annotations

import codecs
import gzip
import json
import shutil
import zlib
from typing import TYPE_CHECKING, Final

from tidewaiter.statistics.refusal import refuse

if TYPE_CHECKING:
    from pathlib import Path

HEAD: Final = 64 * 1024
PIECE: Final = 1024 * 1024


def refuse_no_file(path: Path) -> None:
    """Refuse a path that leads to no file whose bytes can be read."""
    try:
        if path.is_dir():
            refuse(str(path), "is a folder; name the files in it")
        if not path.exists():
            refuse(str(path), "is a link that leads nowhere" if path.is_symlink() else "no such file")
        if not path.is_file():
            refuse(str(path), "is no ordinary file; save the data to a file first")
    except OSError as error:
        refuse(str(path), f"cannot be read: {error.strerror}")


def read_head(path: Path, name: str) -> bytes:
    """Read the first bytes of a file, at most `HEAD`."""
    try:
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError as error:
        refuse(name, f"cannot be read: {error.strerror}")


def unpack(path: Path, workspace: Path) -> Path:
    """Unpack gzip piece by piece; the checksum at its end tells a whole file from a cut one."""
    target = workspace / "unpacked"
    try:
        with gzip.open(path, "rb") as packed, target.open("wb") as plain:
            shutil.copyfileobj(packed, plain, PIECE)
    except EOFError:
        refuse(path.name, "the gzip file is cut short; download it again")
    except (gzip.BadGzipFile, zlib.error) as error:
        refuse(path.name, f"the gzip file is damaged ({error}); download it again")
    return target


def refuse_cut_parquet(path: Path, name: str) -> None:
    """Refuse a Parquet file that does not end as Parquet files do."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(size - 4, 0))
        tail = file.read(4)
    if size < 12 or tail != b"PAR1":
        refuse(name, "the Parquet file is cut short (its end is missing); download it again")


def scan_text(path: Path, name: str, longest_line: int | None) -> tuple[int, int] | None:
    """Read all the text once, piece by piece; return line and value of the first byte that is not UTF-8.

    Raises `SourceError` for a zero byte and for a line longer than `longest_line` bytes.
    """
    piece_size = PIECE if longest_line is None else min(PIECE, longest_line)
    decoder = codecs.getincrementaldecoder("utf-8")()
    bad: tuple[int, int] | None = None
    lines, since = 0, 0
    with path.open("rb") as file:
        while piece := file.read(piece_size):
            first = piece.find(b"\n")
            length = since + (len(piece) if first < 0 else first)
            if longest_line is not None and length > longest_line:
                refuse(
                    name,
                    f"line {lines + 1} is longer than {longest_line} bytes, which no publisher's row is; "
                    "the file is damaged or not a table",
                )
            if b"\0" in piece:
                line = lines + 1 + piece.count(b"\n", 0, piece.index(b"\0"))
                refuse(name, f"line {line} holds binary data; the file is damaged: download it again")
            if bad is None:
                bad = _not_utf8(decoder, piece, lines)
            lines += piece.count(b"\n")
            since = length if first < 0 else len(piece) - piece.rfind(b"\n") - 1
    if bad is None:
        bad = _not_utf8(decoder, b"", lines, final=True)
    return bad


def _not_utf8(
    decoder: codecs.IncrementalDecoder, piece: bytes, lines: int, *, final: bool = False
) -> tuple[int, int] | None:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError as error:
        data = error.object
        return lines + 1 + data.count(b"\n", 0, error.start), data[error.start]
    return None


def refuse_error_body(path: Path, name: str) -> None:
    """Tell a refusal of the publisher's server, saved as if it were data, from an answer."""
    if path.stat().st_size > HEAD:
        return
    try:
        body = json.loads(path.read_bytes().decode("utf-8-sig"))
    except UnicodeDecodeError:
        refuse(name, "is JSON but not UTF-8, as JSON must be; download it again")
    except json.JSONDecodeError as error:
        refuse(
            name,
            f"the JSON breaks off or is damaged at line {error.lineno}, column {error.colno}; download it again",
        )
    except RecursionError:
        refuse(name, "the JSON is nested too deeply to be a table; download it again")
    if not isinstance(body, dict) or body.get("data"):
        return
    code = body.get("statusCode") or body.get("status")
    said = body.get("message") or body.get("error") or body.get("title")
    if code or said:
        status = f"{code}: " if code else ""
        advice = _ADVICE.get(str(code), "ask again")
        refuse(name, f"is no data but the publisher's refusal ({status}{said}); {advice}")


_ADVICE: Final = {
    "401": "check the subscription key and download again",
    "403": "wait until the quota is replenished and download again",
    "429": "wait a little and download again",
}
