"""The law as the pages need it: loaded once, with scenarios applied by name, and an index to search in.

Only scenarios that ship are known here: no name that a reader types is ever looked for on the disk.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from tidewaiter.base.errors import CodeError, RuleError, nearest
from tidewaiter.codes import products
from tidewaiter.codes.fold import fold
from tidewaiter.law import rulebook

if TYPE_CHECKING:
    from tidewaiter.law.regime import Goods, Measure, Regime, Rulebook
    from tidewaiter.law.scenario import Scenario

MOST_HITS = 30


@dataclass(frozen=True, slots=True)
class Hit:
    """One group of goods of one measure that a search found; `codes` are those that fit, if digits were given."""

    regime: Regime
    measure: Measure
    goods: Goods
    codes: tuple[str, ...]


@lru_cache(maxsize=1)
def book() -> Rulebook:
    """Load the regimes that ship."""
    return rulebook.load()


@lru_cache(maxsize=1)
def scenarios() -> dict[str, Scenario]:
    """Load the scenarios that ship, by name."""
    from tidewaiter.law.scenario import load_scenario

    folder = rulebook.SHIPPED / rulebook.SCENARIOS
    return {path.stem: load_scenario(path) for path in sorted(folder.glob("*.yml"))}


@lru_cache(maxsize=16)
def book_as_if(name: str | None) -> Rulebook:
    """Return the law, or what it would be under the scenario `name`; raises `RuleError` for an unknown one."""
    from tidewaiter.law.scenario import apply

    if not name:
        return book()
    if name not in scenarios():
        message = f"no scenario is called {name[:60]!r}{nearest(name, scenarios())}"
        raise RuleError(message)
    return apply(scenarios()[name], book())


def search(text: str) -> list[Hit]:
    """Find measures by what people type: digits that begin a code (or the other way round), words of the goods."""
    terms = [fold(term) for term in text.replace(".", "").split()]
    if not terms:
        return []
    hits = []
    for regime, measure, goods, words in _index():
        codes = [term for term in terms if term.isdigit()]
        fitting = tuple(code for code in goods.codes if all(_fits(code, term) for term in codes)) if codes else ()
        if codes and not fitting:
            continue
        if all(term in words for term in terms if not term.isdigit()):
            hits.append(Hit(regime, measure, goods, fitting))
    hits.sort(key=lambda hit: (hit.measure.end is not None, hit.measure.start, hit.regime.id))
    return hits[:MOST_HITS]


def _fits(code: str, term: str) -> bool:
    return code.startswith(term) or term.startswith(code)


@lru_cache(maxsize=1)
def _index() -> tuple[tuple[Regime, Measure, Goods, str], ...]:
    found = []
    for regime in book().regimes:
        for measure in regime.measures:
            for goods in measure.goods:
                labels = {label(code[:digits], goods.hs) for code in goods.codes[:200] for digits in (2, 4, 6)}
                words = fold(" ".join([measure.id, measure.words, goods.words, *sorted(labels)]))
                found.append((regime, measure, goods, words))
    return tuple(found)


@lru_cache(maxsize=4096)
def label(code: str, hs: str) -> str:
    """Name a code in its edition; empty where it has no label."""
    try:
        return products.label(code, hs)
    except CodeError:
        return ""
