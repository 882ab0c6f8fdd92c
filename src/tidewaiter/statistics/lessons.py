"""Learn once from all declarations of one source how freight, lag and errors go, and keep it by its state.

Owns when something is learned and where it is kept; how is `settle`'s business. What is learned holds for
every question about the source until something of it is landed, or the method changes.
"""

from __future__ import annotations

import hashlib
from csv import reader
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import narwhals as nw
from pydantic import BaseModel, ConfigDict, Field, StrictStr

from tidewaiter.base.rulefile import parse_rules
from tidewaiter.base.schema import COUNT, TEXT, Column, Table
from tidewaiter.base.schema_reconcile import KEY, LAG, MARGIN, MIRROR, RECONCILED, SIZE, TRUST
from tidewaiter.base.terms import TOTAL
from tidewaiter.codes import areas
from tidewaiter.lake import shelf
from tidewaiter.lake.engines import Duck
from tidewaiter.statistics import mirror, settle

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from tidewaiter.base.schema import Frame, Tables
    from tidewaiter.base.terms import Frequency
    from tidewaiter.lake.engines import Engine
    from tidewaiter.lake.lake import Lake

SECTION: Final = Table(
    "hs_section", (Column("chapter", TEXT, "2-digit HS chapter"), Column("section", TEXT, "HS section")), ("chapter",)
)
SETTLED: Final = (*MIRROR.names, *(name for name in RECONCILED.names if name not in MIRROR.names))
_TOTALS: Final = "totals"
_EXTENT: Final = Table("extent", (Column("declarations", COUNT, "learned from"),), ())
_SUMMED: Final = frozenset({"country", "dissolved", "unspecified"})
_TABLES: Final = {"margin": MARGIN, "lag": LAG, "trust": TRUST, "size": SIZE}
_METHOD: Final = {
    "tidewaiter.statistics": (
        "lag.py", "lessons.py", "margin.py", "mirror.py", "reconcile.py", "settle.py", "size.py", "trust.py",
        "reconcile.yml", "sections.csv",
    ),
    "tidewaiter.codes": ("geography.py", "area_places.csv", "area_borders.csv"),
}  # fmt: skip


class _Figure(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    value: float = Field(gt=0)
    source: StrictStr


class _Typical(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    typical_cif_margin: _Figure
    typical_variance: _Figure


@dataclass(frozen=True, slots=True)
class Lessons:
    """What one source taught, as DuckDB frames of the lake by the names of `settle.Learned`; no `lag` for years.

    `totals` are the cells of all goods, settled already (columns `SETTLED`); None where a cluster learned.
    """

    tables: dict[str, Frame]
    declarations: int
    totals: Frame | None


@dataclass(frozen=True, slots=True)
class Publication:
    """One source of one frequency in one state of a lake, and what runs its frames.

    `tables` are that state as the lake's own engine shows it, `rows` its trade on the engine that settles.
    """

    lake: Lake
    engine: Engine
    tables: Tables
    rows: Frame
    as_of: date | None
    source: str
    frequency: Frequency

    @property
    def trade(self) -> Frame:
        """All its visible rows."""
        return self.rows.filter(nw.col("source") == self.source, nw.col("frequency") == self.frequency)

    @property
    def state(self) -> str:
        """Name this state: two with the same landings, learned from in the same way, are one."""
        return _state(self.tables, self.source, self.frequency)


@cache
def assumptions() -> settle.Assumptions:
    """Load what is taken for granted before the declarations speak; raises `RuleError`."""
    text = resources.files("tidewaiter.statistics").joinpath("reconcile.yml").read_text(encoding="utf-8")
    given = parse_rules(text, "reconcile.yml", _Typical)
    silent = tuple(sorted(areas.non_reporters()))
    return settle.Assumptions(given.typical_cif_margin.value, given.typical_variance.value, never_report=silent)


@cache
def chapters() -> tuple[tuple[str, str], ...]:
    """Read which chapter lies in which section of the Harmonized System."""
    text = resources.files("tidewaiter.statistics").joinpath("sections.csv").read_text(encoding="utf-8")
    rows = reader(line for line in text.splitlines() if not line.startswith("#"))
    return tuple((chapter, section) for chapter, section in list(rows)[1:])


def declares(code: str) -> bool:
    """Tell whether an area can be one side of a trade: groups and the world are sums of others."""
    return areas.kind(code) in _SUMMED


def at_hand(publication: Publication) -> Lessons | None:
    """Return what was learned from this state of the source, None where nothing was yet."""
    kept = shelf.find(publication.lake, publication.state)
    return None if kept is None else _lessons(kept)


def any_at_hand(lake: Lake, tables: Tables, source: str) -> bool:
    """Tell whether anything was learned from this state of a source, by year or by month."""
    frequencies: tuple[Frequency, ...] = ("A", "M")
    return any(shelf.find(lake, _state(tables, source, each)) for each in frequencies)


def _state(tables: Tables, source: str, frequency: Frequency) -> str:
    landed = tables.receipt.filter(nw.col("source") == source).select("receipt")
    names = sorted(name for (name,) in rows_of(landed))
    return hashlib.sha256("\n".join([_method(), source, frequency, *names]).encode()).hexdigest()[:16]


def learned(publication: Publication) -> Lessons:
    """Return what this state of the source teaches, learning it where nobody has yet."""
    known = at_hand(publication)
    return known or _lessons(shelf.keep(publication.lake, publication.state, _learn(publication)))


def _learn(publication: Publication) -> dict[str, Frame]:
    engine, trade = publication.engine, publication.trade
    sides = sorted(area.code for area in areas.every_area() if declares(area.code))
    between = trade.filter(nw.col("exporter").is_in(sides), nw.col("importer").is_in(sides))
    words = engine.keep("words", mirror.declared(between))
    count = engine.rows(words.select(nw.len()))[0][0]
    is_by_product = bool(engine.rows(words.filter(nw.col("product") != TOTAL).select("product").head(1)))
    # All goods lie outside the sections: a source without codes has nothing to say of them.
    kept = [row for row in chapters() if is_by_product or row[0] == TOTAL[:2]]
    sections = engine.table(SECTION, kept)
    found = settle.learn(words, sections, engine, assumptions(), monthly=publication.frequency == "M")
    near = Duck(publication.lake.connection)
    made = {name: getattr(found, name) for name in _TABLES}
    frames = {name: _brought(engine, near, _TABLES[name], frame) for name, frame in made.items() if frame is not None}
    if words.implementation.is_duckdb():
        totals = settled_cells(words.filter(nw.col("product") == TOTAL), sections, found, engine)
        frames[_TOTALS] = totals.sort("exporter", "importer", "period")
    return frames | {"extent": near.table(_EXTENT, [(count,)])}


def settled_cells(words: Frame, sections: Frame, learned: settle.Learned, engine: Engine) -> Frame:
    """Settle `words`: the columns of `mirror` and of `reconciled` in one row a cell (`SETTLED`)."""
    mirrored = engine.keep("mirrored", settle.mirror_cells(words, sections, learned, engine))
    settled = settle.settle(mirrored, learned, assumptions())
    own = SETTLED[len(MIRROR.names) :]
    return mirrored.join(settled.select(*KEY, *own), on=list(KEY), how="inner").select(*SETTLED)


def _brought(engine: Engine, near: Duck, table: Table, frame: Frame) -> Frame:
    """Bring a small table to the lake's own engine, where it is not there already."""
    named = frame.select(*table.names)
    return named if named.implementation.is_duckdb() else near.table(table, engine.rows(named))


def _lessons(kept: dict[str, Frame]) -> Lessons:
    tables = dict(kept)
    return Lessons(tables, rows_of(tables.pop("extent"))[0][0], tables.pop(_TOTALS, None))


def rows_of(frame: Frame) -> list[tuple[Any, ...]]:
    """Fetch the rows of a small DuckDB frame."""
    found: list[tuple[Any, ...]] = frame.to_native().fetchall()
    return found


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The lessons about some pairs of areas, as rows to be looked up."""

    margin: dict[tuple[str, str, str], tuple[float, int]]
    lag: dict[tuple[str, str], tuple[float, int]]
    trust: dict[tuple[str, str, str], tuple[float, float, int]]
    rows: dict[str, list[tuple[Any, ...]]]

    def on(self, engine: Engine) -> settle.Learned:
        """Hand them to an engine, to settle with."""
        margin, lag, trust, size = (
            engine.table(_TABLES[name], self.rows[name]) if name in self.rows else None for name in _TABLES
        )
        assert margin is not None
        assert trust is not None
        return settle.Learned(margin, lag, trust, size)


def narrowed(lessons: Lessons, pairs: Iterable[tuple[str, str]]) -> Narrowed:
    """Look up what is known of `pairs` (exporter, importer)."""
    out, back = sorted({one for one, _ in pairs}), sorted({other for _, other in pairs})
    pair = nw.col("exporter").is_in(out) & nw.col("importer").is_in(back)
    tests = {
        "margin": pair,
        "lag": pair | (nw.col("exporter") == ""),
        "trust": nw.col("reporter").is_in(sorted({*out, *back})),
    }
    rows: dict[str, list[tuple[Any, ...]]] = {}
    for name, frame in lessons.tables.items():
        named = frame.select(*_TABLES[name].names)
        rows[name] = rows_of(named.filter(tests[name]) if name in tests else named)
    return Narrowed(
        {(e, i, section): (share, cells) for e, i, section, share, cells in rows["margin"]},
        {(e, i): (share, months) for e, i, share, _, months in rows.get("lag", ())},
        {(who, role, section): (value, weight, cells) for who, role, section, value, weight, cells in rows["trust"]},
        rows,
    )


@cache
def _method() -> str:
    """Digest the modules that learn: what an older method learned is not this one's."""
    files = (resources.files(room).joinpath(name) for room, names in _METHOD.items() for name in names)
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
