"""The commands on both sides run on Spark where the setting names it, and give the same numbers."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import spark_helpers as sh
from mirror_world import tiny_lake

if TYPE_CHECKING:
    from pathlib import Path

YEARS = ("mirror", "PRK", "--with", "RUS,CHN", "--period", "2018..2019", "--format", "csv")
ANSWER = ("ask", "exports", "RUS", "--to", "CHN", "--period", "2018", "--side", "reconciled", "--json")


def test_the_same_cells_and_answers_come_from_spark(tmp_path: Path) -> None:
    sh.need_spark()
    conf = tmp_path / "conf"
    conf.mkdir()
    lines = "\n".join(f"{key} {value}" for key, value in sh.QUICK.items())
    (conf / "spark-defaults.conf").write_text(f"{lines}\n", "utf-8")
    home = tiny_lake(tmp_path / "lake", tmp_path).home

    def run(engine: str, *words: str) -> str:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TIDEWAITER_")}
        shown = subprocess.run(
            [sys.executable, "-m", "tidewaiter", *words],
            capture_output=True,
            text=True,
            encoding="utf-8",
            env={**environment, "TIDEWAITER_HOME": home, "TIDEWAITER_ENGINE": engine, "SPARK_CONF_DIR": str(conf)},
        )
        assert shown.returncode == 0, shown.stderr
        return shown.stdout

    # What Spark learned is kept, and read again by DuckDB; then DuckDB learns by itself.
    on_spark = run("local", *YEARS)
    assert run("duckdb", *YEARS) == on_spark
    answered = run("local", *ANSWER)
    shutil.rmtree(f"{home}/learned")
    assert run("duckdb", *YEARS) == on_spark
    assert run("duckdb", *ANSWER) == answered
