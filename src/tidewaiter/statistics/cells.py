"""Make the cells that people see of settled rows: both words, what they were settled by, and their rows.

Pure Python on a few thousand rows; owns which declarations lie under a cell and what a silence is.
"""

from __future__ import annotations

import math
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.base.mirrored import Declaration, MirrorCell, Settled
from tidewaiter.base.period import Period
from tidewaiter.base.quantity import Quantity
from tidewaiter.base.question import Evidence
from tidewaiter.base.terms import TOTAL
from tidewaiter.statistics import gather
from tidewaiter.statistics.mirror import SETTLED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tidewaiter.base.mirrored import Role, Wanted
    from tidewaiter.base.terms import Frequency
    from tidewaiter.statistics.gather import Choice
    from tidewaiter.statistics.lessons import Era, Narrowed
    from tidewaiter.statistics.split import Split

    Filed = set[tuple[str, str, str]]
    """(reporter, flow, period) of which the source holds any line."""
    Place = tuple[str, str, str, str, str]

_PLACES: Final = Decimal("0.000001")
_ONE: Final = Decimal(1)


def make(  # everything that was worked out, once
    wanted: Wanted,
    chosen: Choice,
    made: Iterable[Mapping[str, Any]],
    said: Sequence[Mapping[str, Any]],
    used: Sequence[Split],
    narrow: Mapping[Era, Narrowed],
    filed: Filed,
    hs: str | None,
) -> list[MirrorCell]:
    """Return the cells in `wanted`'s span, spoken and silent ones, in order.

    `made` are the settled cells (`lessons.SETTLED`), `said` the declarations under them, `used` the shares by
    which some were restated to the edition `hs`, `narrow` by era what the cells were settled by.
    """
    under = _under(said, used, hs)
    mine = [row for row in made if wanted.period.contains(Period.parse(row["period"]))]
    spoken = [_cell(row, under, _of(narrow, row["period"]), filed) for row in mine]
    there = {
        (cell.exporter, cell.importer, cell.period, asked)
        for cell in spoken
        if (asked := gather.asked_of(cell.product, wanted.products))
    }
    every = [*spoken, *silent(wanted, chosen.frequency, there, filed)]
    return sorted(every, key=lambda cell: (cell.exporter, cell.importer, cell.product, cell.period, cell.hs))


def _of(narrow: Mapping[Era, Narrowed], period: str) -> Narrowed:
    return next(known for era, known in narrow.items() if era.settles(period))


def silent(
    wanted: Wanted, frequency: Frequency, there: set[tuple[str, str, str, str]], filed: Filed
) -> list[MirrorCell]:
    """List the cells of which nobody spoke: of named pairs every one, of others where they spoke of another period."""
    pairs = {(out, back) for way in wanted.ways for out in way.exporters for back in way.importers}
    pairs |= {(out, back) for out, back, _, _ in there}
    spoken_of = {(out, back, asked) for out, back, _, asked in there}
    named = {(out, back) for way in wanted.ways for out in way.exporters for back in way.importers}
    return [
        MirrorCell(
            out,
            back,
            asked,
            wanted.hs or "HS",
            period,
            Settled("USD"),
            Settled("kg"),
            exporter_filed=(out, "export", period) in filed,
            importer_filed=(back, "import", period) in filed,
        )
        for out, back in sorted(pairs)
        for asked in wanted.products
        if (out, back) in named or (out, back, asked) in spoken_of
        for period in gather.units(wanted.period, frequency)
        if (out, back, period, asked) not in there
    ]


def _under(
    said: Sequence[Mapping[str, Any]], used: Sequence[Split], hs: str | None
) -> dict[tuple[Place, Role], list[Declaration]]:
    """Say which declarations lie under each cell, and with which share."""
    led: dict[tuple[str, str], list[tuple[str, Decimal]]] = defaultdict(list)
    for row in used:
        if row.share:
            led[row.hs_from, row.code_from].append((row.code_to, row.share))
    found: dict[tuple[Place, Role], list[Declaration]] = defaultdict(list)
    for line in said:
        role: Role = "exporter" if line["flow"] == "export" else "importer"
        aims = led.get((line["hs"], line["product"]), [(line["product"], _ONE)])
        edition = (
            hs if hs is not None and (line["product"] == TOTAL or (line["hs"], line["product"]) in led) else line["hs"]
        )
        for product, share in aims:
            place = (line["exporter"], line["importer"], product, edition, line["period"])
            found[place, role].append(Declaration(role, _evidence(line), line["weight_kg"], Decimal(share)))
    return found


def _evidence(line: Mapping[str, Any]) -> Evidence:
    return Evidence(
        source=line["source"],
        reporter=line["reporter"],
        partner=line["partner"],
        flow=line["flow"],
        product=line["product"],
        hs=line["hs"],
        period=line["period"],
        value=line["value_usd"],
        unit="USD",
        valuation=line["valuation"],
        vintage=line["vintage"],
        receipt=line["receipt"],
        row=int(line["row"]),
        is_estimated=bool(line["is_estimated"]),
    )


def _cell(
    made: Mapping[str, Any],
    under: Mapping[tuple[Place, Role], list[Declaration]],
    narrow: Narrowed,
    filed: Filed,
) -> MirrorCell:
    out, back, section, period = (made[name] for name in ("exporter", "importer", "section", "period"))
    place = (out, back, made["product"], made["hs"], period)
    out_trust, back_trust = narrow.trust[out, "exporter", section], narrow.trust[back, "importer", section]
    margin, margin_cells = narrow.margin[out, back, section]
    lag = narrow.lag.get((out, back), narrow.lag.get(("", ""), (0.0, 0)))
    rows = sorted(
        (*under.get((place, "exporter"), ()), *under.get((place, "importer"), ())),
        key=lambda each: (each.role, each.row.hs, each.row.product, each.row.id),
    )
    return MirrorCell(
        exporter=out,
        importer=back,
        product=made["product"],
        hs=made["hs"],
        period=period,
        value=Settled(
            "USD",
            exporter=made["export_usd"],
            importer=made["import_usd"],
            exporter_fob=made["export_fob_usd"],
            importer_fob=made["import_fob_usd"],
            importer_said=made["import_said_usd"],
            timing=made["timing_usd"] if "lag" in narrow.rows else SETTLED,
            gap=_gap(made["log_gap"]),
            exporter_part=_rounded(made["exporter_weight"]),
            exporter_error=_rounded(math.sqrt(out_trust[0])),
            importer_error=_rounded(math.sqrt(back_trust[0])),
            value=_quantity(made["value_usd"], "USD", made["low_usd"], made["high_usd"]),
            basis=made["basis"],
        ),
        weight=Settled(
            "kg",
            exporter=made["export_kg"],
            importer=made["import_kg"],
            exporter_fob=made["export_kg"],
            importer_fob=made["import_kg"],
            importer_said=made["import_said_kg"],
            timing=made["timing_kg"] if "lag" in narrow.rows else SETTLED,
            gap=_gap(made["weight_log_gap"]),
            exporter_part=_rounded(made["exporter_weight_kg"]),
            exporter_error=_rounded(math.sqrt(out_trust[1])),
            importer_error=_rounded(math.sqrt(back_trust[1])),
            value=_quantity(made["weight_kg"], "kg", made["low_kg"], made["high_kg"]),
            basis=made["weight_basis"],
        ),
        exporter_valuation=made["export_valuation"],
        importer_valuation=made["import_valuation"],
        cif_margin=_rounded(margin),
        margin_cells=margin_cells,
        lag_share=_rounded(lag[0]) if "lag" in narrow.rows else None,
        lag_months=lag[1] if (out, back) in narrow.lag else 0,
        section=section,
        exporter_cells=out_trust[2],
        importer_cells=back_trust[2],
        exporter_filed=(out, "export", period) in filed,
        importer_filed=(back, "import", period) in filed,
        declarations=tuple(rows),
    )


def _quantity(value: Decimal | None, unit: str, low: Decimal | None, high: Decimal | None) -> Quantity | None:
    if value is None or low is None or high is None:
        return None
    return Quantity(value, unit, low, high)


def _gap(log_gap: float | None) -> Decimal | None:
    return None if log_gap is None else _rounded(math.expm1(log_gap))


def _rounded(number: float | None) -> Decimal | None:
    return None if number is None else Decimal(repr(number)).quantize(_PLACES)
