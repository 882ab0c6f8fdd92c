"""What a file is, from its bytes: Parquet, JSON, HTML or text, packed with gzip or plain.

Looks at no publisher's layout (that is `sniff`) and never trusts a file's extension.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from tidewaiter.statistics.damage import (
    read_head,
    refuse_cut_parquet,
    refuse_error_body,
    refuse_no_file,
    scan_text,
    unpack,
)
from tidewaiter.statistics.refusal import refuse

if TYPE_CHECKING:
    from pathlib import Path

Kind = Literal["parquet", "json", "html", "text", "workbook"]

LONGEST_LINE: Final = 1024 * 1024
LARGEST: Final[dict[Kind, int]] = {"json": 1024 * 1024 * 1024, "html": 64 * 1024 * 1024, "workbook": 16 * 1024 * 1024}
"""Most bytes of a document that has to be held whole."""

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
WORKBOOKS: Final = {
    b"PK\x03\x04": "a ZIP archive or Excel workbook: unpack it, or save the sheet as CSV (UTF-8)",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook: save the sheet as CSV (UTF-8)",
}
"""How workbooks begin, and what to do with one that is not UNSD's: trade in workbooks is not read."""

_OTHERS: Final = (
    (b"%PDF", "a PDF: download the table as CSV or text"),
    (b"7z\xbc\xaf", "a 7-Zip archive: unpack it first"),
    (b"BZh", "compressed with bzip2: unpack it first"),
    (b"\xfd7zXZ", "compressed with xz: unpack it first"),
    (b"\x28\xb5\x2f\xfd", "compressed with zstd: unpack it first"),
    (b"RDX", "an R data file: write it out as CSV or Parquet"),
)


@dataclass(frozen=True, slots=True)
class Contents:
    """A file as it can be read: `readable` is the file itself or its unpacked copy."""

    name: str
    readable: Path
    kind: Kind
    encoding: Literal["utf-8", "latin-1"]
    head: bytes
    is_packed: bool = False
    is_markup: bool = False
    """Whether the text was an HTML table."""
    is_workbook: bool = False
    """Whether the text was an Excel workbook."""
    bad_byte: tuple[int, int] | None = None
    """Line and value of the first byte that is not UTF-8."""

    @property
    def format(self) -> str:
        """What the file is, in words: `parquet`, `json`, `text`, `html` or `workbook`, with `gzip` where packed."""
        form = "workbook" if self.is_workbook else "html" if self.is_markup else self.kind
        return f"{form}, gzip" if self.is_packed else form


def examine(path: Path, workspace: Path, longest_line: int = LONGEST_LINE) -> Contents:
    """Look at the bytes of `path` and say what it is; unpacks gzip into the folder `workspace`.

    Raises `SourceError` for what cannot be a publisher's file, with what to do about it: a path that
    does not exist, a folder, an empty or binary file, a cut archive, UTF-16, a line without an end.
    """
    refuse_no_file(path)
    name = path.name
    head = read_head(path, name)
    packed = head.startswith(b"\x1f\x8b")
    if packed:
        path = unpack(path, workspace)
        head = read_head(path, name)
    elif set(str(path)) & set("*?[]{}") or not _is_utf8(path):
        # The engine would read these as wildcards, and takes no name that is not UTF-8.
        link = workspace / "plain"
        link.symlink_to(path.resolve())
        path = link
    if head.startswith(b"PAR1"):
        refuse_cut_parquet(path, name)
        return Contents(name, path, "parquet", "utf-8", head, is_packed=packed)
    kind: Kind = "workbook" if head.startswith(tuple(WORKBOOKS)) else _kind_of_text(head, name)
    if kind in LARGEST and path.stat().st_size > LARGEST[kind]:
        limit = LARGEST[kind] // 1024**2
        form = kind if kind == "workbook" else f"single {kind.upper()} document"
        refuse(name, f"is a {form} of more than {limit} MB; ask for it in parts")
    if kind == "workbook":
        return Contents(name, path, kind, "utf-8", head, is_packed=packed)
    bad = scan_text(path, name, longest_line if kind == "text" else None)
    if kind == "json":
        refuse_error_body(path, name)
    return Contents(name, path, kind, "utf-8" if bad is None else "latin-1", head, is_packed=packed, bad_byte=bad)


def _is_utf8(path: Path) -> bool:
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _kind_of_text(head: bytes, name: str) -> Kind:
    """Tell JSON, HTML and other text apart by how they begin; refuses what is no text."""
    if not head:
        refuse(name, "the file is empty; download it again")
    for magic, advice in _OTHERS:
        if head.startswith(magic):
            refuse(name, f"is {advice}")
    if not head.strip(b"\0"):
        refuse(name, "holds nothing but zero bytes, as a download that broke off leaves; download it again")
    if head.startswith(_UTF16) or b"\0" in head[:4]:
        refuse(name, "is UTF-16 text; save it as UTF-8, for example: iconv -f UTF-16 -t UTF-8")
    if b"\0" in head:
        refuse(name, "is binary and no format known here; Parquet, JSON, CSV, text and HTML tables are read")
    text = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if not text:
        refuse(name, "holds nothing but blanks; download it again")
    if text.startswith((b"{", b"[")):
        return "json"
    return "html" if text.startswith(b"<") else "text"
