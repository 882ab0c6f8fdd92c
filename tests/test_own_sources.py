"""What may be relied on when a user brings a source: a folder or an installed package, and the guide is the test."""

from __future__ import annotations

import re
import shutil
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from fetch_helpers import comtrade, fetch, trade
from source_helpers import own_sources, rows_of
from tidewaiter.base.errors import InputError, RuleError
from tidewaiter.statistics.card import cards

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

GUIDE = Path(__file__).resolve().parent.parent / "docs" / "how-to" / "bring-your-own-source.md"


@pytest.fixture
def folder(tmp_path):
    """The guide's two files, as a reader would save them."""
    blocks = re.findall(r"```(\w*)\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    made = {kind: text for kind, text in blocks if kind in {"yaml", "python"}}
    target = tmp_path / "mysources"
    target.mkdir()
    (target / "harbour_office.yml").write_text(made["yaml"], "utf-8")
    (target / "harbour_office.py").write_text(made["python"], "utf-8")
    (tmp_path / "july.csv").write_text(blocks[0][1], "utf-8")
    return target


def test_a_file_of_ones_own_source_is_recognised_and_read(folder, tmp_path):
    with own_sources(folder):
        assert cards()["harbour_office"].title == "Harbour office"
        guess, rows = rows_of(tmp_path / "july.csv")
    assert guess.card.id == "harbour_office"
    said = [(row["exporter"], row["importer"], row["period"], row["value_usd"]) for row in rows]
    assert said == [("SGP", "PRK", "2019-07", Decimal(1500)), ("CHN", "SGP", "2019-07", Decimal(20000))]
    assert "harbour_office" not in cards()


def test_ones_own_source_is_fetched_month_by_month_as_its_card_says(folder, tmp_path, monkeypatch):
    with comtrade(monkeypatch) as api, own_sources(folder):
        monkeypatch.setenv("HARBOUR_URL", api.url)

        def page(path, _asked):
            month = path.rsplit("/", 1)[1].removesuffix(".csv")
            body = f"area;direction;month;kusd\nKOREA DP RP;out;{month};{month[-1]}\n"
            return (200, body.encode(), "text/csv") if month != "2019-09" else (404, b"no such table", "text/plain")

        api.pages["/tables/"] = page
        _, outcome = fetch(tmp_path / "lake", "harbour", reporters=[], partners=[], period="2019-07/2019-09")
        assert [path for path, _ in api.seen] == [f"/tables/2019-{month}.csv" for month in ("07", "08", "09")]
        assert len(outcome.landed) == 2
        assert "404: no such table" in outcome.refused[0]
        rows = trade(tmp_path / "lake")
    assert [(row[6], row[11]) for row in rows] == [("2019-07", Decimal(7000)), ("2019-08", Decimal(8000))]


def test_an_installed_package_that_names_an_entry_point_is_found(folder, tmp_path, monkeypatch):
    site = tmp_path / "site"
    shutil.copytree(folder, site / "harbour_sources")
    (site / "harbour_sources" / "__init__.py").write_text("")
    info = site / "harbour_sources-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: harbour-sources\nVersion: 1.0\n")
    said = re.search(r"```toml\n\[project.entry-points.\"(.+?)\"\]\n(\w+) = \"(\w+)\"", GUIDE.read_text("utf-8"))
    assert said is not None
    (info / "entry_points.txt").write_text(f"[{said[1]}]\n{said[2]} = {said[3]}\n")
    monkeypatch.syspath_prepend(str(site))
    with own_sources():
        guess, rows = rows_of(tmp_path / "july.csv")
    assert (guess.card.id, len(rows)) == ("harbour_office", 2)
    for name in ("harbour_sources", "harbour_sources.harbour_office"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda folder: (folder / "harbour_office.py").unlink(), "there is no harbour_office.py"),
        (lambda folder: (folder / "harbour_office.py").write_text("def parse("), "does not load: SyntaxError"),
        (lambda folder: (folder / "harbour_office.py").write_text("x = 1"), "no function parse"),
        (
            lambda folder: (folder / "harbour_office.yml").rename(folder / "other.yml"),
            "'harbour_office' is not the name of the file",
        ),
    ],
)
def test_a_source_that_is_not_whole_is_told_by_its_file(folder, tmp_path, change, says):
    change(folder)
    with own_sources(folder), pytest.raises(RuleError, match=says):
        rows_of(tmp_path / "july.csv")


def test_a_source_may_not_take_the_name_of_another(folder, tmp_path):
    card = (folder / "harbour_office.yml").read_text("utf-8").replace("id: harbour_office", "id: wits")
    (folder / "wits.yml").write_text(card, "utf-8")
    with own_sources(folder), pytest.raises(RuleError, match="'wits' is the name of another source"):
        cards()


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with own_sources(tmp_path / "nowhere"), pytest.raises(InputError, match="TIDEWAITER_SOURCES names"):
        cards()


def test_a_template_that_nothing_fills_in_is_told(folder, tmp_path, monkeypatch):
    path = folder / "harbour_office.yml"
    path.write_text(path.read_text("utf-8").replace("{year}-{month}", "{day}"), "utf-8")
    with (
        comtrade(monkeypatch),
        own_sources(folder),
        pytest.raises(RuleError, match=r"\{day\} is filled in by nothing"),
    ):
        fetch(tmp_path / "lake", "harbour", reporters=[], partners=[], period="2019-07")
