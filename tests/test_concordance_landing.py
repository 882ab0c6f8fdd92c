"""What may be relied on when UNSD's correlation workbooks are landed, and what screening makes of them."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import xlsxwriter
from typer.testing import CliRunner

from source_helpers import API_ROW
from tidewaiter.base.errors import LakeError, SourceError, TidewaiterError
from tidewaiter.cli import app
from tidewaiter.lake.lake import Lake
from tidewaiter.statistics.land import LandOptions, land_file, sniff

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# HS 2012 took heading 2710's waste with biodiesel apart: 271020 was part of 271019 before.
PAIRS = [("271012", "271011"), ("271019", "271019"), ("271020", "271019")]


def workbook(
    path: Path, pairs: Sequence[tuple[str, str]] = PAIRS, newer: str = "HS 2012", older: str = "HS 2007"
) -> Path:
    """Write a workbook as UNSD lays them out: a sheet of correlations and one of conversions."""
    with xlsxwriter.Workbook(str(path)) as book:
        related = [["Between", "", ""], [newer, older, "Relationship"], *([*pair, "1:1"] for pair in pairs)]
        converted = [["From", "To"], [newer, older], *(list(pair) for pair in pairs)]
        for name, rows in (("Correlation", related), ("Conversion", converted)):
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    opened = Lake.open(str(tmp_path / "lake"), memory_limit="500MB", threads=1)
    yield opened
    opened.close()


def links(lake: Lake, as_of: date | None = None) -> list[tuple[Any, ...]]:
    frame = (
        lake.concordance(as_of).select("hs_from", "hs_to", "code_from", "code_to", "relationship", "row").sort("row")
    )
    return frame.to_native().fetchall()


def test_a_workbook_lands_as_links_between_two_editions(lake: Lake, tmp_path: Path) -> None:
    landing = land_file(lake, workbook(tmp_path / "anything.bin"), LandOptions(vintage=date(2020, 1, 31)))
    assert (landing.guess.card.id, landing.guess.about, landing.guess.format) == (
        "unsd_hs",
        "HS2012 to HS2007",
        "workbook",
    )
    assert links(lake) == [
        ("HS2012", "HS2007", "271012", "271011", "1:1", 1),
        ("HS2012", "HS2007", "271019", "271019", "n:1", 2),
        ("HS2012", "HS2007", "271020", "271019", "n:1", 3),
    ]
    (receipt,) = lake.tables().receipt.to_native().filter("source = 'unsd_hs'").project('"table", rows').fetchall()
    assert receipt == ("concordance", 3)
    assert lake.raw_path(landing.landed.sha256).read_bytes() == (tmp_path / "anything.bin").read_bytes()


def test_the_same_workbook_is_landed_once(lake: Lake, tmp_path: Path) -> None:
    first = land_file(lake, workbook(tmp_path / "a.xlsx"))
    again = land_file(lake, tmp_path / "a.xlsx")
    assert (again.landed.already, again.landed.receipt) == (True, first.landed.receipt)
    assert len(links(lake)) == 3


def test_an_empty_lake_has_no_links(lake: Lake) -> None:
    assert links(lake) == []


def test_links_are_seen_from_their_vintage_on_and_the_newest_workbook_of_two_editions_counts(
    lake: Lake, tmp_path: Path
) -> None:
    land_file(lake, workbook(tmp_path / "new.xlsx"), LandOptions(vintage=date(2020, 6, 1)))
    land_file(lake, workbook(tmp_path / "old.xlsx", PAIRS[:1]), LandOptions(vintage=date(2020, 1, 1)))
    other = [("030614", "030614")]
    land_file(lake, workbook(tmp_path / "other.xlsx", other, "HS 2017"), LandOptions(vintage=date(2020, 2, 1)))
    assert links(lake, date(2019, 12, 31)) == []
    assert [link[2] for link in links(lake, date(2020, 1, 31))] == ["271012"]
    assert sorted(link[2] for link in links(lake)) == ["030614", "271012", "271019", "271020"]


def test_a_workbook_with_a_damaged_row_is_refused_whole_with_sheet_and_row(lake: Lake, tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"sheet 'Correlation', row 5: expected two 6-digit codes"):
        land_file(lake, workbook(tmp_path / "a.xlsx", [*PAIRS[:2], ("27102", "")]))
    assert links(lake) == []
    assert not Path(lake.home, "receipt").exists()


@pytest.mark.parametrize("newer", ["HS 2013", "HS 2007"])
def test_an_edition_that_does_not_exist_or_leads_to_itself_is_refused(lake: Lake, tmp_path: Path, newer: str) -> None:
    with pytest.raises(TidewaiterError, match=r"HS2013|HS2007"):
        land_file(lake, workbook(tmp_path / "a.xlsx", newer=newer))
    assert links(lake) == []


def test_any_other_workbook_and_one_that_is_cut_are_refused_with_what_to_do(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "sales.xlsx")) as book:
        book.add_worksheet().write_row(0, 0, ["Country", "Value"])
    whole = workbook(tmp_path / "whole.xlsx").read_bytes()
    (tmp_path / "cut.xlsx").write_bytes(whole[: len(whole) // 2])
    for name in ("sales.xlsx", "cut.xlsx"):
        with pytest.raises(SourceError, match="save the sheet as CSV"):
            sniff(tmp_path / name)


def test_a_lost_table_of_links_is_no_silence(lake: Lake, tmp_path: Path) -> None:
    land_file(lake, workbook(tmp_path / "a.xlsx"))
    Path(lake.home, "concordance").rename(tmp_path / "gone")
    with pytest.raises(LakeError, match="lost a table: 1 landings of concordance"):
        lake.concordance()


def test_tidying_up_keeps_the_links(lake: Lake, tmp_path: Path) -> None:
    from datetime import timedelta

    land_file(lake, workbook(tmp_path / "a.xlsx"))
    lake.tidy_up(timedelta(0))
    assert len(links(lake)) == 3


@pytest.fixture
def shipped_fuel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A lake with one declaration in HS2007: Russia's export of 271019 to North Korea, May 2017."""
    monkeypatch.setenv("TIDEWAITER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "80")
    row = {**API_ROW, "period": "201705", "classificationCode": "H3", "cmdCode": "271019"}
    (tmp_path / "fuel.json").write_text(json.dumps({"count": 1, "data": [row]}))
    assert CliRunner().invoke(app, ["land", str(tmp_path / "fuel.json")]).exit_code == 0
    return tmp_path


def fuel_notes() -> dict[str, tuple[str, str]]:
    told = CliRunner().invoke(app, ["screen", "--target", "PRK", "--format", "csv"]).output
    return {row["measure"]: (row["edition_note"], row["coverage"]) for row in csv.DictReader(io.StringIO(told))}


def test_screening_restates_codes_once_a_workbook_is_landed_and_says_so(shipped_fuel: Path) -> None:
    fuel = "2270-31-aviation-fuel"  # paragraph 31, code 271019 of HS2012, in part
    assert fuel_notes()[fuel][0].startswith("edition not restated")
    told = CliRunner().invoke(app, ["land", str(workbook(shipped_fuel / "unsd.xlsx"))]).output
    assert "UNSD correlation tables (workbook), HS2012 to HS2007, 3 rows" in told
    assert fuel_notes()[fuel] == ("271019 of HS2012 restated to HS2007", "partial")


def test_status_of_a_code_of_another_edition_follows_the_landed_workbook(shipped_fuel: Path) -> None:
    # 271011 of HS2007 became 271012 of HS2012, which paragraph 31 covers in part; the numbers share nothing.
    asked = ["law", "status", "271011", "--to", "PRK", "--on", "2017-05-15", "--hs", "HS2007", "--json"]
    before = json.loads(CliRunner().invoke(app, asked).output)
    CliRunner().invoke(app, ["land", str(workbook(shipped_fuel / "unsd.xlsx"))])
    after = json.loads(CliRunner().invoke(app, asked).output)
    assert (before["status"], after["status"]) == ("permitted", "banned")
