"""What a person may rely on when both sides of a trade are set beside each other, on a lake with odd rows in it."""

from __future__ import annotations

import os
import shutil
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from mirror_world import land_links, land_rows, odd_rows, truth, usd, wanted
from tidewaiter import pipeline
from tidewaiter.base.errors import CheckError, CodeError, QueryError
from tidewaiter.base.mirrored import MirrorCell, MirrorTable, Wanted, Way
from tidewaiter.base.period import Period
from tidewaiter.base.question import Answer, Query, Refusal
from tidewaiter.lake import shelf
from tidewaiter.lake.lake import Lake
from world import Rows

if TYPE_CHECKING:
    from pathlib import Path

LINKS = (
    ("HS2017", "HS2012", "030367", "030379", "n:1", True),
    ("HS2017", "HS2012", "030368", "030379", "n:1", True),
)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: Any) -> Lake:
    folder = tmp_path_factory.mktemp("odd")
    opened = Lake.open(str(folder / "lake"))
    land_rows(opened, folder, odd_rows())
    return opened


@pytest.fixture(scope="module")
def with_links(lake: Lake, tmp_path_factory: Any) -> Lake:
    """The same lake, into which a correlation table was landed too."""
    folder = tmp_path_factory.mktemp("linked")
    shutil.copytree(lake.home, folder / "lake")
    opened = Lake.open(str(folder / "lake"))
    land_links(opened, folder, LINKS)
    return opened


def cells(lake: Lake, asked: Wanted) -> list[MirrorCell]:
    return list(pipeline.mirror(asked, lake=lake).cells)


def one(lake: Lake, *asked: str, **more: Any) -> MirrorCell:
    (cell,) = cells(lake, wanted(*asked, **more))
    return cell


def test_truthful_reporters_give_the_truth_back(lake: Lake) -> None:
    for exporter, importer in (("DEU", "FRA"), ("ITA", "DEU"), ("ESP", "FRA")):
        for product, times in (("030367", 1), ("TOTAL", 4)):
            settled = one(lake, exporter, importer, "2018", product).value
            true = usd(times * truth(exporter, importer, "2018"))
            assert settled.basis == "both"
            assert settled.value is not None
            assert abs(settled.value.value / true - 1) < Decimal("0.01")
            assert settled.value.low <= true <= settled.value.high


def test_every_value_lies_inside_its_interval(lake: Lake) -> None:
    every = cells(lake, Wanted((Way(("DEU", "FRA"), ("ITA", "ESP", "CAN")),), Period.parse("2017..2019"), ("03", "27")))
    assert len(every) == 2 * 3 * 3 * 2
    for cell in every:
        assert cell.value.value is not None
        assert cell.value.value.low <= cell.value.value.value <= cell.value.value.high


def test_an_importer_that_values_fob_is_left_alone(lake: Lake) -> None:
    cell = one(lake, "DEU", "CAN", "2019", "030367")
    assert cell.importer_valuation == "fob"
    assert cell.value.importer_fob == cell.value.importer == usd(truth("DEU", "CAN", "2019"))
    assert cell.value.gap == 0
    assert cell.value.value is not None
    assert cell.value.value.value == usd(truth("DEU", "CAN", "2019"))


def test_weights_that_nobody_declared_stay_unknown(lake: Lake) -> None:
    weight = one(lake, "DEU", "FRA", "2019", "030367").weight
    assert (weight.exporter, weight.importer, weight.value, weight.basis) == (None, None, None, "none")


def test_one_sides_word_stands_as_it_was_declared_with_an_interval(lake: Lake) -> None:
    cell = one(lake, "ESP", "ITA", "2019", "030367")
    assert (cell.value.basis, cell.value.importer, cell.importer_filed) == ("exporter", None, True)
    assert cell.value.value is not None
    assert cell.value.value.value == usd(truth("ESP", "ITA", "2019"))
    assert cell.value.value.low < cell.value.value.value < cell.value.value.high


def test_a_side_that_never_reports_makes_the_cell_mirror_only(lake: Lake) -> None:
    table = pipeline.mirror(wanted("FRA", "PRK", "2019"), lake=lake)
    assert [cell.value.basis for cell in table.cells] == ["mirror_only"]
    assert any("North Korea never reports" in note for note in table.notes)


def test_what_nobody_declared_is_silence_and_not_zero(lake: Lake) -> None:
    both_ways = Wanted((Way(("PRK",), ("FRA",)), Way(("FRA",), ("PRK",))), Period.parse("2018..2019"))
    silent = [cell for cell in cells(lake, both_ways) if cell.value.basis == "none"]
    assert [(cell.exporter, cell.period, cell.importer_filed) for cell in silent] == [
        ("FRA", "2018", False),
        ("PRK", "2018", True),
        ("PRK", "2019", True),
    ]
    assert {cell.value.value for cell in silent} == {None}


def test_every_declaration_under_a_cell_is_found_again_in_its_file(lake: Lake) -> None:
    table = pipeline.mirror(wanted("DEU", "FRA", "2019", "030367"), lake=lake)
    (cell,) = table.cells
    assert [(each.role, each.row.reporter, each.row.value) for each in cell.declarations] == [
        ("exporter", "DEU", cell.value.exporter),
        ("importer", "FRA", cell.value.importer),
    ]
    rows = lake.tables().trade.to_native()
    for each in cell.declarations:
        found = rows.filter(f"receipt = '{each.row.receipt}' AND row = {each.row.row}").fetchall()
        assert len(found) == 1
        note = table.receipt(each.row.receipt)
        assert note is not None
        assert lake.raw_path(note.sha256).is_file()


def test_the_same_line_in_two_files_counts_once_by_the_newer_vintage(lake: Lake, tmp_path: Path) -> None:
    shutil.copytree(lake.home, tmp_path / "lake")
    later = Lake.open(str(tmp_path / "lake"))
    again = Rows().declare("DEU", "export", "FRA", "2019", 999, "030367", hs="HS2017", vintage=date(2020, 6, 1))
    land_rows(later, tmp_path, again)
    cell = one(later, "DEU", "FRA", "2019", "030367")
    assert cell.value.exporter == usd(999)
    assert [each.row.value for each in cell.declarations if each.role == "exporter"] == [usd(999)]
    table = pipeline.mirror(wanted("DEU", "FRA", "2019", "030367"), lake=later, as_of=date(2020, 5, 1))
    assert table.cells[0].value.exporter == usd(truth("DEU", "FRA", "2019"))


def test_a_pair_with_one_month_keeps_its_words_and_says_that_no_lag_was_taken_out(lake: Lake) -> None:
    cell = one(lake, "NLD", "BEL", "2019-05", "030367")
    assert (cell.value.exporter, cell.value.importer, cell.value.timing) == (usd(8000), usd(9000), "unadjusted")
    assert cell.lag_months == 0
    assert cell.value.basis == "both"


def test_sides_in_two_editions_without_a_concordance_are_refused_with_the_workbook_to_land(lake: Lake) -> None:
    with pytest.raises(CodeError, match=r"HS2012 and partly in HS2017.*land UNSD's correlation workbook"):
        cells(lake, wanted("DEU", "FRA", "2019-05", "0303"))


def test_sides_in_two_editions_are_brought_to_the_newer_one_and_totals_are_conserved(with_links: Lake) -> None:
    table = pipeline.mirror(wanted("DEU", "FRA", "2019-05", "0303"), lake=with_links)
    assert {(cell.product, cell.hs) for cell in table.cells} == {("030367", "HS2017"), ("030368", "HS2017")}
    assert sum(cell.value.exporter for cell in table.cells if cell.value.exporter is not None) == usd(1000)
    assert {cell.value.basis for cell in table.cells} == {"both"}
    (split, *_) = (each for each in table.cells[0].declarations if each.role == "exporter")
    assert (split.row.product, split.row.hs) == ("030379", "HS2012")
    assert sum(each.share for cell in table.cells for each in cell.declarations if each.role == "exporter") == 1
    assert any("HS2012 brought to HS2017" in note for note in table.notes)


def test_a_product_that_its_edition_does_not_have_is_refused_with_the_nearest(with_links: Lake) -> None:
    with pytest.raises(CodeError, match=r"product 030399 is unknown in HS2012.*nearest: 030379"):
        cells(with_links, wanted("ITA", "FRA", "2019-05", "0303"))


@pytest.mark.parametrize(
    ("exporter", "importer", "says"),
    [
        ("FRA", "W00", "stands for several areas"),
        ("EUR", "FRA", "stands for several areas"),
        ("FRA", "FRA", "exporter and importer at once"),
    ],
)
def test_what_is_no_side_of_a_trade_is_refused(lake: Lake, exporter: str, importer: str, says: str) -> None:
    with pytest.raises(QueryError, match=says):
        cells(lake, wanted(exporter, importer, "2019"))


def test_a_negative_declaration_never_reaches_the_sides(lake: Lake, tmp_path: Path) -> None:
    shutil.copytree(lake.home, tmp_path / "lake")
    later = Lake.open(str(tmp_path / "lake"))
    with pytest.raises(CheckError, match="value is negative"):
        land_rows(later, tmp_path, Rows().declare("DEU", "export", "FRA", "2019", -5, "030367", hs="HS2017"))
    assert one(later, "DEU", "FRA", "2019", "030367") == one(lake, "DEU", "FRA", "2019", "030367")


def test_what_the_publisher_estimated_is_nobodys_word(lake: Lake, tmp_path: Path) -> None:
    shutil.copytree(lake.home, tmp_path / "lake")
    later = Lake.open(str(tmp_path / "lake"))
    guess = Rows().declare("PRK", "import", "FRA", "2019", 77_000, estimated=True, file="guesses")
    land_rows(later, tmp_path, guess)
    cell = one(later, "FRA", "PRK", "2019")
    assert (cell.value.importer, cell.value.basis, cell.importer_filed) == (None, "mirror_only", False)


def test_old_lessons_make_room_and_those_of_today_stay(tmp_path: Path) -> None:
    for number in range(shelf.MOST_KEPT + 5):
        (tmp_path / f"{number:02d}").mkdir()
        day = time.time() - (3 * shelf.A_DAY if number < 9 else 0)
        os.utime(tmp_path / f"{number:02d}", (day + number, day + number))
    shelf._make_room(tmp_path)
    left = sorted(folder.name for folder in tmp_path.iterdir())
    assert left == [f"{number:02d}" for number in range(5, shelf.MOST_KEPT + 5)]


def test_an_empty_lake_has_silent_cells_and_says_so(tmp_path: Path) -> None:
    table = pipeline.mirror(wanted("FRA", "PRK", "2018..2019"), home=str(tmp_path))
    assert [cell.value.basis for cell in table.cells] == ["none", "none"]
    assert "nobody declared all goods" in table.notes[0]


def test_every_partner_is_found_where_none_is_named(lake: Lake) -> None:
    asked = Wanted((Way(("FRA",), ()),), Period.parse("2019"))
    assert [cell.importer for cell in cells(lake, asked)] == ["CAN", "DEU", "ESP", "ITA", "PRK"]


def test_the_second_question_learns_nothing_anew_and_answers_the_same(lake: Lake) -> None:
    told: list[str] = []
    first = pipeline.mirror(wanted("DEU", "FRA", "2019"), lake=lake)
    again = Lake.open(lake.home)
    assert pipeline.mirror(wanted("DEU", "FRA", "2019"), lake=again, tell=told.append) == first
    assert told == []


def test_totals_kept_from_learning_are_those_settled_anew(lake: Lake) -> None:
    asked = wanted("DEU", "FRA", "2017..2019")
    kept = pipeline.mirror(asked, lake=lake)
    anew = pipeline.mirror(replace(asked, products=("TOTAL", "030367")), lake=lake)
    assert kept.cells == tuple(cell for cell in anew.cells if cell.product == "TOTAL")


def test_what_cannot_be_kept_on_disk_is_learned_all_the_same(lake: Lake, tmp_path: Path) -> None:
    shutil.copytree(lake.home, tmp_path / "lake", ignore=shutil.ignore_patterns("learned"))
    (tmp_path / "lake" / "learned").write_text("in the way", "utf-8")
    blocked = Lake.open(str(tmp_path / "lake"))
    assert one(blocked, "DEU", "FRA", "2019").value.basis == "both"


# --- ask --side reconciled -------------------------------------------------------------------------------------


def query(indicator: str = "value", exporter: str = "DEU", importer: str = "FRA", **more: Any) -> Query:
    asked = {"period": Period.parse("2019"), "side": "reconciled"} | more
    return Query(indicator, (exporter,), (importer,), **asked)  # type: ignore[arg-type]


def answered(lake: Lake, *asked: Any, **more: Any) -> Answer:
    answer = pipeline.ask(query(*asked, **more), lake=lake)
    assert isinstance(answer, Answer), answer
    return answer


def test_an_answer_from_both_sides_is_the_cell_with_its_interval_and_its_rows(lake: Lake) -> None:
    cell = one(lake, "DEU", "FRA", "2019")
    answer = answered(lake)
    assert (answer.value, answer.side, answer.basis) == (cell.value.value, "reconciled", ("both",))
    assert {row.reporter for row in answer.evidence} == {"DEU", "FRA"}
    assert len(answer.receipts) == 2
    assert any(note.startswith("basis: both sides declared") for note in answer.notes)


def test_the_sql_of_a_settled_answer_lists_the_declarations_under_it(lake: Lake) -> None:
    answer = answered(lake)
    rows = lake.connection.sql(lake.standalone(answer.sql)).fetchall()
    assert {row[1] for row in rows} == {"DEU", "FRA"}
    assert len(rows) == 2


def test_a_series_adds_its_years_and_the_ends_of_their_intervals(lake: Lake) -> None:
    span = Period.parse("2017..2019")
    every = [cell.value.value for cell in cells(lake, wanted("DEU", "FRA", "2017..2019"))]
    answer = answered(lake, "series", period=span)
    assert answer.value is not None
    for end in ("value", "low", "high"):
        assert getattr(answer.value, end) == sum(getattr(each, end) for each in every)
    assert [line.label for line in answer.table] == ["2017", "2018", "2019"]


def test_totals_balances_and_changes_carry_the_interval_along(lake: Lake) -> None:
    there, back = answered(lake).value, answered(lake, "value", "FRA", "DEU").value
    assert there is not None
    assert back is not None
    both, left = answered(lake, "total").value, answered(lake, "balance").value
    assert both is not None
    assert left is not None
    assert (both.low, both.value, both.high) == (
        there.low + back.low,
        there.value + back.value,
        there.high + back.high,
    )
    assert (left.low, left.high) == (there.low - back.high, there.high - back.low)
    changed = answered(lake, "change", against=Period.parse("2018"))
    assert changed.value is not None
    assert changed.value.low < changed.value.value < changed.value.high
    assert changed.current is not None
    assert changed.current.value == there


def test_a_month_that_was_filed_without_the_line_counts_as_none(tmp_path: Path) -> None:
    rows = Rows()
    for month in ("2018-01", "2018-03"):
        rows.declare("DEU", "export", "FRA", month, 1_000, "030367", hs="HS2017")
        rows.declare("FRA", "import", "DEU", month, 1_000, "030367", hs="HS2017")
    rows.declare("DEU", "export", "ITA", "2018-02", 500, "030367", hs="HS2017")
    lake = Lake.open(str(tmp_path / "lake"))
    land_rows(lake, tmp_path, rows)
    asked = {"period": Period.parse("2018-01/2018-03"), "products": ("030367",)}
    answer = answered(lake, **asked)
    settled = [cell.value.value for cell in cells(lake, wanted("DEU", "FRA", "2018-01/2018-03", "030367"))]
    assert [each is None for each in settled] == [False, True, False]
    assert answer.value is not None
    assert answer.value.value == sum(each.value for each in settled if each is not None)
    assert any("1 month with no line, taken as none declared" in note for note in answer.notes)
    unknown = pipeline.ask(replace(answer.query, period=Period.parse("2018-01/2018-04")), lake=lake)
    assert isinstance(unknown, Refusal)
    assert unknown.reason == "partial_data"


def test_one_side_only_is_answered_and_said_to_be_so(lake: Lake) -> None:
    answer = answered(lake, "value", "FRA", "PRK")
    assert answer.basis == ("mirror_only",)
    assert any("mirror only" in note for note in answer.notes)


@pytest.mark.parametrize("indicator", ["share", "ranking", "composition"])
def test_parts_of_a_whole_that_nobody_declares_twice_are_refused(lake: Lake, indicator: str) -> None:
    with pytest.raises(QueryError, match=f"side reconciled has no {indicator}"):
        pipeline.ask(query(indicator), lake=lake)


def test_an_open_question_has_no_second_side(lake: Lake) -> None:
    with pytest.raises(QueryError, match="name exporter and importer"):
        pipeline.ask(replace(query(), importers=()), lake=lake)


def test_months_are_never_taken_from_a_year(lake: Lake) -> None:
    refused = pipeline.ask(query(period=Period.parse("2019-01/2019-06")), lake=lake)
    assert isinstance(refused, Refusal)
    assert refused.reason == "no_data"


def test_a_year_nobody_declared_makes_the_sum_a_part(lake: Lake) -> None:
    refused = pipeline.ask(query("series", "FRA", "PRK", period=Period.parse("2018..2019")), lake=lake)
    assert isinstance(refused, Refusal) or refused.value is None


# --- stories ---------------------------------------------------------------------------------------------------


def checked(lake: Lake, value: str, whose: str = "German exports to France") -> Any:
    story = f"{whose} were worth {value} in 2018."
    (finding,) = pipeline.check(story, lake=lake).findings
    return finding.data


@pytest.fixture(scope="module")
def disputed(tmp_path_factory: Any) -> Lake:
    """A lake whose reporters differ by half either way, so that the interval of both is wide."""
    folder = tmp_path_factory.mktemp("disputed")
    rows = Rows()
    sides = ("DEU", "FRA", "ITA", "ESP")
    for place, (out, back) in enumerate((out, back) for out in sides for back in sides if out != back):
        for year in ("2016", "2017", "2018", "2019"):
            off = Decimal("1.60") if (place + int(year)) % 2 else Decimal("0.65")
            rows.declare(out, "export", back, year, 10_000_000)
            rows.declare(back, "import", out, year, 10_000_000 * off)
    rows.declare("FRA", "export", "PRK", "2018", 10_000_000)
    opened = Lake.open(str(folder / "lake"))
    land_rows(opened, folder, rows)
    return opened


def test_one_sides_word_keeps_its_verdict_and_the_finding_says_how_far_it_reaches(disputed: Lake) -> None:
    pipeline.mirror(wanted("FRA", "PRK", "2018"), lake=disputed)
    held = checked(disputed, "$11.2 million", "French exports to North Korea")
    assert held.verdict == "contradicted"
    assert "Only one side declared it" in held.sentence
    assert held.settled.answer.basis == ("mirror_only",)


def test_a_figure_inside_what_both_sides_settle_on_is_not_contradicted(disputed: Lake) -> None:
    table: MirrorTable = pipeline.mirror(wanted("DEU", "FRA", "2018"), lake=disputed)
    settled = table.cells[0].value.value
    assert settled is not None
    inside, outside = "$11.2 million", "$40 million"
    assert settled.low < 11_200_000 < settled.high < 40_000_000
    held = checked(disputed, inside)
    assert (held.verdict, held.reason) == ("ambiguous", "sources_differ")
    assert "inside the 90 % interval of what both sides" in held.sentence
    assert held.settled.answer.value == settled
    assert checked(disputed, outside).verdict == "contradicted"
    assert checked(disputed, outside).settled is None


def test_without_anything_learned_a_story_is_checked_as_before(disputed: Lake, tmp_path: Path) -> None:
    shutil.copytree(disputed.home, tmp_path / "lake", ignore=shutil.ignore_patterns("learned"))
    held = checked(Lake.open(str(tmp_path / "lake")), "$11.2 million")
    assert (held.verdict, held.settled) == ("contradicted", None)
