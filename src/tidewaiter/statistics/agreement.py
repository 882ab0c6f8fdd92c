"""Hold a publisher's two ways of writing one area against each other: its number and its name.

What a file says twice it must say alike. North and South Korea are one digit apart (408, 410), and a
column pasted a row too high swaps them without breaking anything else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tidewaiter.base.errors import CodeError
from tidewaiter.codes import areas
from tidewaiter.statistics.bench import quoted
from tidewaiter.statistics.refusal import refuse, shown

if TYPE_CHECKING:
    from tidewaiter.statistics.bench import Bench

_OF_THE_MAP: Final = "country"


def refuse_other_areas(bench: Bench, column: str, *others: str) -> None:
    """Refuse the file where one of the `others` names another country than `column` does in the same row.

    Columns that the file lacks, empty cells and words that no table knows are passed over: only `column`
    decides, the others may but contradict it. So are dissolved states, whose successors often bear their
    name or code.
    """
    for other in others:
        if not bench.has(other):
            continue
        found = bench.connection.execute(
            f"""SELECT {quoted(column)}, {quoted(other)}, min(row) FROM {bench.rows}
            WHERE {quoted(column)} IS NOT NULL AND {quoted(other)} IS NOT NULL GROUP BY ALL ORDER BY 3"""
        ).fetchall()
        for word, name, row in found:
            code, said = _country(bench, str(word)), _country(bench, str(name))
            if code is not None and said is not None and code != said:
                refuse(
                    bench.name,
                    f"{shown(name)} is {areas.name(said)}, but {column} {shown(word)} is {areas.name(code)}; one of "
                    "them is wrong, the columns may be shifted: download it again",
                    row=row,
                    column=other,
                )


def _country(bench: Bench, word: str) -> str | None:
    try:
        code = bench.card.areas.get(word) or areas.resolve(word)
    except CodeError:
        return None
    return code if areas.kind(code) == _OF_THE_MAP else None
