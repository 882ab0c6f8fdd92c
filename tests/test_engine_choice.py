"""Which engine runs the big tables, and what is said where it cannot; needs neither Spark nor Java."""

from __future__ import annotations

import builtins
import socket
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import narwhals as nw
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from lake_helpers import DAY, land
from tidewaiter.base.errors import InputError, LakeError
from tidewaiter.base.schema import DATE, MONEY, TEXT, TRADE, Column, Table
from tidewaiter.base.settings import settings
from tidewaiter.lake.engines import Duck, open_engine
from tidewaiter.lake.lake import Lake
from tidewaiter.lake.newest import newest
from tidewaiter.lake.spark import Spark
from tidewaiter.lake.visible import scan

LINE = st.tuples(
    st.sampled_from(["RUS", "CHN"]),
    st.sampled_from(["export", "import"]),
    st.sampled_from(["PRK", "KOR"]),
    st.sampled_from(["TOTAL", "27", "2709", "270900", "270910", "271012"]),
    st.sampled_from(["2018-12", "2019-01", "2019"]),
)
LANDINGS = st.lists(
    st.tuples(st.integers(0, 2), st.booleans(), st.frozensets(LINE, min_size=1, max_size=8)), min_size=1, max_size=5
)


@pytest.fixture(autouse=True)
def _forgetful() -> Any:
    """Read the settings anew."""
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.mark.parametrize("engine", ["duckdb", "local", "spark://10.0.0.1:7077", "spark://one:7077,two:7077"])
def test_an_engine_is_chosen_by_the_environment(monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    monkeypatch.setenv("TIDEWAITER_ENGINE", engine)
    assert settings().engine == engine


def test_without_a_choice_it_is_duckdb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIDEWAITER_ENGINE", raising=False)
    assert settings().engine == "duckdb"
    settings.cache_clear()
    monkeypatch.setenv("TIDEWAITER_ENGINE", "")
    assert settings().engine == "duckdb"


@pytest.mark.parametrize("engine", ["spark", "spark://host", "spark://ho st:7077", "yarn", "duckdb "])
def test_an_unknown_engine_is_refused_with_the_ones_there_are(monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    monkeypatch.setenv("TIDEWAITER_ENGINE", engine)
    with pytest.raises(InputError, match=r"TIDEWAITER_ENGINE is .*write duckdb, local or spark://host:port"):
        settings()


def test_where_spark_is_not_installed_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    really = builtins.__import__

    def without_spark(name: str, *rest: Any, **more: Any) -> Any:
        if name.split(".", maxsplit=1)[0] == "pyspark":
            raise ImportError(name)
        return really(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without_spark)
    with pytest.raises(LakeError, match=r"not installed: pip install 'tidewaiter\[spark\]'"):
        Spark.open("local")


def test_where_java_is_missing_the_error_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("pyspark", reason="PySpark is not installed: pip install 'tidewaiter[spark]'")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(LakeError, match="needs Java 17 or newer"):
        Spark.open("local")


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_cluster_that_does_not_answer_is_an_error_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tidewaiter.lake.spark._session_builder", lambda: None)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(LakeError, match=f"no Spark master answers at spark://127.0.0.1:{port}; start the cluster"):
        Spark.open(f"spark://127.0.0.1:{port}")


@examples(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(landings=LANDINGS)
def test_the_rule_of_newest_release_says_the_same_in_both_languages(landings: Any) -> None:
    """Held against the lake's own view, on every day that makes a difference."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        lake = Lake.open(str(folder / "home"), threads=1)
        for number, (days, complete, lines) in enumerate(landings):
            rows = [(*line, number) for line in sorted(lines)]
            land(lake, folder, rows, vintage=DAY + timedelta(days), complete=complete, raw=bytes([number]))
        for day in (None, DAY - timedelta(1), DAY, DAY + timedelta(1)):
            assert by_expressions(lake, day) == sorted(lake.tables(day).trade.to_native().fetchall())
        lake.close()


def by_expressions(lake: Lake, day: date | None) -> list[tuple[Any, ...]]:
    """Apply the rule as another engine would: files as they are, then contested files by expressions."""
    parts = lake.parts(day)

    def rows(files: tuple[str, ...]) -> Any:
        return nw.from_native(lake.connection.sql(scan(TRADE, [file.removeprefix("file://") for file in files])))

    found = [*rows(parts.plain).to_native().fetchall()]
    found += newest(rows(parts.contested), parts.placed).to_native().fetchall()
    return sorted(found)


def test_files_of_a_lake_behind_a_url_are_named_by_that_url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    lake = Lake.open(f"file://{tmp_path}/far", threads=1)
    land(lake, tmp_path, [("RUS", "export", "PRK", "27", "2019", 7)])
    (file,) = lake.parts().plain
    assert file.startswith(f"file://{tmp_path}/far/trade/source=un_comtrade/frequency=A/year=2019/")
    lake.close()


def test_an_empty_lake_has_no_parts(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "home"), threads=1)
    parts = lake.parts()
    assert (parts.plain, parts.contested) == ((), ())
    assert parts.placed.to_native().fetchall() == []
    lake.close()


def test_duckdb_is_opened_on_the_lakes_own_connection(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIDEWAITER_ENGINE", raising=False)
    lake = Lake.open(str(tmp_path / "home"), threads=1)
    land(lake, tmp_path, [("RUS", "export", "PRK", "27", "2019", 7), ("RUS", "export", "KOR", "27", "2019", 8)])
    with open_engine(lake) as engine:
        assert isinstance(engine, Duck)
        trade = engine.tables(lake).trade
        kept = engine.keep("north", trade.filter(nw.col("importer") == "PRK").select("exporter", "value_usd"))
        assert engine.rows(kept) == [("RUS", Decimal("7.000"))]
        again = engine.keep("north", kept)
        assert engine.rows(again) == engine.rows(kept)
    left = lake.connection.execute("SELECT table_name FROM duckdb_tables() WHERE table_name LIKE 'north%'").fetchall()
    assert left == []
    lake.close()


def test_rows_handed_to_duckdb_come_back_as_they_were(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "home"), threads=1)
    table = Table("odd", (Column("word", TEXT, ""), Column("amount", MONEY, ""), Column("day", DATE, "")), ())
    rows = [('it\'s "quoted"', Decimal("0.001"), date(2019, 1, 2)), (None, None, None)]
    with open_engine(lake, "duckdb") as engine:
        assert engine.rows(engine.table(table, rows)) == rows
        empty = engine.table(table, [])
        assert engine.rows(empty) == []
        assert empty.collect_schema().names() == ["word", "amount", "day"]
    lake.close()


def test_two_engines_on_one_lake_keep_their_tables_apart(tmp_path: Path) -> None:
    lake = Lake.open(str(tmp_path / "home"), threads=1)
    table = Table("same", (Column("word", TEXT, ""),), ())
    with open_engine(lake, "duckdb") as one:
        mine = one.table(table, [("one",)])
        with open_engine(lake, "duckdb") as two:
            assert two.rows(two.table(table, [("two",)])) == [("two",)]
        assert one.rows(mine) == [("one",)]
    lake.close()
