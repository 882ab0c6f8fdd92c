"""The field's words, one word for one thing, as types the checker can hold us to."""

from __future__ import annotations

from typing import Final, Literal, get_args

Flow = Literal[
    "export",
    "import",
    "domestic_export",
    "foreign_import",
    "re_export",
    "re_import",
    "inward_export",
    "inward_import",
    "outward_export",
    "outward_import",
    "other_export",
    "other_import",
]
"""What a reporter declared. Only `export` and `import` are totals; the others are parts of them.

`other_export` and `other_import` are parts that a publisher prints without saying what they are.
"""

Valuation = Literal["cif", "fob"]
Frequency = Literal["A", "M"]
Measure = Literal["value", "weight", "volume", "count"]
Side = Literal["reporter", "mirror", "exporter", "importer", "reconciled"]
Indicator = Literal["value", "weight", "total", "balance", "change", "share", "ranking", "composition", "series"]

FLOWS: Final = get_args(Flow)
INDICATORS: Final = get_args(Indicator)

TOTAL: Final = "TOTAL"
"""The product code for all goods together."""

EDITION_UNSTATED: Final = "HS"
"""The HS edition of a declaration whose publisher does not say which it is."""
