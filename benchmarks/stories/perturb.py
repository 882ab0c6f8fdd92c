"""Plant errors of known kind and size into true claims made from a lake, and count which are found.

    python benchmarks/stories/perturb.py --home LAKE [--pairs N] [--reporters CHN,TUR,USA]

From each pair of countries and year that the lake answers with declared rows, a short story is written: a level, the
level of the year before and the change between them, rounded to three digits. Then one thing is made wrong: the
level (by 0.2 to 1000 %), the size of the change, its direction, the way the goods went, or the year. The story goes
through the whole checker as text. Printed: the share of stories in which some claim is a conflict (power), split
into what the story's own figures show and what the data show. The rows "nothing wrong" and "another source's
figure" are false accusations: the latter takes its level from another source or the other side's declaration, both
of them right in their own books.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tidewaiter import pipeline
from tidewaiter.base.period import Period
from tidewaiter.base.question import Answer, Query, Refusal
from tidewaiter.codes import areas
from tidewaiter.news.claims.extract import extract
from tidewaiter.news.judge.check import check
from tidewaiter.news.words.article import read_story

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Ask = Callable[[Query], Answer | Refusal]

SIZES = (0.002, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 3.0, 10.0)
PARTNERS = (
    "AUS",
    "AZE",
    "BRA",
    "CHN",
    "DEU",
    "FRA",
    "GBR",
    "IDN",
    "IND",
    "IRN",
    "ITA",
    "JPN",
    "KAZ",
    "KOR",
    "MEX",
    "NLD",
    "POL",
    "PRK",
    "RUS",
    "SAU",
    "TUR",
    "USA",
    "VNM",
)
YEARS = range(2012, 2020)
LEAST = 1_000_000


@dataclass(frozen=True)
class Truth:
    """One pair of years as an importer declared it, and the figures that others have for the later one."""

    exporter: str
    importer: str
    year: int
    now: float
    before: float
    others: tuple[float, ...]


def truths(ask: Ask, reporters: list[str], wanted: int) -> list[Truth]:
    """Draw pairs that the lake answers with declared rows for both years, the same ones every time."""
    chance = random.Random(20200124)
    draws = [
        (partner, reporter, year)
        for reporter in reporters
        for partner in PARTNERS
        if partner != reporter
        for year in YEARS
    ]
    chance.shuffle(draws)
    found: list[Truth] = []
    for partner, reporter, year in draws:
        if len(found) == wanted:
            break
        levels = [
            ask(Query("value", (partner,), (reporter,), Period.months_of(each), perspective=reporter))
            for each in (year, year - 1)
        ]
        answers = [one for one in levels if isinstance(one, Answer) and one.rank == 1 and one.value is not None]
        if len(answers) == 2 and all(one.value is not None and one.value.value > LEAST for one in answers):
            others = tuple(
                float(one.value.value) for one in answers[0].alternatives if one.value is not None and one.rank == 1
            )
            now, before = (float(one.value.value) for one in answers if one.value is not None)
            found.append(Truth(partner, reporter, year, now, before, others))
    return found


def money(value: float) -> str:
    for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if value >= size:
            return f"${three(value / size)} {word}"
    return f"${value:,.0f}"


def three(value: float) -> str:
    return f"{value:,.{max(0, 3 - len(str(int(value))))}f}"


def story(
    truth: Truth,
    *,
    level: float = 1,
    change: float = 0,
    turned: bool = False,
    swapped: bool = False,
    shift: int = 0,
    alone: bool = False,
) -> str:
    """Write the story, wrong by the factor `level`, by `change` of the change, or in direction, way or year."""
    buyer, seller = areas.name(truth.importer), areas.name(truth.exporter)
    if swapped:
        buyer, seller = seller, buyer
    size = (truth.now / truth.before - 1) * (1 + change)
    up = (size >= 0) != turned
    year = truth.year + shift
    first = f"{buyer} imported goods worth {money(truth.now * level)} from {seller} in {year}"
    if alone:
        return f"{first}, customs data showed."
    digits = 1 if abs(size) < 1 else 0
    return f"{first}, {'up' if up else 'down'} {abs(size) * 100:.{digits}f} percent from {money(truth.before)} in {year - 1}."


def cases(every: list[Truth]) -> Iterator[tuple[str, list[str]]]:
    """Yield each kind and size of error with its stories."""
    yield "nothing wrong", [story(one) for one in every]
    yield "nothing wrong, level alone", [story(one, alone=True) for one in every]
    yield (
        "another source's figure",
        [story(one, level=other / one.now, alone=True) for one in every for other in one.others],
    )
    for size in SIZES:
        yield f"level alone {size:+.1%}", [story(one, level=1 + size, alone=True) for one in every]
    for size in SIZES:
        yield f"level in its story {size:+.1%}", [story(one, level=1 + size) for one in every]
    for size in SIZES:
        yield f"size of the change {size:+.1%}", [story(one, change=size) for one in every]
    yield "direction of the change", [story(one, turned=True) for one in every]
    yield "way of the goods", [story(one, swapped=True) for one in every]
    yield "year after", [story(one, shift=1) for one in every]


def marked(text: str, ask: Ask) -> tuple[bool, bool]:
    """Return whether the story's own figures, and whether the data, put some claim in conflict."""
    findings = check(extract(read_story(text, published_on=date(2021, 6, 1))), ask).findings
    return (
        any(one.arithmetic.verdict == "arithmetic_error" for one in findings),
        any(one.data.verdict == "contradicted" for one in findings),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", required=True, help="the lake the claims are made from and checked against")
    parser.add_argument("--pairs", type=int, default=40)
    parser.add_argument("--reporters", default="CHN,TUR,USA")
    options = parser.parse_args()
    ask = remembered(pipeline.asker(pipeline.open_lake(options.home), None, None))
    every = truths(ask, options.reporters.split(","), options.pairs)
    print(
        f"{len(every)} pairs of years from the lake\n\n{'planted':34} {'stories':>7} {'found':>7} {'by own figures':>15} {'by the data':>12}"
    )
    for name, texts in cases(every):
        counts: Counter[str] = Counter()
        for text in texts:
            own, data = marked(text, ask)
            counts.update({"own": own, "data": data, "any": own or data})
        rates = [counts[key] / len(texts) if texts else 0.0 for key in ("any", "own", "data")]
        print(f"{name:34} {len(texts):7} {rates[0]:7.1%} {rates[1]:15.1%} {rates[2]:12.1%}")


def remembered(ask: Ask) -> Ask:
    known: dict[Query, Answer | Refusal] = {}

    def asked(query: Query) -> Answer | Refusal:
        if query not in known:
            known[query] = ask(query)
        return known[query]

    return asked


if __name__ == "__main__":
    main()
