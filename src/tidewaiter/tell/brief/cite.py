"""How to cite a bulletin: as text, BibTeX and CSL-JSON; and the files under it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tidewaiter.base.sheet import Sheet, SheetColumn
from tidewaiter.base.version import __version__
from tidewaiter.tell.brief.model import Citation, Section, Sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tidewaiter.base.question import ReceiptNote
    from tidewaiter.tell.brief.model import Subject


def citation(subject: Subject, title: str, receipts: Sequence[ReceiptNote]) -> Citation:
    """Write the citation of a bulletin titled `title`, as of its day, with the publishers under it."""
    day = subject.day
    publishers = " ".join(dict.fromkeys(note.citation for note in receipts)) or "No data."
    text = f"{title}. Bulletin of {day.isoformat()}, made with Tidewaiter {__version__}. Data: {publishers}"
    key = "-".join(part.lower() for part in ("tidewaiter", subject.target, *subject.partners, subject.period.span()))
    key = key.replace("/", "-")
    fields = {
        "title": f"{{{_tex(title)}}}",
        "author": "{{Tidewaiter}}",
        "year": f"{{{day.year}}}",
        "month": f"{{{day.month}}}",
        "howpublished": f"{{Bulletin made with Tidewaiter {__version__}, data as of {day.isoformat()}}}",
        "note": f"{{Data: {_tex(publishers)}}}",
    }
    body = ",\n".join(f"  {name} = {value}" for name, value in fields.items())
    csl = {
        "id": key,
        "type": "report",
        "title": title,
        "author": [{"literal": "Tidewaiter"}],
        "issued": {"date-parts": [[day.year, day.month, day.day]]},
        "genre": "Bulletin",
        "version": __version__,
        "note": f"Data: {publishers}",
    }
    return Citation(text, f"@misc{{{key},\n{body}\n}}\n", json.dumps([csl], indent=2, ensure_ascii=False) + "\n")


def _tex(text: str) -> str:
    for sign in "&%$#_":
        text = text.replace(sign, f"\\{sign}")
    return text


def section(made: Citation, receipts: Sequence[ReceiptNote]) -> Section:
    """Show the citation and the table of files with their sha256."""
    return Section("cite", "How to cite", ((Sentence(made.text),),), sheets=(files(receipts),), aside=True)


def files(receipts: Sequence[ReceiptNote]) -> Sheet:
    """List the publishers' files under a bulletin."""
    columns = (
        SheetColumn("file", "File"),
        SheetColumn("source", "Source"),
        SheetColumn("vintage", "As of", "day"),
        SheetColumn("licence", "Licence"),
        SheetColumn("sha256", "sha256"),
        SheetColumn("url", "Publisher's page"),
    )
    rows = tuple((each.file, each.source, each.vintage, each.licence, each.sha256, each.url) for each in receipts)
    return Sheet("files", "The publishers' files under this bulletin", columns, rows)
