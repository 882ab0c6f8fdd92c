"""One chart of each kind, and of each kind of trouble, on the tiny world and on a law made up by hand.

Run it (`python tests/charts_world.py`) to rewrite the golden files in tests/golden/charts; review them like prose.
"""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import world as tiny
from asking import question
from tidewaiter.answers import ask
from tidewaiter.answers.silence import filed
from tidewaiter.base.mirrored import MirrorCell, MirrorTable, Settled, Wanted, Way
from tidewaiter.base.period import Period
from tidewaiter.base.quantity import Quantity
from tidewaiter.base.sheet import Absent
from tidewaiter.law.caps import account
from tidewaiter.law.ledger import Figure, Ledger, Side
from tidewaiter.law.regime import Act, Amount, Cite, Duty, Measure, Quota, Regime, Threshold, WindDown
from tidewaiter.tell.charts.composition import composition
from tidewaiter.tell.charts.exposure import Covered, exposure
from tidewaiter.tell.charts.flows import flows
from tidewaiter.tell.charts.marks import marks_of
from tidewaiter.tell.charts.mirror_gap import mirror_gap
from tidewaiter.tell.charts.multiples import multiples
from tidewaiter.tell.charts.quota import quota
from tidewaiter.tell.charts.regime_days import regime_days

if TYPE_CHECKING:
    from tidewaiter.base.schema import Tables
    from tidewaiter.tell.charts.model import Chart

GOLDEN = Path(__file__).with_name("golden") / "charts"
SPAN = "2018-01/2019-12"
LONG_NAME = (
    "piano parts, and every other thing made by hand that has keys, strings or pedals, wherever it was put together"
)
LEFT_OUT = {"2018-05", "2018-06", "2019-03"}
"""Months of which nobody declared, in the gappy world, what Russia sent to North Korea."""


def series(tables: Tables, exporters="RUS", importers="PRK", period=SPAN, **more):
    asked = {"step": "month", **more}
    return ask(question("series", exporters=exporters, importers=importers, period=period, **asked), tables)


def gappy() -> tiny.Rows:
    """The tiny world without the totals of three months."""
    world = tiny.world()
    line = ("RUS", "PRK", "TOTAL")
    world.trade = [
        row
        for row in world.trade
        if (row["exporter"], row["importer"], row["product"]) != line or row["period"] not in LEFT_OUT
    ]
    return world


def measure(name, kind, start, words, **more) -> Measure:
    return Measure(
        id=name,
        kind=kind,
        direction="from_target" if kind == "export_ban" else "to_target",
        words=words,
        cite=Cite(f"act of {start.year}", "paragraph 1"),
        act=f"act-{start.year}",
        adopted=start,
        start=start,
        verified=more.pop("verified", True),
        **more,
    )


def regime() -> Regime:
    cap = Quota(date(2018, 1, 1), None, "calendar_year", (Amount(Decimal(1000), "t"),), "1,000 t a year", verified=True)
    half = Threshold(Decimal("0.5"), "everybody is told", verified=True)
    return Regime(
        id="made/up",
        title="A made-up regime",
        authority="The authority",
        targets=("PRK",),
        acts=(
            Act("act-2018", "act of 2018", "A/2018", date(2018, 1, 20), "everything", verified=True),
            Act("act-2019", "act of 2019", "A/2019", date(2019, 6, 5), "more", verified=True),
        ),
        measures=(
            measure("pianos", "export_ban", date(2018, 1, 20), "pianos", end=date(2019, 6, 4)),
            measure("more-pianos", "export_ban", date(2019, 6, 5), LONG_NAME, verified=False),
            measure(
                "fish", "import_ban", date(2018, 3, 1), "fish",
                wind_down=WindDown(date(2018, 6, 30), date(2018, 3, 1), "older contracts", verified=True),
            ),
            measure("oil", "quota", date(2018, 1, 1), "oil", quotas=(cap,), thresholds=(half,)),
            measure("report", "duty", date(2019, 6, 5), "report", duties=(Duty("report", date(2019, 12, 1), verified=True),)),
        ),
        events=(),
        readings=(),
        sources=(),
    )  # fmt: skip


def ledger() -> Ledger:
    def said(start, end, tonnes, how="figure"):
        span = Period.parse(f"{start}/{end}")
        known = None if tonnes is None else Decimal(tonnes)
        return Figure(span, "RUS", "notices", how, None, known, True, date(2020, 1, 1), "https://example.org", None, 1)

    figures = (
        said("2018-01", "2018-01", 100),
        said("2018-02", "2018-02", 0, "zero"),
        said("2018-03", "2018-03", 150),
        said("2018-01", "2018-06", 600),
        said("2018-07", "2018-07", None, "no_report"),
    )
    side = Side("notices", "notified to the authority", "as notified")
    return Ledger("oil", "made/up", "Oil to North Korea", ("oil",), "t", "notices", ("RUS",), (side,), (), figures)


def mirror_table() -> MirrorTable:
    def cell(period, out, back, settled=None):
        words = [None if each is None else Decimal(each) for each in (out, back)]
        value = (
            None if settled is None else Quantity(Decimal(settled[1]), "USD", Decimal(settled[0]), Decimal(settled[2]))
        )
        gap = None if None in words else (words[1] - words[0]) / words[0]
        usd = Settled("USD", words[0], words[1], words[0], words[1], words[1], gap=gap, value=value, basis="both")
        return MirrorCell("RUS", "CHN", "TOTAL", "HS", period, usd, Settled("kg"), exporter_filed=out is None)

    cells = (
        cell("2014", "5000000", "6000000", ("4800000", "5400000", "6300000")),
        cell("2015", "5500000", None, ("4000000", "5500000", "7500000")),
        cell("2016", None, None),
        cell("2017", None, "7000000", ("5100000", "7000000", "9600000")),
        cell("2018", "8000000", "7200000", ("6900000", "7600000", "8400000")),
    )
    return MirrorTable(Wanted((Way(("RUS",), ("CHN",)),), Period.parse("2014..2018")), "un_comtrade", "A", cells)


COVERED = (
    Covered("CHN", 2017, Decimal(900_000), Decimal(1_200_000)),
    Covered("CHN", 2018, Decimal(40_000), Decimal(40_000)),
    Covered("CHN", 2019, None, None, Absent.NOT_REPORTED),
    Covered("RUS", 2017, Decimal(0), Decimal(0)),
    Covered("RUS", 2019, None, Decimal(5_000), doubted=True),
    Covered("HKG", 2018, Decimal(12), Decimal(12)),
)


def charts(tables: Tables, with_gaps: Tables) -> dict[str, Chart]:
    """Make one chart of each kind; `with_gaps` are the tables of the gappy world."""
    law = regime()
    marks = marks_of(law.measures, Period.parse(SPAN))
    pairs = [("RUS", "PRK"), ("CHN", "PRK"), ("RUS", "CHN"), ("KOR", "PRK")]
    known = filed(with_gaps, question("series", period=SPAN))
    goods = {"03": LONG_NAME, "27": "نفط ومنتجات بترولية"}
    return {
        "flows": flows([series(tables)], marks=marks),
        "flows_with_gaps": flows([series(with_gaps)], marks=marks, known=known),
        "flows_of_two": flows(
            [series(with_gaps), series(tables, "CHN")], labels=["Russia", "China"], title="Imports of North Korea"
        ),
        "flows_by_year": flows([series(tables, step="year", period="2018..2019", source="imf_dots")]),
        "flows_of_nothing": flows([series(tables, "KOR")]),
        "composition": composition(ask(question("composition", "RUS", "PRK", "2019"), tables), names=goods),
        "partners": composition(ask(question("ranking", "RUS", "", "2019", by="partner"), tables), most=1),
        "mirror": mirror_gap(mirror_table()),
        "quota": quota(account(ledger(), law, 2018)[0]),
        "timeline": regime_days(law, last=date(2019, 12, 31)),
        "exposure": exposure(COVERED, target="PRK", source="Source: a made-up publisher, as of 2020-03-01."),
        "multiples": multiples(
            [series(with_gaps, *pair) for pair in pairs], [f"{a} to {b}" for a, b in pairs], title="Flows", known=known
        ),
    }


def golden(chart: Chart) -> str:
    """Write what a golden file holds: the words and the wide drawing, without the look that all share."""
    bare = {name: value for name, value in chart.spec.items() if name not in {"config", "$schema"}}
    whole = {"title": chart.title, "alt": chart.alt, "caption": chart.caption, "key": chart.key, "spec": bare}
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def main() -> None:
    import duckdb

    GOLDEN.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as one, duckdb.connect() as other:
        for name, chart in charts(tiny.world().tables(one), gappy().tables(other)).items():
            (GOLDEN / f"{name}.json").write_text(golden(chart), encoding="utf-8")


if __name__ == "__main__":
    main()
