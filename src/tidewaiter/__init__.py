"""Tidewaiter watches trade with countries under sanctions: statistics, law and news in one place.

The public verbs are those of the command line:

    land(files, options)            land publishers' files
    ask(Query(...))                 one question, one answer with its rows
    check(text, published_on=...)   a story, claim by claim
    screen(targets=[...], ...)      trade beside the measures that cover it
    mirror(Wanted(...))             both sides of some trade, and what they settle on
    revisions(days, lake=...)       which numbers moved between two vintages
    brief(target, partner, period)  a bulletin: sentences, tables, charts, sources

Nothing is loaded until a verb is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from tidewaiter.base.version import __version__

if TYPE_CHECKING:
    from tidewaiter.base.errors import TidewaiterError
    from tidewaiter.base.period import Period
    from tidewaiter.base.question import Answer, Query, Refusal
    from tidewaiter.pipeline import ask, brief, check, land, mirror, open_lake, revisions, screen

__all__ = [
    "Answer",
    "Period",
    "Query",
    "Refusal",
    "TidewaiterError",
    "__version__",
    "ask",
    "brief",
    "check",
    "land",
    "mirror",
    "open_lake",
    "revisions",
    "screen",
]

_HOMES = {
    "Answer": "tidewaiter.base.question",
    "Period": "tidewaiter.base.period",
    "Query": "tidewaiter.base.question",
    "Refusal": "tidewaiter.base.question",
    "TidewaiterError": "tidewaiter.base.errors",
}


def __getattr__(name: str) -> Any:
    if name.startswith("_") or name not in __all__:
        message = f"module 'tidewaiter' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_HOMES.get(name, "tidewaiter.pipeline")), name)
