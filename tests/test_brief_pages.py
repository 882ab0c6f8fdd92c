"""What may be relied on when a bulletin is looked at: in light, dark, on paper and on a phone, by people and by machines."""

from __future__ import annotations

import duckdb
import pytest

import world as tiny
from brief_helpers import bulletin_of, lake_of, world_lines
from browser import PHONE, opened, overflows, violations
from tidewaiter import pipeline
from tidewaiter.base.period import Period
from tidewaiter.codes import areas
from tidewaiter.tell.brief.html import html

pytestmark = pytest.mark.browser

LONG = ("SGS", "HMD")  # South Georgia and the South Sandwich Islands; Heard Island and McDonald Islands
RIGHT_TO_LEFT = "بيانات التجارة الخارجية ٢٠١٩.csv"


def _hundred():
    rows = tiny.Rows()
    partners = [area.code for area in areas.every_area() if area.kind == "country" and area.code != "RUS"][:100]
    for place, partner in enumerate(partners, 1):
        for year in ("2018", "2019"):
            rows.declare("RUS", "export", partner, year, 1000 * place, source="imf_dots", file="imf_dots")
            rows.declare("RUS", "import", partner, year, 10**9 // place, source="imf_dots", file="imf_dots")
    for year in ("2018", "2019"):
        rows.declare("RUS", "export", "W00", year, 5_050_000, source="imf_dots", file="imf_dots")
    return rows, ("RUS", None, "2019")


def _long():
    rows = tiny.Rows()
    rows.declare(LONG[0], "export", LONG[1], "2019", 12_345_678_901)
    return rows, (*LONG, "2019")


def _missing_months():
    rows = tiny.Rows()
    rows.months("RUS", "export", "PRK", {"2018-02": 5, "2018-11": 0, "2019-03": None, "2019-07": 12_000_000})
    return rows, ("PRK", "RUS", "2019")


def _right_to_left():
    rows = tiny.Rows()
    rows.declare("EGY", "export", "SAU", "2019", 12_000_000, file=RIGHT_TO_LEFT)
    return rows, ("EGY", "SAU", "2019")


WORLDS = {
    "a hundred partners": _hundred,
    "long names": _long,
    "missing months": _missing_months,
    "right to left": _right_to_left,
    "no data": lambda: (tiny.Rows().declare("RUS", "export", "CHN", "2019", 1), ("MNG", "NPL", "2019")),
    "one partner": lambda: (tiny.Rows().declare("RUS", "export", "CHN", "2019", 1), ("RUS", None, "2019")),
}


WHOLE = {
    "a whole bulletin": ("PRK", "RUS", False),
    "both sides settled": ("RUS", "CHN", True),
    "an edition of all partners": ("PRK", None, False),
}
"""Bulletins of a lake, with the law: target, partner, and whether both sides are settled."""


@pytest.fixture(scope="module", params=[*WHOLE, *WORLDS])
def page(request, tmp_path_factory):
    if request.param in WHOLE:
        target, partner, settled = WHOLE[request.param]
        held = lake_of(tmp_path_factory.mktemp("page"), world_lines())
        return html(pipeline.brief(target, partner, Period.parse("2019"), settled=settled, lake=held))
    rows, (target, partner, period) = WORLDS[request.param]()
    with duckdb.connect(config={"autoinstall_known_extensions": "false", "threads": "1"}) as engine:
        return html(bulletin_of(rows.tables(engine), target, partner, period))


def test_axe_finds_nothing_in_light_or_dark(chromium, page):
    for dark in (False, True):
        with opened(chromium, page, dark=dark) as seen:
            assert violations(seen) == []


def test_nothing_sticks_out_on_a_phone(chromium, page):
    with opened(chromium, page, width=PHONE) as seen:
        assert not overflows(seen)


def test_on_paper_every_table_is_open_and_nothing_to_click_is_left(chromium, page):
    with opened(chromium, page, media="print", width=800) as seen:
        assert not seen.locator("nav").is_visible()
        for table in seen.locator("table").all():
            assert table.is_visible()


def test_the_keyboard_reaches_the_figures_first(chromium, page):
    with opened(chromium, page) as seen:
        seen.keyboard.press("Tab")
        assert seen.evaluate("document.activeElement.className") == "skip"


def test_a_live_page_draws_its_charts_and_axe_finds_nothing(chromium, tmp_path):
    held = lake_of(tmp_path, world_lines())
    made = pipeline.brief("PRK", "RUS", Period.parse("2019"), lake=held)
    with opened(chromium, html(made, interactive=True)) as seen:
        seen.wait_for_function("document.body.dataset.ready === 'yes'", timeout=120_000)
        assert seen.locator(".tw-live svg").count() == len(made.charts)
        assert seen.locator("svg.tw-wide, svg.tw-phone").count() == 0
        assert violations(seen) == []
