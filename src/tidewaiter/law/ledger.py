"""Read the ledgers of caps: figures as they were published, by source of information, each with its page.

A ledger is a card (`*.yml`: which measures, which figures count, how tonnes become barrels) and
rows (`*.csv`). This room opens those files and refuses what it doubts; the arithmetic is `caps`'.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Final, Literal, NoReturn, cast, get_args

from pydantic import BaseModel, ConfigDict, StringConstraints

from tidewaiter.base.errors import QueryError, RuleError, TidewaiterError, nearest
from tidewaiter.base.period import Period
from tidewaiter.base.rulefile import parse_rules
from tidewaiter.law.written import (  # noqa: TC001 - pydantic reads these when the program runs
    Number,
    RegimeId,
    Slug,
    Words,
)

SHIPPED: Final = Path(__file__).with_name("ledgers")
Said = Literal["figure", "zero", "no_report", "not_found"]
"""`zero` was reported as zero; `no_report` is a gap, which is not zero; `not_found`: reported, the figure unknown."""

COLUMNS: Final = ("start", "end", "states", "ledger", "said", "bbl", "t", "how", "as_of", "url", "note")


@dataclass(frozen=True, slots=True)
class Figure:
    """One published figure for a span of whole months; `states` joined by + are one figure for both."""

    span: Period
    states: str
    ledger: str
    said: Said
    bbl: Decimal | None
    tonnes: Decimal | None
    printed: bool
    as_of: date | None
    url: str
    note: str | None
    row: int


@dataclass(frozen=True, slots=True)
class PerTonne:
    """Barrels per tonne, from `low` to `high`, for what `states` published in tonnes; empty: everybody else."""

    states: str
    low: Decimal
    high: Decimal
    by: str
    verified: bool
    url: str


@dataclass(frozen=True, slots=True)
class Side:
    """One source of information. Two of them are never summed."""

    id: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """The account of one cap: whose figures there are, which of them count, and the figures."""

    id: str
    regime: str
    title: str
    measures: tuple[str, ...]
    unit: str
    counts: str
    states: tuple[str, ...]
    sides: tuple[Side, ...]
    factors: tuple[PerTonne, ...]
    figures: tuple[Figure, ...]


class _Written(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _SideWritten(_Written):
    id: Words
    title: Words
    words: Words


class _FactorWritten(_Written):
    states: str
    low: Number
    high: Number
    by: Words
    verified: bool
    url: Words


class _CardWritten(_Written):
    id: Slug
    regime: RegimeId
    title: Words
    measures: tuple[Slug, ...]
    unit: Annotated[str, StringConstraints(pattern="^(bbl|t)$")]
    rows: Words
    counts: Words
    states: tuple[Words, ...]
    ledgers: tuple[_SideWritten, ...]
    factors: tuple[_FactorWritten, ...]


def ledgers(folder: Path = SHIPPED) -> tuple[Ledger, ...]:
    """Load every ledger in `folder`, in the order of their files."""
    return tuple(load_ledger(card) for card in sorted(folder.glob("*.yml")) if "rows:" in card.read_text("utf-8"))


def find_ledger(regime: str, name: str, folder: Path = SHIPPED) -> Ledger:
    """Return the ledger `name` of `regime`; an unknown one is a `QueryError` that names the nearest."""
    known = {(ledger.regime, ledger.id): ledger for ledger in ledgers(folder)}
    if (regime, name) in known:
        return known[regime, name]
    names = [f"{one} {each}" for one, each in known]
    near = nearest(f"{regime} {name}", names) or f"; there are {', '.join(names)}"
    message = f"there is no ledger {name!r} of {regime!r}{near}"
    raise QueryError(message)


def load_ledger(card: Path) -> Ledger:
    """Load one ledger from its card and the rows beside it; raises `RuleError` with file, line and key."""
    text = card.read_text("utf-8")
    written = parse_rules(text, str(card), _CardWritten)
    sides = tuple(Side(side.id, side.title, side.words) for side in written.ledgers)
    ids = [side.id for side in sides]
    if written.counts not in ids:
        message = f"{card}: counts: {written.counts!r} is none of its ledgers{nearest(written.counts, ids)}"
        raise RuleError(message)
    rows = card.with_name(written.rows)
    return Ledger(
        id=written.id,
        regime=written.regime,
        title=written.title,
        measures=written.measures,
        unit=written.unit,
        counts=written.counts,
        states=written.states,
        sides=sides,
        factors=tuple(
            PerTonne(each.states, each.low, each.high, each.by, each.verified, each.url) for each in written.factors
        ),
        figures=read_figures(rows.read_text("utf-8"), str(rows), ids),
    )


def read_figures(text: str, name: str, ledger_ids: list[str]) -> tuple[Figure, ...]:
    """Read the rows of a ledger from CSV `text`; lines that begin with # are comments."""
    lines = text.splitlines()
    skipped = next((index for index, line in enumerate(lines) if not line.startswith("#")), len(lines))
    reader = csv.DictReader(io.StringIO("\n".join(lines[skipped:])))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        message = f"{name}:{skipped + 1}: the columns are {reader.fieldnames}, not {', '.join(COLUMNS)}"
        raise RuleError(message)
    figures = []
    for row in reader:
        line = skipped + reader.line_num
        figures.append(_figure(row, f"{name}:{line}", ledger_ids, line))
    return tuple(figures)


def _figure(row: dict[str, str], where: str, ledger_ids: list[str], line: int) -> Figure:
    def refuse(key: str, reason: str) -> NoReturn:
        message = f"{where}: {key}: {reason}"
        raise RuleError(message)

    if None in row or None in row.values():
        refuse("row", f"has not {len(COLUMNS)} cells; put a text that holds a comma in quotes")
    if row["ledger"] not in ledger_ids:
        refuse("ledger", f"{row['ledger']!r} is not on the card{nearest(row['ledger'], ledger_ids)}")
    if row["said"] not in get_args(Said):
        refuse("said", f"{row['said']!r} is none of {', '.join(get_args(Said))}")
    try:
        span = Period.parse(f"{row['start']}/{row['end']}")
        as_of = date.fromisoformat(row["as_of"]) if row["as_of"] else None
        bbl, tonnes = (Decimal(row[key]) if row[key] else None for key in ("bbl", "t"))
    except (TidewaiterError, ValueError, InvalidOperation) as error:
        refuse("row", f"a span, day or number cannot be read: {error}")
    known = [each for each in (bbl, tonnes) if each is not None]
    if any(each < 0 for each in known):
        refuse("bbl, t", "a delivery cannot be negative")
    if (row["said"] in {"figure", "zero"}) != bool(known) or (row["said"] == "zero") != (
        bool(known) and not any(known)
    ):
        refuse("said", f"{row['said']!r} does not fit bbl {row['bbl']!r}, t {row['t']!r}")
    if not row["url"]:
        refuse("url", "a figure without its page is no evidence")
    return Figure(
        span=span,
        states=row["states"],
        ledger=row["ledger"],
        said=cast("Said", row["said"]),
        bbl=bbl,
        tonnes=tonnes,
        printed=row["how"] == "printed",
        as_of=as_of,
        url=row["url"],
        note=row["note"] or None,
        row=line,
    )
