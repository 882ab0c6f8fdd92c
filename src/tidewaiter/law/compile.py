"""Compile measures into rules: one row per code, HS edition and reading, ready for equality joins.

The law writes `84` and a customs officer `847130`; the law writes HS2017 and he declares in
HS2012. All of that is settled here, once per measure, so that screening only compares for
equality. Pure: rows of the `measure` table in, rows of `RULE` out. It sees no trade.
"""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.base.terms import EDITION_UNSTATED, TOTAL
from tidewaiter.codes import hs_codes
from tidewaiter.law.restate import Carried, Concordance, carry
from tidewaiter.law.status import _IN_FORCE as MEANS
from tidewaiter.law.status import RANK

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from tidewaiter.law.status import Word

OPEN: Final = 99991231
EDITIONS: Final = (*hs_codes.EDITIONS, EDITION_UNSTATED)
_SAME_RULE: Final = ("regime", "measure", "target", "party", "hs", "product", "reading")

Row = dict[str, Any]


def compile_rules(measure: Iterable[Mapping[str, Any]], concordance: Concordance | None = None) -> list[Row]:
    """Turn rows of the `measure` table into rows of `RULE`.

    `concordance` leads codes from one HS edition to another; without it a code is followed only as
    a number, and `edition_note` says so. Rows that differ in their dated quota only become one.
    """
    rules: list[Row] = []
    coarse: dict[tuple[Any, ...], Row] = {}
    for base in _measures(measure):
        for edition in EDITIONS:
            for carried in carry(base["law_code"], base["law_hs"], edition, concordance):
                rule = {**base, **_at(edition, carried)}
                if carried.unknown:
                    _widen(coarse, rule, carried.code)
                    continue
                rules.append(rule)
                for digits in range(2, len(carried.code), 2):
                    _widen(coarse, rule, carried.code[:digits])
        _any_goods(coarse, base)
    return [{**rule, "rule": number} for number, rule in enumerate(_merged([*rules, *coarse.values()]))]


def _merged(rules: Iterable[Row]) -> Iterator[Row]:
    """Make one rule of those that differ in the edition only: a bit each, so that few rules are joined."""
    bits = {edition: 1 << place for place, edition in enumerate(EDITIONS)}
    together: dict[tuple[Any, ...], Row] = {}
    for rule in rules:
        key = tuple(value for name, value in sorted(rule.items()) if name != "edition")
        bit = bits[rule["edition"]]
        if key in together:
            together[key]["editions"] |= bit
        else:
            together[key] = {**{name: value for name, value in rule.items() if name != "edition"}, "editions": bit}
    yield from together.values()


def _measures(measure: Iterable[Mapping[str, Any]]) -> Iterator[Row]:
    """Yield one record per measure and code, its dated quota values joined to one span of days."""
    ordered = sorted(measure, key=lambda row: (*(row[key] for key in _SAME_RULE), row["start"]))
    for _, group in groupby(ordered, key=lambda row: tuple(row[key] for key in _SAME_RULE)):
        rows = list(group)
        first, last = rows[0], rows[-1]
        words: list[Word] = [MEANS[first["kind"]]]
        if first["exempt_reach"] == "any":
            words.append("exempt_possible")
        full = min(words, key=RANK.__getitem__)
        in_wind_down: list[Word] = [full, "within_grace"]
        grace = min(in_wind_down, key=RANK.__getitem__)
        yield {
            **{key: first[key] for key in ("party", "direction", "regime", "measure", "kind", "reading", "goods")},
            **{key: first[key] for key in ("assigned_by", "exemptions", "act", "paragraph", "verified", "start")},
            "area": first["target"],
            "law_code": first["product"],
            "law_hs": first["hs"],
            "whole": first["coverage"] == "exact",
            "coarse": False,
            "word": full,
            "rank": RANK[full],
            "grace_word": grace,
            "grace_rank": RANK[grace],
            "start_day": day_number(first["start"]),
            "grace_day": day_number(first["wind_down_end"], last=True) if first["wind_down_end"] else 0,
            "end_day": day_number(last["end"], last=True) if last["end"] else OPEN,
        }


def day_number(day: date, *, last: bool = False) -> int:
    """Write a day as 20170805; as a `last` day the end of any month becomes its 31st.

    Months then compare as numbers: February is over after 28, 29 or 31 alike.
    """
    from calendar import monthrange

    number = day.day
    if last and number == monthrange(day.year, day.month)[1]:
        number = 31
    return day.year * 10000 + day.month * 100 + number


def _at(edition: str, carried: Carried) -> Row:
    """Say how a rule's code compares with declarations in one edition."""
    place: Row = {"edition": edition, "level": len(carried.code), "code": carried.code}
    place["edition_note"] = carried.note
    if not carried.exact:
        place["whole"] = False
    return place


def _widen(coarse: dict[tuple[Any, ...], Row], rule: Row, code: str) -> None:
    """Add the rule for a flow known only under `code`, which is wider than the law's; once per measure.

    The days of one measure's codes are the same, so that only their list grows.
    """
    key = (*(rule[name] for name in ("regime", "measure", "area", "party", "reading", "edition")), code)
    found = coarse.get(key)
    if found is not None:
        if rule["law_code"] not in found["law_code"].split(" "):
            found["law_code"] = f"{found['law_code']} {rule['law_code']}"
        return
    coarse[key] = {**rule, **_undecided(), "code": code}


def _any_goods(coarse: dict[tuple[Any, ...], Row], base: Row) -> None:
    """Add the one rule per regime and direction for flows of all goods together."""
    for edition in EDITIONS:
        key = (base["regime"], base["area"], base["party"], base["direction"], edition)
        found = coarse.setdefault(
            key,
            {
                **base,
                **_undecided(),
                **dict.fromkeys(("measure", "reading", "law_code", "goods", "act", "paragraph"), ""),
                "kind": "",
                "assigned_by": "",
                "exemptions": None,
                "edition_note": None,
                "edition": edition,
                "code": TOTAL,
            },
        )
        found["start_day"] = min(found["start_day"], base["start_day"])
        found["start"] = min(found["start"], base["start"])
        found["end_day"] = max(found["end_day"], base["end_day"])
        found["verified"] = found["verified"] and base["verified"]


def _undecided() -> Row:
    word: Word = "too_coarse"
    rank = RANK[word]
    return {
        "coarse": True,
        "whole": False,
        "level": 0,
        "word": word,
        "rank": rank,
        "grace_word": word,
        "grace_rank": rank,
        "grace_day": 0,
    }
