"""What may be relied on where a bulletin sets both sides beside each other: courses, intervals, and what is suspected."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from brief_helpers import lake_of, not_supported, world_lines
from tidewaiter import pipeline
from tidewaiter.base.errors import QueryError
from tidewaiter.base.period import Period
from tidewaiter.lake.lake import Lake
from tidewaiter.tell import rounding
from tidewaiter.tell.brief import formats
from tidewaiter.tell.brief.html import html
from tidewaiter.tell.brief.markdown import markdown

YEAR = Period.parse("2019")
GOODS = [f"{heading}{number}" for heading in ("0303", "2710", "7208", "8471") for number in range(10, 30)]
PAIRS = [("RUS", "CHN"), ("CHN", "RUS"), ("CHN", "KOR"), ("KOR", "RUS"), ("RUS", "KOR"), ("HKG", "CHN"), ("CHN", "HKG")]
EVERY = 8
"""Of the goods that Russia sends to China, each eighth is booked to Hong Kong, which never sees it."""


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    return lake_of(tmp_path_factory.mktemp("sides"), world_lines())


@pytest.fixture(scope="module")
def through_a_hub(tmp_path_factory):
    """A lake in which both sides of every line agree but for freight, and some of Russia's go through Hong Kong."""
    lines = []
    for place, product in enumerate(GOODS):
        for exporter, importer in PAIRS:
            value = 100_000 + 7919 * place + len(GOODS) * ord(exporter[0]) + ord(importer[1])
            said = "HKG" if (exporter, importer) == ("RUS", "CHN") and place % EVERY == 0 else importer
            lines.append((exporter, "export", said, product, "2019", value))
            lines.append((importer, "import", exporter, product, "2019", value * (105 + place % 5) // 100))
    for exporter, importer in PAIRS:
        lines.append((exporter, "export", importer, "TOTAL", "2019", 50_000_000))
        lines.append((importer, "import", exporter, "TOTAL", "2019", 53_000_000))
    return lake_of(tmp_path_factory.mktemp("hub"), lines)


@pytest.fixture(scope="module")
def settled(lake):
    return pipeline.brief("RUS", "CHN", YEAR, settled=True, lake=lake)


def of(made, name):
    return next(section for section in made.sections if section.name == name)


def assert_supported(made, lake):
    for text, name in ((markdown(made), "bulletin.md"), (html(made), "bulletin.html")):
        assert not_supported(pipeline.check(text, name=name, lake=lake).findings) == []


# --- the course of both sides ---------------------------------------------------------------------------------------


def test_both_sides_are_drawn_beside_each_other_where_both_declared(lake):
    made = pipeline.brief("RUS", "CHN", YEAR, lake=lake)
    charts = {chart.name: chart for chart in of(made, "mirror").charts}
    assert set(charts) == {"both_sides_rus_chn", "both_sides_chn_rus"}
    # January 2018: Russia sends 9,000,000 of crude oil and 500,000 of fish; China counts 5 per cent more.
    row = charts["both_sides_rus_chn"].sheet.rows[0]
    assert row == ("2018-01", Decimal("9500000.000"), Decimal("9975000.000"))
    assert_supported(made, lake)


def test_a_side_that_never_reports_is_not_drawn_beside_the_other(lake):
    made = pipeline.brief("PRK", "RUS", YEAR, lake=lake)
    assert of(made, "mirror").charts == ()


# --- what they were settled on --------------------------------------------------------------------------------------


def test_what_both_sides_were_settled_on_stands_with_its_interval(settled, lake):
    section = of(settled, "mirror")
    assert [chart.name for chart in section.charts] == ["settled_chn_rus", "settled_rus_chn"]
    for chart in section.charts:
        rows = [row for row in chart.sheet.rows if isinstance(row[3], Decimal)]
        assert len(rows) == 24
        assert all(low < value < high for _, _, _, value, low, high in rows)
    assert_supported(settled, lake)


@pytest.mark.parametrize("pair", [("CHN", "KOR"), ("HKG", "CHN"), ("PRK", "RUS"), ("KOR", "PRK")], ids=str)
def test_every_claim_of_a_settled_bulletin_is_supported(lake, pair):
    for period in ("2019", "2019-01/2019-11"):
        assert_supported(pipeline.brief(*pair, Period.parse(period), settled=True, lake=lake), lake)


def test_the_numbers_are_those_of_the_command_for_both_sides(settled, lake):
    from tidewaiter.base.mirrored import Wanted, Way

    way = Way(("RUS",), ("CHN",))
    table = pipeline.mirror(Wanted((way,), Period.parse("2018-01/2019-12"), frequency="M"), lake=lake)
    said = {cell.period: cell.value.value for cell in table.cells}
    chart = next(chart for chart in settled.charts if chart.name == "settled_rus_chn")
    told = {row[0]: row[3:] for row in chart.sheet.rows}
    assert told == {period: (each.value, each.low, each.high) for period, each in said.items()}


def test_the_files_under_what_was_settled_are_listed(settled):
    assert [note.source for note in settled.receipts] == ["un_comtrade"]


def test_the_bytes_are_the_same_whether_something_was_learned_before_or_not(lake, tmp_path):
    """What is learned is a function of the lake and the day alone; keeping it saves time and changes nothing."""
    other = tmp_path / "lake"
    shutil.copytree(lake.home, other)
    kept = [path for path in other.rglob("*") if path.is_dir() and path.name == "learned"]
    for path in kept:
        shutil.rmtree(path)
    told = []
    for home in (lake.home, str(other), str(other)):
        held = Lake.open(home)
        made = pipeline.brief("RUS", "CHN", YEAR, as_of=date(2020, 3, 1), settled=True, lake=held)
        told.append({form: formats.written(made, form, held.standalone) for form in ("md", "html", "json")})
    assert told[0] == told[1] == told[2]
    assert (other / "learned").is_dir()


def test_without_a_partner_nothing_can_be_settled(lake):
    with pytest.raises(QueryError, match="name a partner"):
        pipeline.brief("RUS", None, YEAR, settled=True, lake=lake)


# --- what is suspected ----------------------------------------------------------------------------------------------


def test_goods_that_were_booked_to_a_hub_are_told_as_a_doubt(through_a_hub):
    made = pipeline.brief("RUS", "CHN", YEAR, settled=True, lake=through_a_hub)
    section = of(made, "suspects")
    sheet = next(sheet for sheet in section.sheets if sheet.name == "hub_bookings")
    found = {row[3] for row in sheet.rows}
    assert found == set(GOODS[::EVERY])
    assert {row[:3] for row in sheet.rows} == {("Russia", "Hong Kong", "China")}
    text = " ".join(sentence.text for paragraph in section.paragraphs for sentence in paragraph)
    likeliest = min(sheet.rows, key=lambda row: (-row[7], row[4], row[3]))[3]
    said = f"Russia's declared exports of HS {likeliest} to Hong Kong in 2019 may have gone to China"
    assert f"{said}, with a probability of more than 0.99." in text
    assert_supported(made, through_a_hub)


def test_a_pair_that_has_none_of_it_is_told_of_none(through_a_hub):
    made = pipeline.brief("KOR", "CHN", YEAR, settled=True, lake=through_a_hub)
    assert "suspects" not in {section.name for section in made.sections}


def test_a_declaration_that_a_namesake_answers_is_told_as_a_doubt(tmp_path):
    lines = [
        ("SWE", "export", "PRK", "720810", "2019", 300_000),
        ("SWE", "export", "PRK", "TOTAL", "2019", 300_000),
        ("KOR", "import", "SWE", "720810", "2019", 310_000),
        ("KOR", "import", "SWE", "TOTAL", "2019", 310_000),
    ]
    held = lake_of(Path(tmp_path), lines)
    made = pipeline.brief("PRK", "SWE", YEAR, lake=held)
    text = " ".join(sentence.text for paragraph in of(made, "suspects").paragraphs for sentence in paragraph)
    # Odds of 0.22/0.78 before, six times that for a like amount: 0.63.
    said = "Sweden's declared exports of HS 720810 to North Korea in 2019 may have been meant for South Korea"
    assert f"{said}, with a probability of 0.63." in text
    assert_supported(made, held)


@pytest.mark.parametrize(
    ("value", "said"), [("0.639", "0.63"), ("0.9987", "more than 0.99"), ("1", "1.00"), ("0.5", "0.50")]
)
def test_a_probability_is_never_told_as_higher_than_it_is(value, said):
    assert rounding.probability(Decimal(value)) == said
