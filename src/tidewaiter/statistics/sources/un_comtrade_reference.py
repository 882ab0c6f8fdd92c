"""UN Comtrade's lists of codes, held against the tables here: what either lacks is said in the notes.

Which list of products it is stands only in the name of the file. Nothing here is changed by a list; the
tables in `codes` are, by a person.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tidewaiter.base.errors import CodeError
from tidewaiter.codes import areas, hs_codes, products
from tidewaiter.statistics.bench import Parsed, literal
from tidewaiter.statistics.card import card_of
from tidewaiter.statistics.refusal import counted, refuse

if TYPE_CHECKING:
    from tidewaiter.statistics.bench import Bench
    from tidewaiter.statistics.land import LandOptions

_EDITION: Final = re.compile(r"(?:^|[^A-Za-z0-9]|classification)(H[0-6S])(?![A-Za-z0-9])")
_PARTNERS: Final = re.compile("partner", re.IGNORECASE)
_NO_CODES: Final = ("all", "ALL", "AG2", "AG4", "AG6")
_FEW: Final = 8
_ROWS: Final = "un_comtrade"
"""The card of the rows that these codes stand in, which knows the publisher's own."""


def parse(bench: Bench, options: LandOptions) -> Parsed:  # noqa: ARG001
    """Turn a list into rows of `reference`."""
    name = _list(bench)
    is_products = bench.layout.name == "products"
    columns = {
        "source": literal(bench.card.id),
        "list": literal(name),
        "code": "id",
        "text": "text",
        "parent": "nullif(parent, '#')" if is_products else "NULL",
        "area": "NULL" if is_products else "area.code",
        "is_group": bench.column("isGroup"),
        "start": f"left({bench.column('entryEffectiveDate')}, 10)",
        "end": f"left({bench.column('entryExpiredDate')}, 10)",
    }
    types = {"is_group": "BOOLEAN"}
    chosen = ", ".join(f"CAST({sql} AS {types.get(each, 'VARCHAR')}) AS {each}" for each, sql in _quoted(columns))
    join = "" if is_products else f"LEFT JOIN {_areas(bench)} AS area ON rows.id = area.said"
    sql = f"SELECT {chosen}, row FROM {bench.rows} AS rows {join} WHERE id NOT IN ({_listed(_NO_CODES)})"
    (count,) = bench.one(f"SELECT count(*) FROM ({sql})")
    notes = _products_apart(bench, name, sql) if is_products else _areas_apart(bench, name, sql)
    return Parsed(sql, (), (), count, notes, about=f"the list {name}")


def _list(bench: Bench) -> str:
    if bench.layout.name in {"reporters", "partners"}:
        return bench.layout.name
    if bench.layout.name == "older list of areas":
        return "partners" if _PARTNERS.search(bench.name) else "reporters"
    found = _EDITION.search(bench.name)
    if found is None:
        refuse(bench.name, "its name does not say which HS edition it lists; call it as the publisher does, H5.json")
    return "HS" if found[1] == "HS" else products.edition(found[1])


def _areas(bench: Bench) -> str:
    def meaning(word: str) -> tuple[str | None]:
        try:
            return (areas.resolve(word) if word.isdecimal() else None,)
        except CodeError:
            return (None,)

    return bench.dictionary("id", meaning, ("code",))


def _areas_apart(bench: Bench, name: str, sql: str) -> tuple[str, ...]:
    found = bench.connection.execute(f"SELECT code, text FROM ({sql}) WHERE area IS NULL ORDER BY row").fetchall()
    if not found:
        return (f"every code of {name} is known here",)
    shown = ", ".join(f"{code} ({text})" for code, text in found[:_FEW])
    return (f"{counted(len(found), 'codes')} of {name} unknown here: {shown}{', ...' * (len(found) > _FEW)}",)


def _products_apart(bench: Bench, name: str, sql: str) -> tuple[str, ...]:
    """Compare a list of one edition's six-digit codes with the one that ships."""
    known = {code for code in hs_codes.known(name) if len(code) == 6}
    if not known:
        return ()
    rows = bench.connection.execute(f"SELECT code FROM ({sql}) WHERE regexp_full_match(code, '[0-9]{{6}}')").fetchall()
    theirs = {code for (code,) in rows}
    service = card_of(_ROWS).service
    own = set(service.special_codes) if service is not None else set()
    notes = []
    for codes, where in ((theirs - known - own, "unknown here"), (known - theirs, "known here only")):
        if codes:
            shown = ", ".join(sorted(codes)[:_FEW])
            notes.append(f"{counted(len(codes), 'codes')} of {name} {where}: {shown}{', ...' * (len(codes) > _FEW)}")
    return tuple(notes) or (f"the codes of {name} are those known here",)


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(map(literal, words))


def _quoted(columns: dict[str, str]) -> list[tuple[str, str]]:
    return [(f'"{name}"', sql) for name, sql in columns.items()]
