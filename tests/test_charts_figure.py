"""What a page that holds a chart may rely on."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from browser import PHONE, opened, overflows, violations
from test_charts_flows import months
from tidewaiter.tell.charts import draw
from tidewaiter.tell.charts.figure import figure_css, figure_html
from tidewaiter.tell.charts.flows import flows

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def chart(tables):
    return flows([months(tables)])


def page(*charts):
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Charts</title><link rel="icon" href="data:,">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>body{{margin:1rem;background:#fff;color:#1b1b1b}}{figure_css()}"
        "@media screen and (prefers-color-scheme:dark){body{background:#16181b;color:#e8e6e3}}</style></head>"
        f"<body><main><h1>Charts</h1><h2>All of them</h2>{''.join(figure_html(each) for each in charts)}</main></body></html>"
    )


def test_a_drawing_says_what_it_shows(chart):
    root = ET.fromstring(draw.svg(chart))
    assert root.get("role") == "img"
    assert root.find(f"{SVG}desc").text == root.get("aria-label") == chart.alt
    assert chart.title in "".join(root.itertext())
    assert chart.caption.split(",")[0] in "".join(root.itertext())


def test_the_same_chart_gives_the_same_bytes_and_no_ids(chart):
    assert draw.svg(chart) == draw.svg(chart)
    assert draw.png(chart) == draw.png(chart)
    assert ' id="' not in draw.svg(chart) + figure_html(chart)


def test_a_picture_is_a_png_of_twice_the_size(chart):
    picture = draw.png(chart)
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    width = float(ET.fromstring(draw.svg(chart)).get("width"))
    assert int.from_bytes(picture[16:20], "big") == pytest.approx(2 * width, abs=2)


def test_the_table_under_a_chart_holds_each_number(chart):
    html = figure_html(chart)
    assert html.count('<th scope="row"') == 24
    assert ">1,430,000<" in html


def test_a_missing_extra_is_named(chart, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "vl_convert", None)
    draw._drawing.cache_clear()
    with pytest.raises(draw.InputError, match=r"pip install 'tidewaiter\[charts\]'"):
        draw.svg(chart)


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1000, PHONE])
def test_nobody_is_shut_out_by_a_figure(chromium, chart, dark, width):
    with opened(chromium, page(chart), width=width, dark=dark) as seen:
        assert violations(seen) == []
        assert not overflows(seen)
        shown = seen.locator("figure svg:visible")
        assert shown.count() == 1
        assert shown.get_attribute("class") == ("tw-phone" if width == PHONE else "tw-wide")


@pytest.mark.browser
def test_on_paper_the_table_is_open_and_the_letters_are_dark(chromium, chart):
    with opened(chromium, page(chart), dark=True, media="print") as seen:
        assert seen.get_by_text("1,430,000").is_visible()
        ink = seen.evaluate("getComputedStyle(document.querySelector('figure')).color")
        assert ink == "rgb(27, 27, 27)"
