"""English as the lexers see it: how its numbers, periods, parties and cue words are put together.

A language is this module and the tables beside it. Owns patterns and the few words that code must know by
heart; what a match means is decided by the lexers in `tidewaiter.news.words`. Opens nothing but the tables.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from tidewaiter.news.words.tables import alternation, group, rows

YEAR: Final = r"(?:19|20)\d\d"
CURRENCY_MARKS: Final = "$€£¥₹₩₽₺₦"
DIGITS: Final = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"

# ---- words that the code must know ----------------------------------------------------------------------------

YEARS_FROM_NOW: Final = {"last": -1, "past": -1, "this": 0, "current": 0, "ongoing": 0}
"""Which year a word before "year" means, counted from publication."""
PREVIOUS: Final = frozenset(("previous", "preceding", "prior"))
SAME: Final = frozenset(("same", "that"))
PAST: Final = frozenset(("last", "past", "previous"))
ALSO_WORDS: Final = frozenset(("may", "march"))
"""Months whose names are words too, so that only a capital makes them months."""
QUARTER: Final = "quarter"
OPENING: Final = frozenset(("opening", "initial"))
BETWEEN: Final = "between"
FROM: Final = "from"
AND: Final = "and"
YEAR_WORD: Final = "year"
OPENS_A_YEAR: Final = "first "
YEAR_AGO: Final = "year-"
THROUGH: Final = ("through ", "up until ", "up to ")
_MONTH_OR_YEAR: Final = (
    rf"(?:(?:early|mid|late|last|this|the)[\s-]+)*(?:{alternation(row['phrase'] for row in rows('months'))}|{YEAR})\b"
)
BEGAN_BEFORE: Final = re.compile(
    rf"\b(?:since|season|year|quarter|half|months|between|from\s+{_MONTH_OR_YEAR})\b[^,;.]{{0,24}}$", re.IGNORECASE
)
"""What before "through March" may say that it began elsewhere than in January."""
TOO_EARLY: Final = re.compile(r"\w['’]s\s+$")
"""What before "first six months" makes them another's than the year's ("the war's")."""
ARTICLE: Final = re.compile(r"^the\s+")
JOINED: Final = re.compile(r"\band\b")
MONTHS_IN: Final = {"month": 1, "quarter": 3, "half": 6}
A_DAY: Final = re.compile(r"\s+of\s+(?:[\w-]+\s+){1,3}(?:per|a|each)\s+day\b", re.IGNORECASE)
"""What behind "9 barrels" makes it a daily rate: "of crude oil per day"."""
POINT: Final = "-point-"
ZERO: Final = "zero"
SPOKEN: Final = re.compile(r"(\w+)-(thousand|hundred|million)(?:-(\d+))?")
PERCENT: Final = re.compile(r"\d|per\s?cent|pct", re.IGNORECASE)
SHORT_US: Final = frozenset(("u.s.", "u.n.", "u.k."))
ENDS_A_SENTENCE: Final = frozenset(("mln.", "bln.", "pct.", "sept.", "dec."))
DAY_ENDING: Final = "(?:st|nd|rd|th)?"
ORDINAL: Final = re.compile(r"(\d+)(?:st|nd|rd|th)$")


def _phrases(table: str, column: str, *values: str) -> str:
    return alternation(row["phrase"] for row in rows(table) if row[column] in values)


# ---- numbers --------------------------------------------------------------------------------------------------


@cache
def number() -> re.Pattern[str]:
    """Match an amount in digits or a small number in words, with its hedge, currency, scale and unit."""
    hedge, cardinal = _phrases("hedges", "rule", "direct"), _phrases("numerals", "kind", "cardinal")
    before, after = _phrases("currencies", "place", "before", "both"), _phrases("currencies", "place", "after", "both")
    units = alternation(row["phrase"] for row in rows("units") if row["kind"] not in {"multiple", "percent"})
    percent, multiple = _phrases("units", "kind", "percent"), _phrases("units", "kind", "multiple")
    scale = _phrases("numerals", "kind", "scale")
    tens = r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-(?:one|two|three|four|five|six|seven|eight|nine)"
    digit = rf"(?:{ZERO}|{cardinal})"
    decimals = rf"(?:{tens}|{digit}|\d+)-point-(?:\d+|{digit}(?:-{digit})*)"
    spoken = rf"(?:(?:{cardinal}|\d+)-(?:thousand|hundred|million)(?:-\d+)?|{decimals})"
    number = rf"(?:{spoken}|{DIGITS}|(?:{tens}|{cardinal})\b)"
    return re.compile(
        rf"""(?:(?P<just>just|only|already|another|a\s+total\s+of|a\s+combined|a\s+mere)\s+)?
        (?:(?P<hedge>\b(?:{hedge}))\s+(?:the\s+|a\s+)?)?
        (?:
          (?P<before>(?<![A-Za-z])(?:{before}))?\s?
          (?P<number>(?(before)(?:{number})|(?<![\w.,])(?:{number})))
          (?:\s?(?:-|–|—)\s?(?P<upper>{DIGITS})(?=\s?(?:{scale}|{units}|{percent}|{after})))?
          (?P<attached>[mMbBkK](?![\w]))?
          (?:[\s-]?(?P<scale>{scale})(?!\w))?
          (?:
            (?P<fold>\s?-?(?:{multiple})(?!\w))
            | \s?-?(?P<percent>(?:{percent})(?!\w)(?:\s+(?P<points>points?))?)
            | [\s-]?(?P<after>(?:{after}))(?!\w)
            | [\s-](?P<unit>(?:{units}))(?!\w)
          )?
        )""",
        re.IGNORECASE | re.VERBOSE,
    )


@cache
def worded_number() -> re.Pattern[str]:
    """Match a ratio or fraction in words: "doubled", "nearly sixfold", "a third of", "by almost half"."""
    hedge, cardinal = _phrases("hedges", "rule", "direct"), _phrases("numerals", "kind", "cardinal")
    part, ratio = _phrases("numerals", "kind", "fraction"), _phrases("numerals", "kind", "ratio")
    tens = "twenty|thirty|forty|fifty"
    return re.compile(
        rf"""(?:(?P<hedge>\b(?:{hedge}))\s+)?
        (?:\b(?P<ratio>{ratio})\b
          | \b(?P<foldword>{cardinal}|{tens})-?fold\b
          | \bby\s+(?:(?P<close>{hedge})\s+)?(?P<cut>a|one)[\s-](?P<slice>{part})\b(?!\s+of\b)
          | \b(?P<top>an?|one|two|three|four)[\s-](?P<part>{part})s?\b
            (?=\s+(?:of|the|that|from|to|in|compared|less|more|lower|higher)\b|(?<!quarter)[,.;])
          | (?<=than\ )(?P<quartered>a)\ (?P<fourth>quarter)(?=\s*[.,;]|$)
          | \b(?P<half>half)\b(?=\s+(?:of|the|that|its|their|all)\b)
          | \bby\s+(?:(?P<near>{hedge})\s+)?(?P<byhalf>half)\b
        )""",
        re.IGNORECASE | re.VERBOSE,
    )


# ---- cue words that need more than a list ---------------------------------------------------------------------

PRONOUN: Final = re.compile(
    r"(?P<worth>(?:(?:its|their|the)\s+(?:total|overall|combined)|its|their)\s+(?:value|volume|amount|worth)s?\b)|"
    r"(?P<own>its|their)\b(?!\s+(?:\w+\s+)?(?:neighbou?r|ally|rival|partner)\b)|"
    r"(?P<several>(?:the|all|these|those)\s+(?:three|four|five|six|seven|eight|nine|ten)\s+(?:countries|nations|states|economies|markets|destinations|buyers|customers|suppliers)(?=\s+(?:(?:together|combined|jointly|alone)\s+)?(?:supplied|sold|exported|shipped|delivered|sent|provided|took|bought|imported|purchased)\b)|the\s+(?:two|three|four|five)(?=\s+(?:(?:together|combined|jointly|had|have)\s+)?(?:supplied|sold|exported|shipped|delivered|sent|provided|took|bought|imported|purchased)\b)|(?:the|both|these|those|all)\s+(?:(?:two|three|four|five)\s+)?(?:suppliers|sellers|exporters|buyers|importers|customers)\b(?!['’]))|"
    r"(?P<two>(?:the\s+two(?=\s+(?:did|do|traded|exchanged|have|had|are|were)\b))|(?:the|both|these|those)\s+(?:two\s+)?(?:countries|sides|nations|governments|presidents|leaders|capitals|neighbou?rs|states|economies|parties|allies)(?P<possess>['’])?)|"
    r"(?P<neighbour>(?:its|the|their)\s+(?:\w+\s+)?(?:neighbou?r|neighbou?ring\s+country|ally|asian\s+country)\b(?:['’]s)?)|"
    r"(?P<state>(?:the|this)\s+(?:reclusive\s+|isolated\s+|island\s+|communist\s+)?(?:country|state|nation|regime|republic|island|kingdom|sultanate|emirate)(?P<states>['’]s)?)\b|"
    r"(?P<it>it|they|that['’]s|this|these)\b|"
    r"(?P<figure>(?:the|this|that)\s+(?:(?:cumulative|combined|annual|monthly|yearly|full-year|overall|latest|corresponding|comparable|equivalent)\s+)?(?:amount|figure|tally|total|volume|value|tonnage|quantity|earnings|proceeds|number(?!\s+(?:one|two|three|four|five)\b)|sum|former|latter)s?\b)",
    re.IGNORECASE,
)
AGAIN: Final = re.compile(r"(?:those|that|[Vv]olumes)(?=\s+(?:to|from|with|of)\s+(?:the\s+)?[A-Z])")
DESCRIBED: Final = re.compile(
    r"the\s+world['’]s\s+(?:[\w-]+\s+){1,4}(?:importer|exporter|buyer|consumer|producer|supplier|seller|maker|market)s?"
    r"(?:\s+and\s+(?:[\w-]+\s+){0,3}(?:importer|exporter|buyer|consumer|producer|supplier|seller)s?)?\b",
    re.IGNORECASE,
)
COMPARES_WITH: Final = re.compile(
    r"(?:(?:slightly|somewhat|much|far|well|considerably|significantly)\s+)?(?:more|less|fewer|over|above|below)\s+than\s+the\s+(?:US)?[$€£\d]",
    re.IGNORECASE,
)
EARNED: Final = re.compile(
    r"(?<=and )earned(?=\s+(?:(?:about|some|just|only|nearly|around|over)\s+)?(?:US)?[$€£]\s?\d[\d.,]*\s?"
    r"(?:[mb]n?|million|billion)?\b(?!\s+(?:from|on|by)))"
)
GENERIC: Final = re.compile(r"(?:goods|products|merchandise|commodities|items|produce)\b", re.IGNORECASE)
ON_THE_YEAR: Final = re.compile(
    r"\bon\s+(?:the\s+)?(?:year|month|quarter)\b(?!\s+(?:before|earlier|ago))", re.IGNORECASE
)
TABLE_UNIT: Final = re.compile(
    r"\bin\s+((?:thousands?|millions?|billions?|mln|bln)\s+(?:of\s+)?[A-Za-z.]+(?:\s+dollars)?)", re.IGNORECASE
)
ADDED: Final = re.compile(r"added(?=\s+(?:\w+\s+)?\d[\d.]*\s?(?:%|per\s?cent|pct))", re.IGNORECASE)
MEGA: Final = re.compile(r"mt|Mt")
DATED: Final = re.compile(r"\b(?:in|since|of|for)\s$", re.IGNORECASE)
COMPARES: Final = re.compile(
    r"(?:more|less|fewer|greater|over|above|below|as\s+(?:much|many|high|large|big)\s+as)\b", re.IGNORECASE
)
PEOPLE: Final = re.compile(
    r"\b(?:visas?|workers?|labou?rers?|tourists?|visitors?|visits|students|migrants?|immigration|nationals|citizens|travell?ers|entrants)\b",
    re.IGNORECASE,
)
VISAS: Final = re.compile(r"\bvisas?\b", re.IGNORECASE)
ENTERED: Final = re.compile(r"\b(?:visited|entered|crossed|arrived)\b")
STREAK: Final = re.compile(
    r"(?P<nth>\w+)[\s-](?:consecutive|straight|successive)\s+(?:full\s+)?(?P<unit>month|quarter|year|annual|yearly|quarterly)"
    r"|(?P<nth2>\w+)\s+(?:(?:fiscal|financial|calendar)\s+)?(?P<unit2>month|quarter|year)s?\s+(?:running|in\s+a\s+row|in\s+succession|on\s+end)",
    re.IGNORECASE,
)
SOURCE: Final = re.compile(
    r"(?P<cue>according\s+to|citing|cited|quoting|based\s+on|on\s+the\s+basis\s+of)\s+(?P<after>[^,.;()]{2,90}?)(?=\s+(?:on|in)\s+(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|\s+said\b|[,.;()]|$)"
    r"|(?P<before>(?:[A-Z][\w.’'&-]*|\b(?:the|of|for|and|official|state|customs|trade|government)\b)(?:\s+(?:[A-Z][\w.’'&-]*|of|for|and|the|news|agency|data|customs|statistics|network|ministry|official|state|trade|figures))*?)"
    r"\s+(?:\([A-Z]+\)\s+)?(?P<verb>said|says|reported|announced|showed|shows|show|noted|estimated|stated)\b",
)
WEEKDAY: Final = re.compile(r"\s*\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)$")
BEFORE_A_NAME: Final = re.compile(r"^(?:the|and|of)\s+")
CREDIT: Final = re.compile(
    r"(?:[A-Z][\w.]+\s*/\s*[A-Z][\w. ]+|\((?:photo|file|image|yonhap|reuters|ap|afp|xinhua)[^)]*\)"
    r"|(?:photo|image|credit|picture)\s*(?:by|:).*)$",
    re.IGNORECASE,
)


@cache
def spent_on() -> re.Pattern[str]:
    """Match "spent" and "paid" where money goes for another country's goods."""
    makers = alternation(row["phrase"] for row in rows("parties") if row["form"] == "adjective")
    units, scale = _phrases("units", "kind", "weight", "volume"), _phrases("numerals", "kind", "scale")
    return re.compile(
        rf"(?:(?:spent|spends|spending)(?=\s(?:[^.;,]|[.,](?=\d)){{1,50}}?\bon\s+(?:{makers})\s)"
        rf"|(?:paid|pays|paying)(?=\s(?:[^.;,]|[.,](?=\d)){{1,40}}?\bfor\s(?:[a-z]+\s)?\d[\d,.]*\s?(?:(?:{scale})\s)?(?:{units})\b)"
        rf"|(?:paid|pays|paying|spent|spends|spending)(?=\s(?:[^.;,]|[.,](?=\d)){{1,40}}?\b(?:for|on)\s"
        rf"(?:it|them|these|the\s(?:fuel|oil|gas|coal|crude|grain|wheat|cargo|cargoes|shipments|supplies|deliveries|purchases|goods|volumes?)))"
        rf"|(?:paid|pays)(?=\s(?:[^.;,]|[.,](?=\d)){{1,60}}?\bfor\s(?:[^.;,]|[.,](?=\d)){{0,60}}?\b(?:{makers})\s))"
    )


@cache
def takes_in() -> re.Pattern[str]:
    """Match any verb of the past before an amount of a country's goods: "hauled 2 million tons of Russian coal"."""
    makers = alternation(row["phrase"] for row in rows("parties") if row["form"] == "adjective")
    units = _phrases("units", "kind", "weight", "volume", "rate")
    scale = _phrases("numerals", "kind", "scale")
    hedge = _phrases("hedges", "rule", "direct")
    return re.compile(
        rf"[a-z]{{3,}}ed(?=\s(?:(?:{hedge}|a\s+record|just|another)\s)?\d[\d.,]*\s?(?:(?:{scale})\s)?"
        rf"(?:{units})\s(?:worth\s)?of\s(?:{makers})\s)"
    )


@cache
def arrived() -> re.Pattern[str]:
    """Read "reached North Korea", where goods come to a country and no figure is reached."""
    named = alternation(row["phrase"] for row in rows("parties") if row["form"] in {"name", "capital"})
    verbs = alternation(group("arrives"))
    return re.compile(
        rf"(?:{verbs})(?=\s+(?:the\s+|into\s+|in\s+)?(?:{named})(?!['’\w$]))"
        rf"|(?:{verbs})(?=\s+(?:the\s+)(?:country|North|South|republic|island)\b(?!['’]))"
    )


@cache
def took() -> re.Pattern[str]:
    """Read "took $9 billion", an amount and no share: who takes it buys it."""
    money = alternation(row["phrase"] for row in rows("currencies") if row["place"] != "after")
    units = alternation(row["phrase"] for row in rows("units") if row["kind"] in {"weight", "volume", "rate"})
    after = alternation(row["phrase"] for row in rows("currencies") if row["place"] != "before")
    hedge = alternation(row["phrase"] for row in rows("hedges") if row["rule"] == "direct")
    scale = alternation(row["phrase"] for row in rows("numerals") if row["kind"] == "scale")
    return re.compile(
        rf"(?:took|takes|taking|got|gets|absorbed|absorbing|absorbs|lifted|lifting|snapped up|picked up"
        rf"|paid for|pays for)"
        rf"(?=\s+(?:(?:{hedge}|just|only|another)\s+)?"
        rf"(?:(?:{money})\s?\d|\d[\d,.]*\s?(?:(?:{scale})\s+)?(?:{units}|{after})\b))",
        re.IGNORECASE,
    )


@cache
def party() -> re.Pattern[str]:
    """Match who trades: by name, by compass ("the North"), or by what it is called ("the reclusive state")."""
    named = [row["phrase"] for row in rows("parties") if row["form"] not in {"epithet", "compass", "pair"}]
    epithets = [row["phrase"] for row in rows("parties") if row["form"] == "epithet"]
    compass = [row["phrase"].removeprefix("the ") for row in rows("parties") if row["form"] == "compass"]
    return re.compile(
        rf"(?<![\w$])(?:(?P<named>{alternation(named)}|(?:{alternation(name.upper() for name in named)})(?=['’]S\b))"
        rf"|(?:[Tt]he|THE)\s+(?P<compass>{'|'.join(compass)})(?!\s+[A-Z])"
        rf"|(?:[Tt]he|its|this)\s+(?:\w+\s)?(?P<epithet>{alternation(epithets)}))(?P<own>['’][sS]?(?!\w))?(?![\w])",
    )
