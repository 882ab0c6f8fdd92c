"""The tiny world and hand-made declarations landed in a lake, for the tests of both sides."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tidewaiter.base.mirrored import Wanted, Way
from tidewaiter.base.period import Period
from tidewaiter.base.schema import TRADE
from tidewaiter.base.schema_reconcile import LANDED_CONCORDANCE
from tidewaiter.base.terms import TOTAL
from tidewaiter.lake.engine import literal
from tidewaiter.lake.lake import Lake
from world import Rows, _relation, world

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

DAY = date(2020, 3, 1)
_GIVEN = tuple(name for name in TRADE.names if name not in {"receipt", "vintage"})


def land_rows(lake: Lake, folder: Path, rows: Rows) -> None:
    """Land the trade of `rows`, one file for each receipt."""
    relation = _relation(lake.connection, TRADE, rows.trade)
    for name, receipt in rows.receipt.items():
        if receipt["source"] == "published":
            continue
        path = folder / receipt["file"]
        path.write_text(f"{name}\n{sum(row['receipt'] == name for row in rows.trade)}", "utf-8")
        lake.land(
            TRADE,
            relation.filter(f"receipt = {literal(name)}").project(", ".join(f'"{each}"' for each in _GIVEN)),
            path,
            source=receipt["source"],
            licence=receipt["licence"],
            citation=receipt["citation"],
            url=None,
            vintage=receipt["vintage"],
            complete=False,
        )


def tiny_lake(home: Path, folder: Path) -> Lake:
    """Land the tiny world."""
    lake = Lake.open(str(home))
    land_rows(lake, folder, world())
    return lake


def land_links(lake: Lake, folder: Path, links: Iterable[tuple[str, str, str, str, str, bool]]) -> None:
    """Land a correlation table: hs_from, hs_to, code_from, code_to, relationship, is_main."""
    rows = [
        "SELECT "
        + ", ".join(
            f"{value if isinstance(value, bool | int) else literal(str(value))} AS {name}"
            for name, value in zip((*LANDED_CONCORDANCE.names[:6], "row"), (*link, place), strict=True)
        )
        for place, link in enumerate(links, 1)
    ]
    path = folder / "links.xlsx"
    path.write_text(repr(rows), "utf-8")
    lake.land(
        LANDED_CONCORDANCE,
        lake.connection.sql(" UNION ALL ".join(rows)),
        path,
        source="unsd_hs",
        licence="free",
        citation="UNSD.",
        url=None,
        vintage=DAY,
        complete=False,
    )


def wanted(exporter: str, importer: str, period: str, *products: str, **more: Any) -> Wanted:
    """Ask for one direction."""
    return Wanted((Way((exporter,), (importer,)),), Period.parse(period), products or (TOTAL,), **more)


def odd_rows() -> Rows:
    """Declare, by year, what a lake may hold of two sides; truthful but for freight (6 %) where nothing else is said.

    Germany, France, Italy and Spain trade two goods with each other; Canada values imports FOB; nobody declares
    a weight; Italy's imports from Spain of 2019 are missing; North Korea says nothing. In 2019-05 the Netherlands
    and Belgium declare their one month, and Germany still uses HS2012 where France has moved on to HS2017.
    """
    rows = Rows()
    for exporter in ("DEU", "FRA", "ITA", "ESP"):
        for importer in ("DEU", "FRA", "ITA", "ESP", "CAN"):
            if exporter != importer:
                for year in ("2017", "2018", "2019"):
                    _both(rows, exporter, importer, year)
    rows.declare("FRA", "export", "PRK", "2019", 50_000, "030367", hs="HS2017")
    rows.declare("FRA", "export", "PRK", "2019", 50_000)
    rows.declare("NLD", "export", "BEL", "2019-05", 8_000, "030367", hs="HS2017", file="months")
    rows.declare("BEL", "import", "NLD", "2019-05", 9_000, "030367", hs="HS2017", file="months")
    rows.declare("DEU", "export", "FRA", "2019-05", 1_000, "030379", hs="HS2012", file="months")
    rows.declare("FRA", "import", "DEU", "2019-05", 700, "030367", hs="HS2017", file="months")
    rows.declare("FRA", "import", "DEU", "2019-05", 360, "030368", hs="HS2017", file="months")
    rows.declare("ITA", "export", "FRA", "2019-05", 500, "030399", hs="HS2012", file="months")
    rows.declare("FRA", "import", "ITA", "2019-05", 530, "030367", hs="HS2017", file="months")
    return rows


def truth(exporter: str, importer: str, year: str) -> int:
    """Return the dollars FOB of fish that truly moved in a year of `odd_rows`."""
    return 1000 * (ord(exporter[0]) + 2 * ord(importer[0])) + 10_000 * (int(year) - 2016)


def _both(rows: Rows, exporter: str, importer: str, year: str) -> None:
    fish = truth(exporter, importer, year)
    for product, value in (("030367", fish), ("270900", 3 * fish), ("TOTAL", 4 * fish)):
        edition = "HS" if product == "TOTAL" else "HS2017"
        rows.declare(exporter, "export", importer, year, value, product, hs=edition)
        if (exporter, importer, year) == ("ESP", "ITA", "2019"):
            continue
        if importer == "CAN":
            rows.declare(importer, "import", exporter, year, value, product, hs=edition)
            rows.trade[-1]["valuation"] = "fob"
        else:
            rows.declare(importer, "import", exporter, year, value * Decimal("1.06"), product, hs=edition)


def usd(amount: str | int) -> Decimal:
    """Write dollars as the lake keeps them."""
    return Decimal(amount).quantize(Decimal("0.001"))
