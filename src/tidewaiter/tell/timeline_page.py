"""Make one self-contained HTML file of a regime's days: acts, caps, deadlines, duties and what was counted.

No script, nothing loaded, a content security policy that forbids both. Owns what the template
shows; every day comes from `law.timeline`, every count from `law.duties`.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import files
from itertools import groupby
from typing import TYPE_CHECKING, Final

from tidewaiter.codes import areas
from tidewaiter.law.duties import deadlines
from tidewaiter.tell.charts.figure import figure_css, figure_html
from tidewaiter.tell.said import span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from jinja2 import Template

    from tidewaiter.law.duties import Count, Counts
    from tidewaiter.law.regime import Regime
    from tidewaiter.law.timeline import Entry
    from tidewaiter.tell.charts.model import Chart

KINDS: Final = {
    "act": "resolution",
    "start": "first day",
    "end": "last day",
    "grace_end": "end of a wind-down",
    "cap": "cap",
    "deadline": "deadline",
    "national": "one state",
    "resolution": "resolution",
    "trigger": "test or launch",
    "monitoring": "monitoring",
    "data": "statistics",
    "draft": "draft",
    "veto": "veto",
}
STRONG: Final = frozenset({"act", "deadline", "veto", "resolution"})
HOW: Final = {
    "rounded": "rounded",
    "derived": "computed here",
    "withheld": "withheld",
    "without_number": "no number given",
}


@dataclass(frozen=True, slots=True)
class Table:
    """Counts of one area, series and purpose."""

    title: str
    words: str
    rows: tuple[tuple[str, str, str, str, str], ...]
    """Period, persons, how it was known, page, note."""


def timeline_page(
    regime: Regime, entries: Sequence[Entry], counts: Iterable[Counts] = (), chart: Chart | None = None
) -> str:
    """Return the page as text; the same regime gives the same bytes.

    With `chart` it has that drawing on top. Raises `InputError` where drawing needs an extra that is not installed.
    """
    from markupsafe import Markup

    from tidewaiter.base.version import __version__

    years = [(year, list(days)) for year, days in groupby(entries, key=lambda entry: entry.day.year)]
    return _template().render(
        regime=regime,
        target=" and ".join(areas.name(each) for each in regime.targets),
        years=years,
        kinds=KINDS,
        strong=STRONG,
        deadlines=deadlines(regime),
        tables=[table for each in counts for table in _tables(each)],
        unverified=sum(1 for entry in entries if not entry.verified),
        entries=entries,
        version=__version__,
        figure="" if chart is None else Markup(figure_html(chart, heading=2)),  # noqa: S704 - escaped where it is made
        figure_css="" if chart is None else Markup(figure_css()),  # noqa: S704 - our own file
    )


def _tables(counts: Counts) -> list[Table]:
    order = list(dict.fromkeys((each.area, each.series, each.purpose) for each in counts.counts))
    series = {each.id: each for each in counts.series}
    tables = []
    for area, name, purpose in order:
        where = "all states" if area == "all" else areas.name(area)
        of = "" if purpose == "all" else f", {purpose}"
        rows = tuple(_row(each) for each in counts.of(area, name, purpose))
        tables.append(Table(f"{where}: {series[name].title}{of}", series[name].words, rows))
    return tables


def _row(count: Count) -> tuple[str, str, str, str, str]:
    persons = "not known" if count.persons is None else f"{count.persons:,}"
    return span(count.span), persons, HOW.get(count.how, ""), count.url, count.note or ""


def _template() -> Template:
    from jinja2 import Environment, StrictUndefined

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.tests["web_address"] = _is_web_address
    text = files("tidewaiter.tell").joinpath("templates/timeline.html.j2").read_text(encoding="utf-8")
    return environment.from_string(text)


def _is_web_address(text: object) -> bool:
    """Tell whether a text may stand in an `href`: a regime file is somebody else's text."""
    return isinstance(text, str) and text.startswith(("https://", "http://"))
