"""Claims made by hand, as a story's text would yield them, for the tests of the checker."""

from __future__ import annotations

import re
from fractions import Fraction

from tidewaiter.base.period import Period
from tidewaiter.news.model import ALL_GOODS, Claim, Extraction, Story, Written

_SCALE = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_HEDGES = {
    "more than": "more_than", "over": "more_than", "nearly": "nearly", "almost": "nearly", "about": "about",
    "at least": "at_least", "up to": "up_to", "less than": "less_than",
}  # fmt: skip
_places = iter(range(1000, 10**9, 100))


def written(text, unit=None, value=None, span=None):
    """Make the written number of `text` ("more than $42 million", "20 %", "tripled" with its value)."""
    hedge = next((_HEDGES[word] for word in sorted(_HEDGES) if text.startswith(word)), None)
    digits = re.search(r"-?\d[\d,]*(?:\.\d+)?", text)
    scale = next((size for word, size in _SCALE.items() if word in text), 1)
    if unit is None:
        unit = "USD" if "$" in text else "%" if "%" in text else "t" if "tons" in text else "x"
    last = rounded = Fraction(1)
    if digits:
        plain = digits[0].replace(",", "")
        decimals = len(plain.partition(".")[2])
        last = Fraction(scale, 10**decimals)
        significant = plain.replace(".", "").rstrip("0")
        rounded = last * 10 ** (len(plain.replace(".", "")) - len(significant))
        value = Fraction(plain) * scale if value is None else Fraction(value)
    start = next(_places)
    return Written(text, span or (start, start + len(text)), Fraction(value), unit, last, rounded, hedge)


def flow(number, exporter="RUS", importer="PRK", period="2019", **more):
    """Make a flow value claim; `number` is text or a Written."""
    amount = written(number) if isinstance(number, str) else number
    return claim("flow_value", exporter=exporter, importer=importer, period=period, number=amount, **more)


def change(number, exporter="RUS", importer="PRK", period="2019", base_period="2018", **more):
    """Make a change claim with its level and base where they are given as text."""
    amount = written(number) if isinstance(number, str) else number
    for slot in ("level", "base"):
        if isinstance(more.get(slot), str):
            more[slot] = written(more[slot])
    more.setdefault("direction", "up")
    more.setdefault("mode", "relative" if amount and amount.unit == "%" else "multiple" if amount else "direction_only")
    base_period = Period.parse(base_period) if isinstance(base_period, str) else base_period
    return claim(
        "change", exporter=exporter, importer=importer, period=period, number=amount, base_period=base_period, **more
    )


def claim(type_, **slots):
    """Make any claim; periods as text."""
    place = next(_places)
    if isinstance(slots.get("period"), str):
        slots["period"] = Period.parse(slots["period"])
    number = slots.get("number")
    quote = slots.pop("quote", number.text if number else type_)
    slots.setdefault("measure", "value")
    slots.setdefault("flow", "import")
    slots.setdefault("perspective", slots.get("importer"))
    slots.setdefault("goods", ALL_GOODS)
    span = number.span if number else (place, place + len(quote))
    slots.setdefault("span", span)
    return Claim(
        id=slots.pop("id", f"c{place}"), type=type_, sentence=slots.pop("sentence", quote),
        sentence_span=slots.pop("sentence_span", slots["span"]), quote=quote, **slots,
    )  # fmt: skip


def story(*claims, text="A story about trade.", leftovers=(), published_on=None, title=None):
    """Wrap claims into the extraction of one story."""
    made = Story(text, title, published_on, "option" if published_on else "none", "en", "0" * 64, "story.txt")
    return Extraction(made, tuple(claims), tuple(leftovers))
