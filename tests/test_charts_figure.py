"""What a page that holds a chart may rely on."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree as ET

import duckdb
import pytest

from browser import PHONE, opened, overflows, violations
from charts_world import charts, gappy
from test_charts_flows import months
from tidewaiter.tell.charts import draw, theme
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


@pytest.fixture(scope="module")
def every(tables):
    with duckdb.connect() as engine:
        yield page(*charts(tables, gappy().tables(engine)).values())


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [1000, PHONE])
def test_nobody_is_shut_out_by_any_figure(chromium, every, dark, width):
    with opened(chromium, every, width=width, dark=dark) as seen:
        seen.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        assert violations(seen) == []
        assert not overflows(seen)
        shown = seen.locator("figure svg:visible")
        assert shown.count() == seen.locator("figure").count() > 10
        classes = {each.get_attribute("class") for each in shown.all()}
        assert classes == {"tw-phone" if width == PHONE else "tw-wide"}


@pytest.mark.browser
@pytest.mark.parametrize("width", [1000, PHONE])
def test_no_letter_is_shown_smaller_than_eleven_pixels(chromium, every, width):
    with opened(chromium, every, width=width) as seen:
        sizes = seen.evaluate("""[...document.querySelectorAll('figure svg')].filter(each => each.checkVisibility())
            .flatMap(each => {
                const scale = each.getBoundingClientRect().width / each.viewBox.baseVal.width;
                return [...each.querySelectorAll('text')].map(text => scale * parseFloat(text.getAttribute('font-size')));
            })""")
        assert min(sizes) >= 10.9
        assert len(sizes) > 100


@pytest.mark.browser
def test_no_letter_of_a_drawing_is_cut_off(chromium, every):
    """Each text lies inside its drawing, at both widths."""
    for width in (1000, PHONE):
        with opened(chromium, every, width=width) as seen:
            outside = seen.evaluate("""[...document.querySelectorAll('figure svg')].filter(each => each.checkVisibility())
                .flatMap(each => {
                    const box = each.getBoundingClientRect();
                    return [...each.querySelectorAll('text')].filter(text => {
                        const own = text.getBoundingClientRect();
                        return own.width && (own.left < box.left - 2 || own.right > box.right + 2
                            || own.top < box.top - 2 || own.bottom > box.bottom + 2);
                    }).map(text => text.textContent);
                })""")
            assert outside == []


@pytest.mark.browser
def test_the_dark_recolours_every_paint_of_the_drawings(chromium, every):
    paints = """[...document.querySelectorAll('figure svg text')].filter(each => each.checkVisibility())
        .map(each => getComputedStyle(each).fill)"""
    with opened(chromium, every) as light, opened(chromium, every, dark=True) as dark:
        before, after = light.evaluate(paints), dark.evaluate(paints)
    assert len(before) == len(after)
    assert all(one != other for one, other in zip(before, after, strict=True))


@pytest.mark.browser
def test_on_paper_the_tables_are_open_and_the_letters_are_dark(chromium, every):
    with opened(chromium, every, dark=True, media="print") as seen:
        assert seen.get_by_text("1,430,000").first.is_visible()
        assert seen.locator("figure svg.tw-wide:visible").count() == seen.locator("figure").count()
        ink = seen.evaluate("getComputedStyle(document.querySelector('figure')).color")
        assert ink == "rgb(27, 27, 27)"
        assert not overflows(seen)


@pytest.mark.browser
def test_a_drawing_of_its_own_is_light_or_dark_as_its_reader_wishes(chromium, chart, tmp_path):
    path = tmp_path / "chart.svg"
    path.write_text(draw.svg(chart), encoding="utf-8")
    grounds = []
    for dark in (False, True):
        with opened(chromium, path, dark=dark) as seen:
            grounds.append(seen.evaluate("getComputedStyle(document.querySelector('rect')).fill"))
    assert grounds == ["rgb(255, 255, 255)", "rgb(22, 24, 27)"]


@pytest.mark.browser
def test_vega_draws_every_specification_without_a_warning_and_in_the_dark(chromium, tables, tmp_path):
    import vl_convert

    with duckdb.connect() as engine:
        specs = {name: draw.vega(chart) for name, chart in charts(tables, gappy().tables(engine)).items()}
    places = "".join(f"<div class='tw-chart' id='{name}'></div>" for name in specs)
    data = json.dumps(specs).replace("</", "<\\/")
    path = tmp_path / "live.html"
    path.write_text(
        "<!doctype html><meta charset='utf-8'><title>Live</title><link rel='icon' href='data:,'>"
        f"<style>{figure_css()}</style>{places}"
        f"<script type='module'>{vl_convert.javascript_bundle()}</script><script type='module'>"
        f"const specs = {data};"
        "Promise.all(Object.entries(specs).map(([name, spec]) => window.vegaEmbed(document.getElementById(name), spec,"
        "{ast: true, renderer: 'svg', actions: false}))).then(() => document.body.dataset.ready = 'yes')</script>",
        encoding="utf-8",
    )
    with opened(chromium, path, dark=True) as seen:
        seen.wait_for_selector("body[data-ready]", state="attached", timeout=120_000)
        assert seen.locator(".tw-chart svg").count() == len(specs)
        fills = seen.evaluate("[...document.querySelectorAll('svg text')].map(each => getComputedStyle(each).fill)")
    light = {ink.light for ink in theme.INKS if ink.on}
    shown = {f"#{int(r):02x}{int(g):02x}{int(b):02x}" for r, g, b in (re.findall(r"\d+", fill)[:3] for fill in fills)}
    assert shown & {ink.dark for ink in theme.INKS}
    assert not shown & light


def test_a_title_from_outside_cannot_become_markup(tables):
    evil = "<script>alert(1)</script>\u202e&\"'"
    made = flows([months(tables)], labels=["<b>one</b>"], title=evil)
    for text in (draw.svg(made), figure_html(made)):
        assert "<script" not in text
        assert "\u202e" not in text
        assert "&lt;script&gt;" in text
    ET.fromstring(draw.svg(made))
