"""The evidence pack: one zip with the bulletin, each table as CSV and Parquet, the queries as SQL, and how to cite.

The files are laid out as a Frictionless data package (tabular, version 1). Fixed order and times: the same bulletin
gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.tell.brief.as_json import as_json
from tidewaiter.tell.brief.html import can_draw, html
from tidewaiter.tell.brief.markdown import markdown
from tidewaiter.tell.sheets import Format, as_bytes
from tidewaiter.tell.sheets.cells import fields

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tidewaiter.base.sheet import Sheet
    from tidewaiter.tell.brief.model import Bulletin

FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)
"""The first time that a zip can bear: a real one would change with every build."""
READABLE: Final = 0x1A40000
"""Everybody may read it, its owner may write: the rights of a file as a zip bears them."""
TYPES: Final = {
    "text": "string",
    "number": "number",
    "count": "integer",
    "share": "number",
    "day": "date",
    "yes_no": "boolean",
}
README: Final = """This is the evidence under a bulletin made with Tidewaiter.

bulletin.md, bulletin.html, bulletin.json   the bulletin; the last holds every answer with its rows
tables/                                     each table as CSV and as Parquet; datapackage.json describes the columns
charts/                                     each chart as SVG
queries/                                    the SQL under each number, as numbered in the bulletin, for any DuckDB
receipts.json                               the publishers' files under the numbers, with their sha256
citation.txt, citation.bib, citation.json   how to cite it: text, BibTeX, CSL-JSON

An empty cell of a table has a status beside it: not_reported or no_data. Neither is zero.
"""


def pack(bulletin: Bulletin, standalone: Callable[[str], str], folder: Path | None = None) -> bytes:
    """Return the evidence pack as a zip; `standalone` makes an answer's SQL run on the lake's files anywhere."""
    held = dict(_files(bulletin, standalone, folder))
    held["datapackage.json"] = _json(_package(bulletin, held))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(held):
            entry = zipfile.ZipInfo(name, FIRST_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = READABLE
            archive.writestr(entry, held[name])
    return target.getvalue()


def _files(bulletin: Bulletin, standalone: Callable[[str], str], folder: Path | None) -> Iterator[tuple[str, bytes]]:
    yield "README.txt", README.encode()
    yield "bulletin.md", markdown(bulletin, folder).encode()
    yield "bulletin.html", html(bulletin, folder).encode()
    yield "bulletin.json", as_json(bulletin).encode()
    for sheet in bulletin.sheets:
        yield f"tables/{sheet.name}.csv", as_bytes([sheet], Format.csv)
        yield f"tables/{sheet.name}.parquet", as_bytes([sheet], Format.parquet)
    if can_draw():
        from tidewaiter.tell.charts.draw import svg

        for chart in bulletin.charts:
            yield f"charts/{chart.name}.svg", svg(chart).encode()
    for number, answer in enumerate(bulletin.answers, 1):
        if answer.sql:
            yield f"queries/{number:03d}.sql", f"{standalone(answer.sql)}\n".encode()
    yield "receipts.json", _json([_receipt(note) for note in bulletin.receipts])
    yield "citation.txt", f"{bulletin.citation.text}\n".encode()
    yield "citation.bib", bulletin.citation.bibtex.encode()
    yield "citation.json", bulletin.citation.csl.encode()


def _receipt(note: Any) -> dict[str, Any]:
    names = ("sha256", "source", "file", "url", "licence", "citation", "vintage", "receipt")
    return {name: getattr(note, name) for name in names}


def _package(bulletin: Bulletin, held: dict[str, bytes]) -> dict[str, Any]:
    """Describe the tables as Frictionless does."""
    sources = {note.source: {"title": note.citation, "path": note.url} for note in bulletin.receipts}
    return {
        "profile": "tabular-data-package",
        "name": "-".join(("tidewaiter", *_names(bulletin))).lower(),
        "title": bulletin.title,
        "description": bulletin.headline.text,
        "version": bulletin.version,
        "created": f"{bulletin.subject.day.isoformat()}T00:00:00Z",
        "sources": [{key: value for key, value in each.items() if value} for each in sources.values()],
        "resources": [_resource(sheet, held[f"tables/{sheet.name}.csv"]) for sheet in bulletin.sheets],
    }


def _names(bulletin: Bulletin) -> tuple[str, ...]:
    subject = bulletin.subject
    return (subject.target, subject.partner or "world", subject.period.start, subject.period.end)


def _resource(sheet: Sheet, data: bytes) -> dict[str, Any]:
    headings = {column.name: column for column in sheet.columns}
    columns = []
    for field in fields(sheet):
        column = headings.get(field.name)
        described = {"name": field.name, "type": TYPES[field.kind]}
        described["title"] = column.heading if column else f"{field.name}: reported, not_reported or no_data"
        columns.append(described)
    return {
        "profile": "tabular-data-resource",
        "name": sheet.name.lower(),
        "title": sheet.title,
        "path": f"tables/{sheet.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "schema": {"fields": columns, "missingValues": [""]},
    }


def _json(document: Any) -> bytes:
    return (json.dumps(document, indent=2, ensure_ascii=False, default=str) + "\n").encode()
