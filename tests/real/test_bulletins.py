"""A bulletin of a real pair: its numbers by plain SQL on the publisher's own file, and every claim of it supported.

The publishers' numbers may not be passed on. The golden files hold the texts with every number as `#`, to be read,
and the sha256 of each text as it is, by which a number that moves is noticed.
"""

from __future__ import annotations

import hashlib
import os
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from brief_helpers import not_supported
from tidewaiter import pipeline
from tidewaiter.base.period import Period
from tidewaiter.tell.brief.html import html
from tidewaiter.tell.brief.markdown import markdown
from tidewaiter.tell.charts.draw import vega_json

if TYPE_CHECKING:
    from tidewaiter.lake.lake import Lake

pytestmark = pytest.mark.real

GOLDEN = Path(__file__).parent / "golden"
NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
DRAWN = re.compile(r"<(svg|style)\b.*?</\1>", re.DOTALL)
"""Drawings hang on what draws them; their specifications have a golden file of their own."""
IMF = "imf_dots/imf_dots_PRK.csv"
FILES = (
    IMF,
    "india/india_PRK_monthly.csv",
    "comtrade/monthly_fish_PRK.csv",
    "trademap/China/Trade_Map_-_List_of_importing_markets_for_a_product_exported_by_China.txt",
)
BULLETINS = [
    ("PRK", "RUS", "2019"),
    ("PRK", "RUS", "2018"),
    ("PRK", "RUS", "2012"),
    ("PRK", "CHN", "2019"),
    ("PRK", "CHN", "2016"),
    ("PRK", "IND", "2019"),
    ("IND", "PRK", "2019"),
    ("IND", "PRK", "2019-04/2020-03"),
    ("RUS", "PRK", "2019"),
    ("PRK", "DEU", "2015"),
    ("PRK", "KOR", "2005"),
    ("PRK", None, "2019"),
    ("CHN", None, "2019"),
    ("PRK", "RUS", "2017..2018"),
]


@pytest.fixture(scope="module")
def lake(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    from tidewaiter.lake.lake import Lake
    from tidewaiter.statistics.land import LandOptions, land_file

    held = Lake.open(str(tmp_path_factory.mktemp("lake")))
    for name in FILES:
        land_file(held, shared_data / name, LandOptions(vintage=date(2020, 9, 1)))
    return held


def test_the_numbers_of_the_bulletin_are_those_of_the_publisher_s_file(lake, shared_data):
    """Millions of dollars, as the file has them, without anything of ours between."""
    with duckdb.connect() as engine:
        rows = engine.execute(
            f"""SELECT flow, year, value_musd::DECIMAL(18, 6) * 1000000 FROM '{shared_data / IMF}'
            WHERE reporter = 'Russian Federation' AND year IN (2018, 2019) ORDER BY 1, 2"""
        ).fetchall()
    declared = {(flow, int(year)): value for flow, year, value in rows}
    made = pipeline.brief("PRK", "RUS", Period.parse("2019"), lake=lake)
    years = next(sheet for sheet in made.sheets if sheet.name == "by_year")
    told = {row[0]: row[1:] for row in years.rows}
    for year in (2018, 2019):
        assert told[str(year)] == (declared["X", year], declared["M", year])
    assert "$46.4 million in 2019, up 44.3 percent from $32.2 million in 2018" in markdown(made)


@pytest.mark.parametrize(("target", "partner", "period"), BULLETINS, ids=str)
def test_every_claim_of_a_bulletin_on_real_files_is_supported(lake, target, partner, period):
    made = pipeline.brief(target, partner, Period.parse(period), lake=lake)
    for text, name in ((markdown(made), "bulletin.md"), (html(made), "bulletin.html")):
        report = pipeline.check(text, name=name, lake=lake)
        assert not_supported(report.findings) == []
    assert [sheet.name for sheet in made.sheets if not sheet.rows] == []


def test_the_cap_is_told_as_it_was_known_on_the_day(lake):
    then = pipeline.brief("PRK", "RUS", Period.parse("2019"), as_of=date(2020, 9, 30), lake=lake)
    cap = next(sheet for sheet in then.sheets if sheet.name.startswith("cap_"))
    assert cap.rows[0][1] == Decimal(500_000)


def test_a_bulletin_of_a_real_pair_is_the_same_text_as_before(lake):
    """`make golden` rewrites the golden files; review them like prose."""
    made = pipeline.brief("PRK", "RUS", Period.parse("2019"), as_of=date(2020, 9, 1), lake=lake)
    assert len(made.charts) >= 2
    texts = {
        "prk_rus_2019.md": markdown(made),
        "prk_rus_2019.html": DRAWN.sub(r"<\1></\1>", html(made)),
        "prk_rus_2019.vega.json": "".join(vega_json(chart) for chart in made.charts),
    }
    sums = "".join(f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n" for name, text in sorted(texts.items()))
    held = {name: NUMBER.sub("#", text) for name, text in texts.items()} | {"SHA256SUMS": sums}
    for name, text in held.items():
        path = GOLDEN / name
        if os.environ.get("UPDATE_GOLDEN"):
            GOLDEN.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        told = "a number has moved" if name == "SHA256SUMS" else "look at the difference"
        assert text == path.read_text("utf-8"), f"{name} has changed: {told}, then `make golden`"


def test_no_golden_file_holds_a_number_of_a_publisher():
    """They hold no digit at all but in the sums."""
    texts = [path for path in GOLDEN.iterdir() if path.name != "SHA256SUMS"]
    assert len(texts) == 3
    for path in texts:
        assert not re.search(r"\d", path.read_text("utf-8")), path.name
