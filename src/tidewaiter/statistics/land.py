"""From a publisher's file to rows in the lake: recognise it, show the guess, land it whole or not at all.

    path -> bytes -> columns -> card and layout -> rows on the bench -> trade columns -> lake

This is the one room of the statistics that opens files. What the words of a publisher mean is on its
card and in its parser, one of each in `sources/`.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args

from tidewaiter.base.errors import SourceError
from tidewaiter.base.legible import legible
from tidewaiter.base.schema import PUBLISHED, TRADE
from tidewaiter.base.schema_reconcile import LANDED_CONCORDANCE
from tidewaiter.base.schema_reference import REFERENCE
from tidewaiter.codes import areas, products
from tidewaiter.lake.store import digest
from tidewaiter.statistics.arrays import as_table
from tidewaiter.statistics.card import home_of
from tidewaiter.statistics.container import examine
from tidewaiter.statistics.corrections import correct
from tidewaiter.statistics.damage import refuse_no_file
from tidewaiter.statistics.envelope import unwrap
from tidewaiter.statistics.header import read_header
from tidewaiter.statistics.markup import as_text
from tidewaiter.statistics.reading import put_on_bench
from tidewaiter.statistics.refusal import counted, refuse
from tidewaiter.statistics.sniff import recognise
from tidewaiter.statistics.workbook import as_links

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import duckdb

    from tidewaiter.lake.lake import Lake, Landed
    from tidewaiter.statistics.bench import Bench, Parsed
    from tidewaiter.statistics.card import Card

TABLES: Final = {table.name: table for table in (TRADE, PUBLISHED, LANDED_CONCORDANCE, REFERENCE)}

Side = Literal["export", "import"]
"""What a table of one flow may be a table of."""


@dataclass(frozen=True, slots=True)
class LandOptions:
    """What a user knows of a file that the file itself does not say.

    `vintage` is the day it was downloaded (today if not given); `complete` says that it holds all its
    reporters declared for its periods; `allow_cut` lands an answer that stops at the row limit; `is_whole`
    says that whoever asked for it knows that it does not.
    """

    source: str | None = None
    reporter: str | None = None
    flow: str | None = None
    product: str | None = None
    vintage: date | None = None
    complete: bool = False
    url: str | None = None
    allow_cut: bool = False
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Guess:
    """What a file is taken for. `first` and `last` are its earliest and latest period, as in `trade`.

    `about` says what rows without reporter and period are about; those three are then empty.
    """

    file: str
    card: Card
    format: str
    layout: str
    reporters: tuple[str, ...]
    first: str
    last: str
    unit: str
    rows: int
    complete: bool = False
    notes: tuple[str, ...] = ()
    about: str = ""


@dataclass(frozen=True, slots=True)
class Landing:
    """What became of a file: what it was taken for, and what the lake made of it."""

    guess: Guess
    landed: Landed


def sniff(path: Path, options: LandOptions | None = None) -> Guess:
    """Say what `path` is without landing it; raises `InputError` for what could not be landed."""
    import duckdb

    with (
        duckdb.connect(config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}) as engine,
        read(engine, path, options or LandOptions()) as (guess, _),
    ):
        return guess


def land_file(
    lake: Lake,
    path: Path,
    options: LandOptions | None = None,
    on_progress: Callable[..., None] | None = None,
) -> Landing:
    """Recognise `path`, turn it into rows and land them with the file's bytes in one commit.

    Raises `InputError` where the file cannot be used and `LakeError` where the lake refuses it; then
    nothing was landed.
    """
    chosen = options or LandOptions()
    before = _state(path)
    with read(lake.connection, path, chosen) as (guess, rows):
        card = guess.card
        sha256 = _digest_of(path, before)
        landed = lake.land(
            TABLES[card.table],
            rows,
            path,
            source=card.id,
            licence=card.licence,
            citation=card.citation,
            url=chosen.url or _page(card, sha256),
            vintage=chosen.vintage or datetime.now(UTC).date(),
            complete=guess.complete,
            sha256=sha256,
            on_progress=on_progress,
        )
    return Landing(replace(guess, notes=(*guess.notes, *_hidden(landed))), landed)


def _hidden(landed: Landed) -> tuple[str, ...]:
    """Warn of rows that this file hides without speaking of them: it has only some codes of their heading."""
    if not landed.hidden_rows:
        return ()
    rows, headings = counted(landed.hidden_rows), ", ".join(landed.headings)
    note = (
        f"{rows} of earlier files, within {headings}, no longer seen: of a heading only the newest file counts, "
        "and this one lacks them; land a file with all codes of it"
    )
    return (note,)


def _page(card: Card, sha256: str) -> str | None:
    """Return the publisher's page; one with a query gets the file's mark, lest it be taken for a question."""
    return f"{card.url}#{sha256[:12]}" if card.url and "?" in card.url else card.url


def _state(path: Path) -> tuple[int, ...]:
    """Return what tells that a file was written to or replaced: place, size and times of change."""
    refuse_no_file(path)
    try:
        found = path.stat()
    except OSError as error:
        refuse(path.name, f"cannot be read: {error.strerror}")
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _digest_of(path: Path, before: tuple[int, ...]) -> str:
    """Return the sha256 of the bytes that the rows were read from; refuses a file that changed meanwhile."""
    try:
        sha256, _ = digest(path)
        same = _state(path) == before
    except (OSError, SourceError):
        same = False
    if not same:
        refuse(path.name, "changed while it was read; nothing was landed; land it again")
    return sha256


@contextmanager
def read(
    connection: duckdb.DuckDBPyConnection, path: Path, options: LandOptions
) -> Iterator[tuple[Guess, duckdb.DuckDBPyRelation]]:
    """Read `path` into a lazy relation on `connection`, which lives until the context ends.

    The relation has the columns of `trade` without vintage and receipt, or of `published` or
    `concordance` without receipt. Raises `InputError`.
    """
    path = Path(path)
    _refuse_nonsense(path, options)
    with tempfile.TemporaryDirectory(prefix="tidewaiter-") as folder:
        bench, format_ = _put_on_bench(connection, path, Path(folder), options)
        try:
            parsed = correct(bench, _parse(bench, options))
            _refuse_contradictions(bench, parsed, options)
            yield _guess(format_, bench, parsed, options), connection.sql(parsed.sql)
        finally:
            bench.close()


def _refuse_nonsense(path: Path, options: LandOptions) -> None:
    """Refuse what can be true of no file, before anything is read."""
    # A day ahead is allowed: it may be tomorrow already where the user is.
    if options.vintage is not None and options.vintage > datetime.now(UTC).date() + timedelta(days=1):
        refuse(path.name, f"--vintage {options.vintage} lies in the future; it is the day of the download")
    if options.flow is not None and options.flow not in get_args(Side):
        refuse(path.name, f"--flow {options.flow} is neither export nor import")
    if options.reporter is not None:
        areas.resolve(options.reporter, "--reporter")
    if options.product is not None:
        products.resolve_product(options.product, "--product")


def _refuse_contradictions(bench: Bench, parsed: Parsed, options: LandOptions) -> None:
    """Refuse an option that says other than the file's own rows: it would have been dropped in silence."""
    told = {
        "reporter": options.reporter and areas.resolve(options.reporter, "--reporter"),
        "flow": options.flow,
        "product": options.product and products.resolve_product(options.product, "--product"),
    }
    for name, value in told.items():
        if value is None:
            continue
        if bench.card.table != TRADE.name:
            refuse(bench.name, f"holds no declarations but {bench.card.table} rows; leave --{name} out")
        found = bench.connection.execute(f"SELECT DISTINCT {name} FROM ({parsed.sql}) ORDER BY ALL LIMIT 4").fetchall()
        held = [str(each) for (each,) in found]
        if held != [value]:
            listed = ", ".join([*held[:3], "..."]) if len(held) > 3 else " and ".join(held)
            refuse(bench.name, f"holds {listed}, but --{name} says {value}; leave --{name} out")


def _put_on_bench(
    connection: duckdb.DuckDBPyConnection, path: Path, workspace: Path, options: LandOptions
) -> tuple[Bench, str]:
    """Go from a path to rows on the bench, and say what the file is; `workspace` holds unpacked copies."""
    try:
        contents, preamble = as_text(as_links(as_table(examine(path, workspace), workspace), workspace), workspace)
        contents, counted = unwrap(contents, workspace)
    except OSError as error:
        refuse(path.name, f"cannot be read or unpacked ({error.strerror}); see that {workspace.parent} has room")
    header = replace(read_header(contents, connection), preamble=preamble, counted=counted)
    card, layout = recognise(contents, header, options.source)
    if header.delimiter is not None:
        header = replace(header, columns=layout.spelled(header.columns))
    return put_on_bench(connection, contents, header, card, layout), contents.format


def _parse(bench: Bench, options: LandOptions) -> Parsed:
    parsed: Parsed = home_of(bench.card.id).parser(bench.card.id).parse(bench, options)
    return parsed


def _guess(format_: str, bench: Bench, parsed: Parsed, options: LandOptions) -> Guess:
    return Guess(
        file=legible(bench.name),
        card=bench.card,
        format=format_,
        layout=bench.layout.name,
        reporters=parsed.reporters,
        first=min(parsed.periods, default=""),
        last=max(parsed.periods, default=""),
        unit=bench.card.unit.name,
        rows=parsed.rows,
        complete=options.complete and not parsed.is_cut,
        notes=(*bench.card.notes, *parsed.notes),
        about=parsed.about,
    )
