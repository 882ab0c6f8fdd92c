"""A story of our own wording with the figures of January 2020, its claims by hand, and the data it meets.

The figures are facts: 42 and 32 million dollars, 20 %, 2.3 and 1.9 million (claimed); 42.17, 32.08,
2.31 and 1.98 million (printed on 24 January 2020); 46.397973 and 32.162673 million exports to and
3.046817 and 2.013511 million imports from North Korea (Russia to the IMF, 2019 and 2018).
"""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction

from story_claims import change, claim, flow, story
from tidewaiter.news.model import Goods, Leftover, Written
from world import Rows

TEXT = (
    "The North bought goods worth more than $42 million from Russia between January and November 2019, "
    "the broadcaster Arirang said. It was 20% higher than the $32 million of the whole of 2018.\n"
    "Petroleum products led these imports, followed by animal oil, food and medical products, Yonhap wrote.\n"
    "Russia bought goods worth $2.3 million from the North in the eleven months, up from $1.9 million in 2018.\n"
    "More visas were handed out in 2019. Talks went on under Resolution 2397."
)


def spot(text, value, unit="USD", last=1, rounded=None, hedge=None):
    """Make the written number that stands as `text` in the story."""
    start = TEXT.index(text)
    last = Fraction(last)
    return Written(text, (start, start + len(text)), Fraction(value), unit, last, Fraction(rounded or last), hedge)


def sentence(part):
    """Return the sentence that `part` stands in; sentences end with a full stop and a space or line."""
    place = TEXT.index(part)
    starts = [0, *(match.end() for match in re.finditer(r"\.\s", TEXT))]
    start = max(one for one in starts if one <= place)
    return TEXT[start : min([one for one in starts if one > place], default=len(TEXT))].strip()


MILLION = 10**6
MORE_THAN_42 = spot("more than $42 million", 42 * MILLION, last=MILLION, hedge="more_than")
TWENTY = spot("20%", 20, "%", 1, 10)
THIRTY_TWO = spot("$32 million", 32 * MILLION, last=MILLION)
TWO_POINT_THREE = spot("$2.3 million", 2_300_000, last=100_000)
ONE_POINT_NINE = spot("$1.9 million", 1_900_000, last=100_000)


def extraction():
    """Return the story's claims as its text yields them."""
    arirang = {"attribution": ("Arirang",), "perspective": "PRK"}
    back = {"exporter": "PRK", "importer": "RUS", "attribution": ("Arirang",), "perspective": "RUS"}
    goods = (
        Goods("petroleum products", ("2710",), "family"), Goods("animal oil", ("15",), "family"),
        Goods("food", (), "unmapped"), Goods("medical products", ("30",), "family"),
    )  # fmt: skip
    visas = TEXT.index("More visas")
    return story(
        flow(MORE_THAN_42, period="2019-01/2019-11", id="c1", sentence=sentence("$42"), **arirang),
        change(
            TWENTY, period="2019-01/2019-11", base_period="2018", level=MORE_THAN_42, base=THIRTY_TWO, level_id="c1",
            base_id="c3", id="c2", sentence=sentence("20%"), **arirang,
        ),
        flow(THIRTY_TWO, period="2018", id="c3", sentence=sentence("$32"), **arirang),
        claim(
            "composition", exporter="RUS", importer="PRK", period="2019-01/2019-11", items=goods, id="c4",
            quote="Petroleum products led", attribution=("Yonhap",), sentence=sentence("Petroleum"),
            span=(TEXT.index("Petroleum"), TEXT.index("Petroleum") + len("Petroleum products led")),
        ),
        flow(TWO_POINT_THREE, period="2019-01/2019-11", id="c5", sentence=sentence("$2.3"), **back),
        change(
            None, period="2019-01/2019-11", base_period="2018", level=TWO_POINT_THREE, base=ONE_POINT_NINE,
            level_id="c5", base_id="c7", id="c6", quote="up", sentence=sentence("$2.3"), direction="up",
            span=(TEXT.index("up from"), TEXT.index("up from") + 2), **back,
        ),
        flow(ONE_POINT_NINE, period="2018", id="c7", sentence=sentence("$1.9"), **back),
        claim(
            "count", period="2019", id="c8", quote="More visas", measure="count", is_trade=False, direction="up",
            span=(visas, visas + len("More visas")), sentence=sentence("More visas"), flow=None,
        ),
        text=TEXT,
        leftovers=(Leftover("2397", (TEXT.index("2397"), TEXT.index("2397") + 4), "number of a resolution"),),
        published_on=date(2020, 1, 24),
    )  # fmt: skip


def rows():
    """Return what the IMF and the press of the day had."""
    made = Rows()
    for year, out, back in (("2018", "32162673", "2013511"), ("2019", "46397973", "3046817")):
        made.declare("RUS", "export", "PRK", year, out, source="imf_dots", file="imf_dots")
        made.declare("RUS", "import", "PRK", year, back, source="imf_dots", file="imf_dots")
    made.printed("RUS", "PRK", "2019-01", "2019-11", "42170000", "10000", publisher="Yonhap", reporter="RUS")
    made.printed("RUS", "PRK", "2018-01", "2018-12", "32080000", "10000", publisher="Yonhap", reporter="RUS")
    made.printed("PRK", "RUS", "2019-01", "2019-11", "2310000", "10000", publisher="Yonhap", reporter="RUS")
    made.printed("PRK", "RUS", "2018-01", "2018-12", "1980000", "10000", publisher="Yonhap", reporter="RUS")
    return made
