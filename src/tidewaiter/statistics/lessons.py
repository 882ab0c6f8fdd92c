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
from tidewaiter.base.schema_reconcile import LAG, MARGIN, TRUST
from tidewaiter.base.terms import TOTAL
from tidewaiter.codes import areas
from tidewaiter.lake import shelf
from tidewaiter.lake.engines import Duck
from tidewaiter.statistics import mirror, settle

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from tidewaiter.base.schema import Frame
    from tidewaiter.base.terms import Frequency
    from tidewaiter.lake.engines import Engine
    from tidewaiter.lake.lake import Lake

SECTION: Final = Table(
    "hs_section", (Column("chapter", TEXT, "2-digit HS chapter"), Column("section", TEXT, "HS section")), ("chapter",)
)
_EXTENT: Final = Table("extent", (Column("declarations", COUNT, "learned from"),), ())
_SUMMED: Final = frozenset({"country", "dissolved", "unspecified"})
_METHOD: Final = (
    "lag.py",
    "lessons.py",
    "margin.py",
    "mirror.py",
    "settle.py",
    "trust.py",
    "reconcile.yml",
    "sections.csv",
)


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
    """What one source taught, as DuckDB frames of the lake; `lag` is None for years."""

    margin: Frame
    lag: Frame | None
    trust: Frame
    declarations: int


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


def state(lake: Lake, source: str, frequency: Frequency, as_of: date | None) -> str:
    """Name the state of a source: its visible landings, and the method as it is written."""
    landed = lake.tables(as_of).receipt.filter(nw.col("source") == source).select("receipt").sort("receipt")
    names = [name for (name,) in landed.to_native().fetchall()]
    return hashlib.sha256("\n".join([_method(), source, frequency, *names]).encode()).hexdigest()[:16]


def at_hand(lake: Lake, source: str, frequency: Frequency, as_of: date | None) -> Lessons | None:
    """Return what was learned from this state of the source, None where nothing was yet."""
    kept = shelf.find(lake, state(lake, source, frequency, as_of))
    return None if kept is None else _lessons(kept)


def learned(lake: Lake, engine: Engine, source: str, frequency: Frequency, as_of: date | None) -> Lessons:
    """Return what this state of the source teaches, learning it on `engine` where nobody has yet."""
    known = at_hand(lake, source, frequency, as_of)
    if known is not None:
        return known
    trade = engine.tables(lake, as_of).trade.filter(nw.col("source") == source, nw.col("frequency") == frequency)
    return _lessons(shelf.keep(lake, state(lake, source, frequency, as_of), _learn(trade, lake, engine, frequency)))


def _learn(trade: Frame, lake: Lake, engine: Engine, frequency: Frequency) -> dict[str, Frame]:
    sides = sorted(area.code for area in areas.every_area() if declares(area.code))
    between = trade.filter(nw.col("exporter").is_in(sides), nw.col("importer").is_in(sides))
    words = engine.keep("words", mirror.declared(between))
    count = engine.rows(words.select(nw.len()))[0][0]
    is_by_product = bool(engine.rows(words.filter(nw.col("product") != TOTAL).select("product").head(1)))
    # All goods lie outside the sections: a source without codes has nothing to say of them.
    kept = [row for row in chapters() if is_by_product or row[0] == TOTAL[:2]]
    sections = engine.table(SECTION, kept)
    found = settle.learn(words, sections, engine, assumptions(), monthly=frequency == "M")
    near = Duck(lake.connection)
    tables = {"margin": (MARGIN, found.margin), "trust": (TRUST, found.trust)}
    if found.lag is not None:
        tables["lag"] = (LAG, found.lag)
    frames = {name: _brought(engine, near, table, frame) for name, (table, frame) in tables.items()}
    return frames | {"extent": near.table(_EXTENT, [(count,)])}


def _brought(engine: Engine, near: Duck, table: Table, frame: Frame) -> Frame:
    """Bring a small table to the lake's own engine, where it is not there already."""
    named = frame.select(*table.names)
    return named if named.implementation.is_duckdb() else near.table(table, engine.rows(named))


def _lessons(kept: dict[str, Frame]) -> Lessons:
    count = rows_of(kept["extent"])[0][0]
    return Lessons(kept["margin"], kept.get("lag"), kept["trust"], count)


def rows_of(frame: Frame) -> list[tuple[Any, ...]]:
    """Fetch the rows of a small DuckDB frame."""
    found: list[tuple[Any, ...]] = frame.to_native().fetchall()
    return found


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The lessons about some pairs of areas: as rows to be looked up, and on an engine to settle with."""

    margin: dict[tuple[str, str, str], tuple[float, int]]
    lag: dict[tuple[str, str], tuple[float, int]]
    trust: dict[tuple[str, str, str], tuple[float, float, int]]
    tables: settle.Learned


def narrowed(lessons: Lessons, pairs: Iterable[tuple[str, str]], engine: Engine) -> Narrowed:
    """Take what `pairs` (exporter, importer) need to `engine`."""
    out, back = sorted({one for one, _ in pairs}), sorted({other for _, other in pairs})
    both = (nw.col("exporter").is_in(out), nw.col("importer").is_in(back))
    margin = rows_of(lessons.margin.filter(*both).select(*MARGIN.names))
    trust = rows_of(lessons.trust.filter(nw.col("reporter").is_in(sorted({*out, *back}))).select(*TRUST.names))
    lag = None
    if lessons.lag is not None:
        lag = rows_of(lessons.lag.filter((both[0] & both[1]) | (nw.col("exporter") == "")).select(*LAG.names))
    return Narrowed(
        {(e, i, section): (share, cells) for e, i, section, share, cells in margin},
        {(e, i): (share, months) for e, i, share, _, months in lag or ()},
        {(who, role, section): (value, weight, cells) for who, role, section, value, weight, cells in trust},
        settle.Learned(
            engine.table(MARGIN, margin),
            None if lag is None else engine.table(LAG, lag),
            engine.table(TRUST, trust),
        ),
    )


@cache
def _method() -> str:
    """Digest the modules that learn: what an older method learned is not this one's."""
    room = resources.files("tidewaiter.statistics")
    return hashlib.sha256(b"".join(room.joinpath(name).read_bytes() for name in _METHOD)).hexdigest()
