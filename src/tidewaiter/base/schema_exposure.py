"""The tables of screening: rules as they are joined, and trade set beside the measures that cover it.

Same conventions as `schema`: money is nominal US dollars, weight kilograms, a missing number is
null and never zero. Days of the law are whole numbers such as 20170805, so that every engine
compares them alike; the last day of a month is written as its 31st.
"""

from __future__ import annotations

from typing import Final

from tidewaiter.base.schema import COUNT, DATE, FLAG, MONEY, TEXT, Check, Column, Table

RULE: Final = Table(
    "rule",
    (
        Column("rule", COUNT, "number of the rule within one screening"),
        Column("area", TEXT, "the target, which has to stand at the end of the trade that the direction says"),
        Column("direction", TEXT, "from_target or to_target"),
        Column("party", TEXT, "the other area that is bound; empty: every state"),
        Column("editions", COUNT, "HS editions of the declarations the rule is for, one bit each, oldest lowest"),
        Column("level", COUNT, "digits of the code to compare with the start of the product; 0: the whole product"),
        Column("code", TEXT, "what the product, or its start, has to equal"),
        Column("regime", TEXT, "id of the regime"),
        Column("measure", TEXT, "id of the measure; empty: any measure of the regime"),
        Column("kind", TEXT, "kind of the measure"),
        Column("reading", TEXT, "id of the disputed reading; empty: undisputed"),
        Column("law_code", TEXT, "HS code as the measure has it"),
        Column("law_hs", TEXT, "HS edition of that code"),
        Column("goods", TEXT, "the goods in the law's words, shortened"),
        Column("assigned_by", TEXT, "who put the goods under the code"),
        Column("whole", FLAG, "whether the law covers all of what the rule's code holds"),
        Column("coarse", FLAG, "whether the rule's code is wider than the law's, so that nothing can be told"),
        Column("word", TEXT, "status on a day in force"),
        Column("rank", COUNT, "strictness of that status"),
        Column("grace_word", TEXT, "status on a day of the wind-down"),
        Column("grace_rank", COUNT, "strictness of that status"),
        Column("start_day", COUNT, "first day in force"),
        Column("grace_day", COUNT, "last day of the wind-down; 0: none"),
        Column("end_day", COUNT, "last day in force; 99991231: still in force"),
        Column("start", DATE, "first day in force, as a date"),
        Column("exemptions", TEXT, "exemptions that statistics cannot see, in words", required=False),
        Column("act", TEXT, "the act"),
        Column("paragraph", TEXT, "the place in it"),
        Column("verified", FLAG, "whether words, days and code were all seen in a source"),
        Column(
            "edition_note", TEXT, "how the code was carried into the edition; empty: it stands in it", required=False
        ),
    ),
    key=("rule",),
)
"""One row per measure, code, edition and reading, ready for equality joins. `law.compile` makes it."""

LAW_COLUMNS: Final = (
    Column("target", TEXT, "area the measure is about"),
    Column("regime", TEXT, "id of the regime"),
    Column("measure", TEXT, "id of the measure; empty: any measure of the regime, for flows of all goods"),
    Column("kind", TEXT, "kind of the measure"),
    Column("direction", TEXT, "from_target or to_target"),
    Column("reading", TEXT, "disputed reading under which this row holds; empty: undisputed"),
    Column("law_code", TEXT, "HS code as the measure has it"),
    Column("law_hs", TEXT, "HS edition of that code"),
    Column("goods", TEXT, "the goods in the law's words, shortened"),
    Column("assigned_by", TEXT, "who put the goods under the code"),
    Column("act", TEXT, "the act"),
    Column("paragraph", TEXT, "the place in it"),
    Column("start", DATE, "first day in force"),
    Column("verified", FLAG, "whether words, days and code were all seen in a source"),
    Column("force", TEXT, "in_force or partly: the period holds a change"),
    Column("coverage", TEXT, "full, or partial: the law covers part of the code, the value is an upper bound"),
    Column("status", TEXT, "what can be said of the flow under this measure"),
    Column("status_before_review", TEXT, "the status but for the exclusion register"),
    Column("is_strictest", FLAG, "whether no other measure says anything stricter of the same flow"),
    Column("is_part", FLAG, "true where a coarser row of the same declaration holds the value too: never add both"),
    Column("covered_low_usd", MONEY, "value the measure covers for certain", required=False),
    Column("covered_high_usd", MONEY, "value the measure may cover at most", required=False),
    Column("exemptions", TEXT, "exemptions that statistics cannot see, in words", required=False),
    Column("edition_note", TEXT, "how the law's code was carried into the declaration's edition", required=False),
    Column("review", TEXT, "why the declaration is suspected, who said so and when", required=False),
)

EXPOSURE: Final = Table(
    "exposure",
    (
        Column("source", TEXT, "id of the publisher's card"),
        Column("reporter", TEXT, "area that declared"),
        Column("partner", TEXT, "area it was declared about"),
        Column("flow", TEXT, "export or import"),
        Column("exporter", TEXT, "area the goods left"),
        Column("importer", TEXT, "area the goods reached"),
        Column("product", TEXT, "TOTAL or an HS code, as declared"),
        Column("hs", TEXT, "HS edition of the declaration"),
        Column("period", TEXT, "2019 or 2019-07"),
        Column("frequency", TEXT, "A or M"),
        Column("value_usd", MONEY, "declared value", required=False),
        Column("weight_kg", MONEY, "declared net weight", required=False),
        Column("receipt", TEXT, "the landing the row came with"),
        Column("row", COUNT, "its row in the publisher's file"),
        *LAW_COLUMNS,
    ),
    key=("receipt", "row", "regime", "measure", "target", "reading", "law_code"),
    checks=(
        Check("bounds are the wrong way round", "covered_low_usd > covered_high_usd", "covered_low_usd"),
        Check("force is unknown", "force NOT IN ('in_force', 'partly')", "force"),
        Check("coverage is unknown", "coverage NOT IN ('full', 'partial')", "coverage"),
    ),
)
"""A declaration beside one measure that covers it. A frame that is screened keeps its own columns:
what it does not have (a reconciled cell has no reporter) is not here either."""
