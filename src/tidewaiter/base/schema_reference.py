"""The table of publishers' own lists of codes: reporters, partners, products of an HS edition."""

from __future__ import annotations

from typing import Final

from tidewaiter.base.schema import COUNT, FLAG, TEXT, Check, Column, Table

REFERENCE: Final = Table(
    "reference",
    (
        Column("source", TEXT, "id of the publisher's card"),
        Column("list", TEXT, "reporters, partners, or the HS edition whose codes they are, HS where it is all"),
        Column("code", TEXT, "as the publisher writes it"),
        Column("text", TEXT, "what it says of the code"),
        Column("parent", TEXT, "the code above it, of products", required=False),
        Column("area", TEXT, "our code of the area, where the tables here know it", required=False),
        Column("is_group", FLAG, "whether it is a group of areas, where that is said", required=False),
        Column("start", TEXT, "first day of an area, where that is said", required=False),
        Column("end", TEXT, "last day of an area, where that is said", required=False),
        Column("receipt", TEXT, "the landing it came with"),
        Column("row", COUNT, "its place in the publisher's list, the first being 1"),
    ),
    key=("source", "list", "code", "receipt"),
    checks=(Check("code is empty", "code = ''", "code"),),
)
"""Of each list the one of the newest vintage is seen, wholly."""
