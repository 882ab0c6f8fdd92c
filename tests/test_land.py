"""What may be relied on when files are recognised and landed, whatever their publisher."""

from __future__ import annotations

import shutil
from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_helpers import FILES, answer, own_sources, rows_of, text
from tidewaiter.base import schema
from tidewaiter.base.errors import CheckError, InputError, RuleError, SourceError
from tidewaiter.base.rulefile import parse_rules
from tidewaiter.codes import areas, products
from tidewaiter.lake.lake import Lake
from tidewaiter.statistics import tidy
from tidewaiter.statistics.card import Card, cards
from tidewaiter.statistics.corrections import Corrections, corrections_of
from tidewaiter.statistics.land import LandOptions, land_file, read, sniff

EVERY_FILE = sorted(path for path in FILES.iterdir() if path.name != "un_comtrade_empty.json")


@pytest.fixture
def lake(tmp_path):
    lake = Lake.open(str(tmp_path / "lake"), memory_limit="500MB", threads=1)
    yield lake
    lake.close()


def count(lake: Lake, table: str = "trade") -> int:
    frame = getattr(lake.tables(), table)
    return len(frame.collect())


@pytest.mark.parametrize("path", EVERY_FILE, ids=lambda path: path.name)
def test_every_layout_lands_as_many_rows_as_were_guessed(lake, path):
    guess = sniff(path)
    landing = land_file(lake, path)
    assert landing.guess == guess
    assert landing.landed.rows == guess.rows
    assert not landing.landed.already


@pytest.mark.parametrize("path", EVERY_FILE, ids=lambda path: path.name)
def test_rows_come_with_the_columns_and_types_of_their_table(path):
    with duckdb.connect() as engine, read(engine, path, LandOptions()) as (guess, rows):
        table = schema.TRADE if guess.card.table == "trade" else schema.PUBLISHED
        wanted = [column for column in table.columns if column.name not in {"vintage", "receipt"}]
        assert rows.columns == [column.name for column in wanted]
        assert [str(type_) for type_ in rows.types] == [column.type for column in wanted]


def test_landing_the_same_file_again_changes_nothing_and_says_so(lake):
    path = FILES / "imf_dots.csv"
    first, second = land_file(lake, path), land_file(lake, path)
    assert (first.landed.already, second.landed.already) == (False, True)
    assert second.landed.receipt == first.landed.receipt
    assert count(lake) == 7


def test_sniffing_lands_nothing(lake):
    sniff(FILES / "imf_dots.csv")
    assert count(lake) == 0


def test_what_is_refused_leaves_nothing_behind(lake, tmp_path):
    path = text(
        tmp_path / "dots.csv", "reporter,flow,partner,year,value_musd", "Japan,X,Haiti,2019,1", "Japan,X,Haiti,2019,2"
    )
    with pytest.raises(CheckError, match=r"dots\.csv: the same line stands twice: rows 1 and 2"):
        land_file(lake, path)
    with pytest.raises(InputError):
        land_file(lake, tmp_path / "nothing.csv")
    assert count(lake) == 0
    temporary = lake.connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE 'bench%'"
    ).fetchall()
    assert temporary == [(0,)]


def test_a_landed_row_can_be_found_again_in_the_publishers_bytes(lake):
    path = FILES / "imf_dots.csv"
    landed = land_file(lake, path).landed
    rows = {row["row"]: row for row in lake.tables().trade.collect().iter_rows(named=True)}
    with lake.open_raw(landed.sha256) as raw:
        assert raw.read() == path.read_bytes()
    line = path.read_text(encoding="utf-8").splitlines()[4]
    assert line.startswith("Russian Federation,X")
    assert "16000.000001" in line
    assert (rows[4]["partner"], rows[4]["value_usd"]) == ("KOR", Decimal("16000000001.000"))


def test_the_receipt_has_the_cards_terms_and_the_users_vintage(lake):
    land_file(
        lake,
        FILES / "wits_totals.csv",
        LandOptions(vintage=date(2018, 5, 2), url="https://example.org/w", complete=True),
    )
    land_file(lake, FILES / "imf_dots.csv")
    receipts = {row["source"]: row for row in lake.tables().receipt.collect().iter_rows(named=True)}
    wits, dots = receipts["wits"], receipts["imf_dots"]
    assert (wits["vintage"], wits["url"], wits["complete"]) == (date(2018, 5, 2), "https://example.org/w", True)
    assert wits["licence"] == cards()["wits"].licence
    assert (dots["url"], dots["complete"]) == (cards()["imf_dots"].url, False)
    assert abs((dots["vintage"] - datetime.now(UTC).date()).days) <= 1


def test_a_later_file_of_the_same_rows_replaces_them(lake, tmp_path):
    head = "reporter,flow,partner,year,value_musd"
    land_file(lake, text(tmp_path / "a.csv", head, "Japan,X,Haiti,2019,1"), LandOptions(vintage=date(2020, 1, 1)))
    later = land_file(
        lake, text(tmp_path / "b.csv", head, "Japan,X,Haiti,2019,2"), LandOptions(vintage=date(2020, 6, 1))
    )
    assert later.landed.replaced_rows == 1
    values = [row["value_usd"] for row in lake.tables().trade.collect().iter_rows(named=True)]
    assert values == [Decimal("2000000.000")]


def test_the_name_and_extension_of_a_file_decide_nothing(tmp_path):
    for name in ("data", "trade.parquet", "trade.json", "trade.xls"):
        path = tmp_path / name
        shutil.copy(FILES / "imf_dots.csv", path)
        assert sniff(path).card.id == "imf_dots"


def test_no_file_is_taken_for_two_sources():
    for path in EVERY_FILE:
        taken = sniff(path).card.id
        for other in cards():
            if other != taken:
                with pytest.raises(SourceError):
                    rows_of(path, source=other)


def test_every_card_says_who_publishes_on_what_terms():
    assert sorted(cards()) == [
        "eurostat_comext",
        "imf_dots",
        "india_dgcis",
        "itc_trade_map",
        "published",
        "un_comtrade",
        "un_comtrade_legacy",
        "un_comtrade_reference",
        "unsd_hs",
        "us_census",
        "wits",
    ]
    for card in cards().values():
        assert card.url is None or card.url.startswith("https://")
        assert card.licence
        assert card.citation.endswith(".")
        assert card.reporter is None or areas.kind(card.reporter) == "country"
        for code in (*card.areas.values(), *(products.resolve_product(code) for code in card.products.values())):
            assert code


def test_every_correction_names_areas_that_exist_and_a_year_or_month():
    checked = 0
    for source in cards():
        for each in corrections_of(source):
            assert areas.kind(each.reporter)
            assert areas.kind(each.partner)
            assert tidy.period_row(each.period)[0] == each.period
            checked += 1
    assert checked == 13


@pytest.mark.parametrize(
    ("action", "extra", "value"),
    [("override", 'value_usd: "5"', "5.000"), ("scale", 'factor: "0.001"', "0.010"), ("flag", "", "10.000")],
)
def test_a_correction_does_what_its_action_says(tmp_path, monkeypatch, action, extra, value):
    given = f"""
corrections:
  - {{reporter: JPN, partner: HTI, flow: export, period: "2019", printed_usd: "10", action: {action}, {extra}
     {"," if extra else ""} reason: tonnes for kilograms, reported_by: a reader, status: open}}
"""
    known = parse_rules(given, "test.corrections.yml", Corrections).corrections
    monkeypatch.setattr("tidewaiter.statistics.corrections.corrections_of", lambda _source: known)
    path = text(
        tmp_path / "dots.csv",
        "reporter,flow,partner,year,value_musd",
        "Japan,X,Haiti,2019,0.00001",
        "Japan,X,Haiti,2018,0.00001",
    )
    guess, rows = rows_of(path)
    assert {row["period"]: str(row["value_usd"]) for row in rows} == {"2019": value, "2018": "10.000"}
    assert any("1 row" in note and "tonnes for kilograms" in note for note in guess.notes)


def test_a_correction_that_says_nothing_to_put_in_is_refused():
    text_ = """
corrections:
  - {reporter: JPN, partner: HTI, flow: export, period: "2019", printed_usd: "10", action: override,
     reason: r, reported_by: b, status: open}
"""
    with pytest.raises(RuleError, match=r"x\.corrections\.yml:3: .*value_usd belongs to the action override"):
        parse_rules(text_, "x.corrections.yml", Corrections)


def test_a_card_with_a_pattern_that_cannot_be_read_is_refused():
    card = """
id: x
title: X
publisher: X
url: https://example.org
licence: X
citation: X.
unit: {name: dollars, usd: "1"}
valuation: {export: fob, import: cif}
layouts:
  - {name: wide, columns: [a], heading: "value (in {period}"}
"""
    with pytest.raises(RuleError, match=r"x\.yml:11: layouts\.0\.heading: .*not a pattern"):
        parse_rules(card, "x.yml", Card)


@given(st.integers(1900, 2099), st.integers(1, 12))
def test_a_period_is_a_year_or_a_month_and_nothing_between(year, month):
    assert tidy.period_row(f"{year}") == (f"{year}", "A", year)
    assert tidy.period_row(f"{year}-{month:02d}") == (f"{year}-{month:02d}", "M", year)
    for other in (f"{year}Q{(month - 1) // 3 + 1}", f"{year}H1", f"{year}..{year + 1}", f"{month}/{year}"):
        with pytest.raises(SourceError):
            tidy.period_row(other)


def test_an_answer_landed_though_it_was_cut_is_never_complete(lake, tmp_path):
    rows = [{"period": f"{1990 + n // 12}{n % 12 + 1:02d}"} for n in range(250)]
    path = answer(tmp_path / "a.json", rows + [row | {"partnerCode": 410} for row in rows])
    with pytest.raises(SourceError, match="exactly 500 rows"):
        land_file(lake, path)
    assert count(lake) == 0
    landing = land_file(lake, path, LandOptions(allow_cut=True, complete=True))
    assert landing.landed.rows == 500
    receipts = [
        row["complete"]
        for row in lake.tables().receipt.collect().iter_rows(named=True)
        if row["source"] == "un_comtrade"
    ]
    assert receipts == [False]


def test_the_reference_has_a_section_for_every_source_and_names_its_layouts():
    reference = (FILES.parents[2] / "docs" / "reference" / "sources.md").read_text(encoding="utf-8")
    sections = dict(part.split("\n", 1) for part in reference.split("\n## ")[1:])
    assert sorted(sections) == sorted(cards())
    for card in cards().values():
        for layout in card.layouts:
            assert layout.name.removesuffix(" (world)") in sections[card.id]


def test_the_source_worked_through_in_the_guide_lands(tmp_path):
    guide = (FILES.parents[2] / "docs" / "how-to" / "add-a-source.md").read_text(encoding="utf-8")
    table, card, parser, corrections = (block.split("\n", 1)[1] for block in guide.split("```")[1::2])
    everything = "\n".join(
        f"from tidewaiter.statistics.{room} import {names}"
        for room, names in {
            "meanings": "default_valuation, flow_in, money, summary",
            "tidy": "NO_QUANTITY, as_trade, period_row",
        }.items()
    )
    (tmp_path / "harbour.yml").write_text(card, encoding="utf-8")
    (tmp_path / "harbour.py").write_text(
        f"from __future__ import annotations\n{everything}\n{parser}", encoding="utf-8"
    )
    path = tmp_path / "table.csv"
    path.write_text(table, encoding="utf-8")
    with own_sources(tmp_path):
        _, rows = rows_of(path)
    said = [(row["exporter"], row["importer"], row["period"], row["value_usd"]) for row in rows]
    assert said == [("SGP", "PRK", "2019-07", Decimal("1500.000"))]
    assert parse_rules(corrections, "harbour.corrections.yml", Corrections).corrections[0].action == "scale"
