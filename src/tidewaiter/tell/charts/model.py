"""The shape of a chart: its drawing as Vega-Lite, what it shows in words, and the table under it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tidewaiter.base.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Chart:
    """One chart, ready to be drawn and ready to be read aloud.

    `spec` is a whole Vega-Lite specification with its data inside and a transparent background; `alt` states
    the finding (what, span, extremes, when a cap was crossed); `caption` names source and vintage. `phone` is
    the same drawing for a narrow page, with letters as large as in the wide one.
    """

    name: str
    """In snake_case: the name of its file."""
    title: str
    spec: Mapping[str, Any]
    alt: str
    caption: str
    sheet: Sheet
    phone: Mapping[str, Any] | None = None
    key: tuple[str, ...] = ()
    """What marks and patterns in the drawing mean, a line each; stands under it."""
    is_empty: bool = False
    """Whether there was nothing to draw, and the drawing says so in words."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A day drawn into a chart as an upright line: when a measure began, a cap changed, an act was adopted."""

    day: date
    words: str
    short: str = ""
    """The same in a word or two, such as the act alone, for a text that names several."""
