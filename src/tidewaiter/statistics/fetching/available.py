"""Which data sets a publisher has, and why an answer is empty; pure.

UN Comtrade gives 200 and no rows for a country that has not reported yet, for a year it never will, for
no trade and for a code that does not exist. Only its list of data sets tells them apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.base.errors import CodeError
from tidewaiter.base.terms import TOTAL
from tidewaiter.codes import areas, hs_codes, products
from tidewaiter.statistics.fetching.comtrade import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tidewaiter.statistics.fetching.comtrade import Ask

NOT_AVAILABLE: Final = "not available"
NOT_YET: Final = "not reported yet"
ZERO: Final = "zero trade"
BAD_CODE: Final = "bad code"


@dataclass(frozen=True, slots=True)
class DataSet:
    """One release of what a reporter declared for a period; `stamp` changes when it is revised."""

    reporter: str
    period: str
    classification: str
    stamp: str
    released: str
    records: int

    @property
    def cell(self) -> str:
        """What it is of, as `reporter period`."""
        return f"{self.reporter} {self.period}"


def data_sets(rows: Iterable[Mapping[str, Any]]) -> dict[str, DataSet]:
    """Read the rows of an availability answer, by `reporter period`."""
    found: dict[str, DataSet] = {}
    for row in sorted(rows, key=_order):
        released = str(row.get("lastReleased") or "")
        stamp = f"{row.get('datasetCode')} {row.get('datasetChecksum')} {released}"
        made = DataSet(
            reporter=str(row["reporterCode"]),
            period=str(row["period"]),
            classification=str(row.get("classificationCode") or ""),
            stamp=stamp,
            released=released[:10],
            records=int(row.get("totalRecords") or 0),
        )
        earlier = found.get(made.cell)
        if earlier is not None:
            joined = f"{earlier.stamp}; {stamp}"
            made = DataSet(made.reporter, made.period, made.classification, joined, made.released, made.records)
        found[made.cell] = made
    return found


def _order(row: Mapping[str, Any]) -> tuple[bool, str, str]:
    """Put the classification that the reporter itself used last: it is the one that rows come in."""
    is_own = str(row.get("isOriginalClassification")).lower() == "true"
    return is_own, str(row.get("classificationCode")), str(row.get("datasetCode"))


def releases(cells: Iterable[str], known: Mapping[str, DataSet]) -> dict[str, str]:
    """Say for each cell which release it is of; empty where there is none."""
    return {cell: known[cell].stamp if cell in known else "" for cell in cells}


def why_absent(reporter: str, period: str, known: Mapping[str, DataSet]) -> str:
    """Say why there is no data set of `reporter` for `period`, from all that are known of that reporter."""
    mine = sorted(each.period for each in known.values() if each.reporter == reporter)
    who = name_of(reporter)
    if not mine:
        advice = "; ask for what its partners declare" if areas.never_reports(areas.resolve(reporter)) else ""
        return f"{NOT_AVAILABLE}: UN Comtrade has no declarations of {who}{advice}"
    if period > mine[-1]:
        return f"{NOT_YET}: the newest of {who} is {mine[-1]}"
    return f"{NOT_AVAILABLE}: {who} is published from {mine[0]} to {mine[-1]}, but not for {period}"


def bad_codes(codes: Iterable[str], data_set: DataSet) -> tuple[str, ...]:
    """Name those of `codes` that the HS edition of a data set does not have; none where the edition is unknown."""
    try:
        there = hs_codes.known(products.edition(data_set.classification))
    except CodeError:
        return ()
    return tuple(code for code in codes if code.isdecimal() and code[:6] not in there)


def why_bad(codes: Sequence[str], data_set: DataSet) -> str:
    """Say that codes are of another edition than a data set."""
    listed = ", ".join(codes[:3]) + (", ..." if len(codes) > 3 else "")
    hs = products.edition(data_set.classification)
    return f"{BAD_CODE}: {listed} is not in {hs}, in which {data_set.period} was reported"


def why_empty(ask: Ask, cell: str, known: Mapping[str, DataSet]) -> str:
    """Say why an answer holds no rows of a data set that there is: codes of another edition, or no trade."""
    data_set = known[cell]
    strange = bad_codes(ask.products, data_set)
    if strange and len(strange) == len(ask.products):
        return why_bad(strange, data_set)
    goods = "goods" if ask.products == (TOTAL,) else "these goods"
    said = f"{name_of(data_set.reporter)} reported {data_set.period} (release of {data_set.released})"
    return f"{ZERO}: {said} and declares no trade in {goods} with {_partners(ask)}"


def _partners(ask: Ask) -> str:
    if not ask.partners:
        return "anybody"
    names = sorted({name_of(number) for number in ask.partners})
    return ", ".join(names) if len(names) <= 3 else f"{len(names)} partners"
