"""How English writes periods: years, months, ranges, and words that lean on another period.

Owns the patterns. What a match means is read in `tidewaiter.news.words.periods`.
"""

from __future__ import annotations

from tidewaiter.news.words.english.grammar import YEAR
from tidewaiter.news.words.tables import alternation, rows

_COUNT = r"(?:\d{1,2}|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
_WHICH = r"(?P<which>this|last|past|that|the\s+(?:current|previous|preceding|prior|same|past))"
_RELATIVE = rf"{_WHICH}\s+year"
_NAMED_YEAR = rf"{_WHICH}\s+(?:(?:Iranian|Persian|solar|calendar|fiscal|financial)\s+(?:calendar\s+)?)?year"
_AGO = r"(?P<before>a\s+year\s+(?:earlier|ago|before))"
_OF_YEAR = rf"(?:,?\s+(?:of\s+|in\s+)?(?:(?P<year>{YEAR})(?![-\d]|\s?%)|{_RELATIVE}(?!['’]s)|{_AGO}))?"
_LEAD = rf"(?:(?:the\s+)?(?P<lead>last|this|{YEAR})\s?(?:year)?['’]s\s+|(?:the\s+)?year['’]s\s+)?"
_TO = r"(?:\s?(?:-|–|—|to|through|until|till)\s?|-(?:to|through)-)"
_BUDGET = r"(?:fiscal|financial|budget)\s+year"
_EARLIER = r"(?:earlier|ago|before|previously|prior)"
_PRIOR = r"(?:previous|preceding|prior|earlier)"


def periods() -> tuple[tuple[str, str], ...]:
    """List how periods are written, each with the name of the reading that `periods.lex` gives it."""
    month = rf"(?:(?:{alternation(row['phrase'] for row in rows('months'))})\b\.?)"
    ordinal = "(?:first|second|third|fourth|1st|2nd|3rd|4th)"
    return (
        (
            (
                rf"(?P<m1>{month})\s+(?P<d1>\d{{1,2}})(?:,?\s+(?P<y1>{YEAR}))?(?:\s?(?:-|–|to|through|until)\s?)"
                rf"(?:(?P<m2>{month})\s+)?(?P<d2>\d{{1,2}})\b(?:,?\s+(?P<y2>{YEAR}))?"
            ),
            "days",
        ),
        (
            (
                rf"(?:from\s+)?(?:the\s+)?(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<m1>{month})(?:,?\s+(?P<y1>{YEAR}))?"
                rf"\s?(?:-|–|to|through|until)\s?(?:the\s+)?(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<m2>{month})\b"
                rf"(?:,?\s+(?P<y2>{YEAR}))?"
            ),
            "days",
        ),
        (
            rf"(?P<m1>{month})\s+(?P<d1>\d{{1,2}})\b(?!\d|[.,]\d|[\s-]?(?:%|per\s?cent|pct|million|billion|thousand|mln|bln|tons?|tonnes|barrels|times|point))(?:,?\s+(?P<y1>{YEAR}))?",
            "day",
        ),
        (
            (
                rf"between\s+(?:the\s+)?(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<m1>{month})(?:,?\s+(?P<y1>{YEAR}))?"
                rf"\s+and\s+(?:the\s+)?(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?(?:\s+of)?\s+(?P<m2>{month})\b(?:,?\s+(?P<y2>{YEAR}))?"
            ),
            "days",
        ),
        (
            (
                rf"between\s+(?P<m1>{month})\s+(?P<d1>\d{{1,2}})(?:,?\s+(?P<y1>{YEAR}))?"
                rf"\s+and\s+(?P<m2>{month})\s+(?P<d2>\d{{1,2}})\b(?:,?\s+(?P<y2>{YEAR}))?"
            ),
            "days",
        ),
        (rf"(?:the\s+)?first\s+(?P<d1>\d{{1,2}})\s+days\s+of\s+(?P<m1>{month}){_OF_YEAR}", "first_days"),
        (
            rf"(?P<m1>{month})\s+(?P<y1>{YEAR})-(?P<y2>\d\d)\b",
            "month_of_two_years",
        ),
        (
            (
                rf"(?:(?P<whole>(?:the\s+)?period\s+))?(?:(?P<between>between|from)\s+)?"
                rf"(?P<m1>{month})(?:,?\s+(?P<y1>{YEAR}))?(?:{_TO}|(?P<and>\s+and\s+))"
                rf"(?P<m2>{month})(?:\s+period)?{_OF_YEAR}"
            ),
            "month_range",
        ),
        (rf"{_LEAD}(?P<m1>{month})(?:['’]s\b)?(?=[\s,.;:)\-'’]|$){_OF_YEAR}", "one_month"),
        (
            rf"(?:the\s+)?{_LEAD}(?:(?P<nth>{ordinal})[\s-](?P<part>quarter|half)|(?P<code>[QH])(?P<n>[1-4])\b)(?!\s+(?:running|straight|in\s+a\s+row|on\s+end))(?:\s+of\s+the\s+year(?!['’])|{_OF_YEAR})",
            "part_of_year",
        ),
        (rf"(?P<year>{YEAR})\s?(?P<code>[QH])(?P<n>[1-4])\b", "part_of_year"),
        (
            (
                rf"(?:the\s+)?(?P<end>last|final|closing|opening|initial)\s+(?:(?P<part>quarter|half)|(?P<count>{_COUNT})\s+months)"
                rf"(?:\s+of\s+(?:the\s+)?year(?!['’])|,?\s+(?:of\s+|in\s+)(?:(?P<year>{YEAR})(?![-\d])|{_RELATIVE}(?!['’]s)))"
            ),
            "end_of_year",
        ),
        (rf"(?:through|up\s+(?:until|to))\s+(?P<m1>{month})(?=[\s,.;:)]|$)(?!\s+\d{{1,2}}\b){_OF_YEAR}", "through"),
        (r"(?:the\s+)?(?P<which>last|past)\s+quarter\b(?!\s+of)", "last_quarter"),
        (
            (
                rf"(?:the\s+)?{_LEAD}first\s+(?:(?P<quarters>two|three|2|3)\s+quarters|(?P<count>{_COUNT})\s+months|(?P<one>month))"
                rf"(?:\s+(?:of|in)\s+(?:the|this)\s+year(?!['’])|{_OF_YEAR})"
            ),
            "first_months",
        ),
        (
            (
                rf"(?:the\s+)?(?:(?:first\s+)?(?P<count>{_COUNT})\s+months\s+(?:of|in)\s+)?(?:the\s+)?"
                rf"(?P<which>current|last|past|this|previous)?\s?(?:Iranian|Persian|solar)\s+(?:calendar\s+)?year(?:\s+(?P<year>1[34]\d\d))?"
            ),
            "iranian",
        ),
        (rf"(?:the\s+)?(?P<count>{_COUNT})\s+months\s+of\s+(?P<year>{YEAR})", "first_months"),
        (
            (
                rf"(?:the\s+)?(?P<one>fiscal|financial)\s+year\s+(?:that\s+)?(?:ended|ending|to)(?:\s+(?:in|on))?\s+"
                rf"(?P<m1>{month})(?:\s+(?P<day>\d{{1,2}})(?!\d))?(?:,?\s+(?P<year>{YEAR}))?"
            ),
            "months_to",
        ),
        (
            (
                rf"(?:the\s+)?(?:fiscal|financial)\s+(?:year\s+)?(?P<y1>{YEAR})[-/–](?P<y2>\d\d(?:\d\d)?)|FY\s?(?P<y3>{YEAR})[-/–]?(?P<y4>\d\d)"
                rf"|(?:the\s+)?(?P<y5>{YEAR})[-/–]\d\d(?:\d\d)?\s?(?:FY|{_BUDGET})\b"
            ),
            "fiscal",
        ),
        (
            (
                rf"(?:the\s+)?(?:(?P<nth>{ordinal})[\s-](?P<part>quarter|half)|first\s+(?P<count>{_COUNT})\s+months)"
                rf"\s+(?:of|in)\s+(?:the\s+|this\s+)?(?:{_BUDGET}\s+|FY\s?)?(?P<y1>{YEAR})[-/–](?P<y2>\d\d(?:\d\d)?)(?!\d)"
                rf"(?:\s?(?:FY|{_BUDGET}|period)\b)?(?!\s+(?:season|marketing|crop|agricultural))"
            ),
            "part_of_fiscal",
        ),
        (
            (
                rf"(?:the\s+)?(?:(?P<nth>{ordinal})[\s-](?P<part>quarter|half)|first\s+(?P<count>{_COUNT})\s+months)"
                rf"\s+(?:of|in)\s+(?:the\s+)?(?P<which>this|current|last|past|ongoing)\s+{_BUDGET}\b(?!['’])"
            ),
            "part_of_our_fiscal",
        ),
        (
            (
                rf"(?:(?:the|its)\s+)?(?:{_LEAD})?(?:same|corresponding|similar|comparable|analogous|equivalent|year-ago|year-earlier)\s+"
                rf"(?:{_COUNT}[\s-]months?\s+)?(?:period|(?P<unit>months?|quarter|half)|time(?:\s+(?:period|frame|span))?|span|stretch|timeframe)\b"
                rf"(?:\s+(?:of\s+|in\s+|from\s+)?(?:(?P<year>{YEAR})|{_NAMED_YEAR}|(?P<last>last)\s+year|"
                rf"(?P<before>(?:a|one|the)\s+year\s+{_EARLIER})|(?P<prior>the\s+{_PRIOR}\s+year)))?"
            ),
            "same",
        ),
        (
            (
                rf"(?:early|late|mid)[\s-]+(?:in\s+)?{YEAR}(?![-\d])"
                rf"|(?:the\s+)?(?:spring|summer|autumn|winter)(?:\s+of)?\s+{YEAR}(?:[-/–]\d\d(?:\d\d)?)?(?![-\d])"
                rf"|the\s+fall\s+of\s+{YEAR}(?![-\d])"
            ),
            "unknown",
        ),
        (
            (
                rf"(?:the\s+)?week\s+(?:ended|ending|to|of|through)\s+(?:(?:on|in)\s+)?(?:\d{{1,2}}\s+{month}|{month}\s+\d{{1,2}})"
                rf"(?:,?\s+{YEAR})?"
            ),
            "unknown",
        ),
        (
            rf"(?:the\s+)?(?:last|this|that)\s+year['’]s\s+{_COUNT}-month\s+period|(?:a|any)\s+{_COUNT}-month\s+period",
            "unknown",
        ),
        (
            (
                rf"(?:the\s+)?(?:fiscal|financial)\s+(?:year\s+)?(?P<y1>{YEAR})(?![-/–]\d)|FY\s?(?P<y3>{YEAR})(?![-/–]?\d)"
                rf"|(?:the\s+)?(?P<y5>{YEAR})\s+{_BUDGET}\b(?!\s+{YEAR})"
            ),
            "fiscal_single",
        ),
        (
            rf"(?:the\s+)?(?:(?:last|this|current|previous|{YEAR}[-/–]{YEAR})\s+)?(?:fiscal|financial)\s+(?:year\s*)?(?:{YEAR})?(?![-/–]\d)(?!\s*(?:year\s+)?(?:in\s+a\s+row|running|straight))",
            "unknown",
        ),
        (
            rf"(?:the\s+)?(?:{YEAR}|\d\d)[-/–]\d\d(?:\d\d)?\s+(?:season|marketing\s+year|crop\s+year|agricultural\s+year)",
            "unknown",
        ),
        (
            rf"last\s+(?P<m1>{month})(?:['’]s)?(?!\s+\d)",
            "named_month",
        ),
        (
            rf"(?P<m1>{month})(?:,\s*{month})+,?\s+and\s+(?P<m2>{month}){_OF_YEAR}",
            "months_listed",
        ),
        (
            rf"(?:(?:in|over|during)\s+)?(?:the\s+)?(?:(?P<count>{_COUNT})\s+months|(?P<one>year))\s+(?:to|through|until|ending(?:\s+in)?|ended(?:\s+in)?)\s+(?P<m1>{month})(?:\s+(?P<day>\d{{1,2}})(?!\d|[.,]\d))?(?:,?\s+(?P<year>{YEAR}))?(?!\s+\d)",
            "months_to",
        ),
        (
            rf"(?:(?:in|over|during)\s+)?(?:the\s+)?(?:(?P<count>{_COUNT})\s+months|(?P<one>year))\s+(?:to|through|until|ending|ended)(?:\s+on)?\s+(?P<day>\d{{1,2}})\s+(?P<m1>{month})(?:,?\s+(?P<year>{YEAR}))?(?!\s+\d)",
            "months_to",
        ),
        (
            rf"(?:the\s+)?(?P<count>{_COUNT})-month\s+period(?:\s+of\s+(?P<year>{YEAR}))?|(?:the|these|those|in\s+the|over|over\s+the)\s+(?P<n>{_COUNT})\s+months",
            "n_months",
        ),
        (
            (
                r"(?:the|that|this)\s+(?:cited|said|reporting|reported|given|reviewed|mentioned|above|review|stated|same)\s+"
                r"(?:period|month|quarter|year|timeframe|span|stretch|timespan)|(?:that|this|the)\s+(?:period|timeframe|span)|(?:the\s+)?(?:that|same)\s+(?:year|month|quarter)|that\s+(?:year|month|quarter)|the\s+month\b"
            ),
            "cited",
        ),
        (rf"(?P<count>{_COUNT})\s+years\s+{_EARLIER}|a\s+(?P<ten>decade)\s+{_EARLIER}", "years_earlier"),
        (
            rf"(?:(?:(?:a|one|the)\s+)year\s+{_EARLIER}|(?:twelve|12)\s+months\s+{_EARLIER}|(?:the\s+)?{_PRIOR}\s+(?:(?:fiscal|financial|calendar)\s+)?year|(?:the\s+)?year-(?:earlier|ago)|on[\s-]year|on\s+the\s+year|year[\s-](?:on|over)[\s-]year|y/y|yoy|y-o-y|in\s+annual\s+terms|on\s+an\s+annual\s+basis|in\s+yearly\s+terms|annually(?=\s+to))(?:['’]s)?\b",
            "earlier_year",
        ),
        (
            rf"(?:(?:a|one|the)\s+month\s+{_EARLIER}|(?:the\s+)?{_PRIOR}\s+month|on[\s-]month|month[\s-](?:on|over)[\s-]month|m/m|mom|on\s+a\s+monthly\s+basis|over\s+the\s+month|in\s+monthly\s+terms|last\s+month['’]s)(?:['’]s)?\b",
            "earlier_month",
        ),
        (
            rf"(?:(?:a|one|the)\s+quarter\s+{_EARLIER}|(?:the\s+)?{_PRIOR}\s+quarter|quarter[\s-](?:on|over)[\s-]quarter|q/q)\b",
            "earlier_quarter",
        ),
        (
            rf"(?:since|(?:for\s+)?the\s+first\s+time\s+(?:since|in))\s+(?:at\s+least\s+)?(?:(?:late|early|mid)[\s-])?(?:(?P<m1>{month})\s+)?(?:(?P<year>{YEAR})|last\s+year|{_COUNT}\s+(?:years|months|decades)|(?={month}))(?:{month})?",
            "since",
        ),
        (
            rf"(?:the\s+)?(?:last|past|previous|over)\s+(?P<count>{_COUNT})\s+(?P<of>months|years|quarters)|in\s+(?:{_COUNT})\s+(?:months|years|decades)|(?:the\s+)?(?:past|last)\s+(?:decade|few\s+years)",
            "recent_run",
        ),
        (
            rf"(?:(?P<between>between|from)\s+)?(?P<y1>{YEAR})(?:\s?[-–]\s?|\s+(?:to|through|and|until)\s+)(?P<y2>{YEAR}|\d\d\b)(?!,?\d|%)",
            "year_range",
        ),
        (
            rf"(?:the\s+)?(?:full\s+|whole\s+|whole\s+of\s+|all\s+of\s+|calendar\s+|year\s+|entire\s+)?(?P<y1>{YEAR})(?:['’]s)?(?!\d|,\d|\.\d|[-–]?\w)",
            "one_year",
        ),
        (r"(?:the\s+)?(?P<which>last|this|current|past)\s+(?:calendar\s+|full\s+)?year(?:['’]s)?\b", "relative_year"),
        (r"last\s+month\b", "last_month"),
        (r"the\s+(?:first\s+)?half[\s-]year\b", "half_year"),
        (r"so\s+far\s+this\s+year|year\s+to\s+date|year-to-date", "recent"),
    )
