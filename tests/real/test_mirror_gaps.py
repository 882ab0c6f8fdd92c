"""The page on the largest gaps, held against plain SQL over the raw files."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    import duckdb

pytestmark = pytest.mark.real

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "findings" / "mirror-gaps.md").read_text(encoding="utf-8")
FLAT = " ".join(PAGE.split())


def on_page(name: str) -> list[list[str]]:
    """Read a table of the page, without its head."""
    (block,) = re.findall(rf"<!-- begin {name} -->\n(.*?)\n<!-- end {name} -->", PAGE, re.DOTALL)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()[2:]]


def code(cell: str) -> str:
    (found,) = re.findall(r"\((\w+)\)$", cell)
    return found


def millions(amount: Any) -> str:
    return "-" if amount is None else f"{amount / 1e6:,.1f}"


@pytest.fixture(scope="module")
def fish(shared_data: Path) -> duckdb.DuckDBPyConnection:
    """Open the raw file with the one-letter flows, its years and nothing of ours."""
    import duckdb

    connection = duckdb.connect()
    file = shared_data / "comtrade" / "monthly_fish_hs6_2000_2024.parquet"
    connection.execute(f"""CREATE VIEW fish AS SELECT reporterISO AS r, reporterCode AS number, partnerISO AS p, flowCode AS flow, cmdCode AS cmd,
        period, period[1:4]::INT AS year, primaryValue AS usd, netWgt AS kg FROM read_parquet('{file}')""")
    return connection


def one(fish: duckdb.DuckDBPyConnection, query: str) -> Any:
    return fish.execute(query).fetchall()[0]


def test_the_file_is_as_large_as_the_page_says(fish: duckdb.DuckDBPyConnection) -> None:
    rows, reporters = one(fish, "SELECT count(*), count(DISTINCT number) FROM fish")
    assert f"{rows:,} monthly declarations of fish by {reporters} reporters" in FLAT
    assert one(fish, "SELECT max(period) FROM fish WHERE r = 'RUS'") == ("202112",)
    assert "Its last month in these files is December 2021" in FLAT


@pytest.mark.parametrize("area", ["RUS", "CHN"])
def test_both_words_and_the_gap_of_every_pair_of_fish_stand_in_the_raw_file(
    fish: duckdb.DuckDBPyConnection, area: str
) -> None:
    rows = on_page(f"fish-{area}")
    assert len(rows) == 10
    for exporter, importer, out, back, gap, *_ in rows:
        e, i = code(exporter), code(importer)
        assert area in (e, i)
        (said,) = one(fish, f"SELECT sum(usd) FROM fish WHERE r = '{e}' AND p = '{i}' AND flow = 'X' AND year = 2019")
        (heard,) = one(fish, f"SELECT sum(usd) FROM fish WHERE r = '{i}' AND p = '{e}' AND flow = 'M' AND year = 2019")
        assert (out, back, gap) == (millions(said), millions(heard), millions(heard - said)), (e, i)
    sizes = [abs(float(row[4].replace(",", ""))) for row in rows]
    assert sizes == sorted(sizes, reverse=True)


def test_russian_cod_is_as_the_first_case_says(fish: duckdb.DuckDBPyConnection) -> None:
    told = {code(row[0]): row[1:] for row in on_page("cod") if "(" in row[0]}
    for importer, cells in told.items():
        x, xk = one(
            fish,
            f"SELECT sum(usd), sum(kg) FROM fish WHERE r='RUS' AND p='{importer}' AND flow='X' AND cmd='030363' AND year=2019",
        )
        m, mk = one(
            fish,
            f"SELECT sum(usd), sum(kg) FROM fish WHERE r='{importer}' AND p='RUS' AND flow='M' AND cmd='030363' AND year=2019",
        )
        assert cells == [millions(x), millions(m), millions(xk), millions(mk)], importer
    x, xk = one(fish, "SELECT sum(usd), sum(kg) FROM fish WHERE r='RUS' AND flow='X' AND cmd='030363' AND year=2019")
    m, mk = one(fish, "SELECT sum(usd), sum(kg) FROM fish WHERE p='RUS' AND flow='M' AND cmd='030363' AND year=2019")
    assert on_page("cod")[-1] == ["all areas", millions(x), millions(m), millions(xk), millions(mk)]
    by_year = fish.execute("""SELECT year, sum(usd) FILTER (r = 'RUS'), sum(usd) FILTER (r = 'NLD') FROM fish
        WHERE cmd = '030363' AND ((r = 'RUS' AND p = 'NLD' AND flow = 'X') OR (r = 'NLD' AND p = 'RUS' AND flow = 'M'))
        AND year BETWEEN 2016 AND 2021 GROUP BY 1""").fetchall()
    assert len(by_year) == 6
    assert all(out > 3 * back for _, out, back in by_year)
    out, back = (
        one(
            fish,
            f"SELECT sum(usd) / sum(kg) FROM fish WHERE r = '{r}' AND p = '{p}' AND cmd = '030363' AND year = 2019 {flow}",
        )[0]
        for r, p, flow in (("RUS", "NLD", "AND flow = 'X'"), ("NLD", "RUS", "AND flow = 'M'"))
    )
    assert f"{out:.2f} dollars on Russia's side and {back:.2f} on the Dutch one" in FLAT


def test_greenlands_halibut_is_as_the_second_case_says(fish: duckdb.DuckDBPyConnection) -> None:
    for year, *cells in on_page("halibut"):
        where = f"cmd = '030331' AND year = {year}"
        x, xk = one(fish, f"SELECT sum(usd), sum(kg) FROM fish WHERE r='DNK' AND p='CHN' AND flow='X' AND {where}")
        (dnk,) = one(fish, f"SELECT sum(usd) FROM fish WHERE r='CHN' AND p='DNK' AND flow='M' AND {where}")
        (grl,) = one(fish, f"SELECT sum(usd) FROM fish WHERE r='CHN' AND p='GRL' AND flow='M' AND {where}")
        (kg,) = one(fish, f"SELECT sum(kg) FROM fish WHERE r='CHN' AND p IN ('DNK','GRL') AND flow='M' AND {where}")
        assert cells == [millions(x), millions(dnk), millions(grl), millions(xk), millions(kg)], year
        if int(year) >= 2019:
            assert 0.6 <= ((dnk or 0) + grl) / x <= 0.75
    usd, kg = one(
        fish, "SELECT sum(usd), sum(kg) FROM fish WHERE r='DNK' AND p='GRL' AND flow='M' AND cmd='030331' AND year=2019"
    )
    assert (
        f"{usd / 1e6:.1f} million dollars ({kg / 1e3:,.0f} tonnes) of the same fish *imported* from Greenland" in FLAT
    )
    assert one(fish, "SELECT max(year) FROM fish WHERE r = 'GRL'") == (2018,)


def test_seychelles_names_the_koreas_as_the_third_case_says(fish: duckdb.DuckDBPyConnection) -> None:
    told = {int(row[0]): row[1:3] for row in on_page("tuna")}
    declared = fish.execute("""SELECT year, sum(usd) FILTER (p = 'PRK'), sum(usd) FILTER (p = 'KOR') FROM fish
        WHERE r = 'SYC' AND flow = 'M' AND cmd LIKE '0303%' AND p IN ('PRK', 'KOR') GROUP BY 1""").fetchall()
    assert told == {year: [millions(north), millions(south)] for year, north, south in declared}
    assert all(north is None or south is None for _, north, south in declared)
    top = fish.execute("SELECT r FROM fish WHERE p = 'PRK' AND flow = 'M' GROUP BY 1 ORDER BY sum(usd) DESC").fetchall()
    assert top[0] == ("SYC",)
    months = fish.execute("SELECT DISTINCT period FROM fish WHERE r = 'SYC' AND p = 'PRK' ORDER BY 1").fetchall()
    assert [month for (month,) in months] == ["201404", "201405", "201406", "201408", "201602"]


def test_what_partners_declare_of_north_korea_stands_in_the_raw_file(fish: duckdb.DuckDBPyConnection) -> None:
    for who, flow, usd, lines, first, last in on_page("silent"):
        letter = {"import": "M", "export": "X"}[flow]
        declared = one(
            fish,
            f"SELECT sum(usd), count(*), min(period), max(period) FROM fish WHERE r='{code(who)}' AND p='PRK' AND flow='{letter}'",
        )
        assert [usd, lines] == [millions(declared[0]), str(declared[1])], who
        assert [first.replace("-", ""), last.replace("-", "")] == list(declared[2:]), who


def test_the_slipped_weights_stand_in_the_raw_file(fish: duckdb.DuckDBPyConnection) -> None:
    for exporter, importer, month, product, *said in on_page("slips"):
        e, i, period = code(exporter), code(importer), month.replace("-", "")
        x = one(
            fish,
            f"SELECT usd, kg FROM fish WHERE r='{e}' AND p='{i}' AND flow='X' AND cmd='{product}' AND period='{period}'",
        )
        m = one(
            fish,
            f"SELECT usd, kg FROM fish WHERE r='{i}' AND p='{e}' AND flow='M' AND cmd='{product}' AND period='{period}'",
        )
        assert said == [f"{amount:,.0f}" for amount in (x[0], m[0], x[1], m[1])]


IMF = {
    "CHN": "China, P.R.: Mainland",
    "DEU": "Germany",
    "HKG": "China, P.R.: Hong Kong",
    "JPN": "Japan",
    "KOR": "Korea, Rep. of",
    "MEX": "Mexico",
    "MYS": "Malaysia",
    "NLD": "Netherlands, The",
    "PRK": "Korea, Dem. People's Rep. of",
    "RUS": "Russian Federation",
    "USA": "United States",
}


def test_all_goods_stand_in_the_imfs_file(fish: duckdb.DuckDBPyConnection, shared_data: Path) -> None:
    file = shared_data / "imf_dots" / "imf_dots_annual_1960_2020.parquet"
    question = f"SELECT value_musd FROM '{file}' WHERE year = ? AND reporter = ? AND flow = ? AND partner = ?"
    rows = on_page("totals")
    assert len(rows) == 12
    for exporter, importer, out, back, *_ in rows:
        e, i = IMF[code(exporter)], IMF[code(importer)]
        assert fish.execute(question, [2019, e, "X", i]).fetchall() == [
            (pytest.approx(float(out.replace(",", "")), abs=0.051),)
        ]
        assert fish.execute(question, [2019, i, "M", e]).fetchall() == [
            (pytest.approx(float(back.replace(",", "")), abs=0.051),)
        ]
    for year, *_, imf in on_page("vintages"):
        said = fish.execute(question, [int(year), IMF["CHN"], "X", IMF["PRK"]]).fetchall()
        assert said == [(pytest.approx(float(imf.replace(",", "")), abs=0.051),)]


def test_the_states_of_chinas_declaration_stand_in_the_files_of_wits_and_trade_map(shared_data: Path) -> None:
    # Thousands of dollars, from the publishers' own files.
    with (shared_data / "wits" / "wits_prk_partner_totals_1962_2016.csv").open(encoding="utf-8-sig") as lines:
        wits = {row["year"]: row["export_kusd"] for row in csv.DictReader(lines) if row["reporter"] == "CHN"}
    told = {row[0]: row[1] for row in on_page("vintages")}
    assert {year: f"{float(wits[year]) / 1e3:,.1f}" for year in ("2014", "2015", "2016")} == {
        year: told[year] for year in ("2014", "2015", "2016")
    }
    files = list((shared_data / "trademap" / "China").glob("*.txt"))
    text = "\n".join(file.read_text(encoding="utf-8-sig") for file in files)
    assert {"2016": "2,929.1", "2017": "3,331.0", "2018": "2,218.1"}.items() <= {
        row[0]: row[2] for row in on_page("vintages")
    }.items()
    for thousands in ("3330975", "2218140", "2588886"):
        assert thousands in text
