"""Learn once from the declarations of one source and era how freight, lag and errors go, and keep it by its state.

Owns when something is learned, from which years, and where it is kept; how is `settle`'s business. What is learned
holds for every question about these years of the source until something of it is landed, or the method changes.
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
_EXTENT: Final = Table(
    "extent", (Column("year", COUNT, ""), Column("declarations", COUNT, "of that year, learned from")), ("year",)
)
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


class _Years(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    value: int = Field(gt=0)
    source: StrictStr


class _Typical(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    typical_cif_margin: _Figure
    typical_variance: _Figure
    years_settled_alike: _Years
    years_around: _Years


@dataclass(frozen=True, slots=True, order=True)
class Era:
    """Years settled alike, `first` to `last`, by what the years `since` to `until` teach."""

    first: int
    last: int
    since: int
    until: int

    def __str__(self) -> str:
        """Name the years it is learned from: `2005 to 2024`."""
        return f"{self.since} to {self.until}"

    def settles(self, period: str) -> bool:
        """Tell whether a year or month is one of those settled alike."""
        return self.first <= int(period[:4]) <= self.last


@dataclass(frozen=True, slots=True)
class Lessons:
    """What one source taught, as DuckDB frames of the lake by the names of `settle.Learned`; no `lag` for years.

    `declarations` counts by year what was learned from. `totals` are the cells of all goods, settled already
    (columns `SETTLED`); None where a cluster learned.
    """

    tables: dict[str, Frame]
    declarations: dict[int, int]
    totals: Frame | None


@dataclass(frozen=True, slots=True)
class Publication:
    """One source of one frequency in one state of a lake, and what runs its frames.

    `tables` are that state as the lake's own engine shows it, `rows` its trade on the engine that settles. What
    is learned is learned from the years of `era`; None means from all.
    """

    lake: Lake
    engine: Engine
    tables: Tables
    rows: Frame
    as_of: date | None
    source: str
    frequency: Frequency
    era: Era | None = None

    @property
    def trade(self) -> Frame:
        """All its visible rows."""
        return self.rows.filter(nw.col("source") == self.source, nw.col("frequency") == self.frequency)

    @property
    def state(self) -> str:
        """Name this state: two with the same landings, learned from in the same way, are one."""
        return _state(self.tables, self.source, self.frequency, self.era)


@cache
def _given() -> _Typical:
    text = resources.files("tidewaiter.statistics").joinpath("reconcile.yml").read_text(encoding="utf-8")
    return parse_rules(text, "reconcile.yml", _Typical)


def era_of(year: int) -> Era:
    """Return the era that settles a year: eras are cut at fixed years, whatever is asked and whatever is landed."""
    given = _given()
    first = year - year % given.years_settled_alike.value
    last = first + given.years_settled_alike.value - 1
    return Era(first, last, first - given.years_around.value, last + given.years_around.value)


@cache
def assumptions() -> settle.Assumptions:
    """Load what is taken for granted before the declarations speak; raises `RuleError`."""
    given = _given()
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


def any_at_hand(lake: Lake, tables: Tables, source: str, years: Iterable[int]) -> bool:
    """Tell whether anything that settles one of the `years` was learned of this state of a source."""
    frequencies: tuple[Frequency, ...] = ("A", "M")
    eras = sorted({era_of(year) for year in years})
    return any(shelf.find(lake, _state(tables, source, each, era)) for each in frequencies for era in eras)


def _state(tables: Tables, source: str, frequency: Frequency, era: Era | None) -> str:
    landed = tables.receipt.filter(nw.col("source") == source).select("receipt")
    names = sorted(name for (name,) in rows_of(landed))
    years = "" if era is None else f"{era.first} {era.last} {era.since} {era.until}"
    return hashlib.sha256("\n".join([_method(), source, frequency, years, *names]).encode()).hexdigest()[:16]


def learned(publication: Publication) -> Lessons:
    """Return what this state of the source teaches, learning it where nobody has yet."""
    known = at_hand(publication)
    return known or _lessons(shelf.keep(publication.lake, publication.state, _learn(publication)))


def _learn(publication: Publication) -> dict[str, Frame]:
    engine, trade, era = publication.engine, publication.trade, publication.era
    if era is not None:
        trade = trade.filter(nw.col("year") >= era.since, nw.col("year") <= era.until)
    sides = sorted(area.code for area in areas.every_area() if declares(area.code))
    between = trade.filter(nw.col("exporter").is_in(sides), nw.col("importer").is_in(sides))
    words = engine.keep("words", mirror.declared(between))
    counted = engine.rows(words.group_by("year").agg(declarations=nw.len()).select("year", "declarations"))
    is_by_product = bool(engine.rows(words.filter(nw.col("product") != TOTAL).select("product").head(1)))
    # All goods lie outside the sections: a source without codes has nothing to say of them.
    kept = [row for row in chapters() if is_by_product or row[0] == TOTAL[:2]]
    sections = engine.table(SECTION, kept)
    found = settle.learn(words, sections, engine, assumptions(), monthly=publication.frequency == "M")
    near = Duck(publication.lake.connection)
    made = {name: getattr(found, name) for name in _TABLES}
    frames = {name: _brought(engine, near, _TABLES[name], frame) for name, frame in made.items() if frame is not None}
    if words.implementation.is_duckdb():
        totals = settled_cells(words.filter(nw.col("product") == TOTAL), sections, found, engine, era)
        frames[_TOTALS] = totals.sort("exporter", "importer", "period")
    return frames | {"extent": near.table(_EXTENT, sorted(counted))}


def settled_cells(
    words: Frame, sections: Frame, learned: settle.Learned, engine: Engine, era: Era | None = None
) -> Frame:
    """Settle `words`, of an `era` its own cells: the columns of `mirror` and of `reconciled` in one row (`SETTLED`)."""
    cells = settle.mirror_cells(words, sections, learned, engine)
    if era is not None:
        # Digits sort as numbers do. An engine reads the months around for the lag and drops them here.
        cells = cells.filter(nw.col("period") >= f"{era.first:04d}", nw.col("period") < f"{era.last + 1:04d}")
    mirrored = engine.keep("mirrored", cells)
    settled = settle.settle(mirrored, learned, assumptions())
    own = SETTLED[len(MIRROR.names) :]
    return mirrored.join(settled.select(*KEY, *own), on=list(KEY), how="inner").select(*SETTLED)


def _brought(engine: Engine, near: Duck, table: Table, frame: Frame) -> Frame:
    """Bring a small table to the lake's own engine, where it is not there already."""
    named = frame.select(*table.names)
    return named if named.implementation.is_duckdb() else near.table(table, engine.rows(named))


def _lessons(kept: dict[str, Frame]) -> Lessons:
    tables = dict(kept)
    return Lessons(tables, dict(rows_of(tables.pop("extent"))), tables.pop(_TOTALS, None))


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
