"""Written numbers: money, weights, volumes, percentages, multiples, fractions, counts.

Owns how a number is written ("US$27.23 million", "67-thousand-300", "13-point-09", "60,000-65,000 tons",
"nearly sixfold", "a third of") and turns it into exact fractions. Decides nothing about what it measures.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from tidewaiter.news.model import Written
from tidewaiter.news.words.english import grammar
from tidewaiter.news.words.tables import folded, rows

if TYPE_CHECKING:
    from tidewaiter.news.model import Hedge

RATIO_WORD: Final = "ratio"
_VOLUME: Final = "bbl"
_A_DAY: Final = "bbl/d"
BARE: Final = ""
"""The unit of a number that is written without one."""


@cache
def _numerals(kind: str) -> dict[str, Fraction]:
    return {folded(row["phrase"]): Fraction(row["value"]) for row in rows("numerals") if row["kind"] == kind}


@cache
def _attached() -> dict[str, Fraction]:
    return {row["phrase"]: Fraction(row["value"]) for row in rows("numerals") if row["kind"] == "attached"}


@cache
def _units() -> dict[str, tuple[str, Fraction, str]]:
    return {folded(row["phrase"]): (row["unit"], Fraction(row["factor"]), row["kind"]) for row in rows("units")}


@cache
def _currencies() -> dict[str, str]:
    return {folded(row["phrase"]): row["unit"] for row in rows("currencies")}


def currency_of(word: str) -> str | None:
    """Return the currency a word names ("yuan" -> CNY), or None."""
    return _currencies().get(folded(word))


@cache
def unit_kind(unit: str) -> str:
    """Say what a unit measures: money, weight, volume, rate, percent, points, multiple, count, duration or none."""
    if unit == BARE:
        return "none"
    if unit in _currencies().values():
        return "money"
    return next((kind for name, _, kind in _units().values() if name == unit), "none")


def digits(text: str) -> tuple[Fraction, Fraction, Fraction]:
    """Read plain digits as value, unit of the last written digit, unit of the last that is not a trailing zero."""
    plain = text.replace(",", "")
    value = Fraction(plain)
    places = len(plain.partition(".")[2])
    last = Fraction(1, 10**places)
    trailing = len(plain) - len(plain.rstrip("0")) if not places else 0
    round_unit = last * 10**trailing if value else last
    return value, last, round_unit


def _read(text: str) -> tuple[Fraction, Fraction, Fraction]:
    lowered = text.casefold()
    cardinal = _numerals("cardinal")
    if grammar.POINT in lowered:
        before, behind = (side.split("-") for side in lowered.split(grammar.POINT))
        known = {grammar.ZERO: Fraction(0), **cardinal}
        total = sum(known[word] if word in known else Fraction(word) for word in before)
        return digits(f"{total}.{''.join(str(known.get(word, word)) for word in behind)}")
    spoken = grammar.SPOKEN.fullmatch(lowered)
    if spoken:
        head = cardinal.get(spoken[1]) or Fraction(spoken[1])
        scale = _numerals("scale")[spoken[2]]
        tail = Fraction(spoken[3] or 0)
        last = Fraction(1) if spoken[3] else scale
        return head * scale + tail, last, last
    if lowered in cardinal:
        return cardinal[lowered], Fraction(1), Fraction(1)
    if "-" in lowered:
        tens, ones = lowered.split("-", 1)
        return cardinal[tens] + cardinal[ones], Fraction(1), Fraction(1)
    return digits(lowered)


@cache
def _hedges() -> dict[str, Hedge]:
    return {folded(row["phrase"]): row["hedge"] for row in rows("hedges")}  # type: ignore[misc]


def lex(text: str, at: int) -> Written | None:
    """Read the number that begins at `at` with its hedge, currency, scale and unit, or return None.

    A four-digit number without any of these is left to the periods. `unit` is "" where none is written.
    """
    numeric, worded = _numeric(text, at), _worded(text, at)
    if numeric and worded:
        parted = worded.unit == "%" and numeric.span[1] == worded.span[1]
        return numeric if numeric.span[1] >= worded.span[1] and not parted else worded
    return numeric or worded


def _numeric(text: str, at: int) -> Written | None:  # noqa: C901, PLR0912 - a list of cases, the first that fits
    match = grammar.number().match(text, at)
    if match is None:
        return None
    value, last, rounded = _read(match["number"])
    factor, unit = Fraction(1), BARE
    end = match.end()
    if match["before"]:
        unit = _shared_sign(text, match["before"]) or _currencies()[folded(match["before"])]
    if match["attached"]:
        if not match["before"]:
            return None
        factor *= _attached()[match["attached"]]
    if match["scale"]:
        factor *= _numerals("scale")[folded(match["scale"])]
    if match["fold"]:
        unit = "x"
    elif match["percent"]:
        unit = "pp" if match["points"] else "%"
    elif match["after"]:
        unit = unit or _currencies()[folded(match["after"])]
    elif match["unit"]:
        name, size, _ = _units()[folded(match["unit"])]
        unit, factor = (unit or name), (factor if unit else factor * size)
        mega = grammar.MEGA.fullmatch(match["unit"]) and ("." in match["number"] or match["unit"][0] == "M")
        if mega and not match["scale"]:
            factor *= 1_000_000  # "13.2 mt" of grain, "12 Mt": nobody writes tenths of a ton so
    counted = match["unit"] is not None and _units()[folded(match["unit"])][2] == "count"
    if counted and not match["hedge"] and grammar.DATED.search(text[max(0, at - 6) : at]) and _is_year(match["number"]):
        return None
    if unit == BARE and not match["scale"] and _looks_like_something_else(match):
        return None
    if unit == _VOLUME and grammar.A_DAY.match(text, end):
        unit = _A_DAY
    upper = digits(match["upper"])[0] * factor if match["upper"] else None
    hedge = _hedges()[folded(match["hedge"])] if match["hedge"] else None
    return Written(
        text=text[at:end],
        span=(at, end),
        value=value * factor,
        unit=unit,
        last_unit=last * factor,
        round_unit=rounded * factor,
        hedge=hedge,
        upper=upper,
    )


@lru_cache(maxsize=64)
def _shared_sign(text: str, sign: str) -> str | None:
    """Return whose a sign is that two currencies share, by what the story names most; None where it names neither."""
    told: Counter[str] = Counter()
    said = Counter(re.findall(r"\w+", text.casefold()))
    for row in rows("shared_signs"):
        if row["sign"] == sign:
            told[row["unit"]] += said[row["word"]]
    return told.most_common(1)[0][0] if any(told.values()) else None


def _is_year(number: str) -> bool:
    return re.fullmatch(r"(?:1[89]|20|21)\d\d", number) is not None


def _looks_like_something_else(match: re.Match[str]) -> bool:
    number = match["number"]
    following = match.string[match.end() : match.end() + 2]
    return _is_year(number) or (following[:1] in {"-", "/", ":"} and following[1:].isalnum()) or following[:1].isalpha()


def _worded(text: str, at: int) -> Written | None:
    match = grammar.worded_number().match(text, at)
    if match is None or match.end() == at:
        return None
    one = Fraction(1)
    near = match["hedge"] or match["near"] or match["close"]
    hedge = _hedges()[folded(near)] if near else None
    unit, value = "x", one
    if match["ratio"]:
        value = _numerals("ratio")[folded(match["ratio"])]
    elif match["foldword"]:
        value = _numerals("cardinal")[folded(match["foldword"])]
    else:
        unit = "%"
        top = _numerals("cardinal").get(folded(match["top"] or "one"), one)
        name = match["part"] or match["slice"] or match["fourth"]
        part = _numerals("fraction")[folded(name)] if name else Fraction(1, 2)
        value = 100 * top * part
    if unit == "x" and value < 1:
        unit, value = "%", 100 * (1 - value)
    return Written(match[0], match.span(), value, unit, one, one, hedge)


def scale_of(number: Written) -> Fraction:
    """Return the scale word a number was written with ("million"), for the bare numbers listed after it."""
    words = re.findall(r"[A-Za-z.]+", number.text)
    return next((size for word in words if (size := _numerals("scale").get(word.casefold())) is not None), Fraction(1))


def is_fraction_word(number: Written) -> bool:
    """Tell whether it was written as a simple fraction or ratio ("a third", "halved") rather than in digits."""
    return number.unit == "%" and not grammar.PERCENT.search(number.text)


def with_unit(number: Written, unit: str) -> Written:
    """Give a bare number the unit of the number it is listed or compared with."""
    return replace(number, unit=unit)
