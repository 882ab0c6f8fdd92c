"""What may be relied on in a bulletin: what it tells, that it computes nothing, and that it rebuilds to the same bytes."""

from __future__ import annotations

import ast
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import zipfile
import zlib
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from html import unescape
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tidewaiter.tell.brief as room
import world as tiny
from asking import question
from brief_helpers import bulletin_of, lake_of, world_lines
from tidewaiter import pipeline
from tidewaiter.answers import ask
from tidewaiter.base.errors import InputError, LakeError
from tidewaiter.base.period import Period
from tidewaiter.codes import areas
from tidewaiter.codes.product_groups import product_groups
from tidewaiter.news.claims.extract import extract
from tidewaiter.news.judge.intervals import written
from tidewaiter.news.words import goods as lexicon
from tidewaiter.news.words import parties
from tidewaiter.news.words.article import read_story
from tidewaiter.tell import rounding
from tidewaiter.tell.brief import formats, templates, words
from tidewaiter.tell.brief.html import html
from tidewaiter.tell.brief.markdown import markdown
from tidewaiter.tell.brief.pdf import pdf
from tidewaiter.tell.charts.composition import composition

FILES = Path(__file__).parent / "fixtures" / "sources"
GOLDEN = Path(__file__).parent / "golden" / "brief"
ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.LShift, ast.RShift, ast.MatMult)
COMPUTING = {"sum", "round", "divmod", "pow", "math", "statistics", "quantize"}


@pytest.fixture(scope="module")
def lake(tmp_path_factory):
    return lake_of(tmp_path_factory.mktemp("brief"), world_lines())


@pytest.fixture(scope="module")
def made(lake):
    return pipeline.brief("PRK", "RUS", Period.parse("2019"), lake=lake)


# --- nothing is computed here -------------------------------------------------------------------------------------


@pytest.mark.parametrize("module", sorted(Path(room.__file__).parent.glob("*.py")), ids=lambda path: path.stem)
def test_no_module_of_the_bulletin_does_arithmetic(module):
    """Not one operator of arithmetic but to join a piece of text to another, or a name to a folder."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        place = f"{module.name}, line {getattr(node, 'lineno', 0)}"
        if isinstance(node, ast.BinOp) and isinstance(node.op, ARITHMETIC):
            assert _is_text(node.left) or _is_text(node.right), place
        assert not isinstance(node, ast.AugAssign) or not isinstance(node.op, ARITHMETIC), place
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            assert isinstance(node.operand, ast.Constant), place
        if isinstance(node, ast.Call):
            assert getattr(node.func, "id", None) not in COMPUTING, place
            assert getattr(node.func, "attr", None) not in COMPUTING, place


def _is_text(node):
    inner = node.right if isinstance(node, ast.BinOp) else node
    return isinstance(inner, ast.JoinedStr) or (isinstance(inner, ast.Constant) and isinstance(inner.value, str))


# --- rounding ---------------------------------------------------------------------------------------------------


@given(st.decimals("1000", "9e14", places=3))
def test_a_rounded_amount_always_holds_the_amount_it_stands_for(value):
    for hedge, words_ in ((None, rounding.dollars(value)), ("headline", rounding.headline_dollars(value))):
        assert rounding_holds(words_, value), (hedge, words_)


def rounding_holds(text, value):
    story = read_story(f"Russia's exports to China were worth {text} in 2019.", name="x")
    claims = [claim for claim in extract(story).claims if claim.type == "flow_value"]
    assert len(claims) == 1, text
    return written(claims[0].number, "strict").contains(Fraction(value))


@pytest.mark.parametrize(
    ("value", "words_", "headline"),
    [
        ("46397973", "$46.4 million", "more than $46 million"),
        ("46980000", "$47 million", "nearly $47 million"),
        ("47000000", "$47 million", "$47 million"),
        ("16500000", "$16.5 million", "more than $16 million"),
        ("999999999", "$1 billion", "nearly $1 billion"),
        ("123456.7", "$123,457", "$123,457"),
        ("2790131017", "$2.79 billion", "nearly $2.8 billion"),
    ],
)
def test_an_amount_is_written_as_people_write_it(value, words_, headline):
    assert rounding.dollars(Decimal(value)) == words_
    assert rounding.headline_dollars(Decimal(value)) == headline


def test_a_fall_that_leaves_something_is_never_a_hundred_percent():
    assert rounding.percent(Decimal("-99.7"), headline=True) == "99.7 percent"
    assert rounding.percent(Decimal("-99.96")) == "99.96 percent"
    assert rounding.percent(Decimal(-100), headline=True) == "100 percent"


def test_what_may_be_more_is_cut_and_said_to_be_the_least():
    assert rounding.dollars(Decimal(27_190_000), at_least=True) == "at least $27.1 million"
    assert rounding.percent(Decimal("85.4545"), at_least=True) == "at least 85.4 percent"
    assert rounding.percent(Decimal(100), at_least=True) == "100 percent"


# --- product groups -----------------------------------------------------------------------------------------------


def test_every_chapter_is_in_one_group_and_no_group_is_inside_an_unknown_one():
    whole = [group for group in product_groups() if not group.within]
    chapters = [code for group in whole for code in group.codes]
    assert sorted(chapters) == [f"{number:02d}" for number in range(1, 100) if number != 77]
    by_id = {group.id: group for group in whole}
    for group in product_groups():
        if group.within:
            assert all(code[:2] in by_id[group.within].codes for code in group.codes), group.id
        assert group.source


def test_crude_and_refined_oil_are_groups_of_their_own():
    codes = {group.id: group.codes for group in product_groups()}
    assert (codes["crude_oil"], codes["refined_oil"]) == (("2709",), ("2710",))


@pytest.mark.parametrize("group", [group for group in product_groups() if group.phrase], ids=lambda group: group.id)
def test_the_checker_reads_a_group_s_phrase_as_exactly_its_codes(group):
    read = lexicon.lex(group.phrase, 0)
    assert read is not None
    assert (read.hs, read.span) == (group.codes, (0, len(group.phrase)))


# --- what it tells ------------------------------------------------------------------------------------------------


def test_the_headline_tells_both_directions_against_a_year_earlier(made):
    # Russia to North Korea: 271012 at 12*1,000,000 + 210*10,000 = 14.1m and 030367 at 2.4m; 2018: 12.66m and 2.4m.
    # North Korea to Russia: (1,200,000 + 210,000) * 1.1 = 1.551m; 2018: (1,200,000 + 66,000) * 1.1 = 1.3926m.
    assert made.headline.text == (
        "North Korea imported more than $16 million worth of goods from Russia in 2019, up 9.6 percent from a year "
        "earlier, and exported more than $1.5 million worth of goods to Russia in 2019, up 11 percent from a year earlier."
    )


def test_what_was_asked_and_not_found_is_told_with_how_to_get_it(tables):
    made = bulletin_of(tables, "HKG", "PRK", "2019")
    missing = next(section for section in made.sections if section.name == "missing")
    told = {row[1]: row[2] for sheet in missing.sheets for row in sheet.rows}
    fetch = "tidewaiter fetch comtrade --reporter HKG --partner PRK"
    assert any("2019-07" in reason and command.startswith(fetch) for reason, command in told.items())
    assert "no figures here" not in made.headline.text or "Hong Kong" in made.headline.text


def test_a_pair_that_nobody_declared_makes_a_bulletin_of_what_is_missing(tables):
    made = bulletin_of(tables, "MNG", "NPL", "2019")
    assert made.headline.text == "There are no figures here for the trade of Mongolia with Nepal in 2019."
    assert len(made.refusals) >= 2
    assert "Mongolia" in html(made)


def test_a_total_is_told_only_where_it_is_the_sum_of_what_was_told(tables):
    """South Korea declares a month late, so that some of its totals are made of other declarations than its levels."""
    for period in ("2019-01/2019-11", "2019Q1"):
        text = markdown(bulletin_of(tables, "KOR", "CHN", period))
        assert ("Trade between" in text) == ("had a trade" in text)


def test_measures_deadlines_and_the_cap_are_told_with_their_place(made):
    by_name = {sheet.name: sheet for sheet in made.sheets}
    refined = next(row for row in by_name["measures"].rows if row[0] == "2397-5-refined")
    assert (refined[1], refined[3], refined[4]) == ("cap", "resolution 2397 (2017)", "paragraph 5")
    assert [str(row[0]) for row in by_name["deadlines"].rows] == ["2019-03-22", "2019-12-22"]
    cap = by_name["cap_2397_5_refined_2019"]
    assert len(cap.rows) == 12
    assert {row[1] for row in cap.rows} == {Decimal(500_000)}


def test_declared_lines_stand_beside_the_measure_that_covers_them(made):
    exposures = next(sheet for sheet in made.sheets if sheet.name == "exposures")
    names = [column.name for column in exposures.columns]
    rows = [dict(zip(names, row, strict=True)) for row in exposures.rows]
    refined = next(row for row in rows if row["measure"] == "2397-5-refined" and row["declared_by"] == "Russia")
    assert (refined["value_usd"], refined["declarations"]) == (Decimal(14_100_000), 12)


def test_both_sides_stand_beside_each_other_with_the_gap_between_them(lake):
    made = pipeline.brief("RUS", "CHN", Period.parse("2019"), lake=lake)
    sheet = next(sheet for sheet in made.sheets if sheet.name == "both_sides")
    # China imports at 1.05 times the truth, Russia at 1.10; the exporters at the truth.
    gaps = {(row[0], row[1]): row[4] for row in sheet.rows}
    assert gaps == {("China", "Russia"): Decimal("0.10"), ("Russia", "China"): Decimal("0.05")}


def test_the_largest_partners_are_ranked_where_no_partner_is_named(lake):
    made = pipeline.brief("RUS", None, Period.parse("2019"), lake=lake)
    ranked = next(sheet for sheet in made.sheets if sheet.name == "exports_by_partner")
    assert [row[1] for row in ranked.rows][:2] == ["China", "North Korea"]
    assert "China accounted for 89.1 percent of Russia's exports in 2019, worth $135 million." in markdown(made)


def test_without_a_period_it_tells_of_the_last_year_there_is(lake):
    assert pipeline.brief("PRK", "RUS", lake=lake).subject.period == Period.parse("2019")


def test_a_year_that_has_only_begun_is_told_up_to_its_last_month(tmp_path):
    lines = [("RUS", "export", "PRK", "TOTAL", f"2020-0{month}", 1000 * month) for month in (1, 2, 3)]
    held = lake_of(tmp_path, [*lines, ("RUS", "export", "PRK", "TOTAL", "2019-01", 500)])
    assert pipeline.brief("PRK", "RUS", lake=held).subject.period == Period.parse("2020-01/2020-03")


def test_an_empty_lake_says_what_to_do(tmp_path):
    with pytest.raises(LakeError, match="land a file or name a --period"):
        pipeline.brief("PRK", "RUS", home=str(tmp_path / "nothing"))


def test_a_number_that_has_been_revised_since_is_noted(tmp_path):
    from datetime import date

    import lake_helpers

    held = lake_of(tmp_path, [("RUS", "export", "PRK", "TOTAL", "2019", 1_000_000)], date(2020, 3, 1))
    lake_helpers.land(held, tmp_path, [("RUS", "export", "PRK", "TOTAL", "2019", 1_250_000)], vintage=date(2020, 9, 1))
    then = pipeline.brief("PRK", "RUS", Period.parse("2019"), as_of=date(2020, 3, 31), lake=held)
    now = pipeline.brief("PRK", "RUS", Period.parse("2019"), lake=held)
    revised = next(sheet for sheet in then.sheets if sheet.name == "revised")
    assert next((row[1], row[2]) for row in revised.rows) == (Decimal(1_000_000), Decimal(1_250_000))
    assert "$1 million" in then.headline.text
    assert not [sheet for sheet in now.sheets if sheet.name == "revised"]


def test_a_newcomer_makes_a_bulletin_of_a_trade_map_download_in_two_commands(tmp_path):
    download = FILES / "Trade_Map_-_List_of_importing_markets_for_a_product_exported_by_China.txt"
    environment = {**os.environ, "TIDEWAITER_HOME": str(tmp_path / "lake"), "COLUMNS": "120"}
    two = (["land", str(download)], ["brief", "CHN", "--with", "PRK", "--html", "bulletin.html"])
    for words_ in two:
        command = [sys.executable, "-m", "tidewaiter", *words_]
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env=environment)
        assert run.returncode == 0, run.stderr
    # The file gives thousands: 30 in 2018, nothing in 2019, 7 in 2020.
    page = unescape((tmp_path / "bulletin.html").read_text("utf-8"))
    assert "China exported $7,000 worth of goods to North Korea in 2020." in page


# --- formats ------------------------------------------------------------------------------------------------------


def test_the_same_bulletin_is_the_same_text_as_before(made):
    """Golden files, reviewed like prose: `UPDATE_GOLDEN=1 pytest tests/test_brief.py -k as_before` rewrites them."""
    drawn = re.compile(r"<(svg|style)\b.*?</\1>", re.DOTALL)  # drawings and their style have tests of their own
    texts = {"prk_rus_2019.md": markdown(made), "prk_rus_2019.html": drawn.sub(r"<\1></\1>", html(made))}
    for name, text in texts.items():
        path = GOLDEN / name
        if os.environ.get("UPDATE_GOLDEN"):
            GOLDEN.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text("utf-8"), f"{name} has changed; look at the difference, then rewrite it"


def test_a_page_is_whole_in_itself_and_forbids_everything_else(made):
    page = unescape(html(made))
    assert "script-src 'none'" in page
    assert "default-src 'none'" in page
    assert "<script" not in page
    assert "src=" not in page.replace('src="data:', "")
    assert "@page" in page
    assert "prefers-color-scheme: dark" in page
    assert len(page.encode()) < 120_000


def test_a_live_page_keeps_its_drawings_until_the_script_has_run(made):
    page = unescape(html(made, interactive=True))
    assert "script-src 'unsafe-inline'" in page
    assert 'class="tw-wide"' in page
    assert page.count("</script>") == 3


def test_without_the_extra_a_page_has_its_tables_and_says_how_to_get_charts(made, monkeypatch):
    monkeypatch.setattr("tidewaiter.tell.brief.html.can_draw", lambda: False)
    page = html(made)
    assert "pip install 'tidewaiter[charts]'" in page
    assert "<svg" not in page
    assert "2019-12" in page


SCRIPT = """
import hashlib, sys
from datetime import date
from tidewaiter import pipeline
from tidewaiter.base.period import Period
from tidewaiter.tell.brief.formats import written
lake = pipeline.open_lake(sys.argv[1])
made = pipeline.brief("PRK", "RUS", Period.parse("2019"), as_of=date(2020, 3, 1), lake=lake)
for form in ("md", "html", "json", "pdf", "pack"):
    print(form, hashlib.sha256(written(made, form, lake.standalone)).hexdigest())
"""


def test_a_bulletin_rebuilds_to_the_same_bytes_in_every_format(lake):
    told = set()
    for seed, zone in (("1", "UTC"), ("77", "Asia/Seoul")):
        run = subprocess.run(
            [sys.executable, "-c", SCRIPT, lake.home],
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
        )
        assert run.returncode == 0, run.stderr
        told.add(run.stdout)
    assert len(told) == 1, told
    assert next(iter(told)).count("\n") == 5


def test_a_pdf_is_tagged_for_screen_readers_and_says_its_language(made, lake):
    data = formats.written(made, "pdf", lake.standalone)
    parts = data.split(b"stream")
    inside = b""
    for part in parts:
        try:
            inside += zlib.decompressobj().decompress(part.lstrip(b"\r\n"))
        except zlib.error:
            continue
    assert data.startswith(b"%PDF-1.7")
    assert b"pdfuaid" in inside
    assert b"/MarkInfo" in inside
    assert b"/StructTreeRoot" in inside
    assert b"/Lang" in inside


def test_names_from_right_to_left_are_set_as_a_picture_in_a_pdf_and_stay_letters_in_its_table(tables):
    """WeasyPrint sets the letters of a drawing one by one from the left; what draws our pictures does not."""
    made = bulletin_of(tables, "PRK", "RUS", "2019")
    answer = ask(question("composition", "RUS", "PRK", "2019"), tables)
    chart = composition(answer, names={"27": "نفط ومنتجات بترولية"}, name="right_to_left")
    sections = (replace(made.sections[0], charts=(chart,)), *made.sections[1:])
    page = replace(made, sections=sections)
    data = pdf(page)
    assert b"/Subtype /Image" in data
    assert b"/Subtype /Image" not in pdf(made)
    assert data == pdf(page)


def test_the_pack_holds_the_tables_twice_the_queries_and_the_citations(made, lake):
    archive = zipfile.ZipFile(io.BytesIO(formats.written(made, "pack", lake.standalone)))
    names = archive.namelist()
    assert names == sorted(names)
    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    package = json.loads(archive.read("datapackage.json"))
    for resource in package["resources"]:
        data = archive.read(resource["path"])
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        head = data.decode().split("\n")[0].split(",")
        assert head == [field["name"] for field in resource["schema"]["fields"]]
        assert resource["path"].replace(".csv", ".parquet") in names
    assert [json.loads(archive.read("receipts.json"))[0]["sha256"]] == [made.receipts[0].sha256]
    assert archive.read("citation.bib").startswith(b"@misc{tidewaiter-prk-rus")
    assert json.loads(archive.read("citation.json"))[0]["issued"] == {"date-parts": [[2020, 3, 1]]}


def test_a_query_of_the_pack_gives_its_number_on_any_duckdb(made, lake):
    archive = zipfile.ZipFile(io.BytesIO(formats.written(made, "pack", lake.standalone)))
    number, answer = next(
        (place, each) for place, each in enumerate(made.answers, 1) if each.query.indicator == "value"
    )
    sql = archive.read(f"queries/{number:03d}.sql").decode()
    with duckdb.connect() as engine:
        rows = engine.execute(sql).fetchall()
    assert answer.value.value in {value for row in rows for value in row if isinstance(value, Decimal)} or sum(
        value for row in rows for value in row if isinstance(value, Decimal)
    )


def test_a_table_of_the_pack_is_the_same_as_csv_and_as_parquet(made, lake, tmp_path):
    archive = zipfile.ZipFile(io.BytesIO(formats.written(made, "pack", lake.standalone)))
    for name in ("tables/by_month.csv", "tables/by_month.parquet"):
        (tmp_path / Path(name).name).write_bytes(archive.read(name))
    with duckdb.connect() as engine:
        one, other = (
            engine.execute(f"SELECT period, imports_usd::DECIMAL(18,3) FROM '{tmp_path / name}' ORDER BY 1").fetchall()
            for name in ("by_month.csv", "by_month.parquet")
        )
    assert one == other
    assert len(one) == 24
    # January 2018: 1,000,000 of petrol and 200,000 of fish.
    assert one[0] == ("2018-01", Decimal("1200000.000"))


# --- templates of one's own ---------------------------------------------------------------------------------------


def test_people_s_own_template_is_used_for_what_it_holds(made, tmp_path):
    (tmp_path / "bulletin.md.j2").write_text("== {{ bulletin.title }} ==\n{{ bulletin.headline.text }}")
    assert markdown(made, templates.checked(tmp_path)).startswith("== North Korea's trade with Russia, 2019 ==\nNorth")
    assert "<!doctype html>" in html(made, tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ bulletin.nothing }}", "nothing"),
        ("{% for %}", "line 1"),
        ("{{ ''.__class__.__mro__ }}", "bulletin.md.j2"),
        ("{{ bulletin.sections.append(1) }}", "append"),
        ("{% include '/etc/passwd' %}", "passwd"),
    ],
)
def test_a_template_that_is_wrong_or_reaches_too_far_is_refused_by_name(made, tmp_path, text, said):
    (tmp_path / "bulletin.md.j2").write_text(text)
    with pytest.raises(InputError, match=said):
        markdown(made, tmp_path)


def test_a_folder_without_a_template_is_refused(tmp_path):
    with pytest.raises(InputError, match="holds no template"):
        templates.checked(tmp_path)


# --- words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("period", "said"),
    [
        ("2019", "in 2019"),
        ("2019-07", "in July 2019"),
        ("2019-01/2019-11", "in January-November 2019"),
        ("2018-07/2019-06", "from July 2018 to June 2019"),
        ("2018..2019", "in 2018-2019"),
    ],
)
def test_a_span_is_said_as_stories_say_it(period, said):
    assert words.during(Period.parse(period)) == said


def test_areas_have_their_article_and_their_genitive():
    assert [words.area(code) for code in ("NLD", "RUS", None)] == ["the Netherlands", "Russia", "the world"]
    assert [words.whose(code) for code in ("USA", "RUS")] == ["the United States'", "Russia's"]


def test_the_tiny_world_is_older_than_its_bulletin(made):
    assert made.subject.day == tiny.VINTAGE


UNREAD = frozenset({"JEY", "ATA", "PUS", "_CI", "_KS", "_MI", "_WI"})
"""Areas whose names are other words too (New Jersey), or that nobody trades with; their bulletins make no claims."""


@pytest.mark.parametrize(
    "area", [area for area in areas.every_area() if area.kind == "country"], ids=lambda area: area.code
)
def test_no_area_is_read_as_another_by_the_checker(area):
    """American Samoa is not America, and the British Virgin Islands are not Britain."""
    read = parties.lex(area.name, 0)
    if area.code not in UNREAD and "(" not in area.name:
        assert read is not None
        assert (read[1], read[0]) == (area.code, len(area.name))


# --- what the law's part draws ------------------------------------------------------------------------------------


def test_only_measures_that_declared_lines_fall_under_are_drawn(made):
    drawn = next(chart for chart in made.charts if chart.name == "timeline_un_dprk")
    exposed = {row[0] for sheet in made.sheets if sheet.name == "exposures" for row in sheet.rows}
    assert {row[0] for row in drawn.sheet.rows} <= exposed
    assert "2397-5-refined" in {row[0] for row in drawn.sheet.rows}
    listed = next(sheet for sheet in made.sheets if sheet.name == "measures")
    assert len(drawn.sheet.rows) < len(listed.rows)


def test_the_edition_of_all_partners_draws_who_traded_covered_goods_in_which_year(lake):
    made = pipeline.brief("PRK", None, Period.parse("2019"), lake=lake)
    drawn = next(chart for chart in made.charts if chart.name == "covered_by_partner")
    cells = {(row[1], row[2]): row[4] for row in drawn.sheet.rows}
    # Russia's petrol at 12 * 1,000,000 + 66 and 210 * 10,000.
    assert {year: cells["RUS", year] for year in ("2018", "2019")} == {
        "2018": Decimal("12660000.000"),
        "2019": Decimal("14100000.000"),
    }


def test_headings_stand_below_the_groups_with_the_group_they_are_in(made):
    sheet = next(sheet for sheet in made.sheets if sheet.name == "imports_by_heading")
    assert [row[:4] for row in sheet.rows] == [
        ("2710", "Refined petroleum products", "Refined petroleum products", Decimal(14_100_000)),
        ("0303", "Frozen fish", "Fish and seafood", Decimal(2_400_000)),
    ]


def test_many_headings_are_cut_to_the_largest_and_it_is_said_how_many_there_are(tmp_path):
    codes = [f"84{number:02d}10" for number in range(1, 31)]
    lines = [("RUS", "export", "CHN", code, "2019", 1000 * place) for place, code in enumerate(codes, 1)]
    held = lake_of(tmp_path, [*lines, ("RUS", "export", "CHN", "TOTAL", "2019", 465_000)])
    sheet = next(
        sheet
        for sheet in pipeline.brief("RUS", "CHN", Period.parse("2019"), lake=held).sheets
        if sheet.name == "exports_by_heading"
    )
    assert [row[3] for row in sheet.rows] == [Decimal(1000 * place) for place in range(30, 10, -1)]
    assert "The 20 largest of 30 headings." in sheet.notes
