"""What a user may rely on when landing files and reading them back."""

from __future__ import annotations

import errno
import json
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import narwhals as nw
import pytest
from deltalake import DeltaTable

from lake_helpers import DAY, land, seen, trade_rows
from tidewaiter.base.errors import CheckError, LakeError
from tidewaiter.base.schema import PUBLISHED, RECEIPT, TRADE
from tidewaiter.lake.lake import Lake
from tidewaiter.lake.store import digest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OIL = ("RUS", "export", "PRK", "270900", "2019-01", 5)
FUEL = ("RUS", "export", "PRK", "271012", "2019-02", 7)
LATER = date(2020, 2, 29)


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    opened = Lake.open(str(tmp_path / "home"), threads=1)
    yield opened
    opened.close()


def values(lake: Lake, as_of: date | None = None) -> list[tuple[str, Decimal]]:
    return seen(lake.tables(as_of).trade, "product", "value_usd")


def test_a_lake_where_nothing_was_landed_reads_as_empty_and_is_not_made(lake: Lake, tmp_path: Path) -> None:
    tables = lake.tables()
    assert seen(tables.trade, "row") == []
    assert tables.trade.collect_schema().names() == list(TRADE.names)
    assert tables.published.collect_schema().names() == list(PUBLISHED.names)
    assert tables.receipt.collect_schema().names() == list(RECEIPT.names)
    assert not (tmp_path / "home").exists()


def test_landed_rows_come_back_with_every_column_as_it_was_given(lake: Lake, tmp_path: Path) -> None:
    landed = land(
        lake,
        tmp_path,
        [("IND", "import", "PRK", "720851", "2019", "12.345")],
        weight_kg="1.5",
        quantity="2.25",
        quantity_unit="'kg'",
        is_estimated="true",
    )
    [row] = lake.tables().trade.to_native().fetchall()
    assert dict(zip(TRADE.names, row, strict=True)) == {
        "source": "un_comtrade",
        "reporter": "IND",
        "partner": "PRK",
        "flow": "import",
        "product": "720851",
        "hs": "HS2017",
        "period": "2019",
        "frequency": "A",
        "year": 2019,
        "exporter": "PRK",
        "importer": "IND",
        "value_usd": Decimal("12.345"),
        "valuation": "cif",
        "weight_kg": Decimal("1.500"),
        "quantity": 2.25,
        "quantity_unit": "kg",
        "is_estimated": True,
        "vintage": DAY,
        "receipt": landed.receipt,
        "row": 1,
    }


def test_columns_have_the_types_that_the_schema_names(lake: Lake, tmp_path: Path) -> None:
    land(lake, tmp_path, [OIL])
    tables = lake.tables()
    for table, frame in ((TRADE, tables.trade), (RECEIPT, tables.receipt), (PUBLISHED, tables.published)):
        relation = frame.to_native()
        assert dict(zip(relation.columns, map(str, relation.types), strict=True)) == {
            column.name: column.type for column in table.columns
        }


def test_the_receipt_says_what_was_landed_and_the_raw_bytes_are_kept(lake: Lake, tmp_path: Path) -> None:
    landed = land(lake, tmp_path, [OIL, FUEL], name="fish.csv", raw=b"the publisher's bytes")
    names = ("receipt", "sha256", "source", "file", "vintage", "bytes", "rows", "table", "complete")
    receipts = lake.tables().receipt.filter(nw.col("receipt") == landed.receipt)
    sha256 = digest(tmp_path / "fish.csv")[0]
    assert seen(receipts, *names) == [
        (landed.receipt, sha256, "un_comtrade", "fish.csv", DAY, 21, 2, "trade", False),
    ]
    with lake.open_raw(sha256) as file:
        assert file.read() == b"the publisher's bytes"
    assert lake.raw_path(sha256).name == sha256
    assert not [path for path in (tmp_path / "home" / "raw").rglob(".*") if path.is_file()]


def test_receipts_sort_by_the_time_of_landing(lake: Lake, tmp_path: Path) -> None:
    landings = [land(lake, tmp_path, [OIL], raw=bytes([number])).receipt for number in (9, 3, 7)]
    assert landings == sorted(landings)


def test_landing_the_same_bytes_again_changes_nothing_and_says_so(lake: Lake, tmp_path: Path) -> None:
    first = land(lake, tmp_path, [OIL, FUEL], raw=b"same")
    before = lake.tables().receipt.to_native().fetchall()
    again = land(lake, tmp_path, [OIL], raw=b"same", name="renamed.csv", vintage=LATER, complete=True)
    assert (again.already, again.receipt, again.rows, again.replaced_rows) == (True, first.receipt, 2, 0)
    assert lake.tables().receipt.to_native().fetchall() == before
    assert values(lake) == [("270900", 5), ("271012", 7)]


def test_another_lake_on_the_same_place_sees_what_was_landed(lake: Lake, tmp_path: Path) -> None:
    other = Lake.open(lake.home, threads=1)
    assert values(other) == []
    land(lake, tmp_path, [OIL])
    assert values(other) == [("270900", 5)]
    other.close()


def test_frames_keep_showing_the_state_they_were_made_from(lake: Lake, tmp_path: Path) -> None:
    land(lake, tmp_path, [OIL])
    held = lake.tables()
    land(lake, tmp_path, [("RUS", "export", "PRK", "270900", "2019-01", 6)], vintage=LATER)
    assert seen(held.trade, "value_usd") == [(5,)]
    assert values(lake) == [("270900", 6)]


def test_the_sql_of_a_frame_runs_again_on_the_lakes_connection(lake: Lake, tmp_path: Path) -> None:
    land(lake, tmp_path, [OIL, FUEL])
    question = lake.tables().trade.filter(nw.col("product") == "271012").select("value_usd").to_native()
    assert lake.connection.sql(question.sql_query()).fetchall() == [(7,)]


class TestNewerReleases:
    """A newer release replaces an older one for today's questions and stays reachable by day."""

    def test_a_newer_release_replaces_the_older_and_the_older_stays_reachable(self, lake: Lake, tmp_path: Path) -> None:
        land(lake, tmp_path, [OIL, FUEL])
        landed = land(lake, tmp_path, [(*OIL[:5], 6), FUEL], vintage=LATER)
        assert landed.replaced_rows == 1
        assert values(lake) == [("270900", 6), ("271012", 7)]
        assert values(lake, DAY) == [("270900", 5), ("271012", 7)]
        assert values(lake, date(2020, 2, 28)) == [("270900", 5), ("271012", 7)]
        assert values(lake, LATER) == [("270900", 6), ("271012", 7)]
        assert values(lake, date(2020, 1, 30)) == []

    def test_the_vintage_decides_not_the_order_of_landing(self, lake: Lake, tmp_path: Path) -> None:
        land(lake, tmp_path, [(*OIL[:5], 6)], vintage=LATER)
        landed = land(lake, tmp_path, [OIL], vintage=DAY)
        assert landed.replaced_rows == 0
        assert values(lake) == [("270900", 6)]
        assert values(lake, DAY) == [("270900", 5)]

    def test_of_two_landings_of_one_vintage_the_later_is_the_newer(self, lake: Lake, tmp_path: Path) -> None:
        land(lake, tmp_path, [OIL])
        land(lake, tmp_path, [(*OIL[:5], 6)])
        assert values(lake) == [("270900", 6)]

    def test_an_extract_does_not_erase_other_headings_partners_periods_or_levels(
        self, lake: Lake, tmp_path: Path
    ) -> None:
        others = [
            ("RUS", "export", "PRK", "270900", "2019-02", 1),
            ("RUS", "export", "CHN", "270900", "2019-01", 2),
            ("RUS", "import", "PRK", "270900", "2019-01", 3),
            ("RUS", "export", "PRK", "271012", "2019-01", 4),
            ("RUS", "export", "PRK", "27", "2019-01", 8),
            ("RUS", "export", "PRK", "2709", "2019-01", 9),
            ("RUS", "export", "PRK", "TOTAL", "2019-01", 10),
            ("RUS", "export", "PRK", "270900", "2019", 11),
            ("CHN", "import", "RUS", "270900", "2019-01", 12),
        ]
        land(lake, tmp_path, [OIL, *others])
        landed = land(lake, tmp_path, [(*OIL[:5], 6)], vintage=LATER)
        assert landed.replaced_rows == 1
        assert sorted(value for _, value in values(lake)) == [1, 2, 3, 4, 6, 8, 9, 10, 11, 12]

    def test_within_a_heading_a_line_that_the_newer_file_leaves_out_is_gone(self, lake: Lake, tmp_path: Path) -> None:
        land(
            lake,
            tmp_path,
            [("RUS", "export", "PRK", "030311", "2019-01", 5), ("RUS", "export", "PRK", "030312", "2019-01", 6)],
        )
        landed = land(lake, tmp_path, [("RUS", "export", "PRK", "030311", "2019-01", 5)], vintage=LATER)
        assert landed.replaced_rows == 1
        assert values(lake) == [("030311", 5)]

    def test_the_same_numbers_again_replace_nothing(self, lake: Lake, tmp_path: Path) -> None:
        land(lake, tmp_path, [OIL, FUEL])
        assert land(lake, tmp_path, [OIL, FUEL], vintage=LATER).replaced_rows == 0
        assert values(lake) == [("270900", 5), ("271012", 7)]

    def test_a_newer_release_in_another_hs_edition_is_not_added_to_the_older(self, lake: Lake, tmp_path: Path) -> None:
        land(lake, tmp_path, [OIL], hs="'HS2012'")
        land(lake, tmp_path, [(*OIL[:5], 6)], vintage=LATER)
        assert seen(lake.tables().trade, "hs", "value_usd") == [("HS2017", 6)]

    def test_a_complete_file_replaces_all_of_its_reporters_and_periods_and_nothing_else(
        self, lake: Lake, tmp_path: Path
    ) -> None:
        land(
            lake,
            tmp_path,
            [
                OIL,
                ("RUS", "export", "CHN", "440710", "2019-01", 1),
                ("RUS", "import", "PRK", "920110", "2019-01", 2),
                ("RUS", "export", "CHN", "440710", "2019-02", 3),
                ("CHN", "import", "RUS", "440710", "2019-01", 4),
            ],
        )
        landed = land(lake, tmp_path, [(*OIL[:5], 6)], vintage=LATER, complete=True)
        assert landed.replaced_rows == 3
        assert sorted(value for _, value in values(lake)) == [3, 4, 6]
        assert sorted(value for _, value in values(lake, DAY)) == [1, 2, 3, 4, 5]

    def test_an_extract_after_a_complete_file_brings_back_only_itself(self, lake: Lake, tmp_path: Path) -> None:
        land(lake, tmp_path, [OIL, ("RUS", "export", "CHN", "440710", "2019-01", 1)])
        land(lake, tmp_path, [(*OIL[:5], 6)], vintage=date(2020, 2, 1), complete=True)
        land(lake, tmp_path, [("RUS", "export", "KOR", "440710", "2019-01", 2)], vintage=LATER)
        assert sorted(value for _, value in values(lake)) == [2, 6]

    def test_sources_do_not_replace_each_other(self, lake: Lake, tmp_path: Path) -> None:
        land(lake, tmp_path, [OIL])
        path = tmp_path / "imf.csv"
        path.write_bytes(b"imf")
        rows = trade_rows(lake, [(*OIL[:5], 9)], source="'imf_dots'")
        lake.land(TRADE, rows, path, source="imf_dots", licence="", citation="", url=None, vintage=LATER, complete=True)
        assert seen(lake.tables().trade, "source", "value_usd") == [("imf_dots", 9), ("un_comtrade", 5)]

    def test_no_vacuum_and_no_compaction_by_another_tool_changes_what_is_seen(self, lake: Lake, tmp_path: Path) -> None:
        land(lake, tmp_path, [OIL, FUEL])
        land(lake, tmp_path, [(*OIL[:5], 6)], vintage=LATER)
        for table in ("trade", "release", "receipt"):
            log = DeltaTable(f"{lake.home}/{table}")
            log.optimize.compact()
            log.vacuum(retention_hours=0, dry_run=False, enforce_retention_duration=False, full=True)
        again = Lake.open(lake.home, threads=1)
        assert len(DeltaTable(f"{lake.home}/trade").file_uris()) == 1
        assert values(again) == [("270900", 6), ("271012", 7)]
        assert values(again, DAY) == [("270900", 5), ("271012", 7)]
        again.close()


class TestChecks:
    """A file that breaks a check is refused whole, and the message says where."""

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"value_usd": "-1"}, "value is negative: row 1 (value_usd -1.000), row 2 (value_usd -1.000)"),
            ({"weight_kg": "-1"}, "weight is negative: row 1 (weight_kg -1.000)"),
            ({"product": "'27x'"}, "product is not TOTAL nor digits: row 1 (product 27x)"),
            ({"period": "'2019-13'"}, "period does not fit its frequency: row 1 (period 2019-13)"),
            ({"period": "'2019'"}, "period does not fit its frequency: row 1 (period 2019)"),
            ({"frequency": "'Q'"}, "frequency is neither A nor M: row 1 (frequency Q)"),
            ({"valuation": "'exw'"}, "valuation is neither cif nor fob: row 1 (valuation exw)"),
            ({"reporter": "NULL"}, "reporter is missing: row 1, row 2"),
            ({"row": "NULL"}, "row is missing"),
            ({"year": "2018"}, "year is not the period's: row 1 (year 2018)"),
            ({"exporter": "'KOR'"}, "exporter and importer are not reporter and partner: row 1 (exporter KOR)"),
            ({"source": "'imf_dots'"}, "source is not un_comtrade: row 1 (source imf_dots)"),
            ({"value_usd": "'1,5'"}, "row 1: value_usd is 1,5, which does not fit DECIMAL(18,3)"),
            ({"weight_kg": "3689350000012161.5"}, "row 1: weight_kg is 3689350000012161.5, which does not fit"),
        ],
    )
    def test_the_message_names_file_row_column_and_value(
        self, lake: Lake, tmp_path: Path, change: dict[str, str], said: str
    ) -> None:
        with pytest.raises(CheckError) as refused:
            land(lake, tmp_path, [OIL, FUEL], name="bad.csv", **change)
        message = str(refused.value)
        assert message.startswith("bad.csv: ")
        assert said in message
        assert message.endswith("nothing was landed")
        assert "\n" not in message

    def test_nothing_of_a_refused_file_stays(self, lake: Lake, tmp_path: Path) -> None:
        land(lake, tmp_path, [OIL])
        before = sorted(str(path) for path in (tmp_path / "home").rglob("*"))
        with pytest.raises(CheckError):
            land(lake, tmp_path, [FUEL, (*OIL[:5], -1)])
        assert sorted(str(path) for path in (tmp_path / "home").rglob("*")) == before
        assert values(lake) == [("270900", 5)]

    def test_many_failing_rows_are_counted_not_listed(self, lake: Lake, tmp_path: Path) -> None:
        lines = [("RUS", "export", "PRK", "270900", f"2019-{month:02d}", -month) for month in range(1, 13)]
        with pytest.raises(CheckError, match=r"row 3 \(value_usd -3.000\) and 9 more; nothing"):
            land(lake, tmp_path, lines)

    def test_a_line_that_stands_twice_is_refused_with_both_rows(self, lake: Lake, tmp_path: Path) -> None:
        with pytest.raises(CheckError, match=r"the same line stands twice: rows 1 and 3 .*RUS PRK export 270900"):
            land(lake, tmp_path, [OIL, FUEL, (*OIL[:5], 6)])

    def test_a_file_without_rows_is_refused(self, lake: Lake, tmp_path: Path) -> None:
        path = tmp_path / "empty.csv"
        path.write_bytes(b"")
        none = trade_rows(lake, [OIL]).filter("false")
        with pytest.raises(CheckError, match=r"empty.csv holds no rows"):
            lake.land(
                TRADE, none, path, source="un_comtrade", licence="", citation="", url=None, vintage=DAY, complete=False
            )

    def test_a_word_that_no_table_of_codes_knows_is_landed_as_it_is(self, lake: Lake, tmp_path: Path) -> None:
        land(lake, tmp_path, [("QQQ", "export", "PRK", "270900", "2019-01", 5)])
        assert seen(lake.tables().trade, "reporter", "partner") == [("QQQ", "PRK")]

    def test_silence_is_kept_apart_from_zero(self, lake: Lake, tmp_path: Path) -> None:
        land(lake, tmp_path, [(*OIL[:5], None), (*FUEL[:5], 0)])
        assert values(lake) == [("270900", None), ("271012", 0)]


class TestPublished:
    """Printed figures: those that ship with the package, and landed ones over them."""

    def figure(self, lake: Lake, folder: Path, value: int, printed: str, vintage: date, **change: str) -> None:
        path = folder / f"figures-{value}.csv"
        path.write_text(f"{value} {printed}")
        columns = {
            "id": "'rus_prk_2019'",
            "exporter": "'RUS'",
            "importer": "'PRK'",
            "flow": "'export'",
            "measure": "'value'",
            "product": "'TOTAL'",
            "hs": "'HS'",
            "start": "'2019-01'",
            '"end"': "'2019-11'",
            "value": str(value),
            "last_unit": "1",
            "unit": "'USD'",
            "reporter": "'RUS'",
            "publisher": "'A paper'",
            "published_on": f"DATE '{printed}'",
            "url": "NULL",
            "underlying_source": "NULL",
            "note": "NULL",
            "row": "1",
        } | change
        rows = lake.connection.sql("SELECT " + ", ".join(f"{sql} AS {name}" for name, sql in columns.items()))
        lake.land(
            PUBLISHED,
            rows,
            path,
            source="published",
            licence="",
            citation="A paper.",
            url=None,
            vintage=vintage,
            complete=False,
        )

    @staticmethod
    def found(lake: Lake, as_of: date | None = None) -> list[tuple[object, ...]]:
        return seen(lake.tables(as_of).published.filter(nw.col("id") == "rus_prk_2019"), "value", "published_on")

    def test_a_figure_is_seen_from_the_day_it_was_printed(self, lake: Lake, tmp_path: Path) -> None:
        self.figure(lake, tmp_path, 42, "2020-01-20", LATER)
        assert self.found(lake) == [(42, date(2020, 1, 20))]
        assert self.found(lake, date(2020, 1, 20)) == [(42, date(2020, 1, 20))]
        assert self.found(lake, date(2020, 1, 19)) == []

    def test_of_one_figure_the_newest_landing_is_seen(self, lake: Lake, tmp_path: Path) -> None:
        self.figure(lake, tmp_path, 42, "2020-01-20", DAY)
        self.figure(lake, tmp_path, 43, "2020-02-20", LATER)
        assert self.found(lake) == [(43, date(2020, 2, 20))]
        assert self.found(lake, date(2020, 2, 1)) == [(42, date(2020, 1, 20))]

    def test_a_figure_that_breaks_a_check_is_refused(self, lake: Lake, tmp_path: Path) -> None:
        with pytest.raises(CheckError, match=r"span ends before it begins: row 1 \(end 2018-11\)"):
            self.figure(lake, tmp_path, 42, "2020-01-20", DAY, **{'"end"': "'2018-11'"})

    def test_every_figure_has_its_receipt_whatever_the_day(self, lake: Lake, tmp_path: Path) -> None:
        self.figure(lake, tmp_path, 42, "2020-01-20", LATER)
        for day in (None, date(2020, 1, 25)):
            tables = lake.tables(day)
            receipts = {receipt for (receipt,) in seen(tables.receipt, "receipt")}
            assert {receipt for (receipt,) in seen(tables.published, "receipt")} <= receipts


class TestShipped:
    """The package's own figures, from a table made for the test."""

    HEADER = ",".join(column.name for column in PUBLISHED.columns if column.name not in {"receipt", "row"})

    @pytest.fixture
    def packaged(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
        path = tmp_path / "published.csv"
        path.write_text(
            f"{self.HEADER}\n"
            'one,RUS,PRK,export,value,TOTAL,HS,2019-01,2019-11,42170000,10000,USD,RUS,"A paper, weekly",2020-01-20,,,\n'
            "two,PRK,RUS,export,value,TOTAL,HS,2019-01,2019-11,2300000,100000,USD,,Another,2020-03-01,,,\n"
        )
        for module in ("snapshot", "lake"):
            monkeypatch.setattr(f"tidewaiter.lake.{module}.shipped_csv", lambda: path)
        return path

    @pytest.mark.usefixtures("packaged")
    def test_they_are_there_without_any_landing_and_by_day(self, lake: Lake) -> None:
        columns = ("id", "value", "publisher", "receipt", "row")
        assert seen(lake.tables().published, *columns) == [
            ("one", 42170000, "A paper, weekly", "shipped", 1),
            ("two", 2300000, "Another", "shipped", 2),
        ]
        assert seen(lake.tables(date(2020, 2, 1)).published, "id") == [("one",)]

    def test_their_receipt_leads_to_the_packaged_bytes(self, lake: Lake, packaged: Path) -> None:
        sha256, size = digest(packaged)
        [found] = seen(lake.tables().receipt, "receipt", "sha256", "source", "file", "vintage", "bytes", "rows")
        assert found == ("shipped", sha256, "published", "published.csv", date(2020, 3, 1), size, 2)
        with lake.open_raw(sha256) as file:
            assert file.read() == packaged.read_bytes()

    @pytest.mark.usefixtures("packaged")
    def test_a_landed_figure_of_the_same_name_is_preferred(self, lake: Lake, tmp_path: Path) -> None:
        TestPublished().figure(lake, tmp_path, 43, "2020-01-21", date(2000, 1, 1), id="'one'")
        assert seen(lake.tables().published, "id", "value") == [("one", 43), ("two", 2300000)]

    def test_a_package_without_figures_has_none(self, lake: Lake, packaged: Path) -> None:
        packaged.unlink()
        assert seen(lake.tables().published, "id") == []
        assert seen(lake.tables().receipt, "receipt") == []


class TestPlaces:
    """Homes that cannot be used say why, in one line."""

    def test_a_home_that_is_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "home").write_text("x")
        with pytest.raises(LakeError, match="is a file, and a lake is a folder"):
            Lake.open(str(tmp_path / "home"))

    def test_a_home_inside_a_file(self, tmp_path: Path) -> None:
        (tmp_path / "plain").write_text("x")
        with pytest.raises(LakeError, match="cannot be: Not a directory; set TIDEWAITER_HOME"):
            Lake.open(str(tmp_path / "plain" / "home"))

    def test_a_home_that_cannot_be_made(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        lake = Lake.open(str(tmp_path / "home"), threads=1)

        def refuse(*_arguments: object, **_more: object) -> None:
            raise OSError(errno.EROFS, "Read-only file system")

        monkeypatch.setattr("pathlib.Path.mkdir", refuse)
        with pytest.raises(LakeError, match="cannot be made: Read-only file system; set TIDEWAITER_HOME"):
            land(lake, tmp_path, [OIL])

    def test_a_home_that_may_not_be_read_or_written(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        home = tmp_path / "home"
        home.mkdir()
        lake = Lake.open(str(home), threads=1)
        monkeypatch.setattr("os.access", lambda _path, _mode: False)
        with pytest.raises(LakeError, match="may not be read by you"):
            Lake.open(str(home))
        monkeypatch.setattr("os.access", lambda _path, mode: not mode & 2)
        with pytest.raises(LakeError, match="may not be written by you"):
            land(lake, tmp_path, [OIL])
        assert list(home.iterdir()) == []

    def test_a_lake_written_by_a_newer_version(self, lake: Lake, tmp_path: Path) -> None:
        land(lake, tmp_path, [OIL])
        DeltaTable(f"{lake.home}/trade").alter.set_table_properties(
            {"tidewaiter.schema": "2"}, raise_if_not_exists=False
        )
        for act in (lake.tables, lambda: land(lake, tmp_path, [FUEL])):
            with pytest.raises(LakeError, match=r"newer Tidewaiter \(tables of version 2, this one reads 1\); upgrade"):
                act()

    def test_a_lake_whose_log_needs_a_newer_reader(self, lake: Lake, tmp_path: Path) -> None:
        land(lake, tmp_path, [OIL])
        log = tmp_path / "home" / "trade" / "_delta_log"
        protocol = {"protocol": {"minReaderVersion": 99, "minWriterVersion": 99}}
        (log / "00000000000000000002.json").write_text(json.dumps(protocol))
        with pytest.raises(LakeError, match="newer version; upgrade Tidewaiter"):
            lake.tables()

    def test_a_damaged_data_file_is_told_in_one_line(self, lake: Lake, tmp_path: Path) -> None:
        land(lake, tmp_path, [OIL])
        [file] = (tmp_path / "home" / "trade").rglob("*.parquet")
        file.write_bytes(b"rubbish")
        with pytest.raises(LakeError, match=r"is damaged: .*; bring it back from a copy") as told:
            Lake.open(lake.home, threads=1).tables()
        assert "\n" not in str(told.value)

    def test_raw_bytes_that_were_never_landed(self, lake: Lake) -> None:
        with pytest.raises(LakeError, match="no raw file with sha256 00"):
            lake.raw_path("0" * 64)
        with pytest.raises(LakeError, match="is no sha256"):
            lake.raw_path("../../etc/passwd")

    def test_a_source_that_is_no_plain_word_is_refused(self, lake: Lake, tmp_path: Path) -> None:
        path = tmp_path / "f"
        path.write_bytes(b"f")
        with pytest.raises(LakeError, match="small letters"):
            lake.land(
                TRADE,
                trade_rows(lake, [OIL]),
                path,
                source="../x",
                licence="",
                citation="",
                url=None,
                vintage=DAY,
                complete=False,
            )


def test_progress_is_told_from_nothing_to_all(lake: Lake, tmp_path: Path) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"f")
    told: list[float] = []
    lake.land(
        TRADE,
        trade_rows(lake, [OIL, FUEL]),
        path,
        source="un_comtrade",
        licence="",
        citation="",
        url=None,
        vintage=DAY,
        complete=False,
        on_progress=lambda _step, done: told.append(done),
    )
    assert told == sorted(told)
    assert told[0] == 0
    assert told[-1] == 1


@pytest.mark.parametrize("contested", [False, True])
def test_a_question_reads_only_the_files_of_its_year(lake: Lake, tmp_path: Path, contested: bool) -> None:
    lines = [("RUS", "export", "PRK", "270900", f"{year}", year) for year in range(2010, 2020)]
    land(lake, tmp_path, lines)
    if contested:
        land(lake, tmp_path, [(*line[:5], 1) for line in lines], vintage=LATER)
    question = lake.tables().trade.filter(
        nw.col("exporter") == "RUS", nw.col("importer") == "PRK", nw.col("year") == 2015
    )
    plan = question.to_native().explain()
    assert ("2/20" if contested else "1/10") in plan
    assert seen(question, "value_usd") == [(1 if contested else 2015,)]
