"""What a user may rely on when writing the name of an area."""

from __future__ import annotations

import csv
import doctest
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tidewaiter.base.errors import CodeError
from tidewaiter.codes import areas

NAMES = Path(__file__).parent / "cases" / "names"


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def fold_in_sql(texts: list[str]) -> list[str]:
    with duckdb.connect() as engine:
        rows = engine.execute(f"SELECT {areas.FOLD_SQL.format(column='text')} FROM (SELECT unnest(?) AS text)", [texts])
        return [folded for (folded,) in rows.fetchall()]


KOREA = table(NAMES / "korea.csv")
HARD = table(NAMES / "hard.csv")
SPELLINGS = table(areas.spellings_csv())


@pytest.mark.parametrize("case", KOREA, ids=[f"{row['spelling']} ({row['who']})" for row in KOREA])
def test_north_and_south_korea_are_never_confused(case):
    if case["code"] == "refused":
        with pytest.raises(CodeError):
            areas.resolve(case["spelling"])
    else:
        assert areas.resolve(case["spelling"]) == case["code"]


def test_the_table_of_korean_names_is_long_enough_to_mean_something():
    codes = [row["code"] for row in KOREA]
    assert len(codes) >= 60
    assert min(codes.count(code) for code in ("PRK", "KOR", "refused")) >= 20


def test_no_spelling_of_south_korea_says_north_or_democratic_and_the_other_way_round():
    northern = ("north", "dem", "dp", "people", "nord", "norte", "север", "朝鲜", "조선", "北", "n.", "n korea")
    for row in SPELLINGS:
        if row["code"] == "KOR":
            assert not any(word in row["spelling_folded"] for word in northern), row
        if row["code"] == "PRK":
            assert not any(word in row["spelling_folded"] for word in ("south", "süd", "sud", "sur", "юж")), row


def test_korea_alone_is_refused_with_both_spelled_out():
    with pytest.raises(CodeError, match=r"PRK \(North Korea\) or KOR \(South Korea\)") as refusal:
        areas.resolve("Korea", "exports.csv row 12")
    assert "exports.csv row 12" in str(refusal.value)


@pytest.mark.parametrize("case", HARD, ids=[row["spelling"] for row in HARD])
def test_hard_names_stand_for_the_area_that_their_publisher_means(case):
    if case["code"] == "refused":
        with pytest.raises(CodeError):
            areas.resolve(case["spelling"])
    else:
        assert areas.resolve(case["spelling"]) == case["code"]


@pytest.mark.parametrize("misspelt", ["Rusia", "Chna", "North Koera", "Germny", "", " ", "RU", "PRKX", "999", "-1"])
def test_nothing_is_guessed(misspelt):
    with pytest.raises(CodeError, match="is unknown"):
        areas.resolve(misspelt)


def test_an_unknown_name_is_refused_with_its_place_and_the_nearest_spellings():
    with pytest.raises(CodeError) as refusal:
        areas.resolve("Rusian Federation", "trade.txt line 7, column Exporters")
    message = str(refusal.value)
    assert "'Rusian Federation'" in message
    assert "trade.txt line 7, column Exporters" in message
    assert "nearest: Russian Federation" in message


def test_accents_count():
    assert areas.fold("CÔTE") == "côte"
    assert areas.fold("cote") != areas.fold("côte")


@given(st.sampled_from(SPELLINGS), st.sampled_from([str.upper, str.title, str.lower, str.swapcase]), st.booleans())
def test_case_and_blanks_never_change_the_area(row, change, padded):
    changed = change(row["spelling"]) if row["spelling"].isascii() else row["spelling"]
    changed = "\t" + changed.replace(" ", "  ") + "\u00a0" if padded else changed
    assert areas.resolve(changed) == row["code"]


def test_python_and_sql_fold_every_shipped_spelling_alike():
    spellings = [row["spelling"] for row in SPELLINGS]
    folded = [row["spelling_folded"] for row in SPELLINGS]
    assert [areas.fold(each) for each in spellings] == folded
    assert fold_in_sql(spellings) == folded


@given(st.lists(st.text(st.characters(codec="utf-8")), max_size=30))
def test_python_and_sql_fold_any_text_alike(texts):
    assert fold_in_sql(texts) == [areas.fold(text) for text in texts]


@given(st.text())
def test_folding_twice_changes_nothing_more(text):
    once = areas.fold(text)
    assert areas.fold(once) == once


def test_python_and_sql_resolve_the_same_names_to_the_same_codes():
    cases = [row for row in (*KOREA, *HARD) if row["code"] != "refused"]
    with duckdb.connect() as engine:
        rows = engine.execute(
            f"""SELECT text, code FROM (SELECT unnest(?) AS text)
            JOIN read_csv(?, all_varchar = true) ON {areas.FOLD_SQL.format(column="text")} = spelling_folded""",
            [[row["spelling"] for row in cases], str(areas.spellings_csv())],
        ).fetchall()
    assert sorted(rows) == sorted((row["spelling"], row["code"]) for row in cases)


def test_a_join_on_spellings_or_numbers_never_multiplies_rows():
    assert len({row["spelling_folded"] for row in SPELLINGS}) == len(SPELLINGS)
    numbers = [row["m49"] for row in table(areas.m49_csv())]
    assert len(set(numbers)) == len(numbers)


def test_ambiguous_names_stand_in_no_other_table_and_name_real_areas():
    ambiguous = table(areas.ambiguous_csv())
    known = {row["spelling_folded"] for row in SPELLINGS}
    assert ambiguous
    for row in ambiguous:
        assert row["spelling_folded"] == areas.fold(row["spelling"])
        assert row["spelling_folded"] not in known
        assert len({areas.area(code).code for code in row["codes"].split()}) >= 2


def test_every_area_is_found_by_its_code_its_name_and_its_numbers():
    every = list(areas.every_area())
    assert len({each.code for each in every}) == len({each.name for each in every}) == len(every)
    for each in every:
        assert areas.resolve(each.code) == each.code
        assert areas.resolve(each.name) == each.code
    for row in table(areas.m49_csv()):
        assert areas.resolve(row["m49"]) == areas.resolve(row["m49"].zfill(3)) == areas.area(row["code"]).code


def test_every_spelling_belongs_to_an_area_of_the_table():
    assert {row["code"] for row in SPELLINGS} == {each.code for each in areas.every_area()}


def test_every_iso_country_is_an_area_under_its_own_letters_and_official_name():
    pycountry = pytest.importorskip("pycountry")
    assert len(pycountry.countries) >= 249
    for country in pycountry.countries:
        assert areas.resolve(country.alpha_3) == country.alpha_3
        assert areas.resolve(country.name) == country.alpha_3
        assert areas.resolve(getattr(country, "official_name", country.name)) == country.alpha_3


def test_codes_of_our_own_can_never_become_an_iso_country():
    own = [each.code for each in areas.every_area() if "code of our own" in each.source]
    assert own
    for code in own:
        assert len(code) == 3
        assert "XAA" <= code <= "XZZ"  # ISO 3166-1 leaves XAA to XZZ to its users


@pytest.mark.parametrize(
    ("code", "kind", "name"),
    [
        ("PRK", "country", "North Korea"),
        ("KOR", "country", "South Korea"),
        ("RUS", "country", "Russia"),
        ("CHN", "country", "China"),
        ("HKG", "country", "Hong Kong"),
        ("SUN", "dissolved", "Soviet Union"),
        ("YUG", "dissolved", "Yugoslavia"),
        ("SCG", "dissolved", "Serbia and Montenegro"),
        ("CSK", "dissolved", "Czechoslovakia"),
        ("DDR", "dissolved", "East Germany"),
        ("ANT", "dissolved", "Netherlands Antilles"),
        ("W00", "world", "World"),
        ("EUR", "group", "European Union"),
        ("XEA", "group", "Euro area"),
        ("_X", "unspecified", "Areas not specified"),
        ("S19", "unspecified", "Other Asia, nes"),
        ("E19", "unspecified", "Other Europe, nes"),
    ],
)
def test_an_area_has_the_kind_and_the_name_that_readers_expect(code, kind, name):
    assert areas.kind(code) == kind
    assert areas.name(code) == name


AGGREGATES = """World; Advanced Economies; Euro Area; Africa; Sub-Saharan Africa; Middle East; Western Hemisphere
Middle East and Central Asia; Emerging and Developing Asia; Emerging and Developing Economies; European Union
Asia not specified; Special Categories; Countries & Areas not specified; Other Countries not included elsewhere
Areas, nes; Other Asia, nes; Bunkers; Free Zones; LAIA, nes; ASEAN; UNSPECIFIED; Area Nes; European Union Nes"""


@pytest.mark.parametrize("spelling", [name.strip() for line in AGGREGATES.splitlines() for name in line.split(";")])
def test_an_aggregate_is_never_taken_for_a_country(spelling):
    assert areas.kind(areas.resolve(spelling)) in {"world", "group", "unspecified"}


def test_north_korea_never_reports_and_its_neighbours_do():
    assert areas.never_reports("PRK")
    assert "PRK" in areas.non_reporters()
    assert not {"KOR", "CHN", "RUS", "IND", "JPN", "TWN"} & areas.non_reporters()


def test_a_dissolved_state_ends_before_its_successors_begin():
    heirs = {"SUN": ("RUS", "UKR", "KAZ"), "CSK": ("CZE", "SVK"), "XSD": ("SSD",), "SCG": ("MNE",), "DDR": ("DEU",)}
    for gone, successors in heirs.items():
        last = areas.area(gone).last_year
        assert last is not None
        for heir in successors:
            first = areas.area(heir).first_year
            assert first is None or first >= last


def test_years_of_entry_lie_before_years_of_exit():
    for each in areas.every_area():
        if each.first_year and each.last_year:
            assert each.first_year <= each.last_year
        if each.kind != "dissolved" and each.code not in {"VIR", "GUF", "GLP", "REU", "MYT"}:
            assert each.last_year is None, each


def test_an_unknown_code_has_no_name():
    with pytest.raises(CodeError, match="nearest: PRK"):
        areas.name("PRKK")


def test_tables_are_sorted_so_that_a_change_reads_well():
    for path, key in ((areas.spellings_csv(), "spelling_folded"), (areas.ambiguous_csv(), "spelling_folded")):
        keys = [row[key] for row in table(path)]
        assert all(one < other for one, other in pairwise(keys))


def test_importing_the_room_reads_no_table_and_loads_no_engine():
    program = (
        "import sys, tidewaiter.codes.areas as a, tidewaiter.codes.products as p, tidewaiter.codes.units;"
        "assert a._codes.cache_info().currsize == 0 and a._areas.cache_info().currsize == 0;"
        "assert p._labels.cache_info().currsize == 0;"
        "assert not {'duckdb', 'pycountry'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


DOCS = Path(__file__).parents[1] / "docs" / "reference" / "codes.md"


def test_the_examples_in_the_reference_are_true():
    failed, tried = doctest.testfile(str(DOCS), module_relative=False)
    assert (failed, tried > 10) == (0, True)


def test_the_reference_explains_every_code_of_our_own():
    text = DOCS.read_text(encoding="utf-8")
    assert [
        each.code for each in areas.every_area() if "of our own" in each.source and f"`{each.code}`" not in text
    ] == []
