"""Read an article: bytes or text in, a `Story` with normalised text, title, date and language out.

Owns recognising HTML, taking the text out of it, normalising, finding the day of publication (option, then
page, then dateline) and the language. Reads no file itself and fetches nothing.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.base.errors import StoryError
from tidewaiter.news.model import Story
from tidewaiter.news.words import dateline, languages

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_HTML: Final = 5_000_000
"""Characters of a page that are parsed; a page longer than this is data, not an article."""
DEEPEST: Final = 200
"""Levels of nesting a page may have before its tags are simply removed."""

_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|article|div|p|script|meta)\b", re.IGNORECASE)
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]")


def read_story(data: bytes | str, *, name: str = "", published_on: date | None = None) -> Story:
    """Read an article from bytes or text, plain or HTML.

    `published_on` overrides what the page says. Raises `StoryError` for what is empty, binary or not UTF-8.
    """
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    text = data if isinstance(data, str) else _decode(data, name)
    where = name or "the story"
    if not text.strip():
        message = f"{where} is empty; hand in the article's text or HTML"
        raise StoryError(message)
    title, found, dated_by = None, None, "none"
    if _HTML.search(text[:20_000]):
        title, text, found = _from_html(text)
        dated_by = "metadata" if found else "none"
    body = normalise(text)
    if not body:
        message = f"{where} holds no readable text; hand in the article's text or HTML"
        raise StoryError(message)
    title = normalise(title).replace("\n", " ") if title else _headline(body)
    if title and not body.startswith(title):
        body = f"{title}\n\n{body}"
    if found is None:
        found = dateline.find(body)
        dated_by = "dateline" if found else "none"
    if published_on is not None:
        found, dated_by = published_on, "option"
    return Story(
        text=body,
        title=title or None,
        published_on=found,
        dated_by=dated_by,  # type: ignore[arg-type]
        language=languages.language_of(body),
        sha256=hashlib.sha256(raw).hexdigest(),
        name=name,
    )


def _decode(data: bytes, name: str) -> str:
    where = name or "the story"
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        message = f"{where} is binary, not text; save the article as text or HTML"
        raise StoryError(message)
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        declared = re.search(rb"charset=[\"']?([\w-]+)", data[:4096])
        if declared:
            try:
                return data.decode(declared[1].decode("ascii"))
            except (LookupError, UnicodeDecodeError):
                pass
        message = f"{where} is not UTF-8 text (byte {error.start}); save it as UTF-8"
        raise StoryError(message) from None


def normalise(text: str) -> str:
    """Put text into one form: composed characters, plain blanks, no invisible ones, at most one empty line."""
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = re.sub(r"[^\S\n]+", " ", text)
    text = re.sub(r"[\u2010\u2011\u2212]", "-", text)
    text = "".join(character for character in text if character == "\n" or unicodedata.category(character) != "Cc")
    text = re.sub(r" ?\n ?", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _headline(body: str) -> str | None:
    """Take a first line without a full stop, set off by an empty line, as the headline of plain text."""
    first, gap, rest = body.partition("\n")
    is_line = (
        15 <= len(first) <= 200
        and not first.rstrip("\"”').").endswith((".", "!", "?", ":"))
        and first[-1] not in ".!?:"
    )
    return first if gap and rest.strip() and is_line and rest.startswith("\n") else None


def _from_html(page: str) -> tuple[str | None, str, date | None]:
    page = page[:MOST_HTML]
    found = _metadata_date(page)
    title = _title(page)
    text = None
    if _depth(page) <= DEEPEST:
        import trafilatura

        text = trafilatura.extract(
            page,
            favor_precision=True,
            include_comments=False,
            include_tables=True,
            include_formatting=False,
            no_fallback=False,
        )
    if not text or len(text) < 60:
        text = _strip_tags(page)
    return title, text, found


def _depth(page: str) -> int:
    depth = deepest = 0
    for tag in re.finditer(
        r"<(/?)(?:div|span|section|article|ul|ol|li|table|tr|td|b|i|font|blockquote|center|em|strong)\b",
        page,
        re.IGNORECASE,
    ):
        depth += -1 if tag[1] else 1
        deepest = max(deepest, depth)
    return deepest


def _strip_tags(page: str) -> str:
    import html

    page = re.sub(
        r"<(script|style|noscript|template|svg|head|figcaption|nav|footer|aside)\b.*?</\1\s*>",
        " ",
        page,
        flags=re.IGNORECASE | re.DOTALL,
    )
    page = re.sub(r"</?(?:p|div|br|li|tr|h[1-6]|section|article|table)\b[^>]*>", "\n", page, flags=re.IGNORECASE)
    return html.unescape(re.sub(r"<[^>]*>", " ", page))


def _title(page: str) -> str | None:
    import html

    for pattern in (
        r"<meta\b[^>]*property=[\"']og:title[\"'][^>]*content=\"([^\"]*)\"",
        r"<h1\b[^>]*>(.*?)</h1>",
        r"<title\b[^>]*>(.*?)</title>",
    ):
        match = re.search(pattern, page, re.IGNORECASE | re.DOTALL)
        if match:
            plain = html.unescape(re.sub(r"<[^>]*>", " ", match[1])).strip()
            if plain:
                return plain[:300]
    return None


def _metadata_date(page: str) -> date | None:
    for block in re.findall(r"<script\b[^>]*application/ld\+json[^>]*>(.*?)</script>", page, re.IGNORECASE | re.DOTALL)[
        :20
    ]:
        try:
            entry = json.loads(block)
        except (ValueError, RecursionError):
            continue
        for value in _published(entry, 0):
            day = _day(value)
            if day is not None:
                return day
    names = r"article:published_time|datePublished|date|pubdate|publishdate|dc\.date|dc\.date\.issued"
    pattern = rf"<meta\b[^>]*(?:property|name|itemprop)=[\"'](?:{names})[\"'][^>]*content=[\"']([^\"']+)"
    match = re.search(pattern, page, re.IGNORECASE) or re.search(
        r"<time\b[^>]*datetime=[\"']([^\"']+)", page, re.IGNORECASE
    )
    return _day(match[1]) if match else None


def _published(entry: Any, depth: int) -> Iterator[str]:
    if depth > 6:
        return
    if isinstance(entry, dict):
        if isinstance(entry.get("datePublished"), str):
            yield entry["datePublished"]
        for value in entry.values():
            yield from _published(value, depth + 1)
    elif isinstance(entry, list):
        for value in entry[:50]:
            yield from _published(value, depth + 1)


def _day(text: str) -> date | None:
    match = re.match(r"\s*(\d{4})-?(\d{2})-?(\d{2})", text)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None
