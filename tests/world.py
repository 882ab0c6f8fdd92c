"""The tiny world: five areas, five products, 24 months, two HS editions, and a known truth.

The areas bear real codes so that the tables of names hold for them; every number is made up.
The truth of a line in month k (0 is January 2018, 23 is December 2019) is `first + step * k`
dollars FOB, so its sums are done by hand:

    2018 = 12 * first +  66 * step        (0 + 1 + ... + 11 = 66)
    2019 = 12 * first + 210 * step        (12 + 13 + ... + 23 = 210)

Each reporter declares it in a way of its own:

    PRK   says nothing, ever
    RUS   exports FOB, imports at 1.10 times the truth (CIF); keeps HS2012 through 2019
    CHN   exports FOB, imports at 1.05 times the truth; books a quarter of its exports to PRK to HKG;
          moves to HS2017 in 2019; writes the weight of 2018-06 in tonnes where kilograms belong
    KOR   declares at the truth on both sides, but a month late: what moved in k stands in k + 1
    HKG   declares nothing of 2019-07 (missing, not zero); writes its exports of 2018-02 to KOR as PRK's

Goods weigh one kilogram per dollar of truth.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import narwhals as nw

from tidewaiter.base.schema import PUBLISHED, RECEIPT, TRADE, Table, Tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import duckdb

AREAS = ("CHN", "HKG", "KOR", "PRK", "RUS")
PRODUCTS = ("030367", "030617", "270900", "271012", "920110")
MONTHS = tuple(f"{year}-{month:02d}" for year in (2018, 2019) for month in range(1, 13))
REPORTERS = ("CHN", "HKG", "KOR", "RUS")

TRUTH = {
    ("RUS", "PRK", "271012"): (1_000_000, 10_000),
    ("RUS", "PRK", "030367"): (200_000, 0),
    ("RUS", "CHN", "270900"): (9_000_000, 100_000),
    ("RUS", "CHN", "030367"): (500_000, 0),
    ("CHN", "PRK", "271012"): (2_000_000, 20_000),
    ("CHN", "RUS", "920110"): (300_000, 1_000),
    ("CHN", "KOR", "920110"): (400_000, 0),
    ("PRK", "RUS", "920110"): (100_000, 1_000),
    ("PRK", "CHN", "030617"): (800_000, -10_000),
    ("KOR", "CHN", "271012"): (3_000_000, 0),
    ("KOR", "RUS", "920110"): (250_000, 5_000),
    ("HKG", "KOR", "030617"): (60_000, 0),
    ("HKG", "PRK", "030617"): (40_000, 0),
}
"""First month's value and monthly step, in dollars FOB, per exporter, importer and product."""

CIF = {"RUS": Decimal("1.10"), "CHN": Decimal("1.05"), "KOR": Decimal(1), "HKG": Decimal(1)}
VINTAGE = date(2020, 3, 1)


def truth(exporter: str, importer: str, product: str, month: str) -> Decimal:
    """Return the dollars FOB that truly moved."""
    first, step = TRUTH[exporter, importer, product]
    return Decimal(first + step * MONTHS.index(month))


@dataclass
class Rows:
    """Rows of the three tables as they are put together by hand, and the frames made of them."""

    trade: list[dict[str, Any]] = field(default_factory=list)
    published: list[dict[str, Any]] = field(default_factory=list)
    receipt: dict[str, dict[str, Any]] = field(default_factory=dict)

    def declare(
        self,
        reporter: str,
        flow: str,
        partner: str,
        period: str,
        value: Decimal | int | str | None,
        product: str = "TOTAL",
        *,
        source: str = "un_comtrade",
        hs: str | None = None,
        weight: Decimal | int | None = None,
        estimated: bool = False,
        vintage: date = VINTAGE,
        file: str | None = None,
    ) -> Rows:
        """Add one declaration; the file is one per source, reporter and vintage unless named."""
        name = file or f"{source}-{reporter}-{vintage.isoformat()}"
        self._receipt(name, source, vintage)
        outward = flow in {"export", "re_export", "domestic_export"}
        year = int(period[:4])
        self.trade.append(
            {
                "source": source,
                "reporter": reporter,
                "partner": partner,
                "flow": flow,
                "product": product,
                "hs": hs or ("HS" if product == "TOTAL" else "HS2017" if year >= 2019 else "HS2012"),
                "period": period,
                "frequency": "A" if len(period) == 4 else "M",
                "year": year,
                "exporter": reporter if outward else partner,
                "importer": partner if outward else reporter,
                "value_usd": None if value is None else Decimal(value),
                "valuation": "fob" if outward else "cif",
                "weight_kg": None if weight is None else Decimal(weight),
                "quantity": None,
                "quantity_unit": None,
                "is_estimated": estimated,
                "vintage": vintage,
                "receipt": name,
                "row": sum(row["receipt"] == name for row in self.trade) + 1,
            }
        )
        return self

    def months(self, reporter: str, flow: str, partner: str, values: dict[str, int | str | None], **more: Any) -> Rows:
        """Add a declaration for each month named."""
        for month, value in values.items():
            self.declare(reporter, flow, partner, month, value, **more)
        return self

    def printed(
        self,
        exporter: str | None,
        importer: str | None,
        start: str,
        end: str,
        value: str,
        last_unit: str,
        *,
        flow: str = "import",
        publisher: str = "Gazette",
        on: date = date(2020, 1, 24),
        unit: str = "USD",
        measure: str = "value",
        product: str = "TOTAL",
        reporter: str | None = None,
    ) -> Rows:
        """Add one printed figure."""
        self._receipt("published", "published", date(2020, 4, 1))
        number = len(self.published) + 1
        self.published.append(
            {
                "id": f"figure-{number}", "exporter": exporter, "importer": importer, "flow": flow, "measure": measure,
                "product": product, "hs": "HS", "start": start, "end": end, "value": Decimal(value),
                "last_unit": Decimal(last_unit), "unit": unit, "reporter": reporter, "publisher": publisher,
                "published_on": on, "url": "https://example.org/story", "underlying_source": None, "note": None,
                "receipt": "published", "row": number,
            }
        )  # fmt: skip
        return self

    def _receipt(self, name: str, source: str, vintage: date) -> None:
        self.receipt[name] = {
            "receipt": name, "sha256": f"{name.encode().hex():0<64.64}", "source": source, "file": f"{name}.csv",
            "url": None, "licence": "made up", "citation": f"{source}, a made-up publisher.",
            "retrieved_at": datetime(2020, 4, 1, tzinfo=UTC), "vintage": vintage, "bytes": 1, "rows": 1, "table": "trade",
            "complete": False, "tool": "0",
        }  # fmt: skip

    def tables(self, connection: duckdb.DuckDBPyConnection) -> Tables:
        """Make DuckDB frames of the rows."""
        return Tables(
            trade=nw.from_native(_relation(connection, TRADE, self.trade)),
            published=nw.from_native(_relation(connection, PUBLISHED, self.published)),
            receipt=nw.from_native(_relation(connection, RECEIPT, self.receipt.values())),
        )


def _relation(
    connection: duckdb.DuckDBPyConnection, table: Table, rows: Iterable[dict[str, Any]]
) -> duckdb.DuckDBPyRelation:
    columns = ", ".join(f'"{column.name}" {column.type}' for column in table.columns)
    connection.execute(f"CREATE OR REPLACE TABLE {table.name} ({columns})")
    values = [tuple(row[name] for name in table.names) for row in rows]
    place = f"({', '.join('?' * len(table.names))})"
    for start in range(0, len(values), 500):
        some = values[start : start + 500]
        statement = f"INSERT INTO {table.name} VALUES {', '.join([place] * len(some))}"
        connection.execute(statement, [value for row in some for value in row])
    return connection.table(table.name)


def world() -> Rows:
    """Declare the tiny world: UN Comtrade by month and line, the IMF by year."""
    rows = Rows()
    lines = list(declared())
    for reporter, flow, partner, month, product, value, weight in lines:
        rows.declare(reporter, flow, partner, month, value, product, weight=weight, hs=edition(reporter, month))
    totals: dict[tuple[str, str, str, str], Decimal] = {}
    for reporter, flow, partner, month, _product, value, _weight in lines:
        for whom in (partner, "W00"):
            key = (reporter, flow, whom, month)
            totals[key] = totals.get(key, Decimal(0)) + value
    for (reporter, flow, partner, month), value in sorted(totals.items()):
        rows.declare(reporter, flow, partner, month, value)
    years: dict[tuple[str, str, str, str], Decimal] = {}
    for (reporter, flow, partner, month), value in totals.items():
        key = (reporter, flow, partner, month[:4])
        years[key] = years.get(key, Decimal(0)) + value
    for (reporter, flow, partner, year), value in sorted(years.items()):
        rows.declare(reporter, flow, partner, year, value, source="imf_dots", file="imf_dots")
        if partner == "PRK":
            estimate = value * Decimal("1.06") if flow == "export" else value / Decimal("1.06")
            other = "import" if flow == "export" else "export"
            rows.declare(
                "PRK", other, reporter, year, round(estimate, 3), source="imf_dots", estimated=True, file="imf_dots"
            )
    rows.printed("RUS", "PRK", "2019-01", "2019-11", "15.1e6", "1e5", publisher="Gazette")
    rows.printed("RUS", "PRK", "2018-01", "2018-12", "15.06e6", "1e4", publisher="Gazette")
    return rows


def edition(reporter: str, month: str) -> str:
    """Return the HS edition a reporter uses in a month."""
    return "HS2012" if reporter == "RUS" or month < "2019" else "HS2017"


def declared() -> Iterator[tuple[str, str, str, str, str, Decimal, Decimal]]:
    """Yield what each reporter declares: reporter, flow, partner, month, product, value, weight."""
    for exporter, importer, product in TRUTH:
        for index, month in enumerate(MONTHS):
            if exporter in REPORTERS:
                yield from _exported(exporter, importer, product, index, month)
            if importer in REPORTERS:
                yield from _imported(exporter, importer, product, index, month)


def _exported(
    exporter: str, importer: str, product: str, index: int, month: str
) -> Iterator[tuple[str, str, str, str, str, Decimal, Decimal]]:
    value = truth(exporter, importer, product, month)
    if exporter == "KOR":
        if index:
            late = truth(exporter, importer, product, MONTHS[index - 1])
            yield exporter, "export", importer, month, product, late, late
    elif exporter == "CHN" and importer == "PRK":
        weight = value / 1000 if month == "2018-06" else value
        yield exporter, "export", importer, month, product, value * 3 / 4, weight * 3 / 4
        yield exporter, "export", "HKG", month, product, value / 4, weight / 4
    elif exporter == "CHN" and month == "2018-06":
        yield exporter, "export", importer, month, product, value, value / 1000
    elif exporter == "HKG" and month == "2019-07":
        return
    elif exporter == "HKG" and importer == "KOR" and month == "2018-02":
        yield exporter, "export", "PRK", month, "920110", value, value
    else:
        yield exporter, "export", importer, month, product, value, value


def _imported(
    exporter: str, importer: str, product: str, index: int, month: str
) -> Iterator[tuple[str, str, str, str, str, Decimal, Decimal]]:
    if importer == "KOR":
        if not index:
            return
        month, index = MONTHS[index], index - 1
        value = truth(exporter, importer, product, MONTHS[index])
    else:
        value = truth(exporter, importer, product, month)
    if importer == "HKG" and month == "2019-07":
        return
    yield importer, "import", exporter, month, product, value * CIF[importer], value
