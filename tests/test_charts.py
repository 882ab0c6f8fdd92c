"""What holds of every chart: its numbers are the table's, it reads without colour, and it says what it shows."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from xml.etree import ElementTree as ET

import altair as alt
import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from charts_world import GOLDEN, LONG_NAME, charts, gappy, golden
from tidewaiter.base.period import Period
from tidewaiter.base.question import Answer, Line, Query
from tidewaiter.base.sheet import Absent
from tidewaiter.tell.charts import draw, theme
from tidewaiter.tell.charts.composition import composition
from tidewaiter.tell.charts.flows import flows
from tidewaiter.tell.charts.letters import width, wrapped

KINDS = sorted(path.stem for path in GOLDEN.glob("*.json"))
NUMBERS = {
    "flows": {"value"},
    "flows_with_gaps": {"value"},
    "flows_of_two": {"value"},
    "flows_by_year": {"value"},
    "partners": {"value"},
    "composition": {"value"},
    "multiples": {"value"},
    "mirror": {"exporter", "importer", "settled", "low", "high"},
    "quota": {"low", "high"},
    "exposure": {"value"},
}
COLOUR = re.compile(r"#[0-9a-fA-F]{6}\b")


@pytest.fixture(scope="module")
def every(tables):
    with duckdb.connect() as engine:
        yield charts(tables, gappy().tables(engine))


def rows_in(spec):
    """Every row of data in a specification, with the layer it belongs to."""
    for layer in spec.get("layer", []):
        for row in layer.get("data", {}).get("values", []):
            yield layer, row
    for panel in spec.get("concat", []):
        yield from rows_in(panel)


def drawn_numbers(spec, names):
    return {
        row[name]
        for layer, row in rows_in(spec)
        if "rule" not in str(layer["mark"]) or "period" in row
        for name in names
        if row.get(name) is not None
    }


def cells(sheet):
    kinds = [column.kind for column in sheet.columns]
    return {
        float(cell)
        for row in sheet.rows
        for cell, kind in zip(row, kinds, strict=True)
        if kind == "number" and isinstance(cell, Decimal)
    }


def test_there_is_a_golden_file_for_each_kind(every):
    assert sorted(every) == KINDS


@pytest.mark.parametrize("name", KINDS)
def test_a_chart_is_drawn_as_it_was_approved(every, name):
    assert golden(every[name]) == (GOLDEN / f"{name}.json").read_text("utf-8"), (
        "if it is meant: python tests/charts_world.py"
    )


@pytest.mark.parametrize("name", sorted(NUMBERS))
def test_what_is_drawn_is_what_the_table_says(every, name):
    chart = every[name]
    for spec in (chart.spec, chart.phone):
        drawn = drawn_numbers(spec, NUMBERS[name])
        assert drawn <= cells(chart.sheet)
    if name != "exposure":  # there only the upper end is drawn, and zeros are words
        assert cells(chart.sheet) - drawn <= {float(row[3]) for row in chart.sheet.rows if name == "quota"}


@pytest.mark.parametrize("name", KINDS)
def test_both_widths_show_the_same_numbers(every, name):
    chart = every[name]
    names = NUMBERS.get(name, {"start", "end"})
    assert drawn_numbers(chart.spec, names) == drawn_numbers(chart.phone, names)


@pytest.mark.parametrize("name", KINDS)
def test_every_specification_is_vega_lite(every, name):
    alt.Chart.from_dict(json.loads(draw.vega_json(every[name])))


@pytest.mark.parametrize("name", KINDS)
def test_every_drawing_is_readable(every, name):
    svg = draw.svg(every[name])
    root = ET.fromstring(svg)
    texts = [each for each in root.iter() if each.tag.endswith("}text")]
    assert texts
    sizes = [float(each.get("font-size").removesuffix("px")) for each in texts]
    assert min(sizes) >= theme.SMALL >= 11
    assert "NaN" not in svg
    assert "undefined" not in svg


@pytest.mark.parametrize("name", KINDS)
def test_every_colour_has_a_counterpart_in_the_dark(every, name):
    body = draw.svg(every[name]).split("</style>")[1]
    assert set(COLOUR.findall(body)) <= {ink.light for ink in theme.INKS}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letters_and_lines_stand_out_from_what_is_behind_them(scheme):
    by_name = {ink.name: getattr(ink, scheme) for ink in theme.INKS}
    for ink in theme.INKS:
        if ink.on:
            assert theme.contrast(by_name[ink.name], by_name[ink.on]) >= theme.LEAST_CONTRAST, (scheme, ink.name)
    assert {*theme.SERIES} <= {ink.name for ink in theme.INKS if ink.on == "paper"}
    assert {f"{name}-ink" for name in theme.HEAT} <= {ink.name for ink in theme.INKS if ink.on in theme.HEAT}


def test_contrast_is_counted_as_the_guidelines_do():
    assert theme.contrast("#000000", "#ffffff") == pytest.approx(21)
    assert theme.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)  # the known example that just fails


def test_no_two_inks_are_the_same_in_light_so_that_each_can_be_recoloured():
    assert len({ink.light for ink in theme.INKS}) == len(theme.INKS)


def test_series_differ_by_dash_and_shape_and_not_by_colour_alone(every):
    encodings = [layer["encoding"] for layer in every["flows_of_two"].spec["layer"]]
    dashes = next(each["strokeDash"] for each in encodings if "strokeDash" in each)["scale"]["range"]
    shapes = next(each["shape"] for each in encodings if "shape" in each)["scale"]["range"]
    assert len({tuple(dash) for dash in dashes}) == len(dashes) == 2
    assert len(set(shapes)) == 2
    assert len({tuple(dash) for dash in theme.DASHES}) == len(set(theme.SHAPES)) == theme.MOST_SERIES


def test_kinds_of_measures_are_told_by_a_word_and_a_dash(every):
    words = [" ".join(row["words"]) for _, row in rows_in(every["timeline"].spec) if isinstance(row.get("words"), list)]
    assert {"export ban: pianos", "ban on supplies: fish", "cap: oil", "duty: report"} <= set(words)


def test_shades_of_the_heat_map_are_told_by_size_or_number(every):
    squares = [row for _, row in rows_in(every["exposure"].spec) if "level" in row]
    assert {row["words"] for row in squares} == {"1.2m", "40k", "5k?", "12"}
    assert any(row.get("words") == "0" for _, row in rows_in(every["exposure"].spec))


@pytest.mark.parametrize("name", KINDS)
def test_every_chart_says_what_it_shows_and_where_it_is_from(every, name):
    chart = every[name]
    assert chart.title in chart.alt
    assert chart.alt.endswith(".")
    assert chart.caption.startswith("Source: ")
    assert chart.sheet.columns
    assert chart.is_empty == (name == "flows_of_nothing")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("flows", "highest 1.43 million USD in 2019-12"),  # 1,000,000 + 23 * 10,000 of oil and 200,000 of fish
        ("flows_with_gaps", "not reported for 2018-05 to 2018-06 and 2019-03"),  # Russia filed those months
        ("flows_of_nothing", "nothing to draw"),
        ("composition", "14.1 million USD (85.5 %)"),  # 12 * 1,000,000 + 210 * 10,000, of 16.5 million
        ("mirror", "the widest gap is in 2014, where China is 20 % above Russia"),  # 6 against 5 million
        ("mirror", "Russia: not reported for 2016 to 2017; China: no data for 2015 to 2016"),
        ("quota", "at least 600 t, at least 60.0 % of the cap of 1,000 t"),
        ("quota", "50 % reached between 2018-04 and 2018-06"),  # 250 by March, 600 by June
        ("timeline", "5 measures (1 cap, 2 export bans, 1 ban on supplies and 1 duty)"),
        ("exposure", "the largest is China in 2017 with at most 1.2 million USD"),
        ("multiples", "no data at all for KOR to PRK"),
    ],
)
def test_the_alternative_text_states_the_finding(every, name, words):
    assert words in every[name].alt


def test_a_cap_that_nothing_bounds_from_above_is_drawn_open(every):
    marks = {row["period"]: row["open"] for _, row in rows_in(every["quota"].spec) if "open" in row}
    assert marks["2018-06"] is False
    assert marks["2018-07"] is True
    assert any(line.startswith("?") for line in every["quota"].key)


def test_a_long_name_is_cut_in_the_drawing_and_whole_in_the_table(every):
    assert LONG_NAME in {row[0] for row in every["composition"].sheet.rows}
    words = [row["words"] for _, row in rows_in(every["composition"].spec) if isinstance(row.get("words"), list)]
    assert any(lines[-1].endswith("…") for lines in words)


def answer(lines, **more):
    query = Query("series", ("RUS",), ("PRK",), Period.parse("2019"), **more)
    table = tuple(Line(label, "made_up", value, "USD") for label, value in lines)
    return Answer(query, None, "made_up", "reporter", 1, Decimal(1), (), (), "", table=table)


MONTHS = [f"2019-{month:02d}" for month in range(1, 13)]
AMOUNTS = st.one_of(st.none(), st.decimals(-(10**12), 10**12, places=3, allow_nan=False))


@given(st.lists(AMOUNTS, min_size=1, max_size=12))
def test_whatever_was_declared_is_drawn_and_whatever_was_not_is_a_gap(values):
    lines = list(zip(MONTHS, values, strict=False))
    chart = flows([answer(lines)])
    known = {month: float(value) for month, value in lines if value is not None}
    if not known:
        assert chart.is_empty
        return
    drawn = {row["period"]: row["value"] for _, row in rows_in(chart.spec) if "value" in row and "label" not in row}
    assert {month: value for month, value in drawn.items() if value is not None} == known
    absent = {month for month, cell in chart.sheet.rows if cell is Absent.NO_DATA}
    assert absent == {month for month, value in lines if value is None}
    if len(set(known.values())) > 1:
        assert f"in {max(known, key=known.get)}" in chart.alt


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=40), st.integers(1, 20))
def test_the_parts_that_are_drawn_add_up_to_the_parts_there_are(sizes, most):
    lines = [Line(f"part {place}", "made_up", Decimal(size), "USD") for place, size in enumerate(sizes)]
    query = Query("composition", ("RUS",), ("PRK",), Period.parse("2019"), by="product")
    made = Answer(query, None, "made_up", "reporter", 1, Decimal(1), (), (), "", table=tuple(lines))
    chart = composition(made, names={line.label: line.label for line in lines}, most=most)
    drawn = [row["value"] for layer, row in rows_in(chart.spec) if layer["mark"].get("type") == "rect"]
    assert sum(drawn) == sum(sizes)
    assert len(drawn) <= most + 1
    assert len(chart.sheet.rows) == len(sizes)


@settings(max_examples=15)
@given(st.lists(AMOUNTS.filter(lambda value: value is not None), min_size=1, max_size=6))
def test_any_amounts_can_be_drawn(values):
    svg = draw.svg(flows([answer(list(zip(MONTHS, values, strict=False)))]))
    ET.fromstring(svg)
    assert "NaN" not in svg


@given(st.text(max_size=200), st.integers(60, 400))
def test_no_word_of_a_name_is_lost_when_it_is_broken_into_lines(text, room):
    lines = wrapped(text, room, 12)
    assert "".join(lines).replace(" ", "") == "".join(text.split()).replace(" ", "")
    assert all(width(line, 12) <= room for line in lines)
