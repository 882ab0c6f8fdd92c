"""The known world in small, and declarations written out by hand, for the tests of reconciliation."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tidewaiter.base.schema import TRADE
from tidewaiter.statistics import mirror, settle

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidewaiter.base.schema import Frame

_FILE = Path(__file__).resolve().parents[1] / "benchmarks" / "world.py"


def _load() -> Any:
    """Load the generator under a name of its own: tests/world.py is another world."""
    if "known_world" not in sys.modules:
        spec = importlib.util.spec_from_file_location("known_world", _FILE)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["known_world"] = module
        spec.loader.exec_module(module)
    return sys.modules["known_world"]


known = _load()
YEAR = known.World(seed=9, areas=60, products=2000, cells=60_000, silent=5, hubs=2, fob_importers=3)
MONTHS = known.World(seed=7, areas=20, products=100, cells=3_000, months=18, silent=2, hubs=2, fob_importers=2)


@dataclass
class Settled:
    """A world and everything the stages made of it."""

    engine: Any
    world: Any
    words: Frame
    sections: Frame
    given: settle.Assumptions
    learned: settle.Learned
    mirrored: Frame
    settled: Frame

    def one(self, query: str, **frames: Frame) -> tuple[Any, ...]:
        """Run SQL on the world's tables and the named frames; return its first row."""
        for name, frame in frames.items():
            self.engine.connection.execute(f"CREATE OR REPLACE TEMP VIEW {name} AS {frame.to_native().sql_query()}")
        return self.engine.connection.execute(query).fetchall()[0]


def run(world: Any) -> Settled:
    """Build a world and settle it."""
    engine = known.DuckEngine(known.connect("1GB", 1))
    known.build(engine.connection, world)
    given = settle.Assumptions(*known.typical(), *known.geography(engine.connection), ("PRK",))
    words = engine.keep("words", mirror.declared(engine.frame("trade")))
    sections = known.sections(engine)
    learned = settle.learn(words, sections, engine, given, monthly=bool(world.months))
    mirrored = engine.keep("mirror", settle.mirror_cells(words, sections, learned, engine))
    settled = engine.keep("settled", settle.settle(mirrored, learned, given))
    return Settled(engine, world, words, sections, given, learned, mirrored, settled)


def trade(engine: Any, rows: Iterable[dict[str, Any]]) -> Frame:
    """Write declarations by hand; what a row does not say is filled in from the rest of it."""
    return engine.table(TRADE, [_row(number, **row) for number, row in enumerate(rows, 1)])


def _row(number: int, reporter: str, partner: str, flow: str, value: Any, **more: Any) -> tuple[Any, ...]:
    said = {
        "source": "hand",
        "reporter": reporter,
        "partner": partner,
        "flow": flow,
        "product": "030367",
        "hs": "HS2017",
        "period": "2019",
        "exporter": reporter if flow.endswith("export") else partner,
        "importer": partner if flow.endswith("export") else reporter,
        "value_usd": None if value is None else str(value),
        "valuation": "fob" if flow == "export" else "cif",
        "is_estimated": False,
        "vintage": "2024-01-01",
        "receipt": "20240101",
        "row": number,
    } | more
    said["frequency"] = "M" if "-" in said["period"] else "A"
    said["year"] = int(said["period"][:4])
    return tuple(said.get(name) for name in TRADE.names)


def rows(frame: Frame, *columns: str) -> list[tuple[Any, ...]]:
    """Fetch columns of a frame, sorted."""
    return sorted(frame.select(*columns).to_native().fetchall(), key=repr)
