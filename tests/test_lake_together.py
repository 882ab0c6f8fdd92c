"""What may be relied on when several files are landed in one go: all of them or none, and what each alone would be."""

from __future__ import annotations

from datetime import timedelta

import pytest

from lake_helpers import land, seen
from tidewaiter.base.errors import LakeError
from tidewaiter.base.schema import RECEIPT
from tidewaiter.lake import landing
from tidewaiter.lake.lake import Lake

LINES = [[("RUS", "export", "PRK", "27", f"20{year}", year)] for year in range(10, 16)]


@pytest.fixture
def lake(tmp_path):
    with_one = Lake.open(str(tmp_path / "home"), threads=1)
    yield with_one
    with_one.close()


def years(lake):
    return [period for (period,) in seen(lake.tables().trade, "period")]


def test_files_landed_together_become_visible_at_once_each_with_a_receipt_of_its_own(lake, tmp_path):
    with lake.together():
        landed = [land(lake, tmp_path, lines, name=f"{number}.csv") for number, lines in enumerate(LINES)]
        assert years(lake) == []
    assert years(lake) == [f"20{year}" for year in range(10, 16)]
    receipts = seen(lake.tables().receipt, "receipt", "file", "rows", "sha256")
    assert {(each.receipt, f"{number}.csv", 1, each.sha256) for number, each in enumerate(landed)} <= set(receipts)
    by_receipt = dict(seen(lake.tables().trade, "period", "receipt"))
    assert by_receipt == {f"20{year}": each.receipt for year, each in zip(range(10, 16), landed, strict=True)}


def test_what_is_replaced_is_what_would_be_one_by_one(lake, tmp_path):
    land(lake, tmp_path, LINES[0])
    newer = [("RUS", "export", "PRK", "27", "2010", 99)]
    with lake.together():
        landed = land(lake, tmp_path, newer)
        other = land(lake, tmp_path, LINES[1])
    assert (landed.replaced_rows, other.replaced_rows) == (1, 0)
    assert seen(lake.tables().trade, "period", "value_usd") == [("2010", 99), ("2011", 11)]


def test_where_the_block_raises_nothing_is_landed_and_the_same_files_land_later(lake, tmp_path):
    def stopped():
        with lake.together():
            land(lake, tmp_path, LINES[0])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stopped()
    assert years(lake) == []
    assert not land(lake, tmp_path, LINES[0]).already
    assert years(lake) == ["2010"]


def test_the_same_bytes_are_landed_once_within_a_block_and_beside_it(lake, tmp_path):
    land(lake, tmp_path, LINES[0])
    with lake.together():
        assert land(lake, tmp_path, LINES[0]).already
        first = land(lake, tmp_path, LINES[1])
        second = land(lake, tmp_path, LINES[1])
    assert (first.already, second.already, second.receipt) == (False, True, first.receipt)
    assert years(lake) == ["2010", "2011"]


def test_bytes_that_another_process_lands_meanwhile_let_none_be_landed_twice(lake, tmp_path):
    other = Lake.open(str(tmp_path / "home"), threads=1)

    def both():
        with lake.together():
            land(lake, tmp_path, LINES[0])
            land(lake, tmp_path, LINES[1])
            land(other, tmp_path, LINES[1])

    with pytest.raises(LakeError, match="landed already"):
        both()
    other.close()
    assert years(lake) == ["2011"]
    assert not land(lake, tmp_path, LINES[0]).already
    assert land(lake, tmp_path, LINES[1]).already
    assert years(lake) == ["2010", "2011"]


def test_what_a_kill_before_the_receipts_leaves_is_invisible_and_tidied_up(lake, tmp_path, monkeypatch):
    def dies_before_receipts(store, table, *more):
        if table is RECEIPT:
            raise KeyboardInterrupt
        return commit(store, table, *more)

    commit = landing.commit
    land(lake, tmp_path, LINES[5])
    with monkeypatch.context() as then:
        then.setattr(landing, "commit", dies_before_receipts)
        with pytest.raises(KeyboardInterrupt):
            together(lake, tmp_path, LINES[:4])
    assert years(lake) == ["2015"]
    assert lake.tidy_up(timedelta()) == 4
    assert lake.tidy_up(timedelta()) == 0
    together(lake, tmp_path, LINES[:4])
    assert years(lake) == ["2010", "2011", "2012", "2013", "2015"]


def together(lake, tmp_path, several):
    with lake.together():
        for lines in several:
            land(lake, tmp_path, lines)


def test_an_empty_block_changes_nothing(lake):
    with lake.together():
        pass
    assert years(lake) == []
