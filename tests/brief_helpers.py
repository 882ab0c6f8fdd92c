"""What the tests of bulletins share: bulletins of the tiny world, a lake that holds it, and what a check says of one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import lake_helpers
import world as tiny
from tidewaiter.answers import ask
from tidewaiter.base.period import Period
from tidewaiter.lake.lake import Lake
from tidewaiter.news.claims.extract import extract
from tidewaiter.news.judge.check import check
from tidewaiter.news.words.article import read_story
from tidewaiter.tell.brief.build import bulletin
from tidewaiter.tell.brief.facts import Facts
from tidewaiter.tell.brief.model import Subject

if TYPE_CHECKING:
    from pathlib import Path

    from tidewaiter.base.schema import Tables
    from tidewaiter.news.judge.findings import Finding
    from tidewaiter.tell.brief.model import Bulletin, Sentence


def bulletin_of(tables: Tables, target: str, partner: str | None, period: str, **facts) -> Bulletin:
    """Make a bulletin from frames alone, without the law and without a lake."""
    subject = Subject(target, partner, Period.parse(period), tiny.VINTAGE)
    return bulletin(subject, Facts(lambda query: ask(query, tables), **facts))


def findings(text: str, tables: Tables, name: str = "bulletin.md") -> tuple[Finding, ...]:
    """Check a text against the same frames; its day is the one it names itself."""
    return check(extract(read_story(text, name=name)), lambda query: ask(query, tables)).findings


def not_supported(found: tuple[Finding, ...]) -> list[str]:
    """List the findings that are not plain support: whatever is in doubt, wrong, unlike or flagged."""
    return [
        f"{one.claim.quote!r}: {one.data.verdict} {one.data.reason or ''}, {one.arithmetic.verdict}, "
        f"{one.comparison.verdict} {one.flags}: {one.explanation.sentence}"
        for one in found
        if one.data.verdict != "supported"
        or one.arithmetic.verdict == "arithmetic_error"
        or one.comparison.verdict == "not_like_for_like"
        or set(one.flags) - {"second_rank"}
    ]


def told(made: Bulletin) -> list[Sentence]:
    """List the sentences of a bulletin that have a number of an answer in them."""
    paragraphs = [paragraph for section in made.sections for paragraph in section.paragraphs]
    return [one for one in (made.headline, *(each for paragraph in paragraphs for each in paragraph)) if one.answers]


def lake_of(folder: Path, lines: list[lake_helpers.Line], vintage: date = tiny.VINTAGE) -> Lake:
    """Open a lake that holds `lines` as one file of UN Comtrade."""
    lake = Lake.open(str(folder / "lake"))
    lake_helpers.land(lake, folder, lines, vintage=vintage)
    return lake


def world_lines() -> list[lake_helpers.Line]:
    """List the tiny world's declarations to UN Comtrade, months and totals."""
    return [
        (row["reporter"], row["flow"], row["partner"], row["product"], row["period"], row["value_usd"])
        for row in tiny.world().trade
        if row["source"] == "un_comtrade"
    ]
