"""Put beside a claim what the law orders for such goods on such days: context, never a verdict.

Owns which claims carry such notes; the law is reached through the `law` handed in. Whether anybody broke
anything is not for a checker to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tidewaiter.base.period import Period
    from tidewaiter.law.notes import LawNote
    from tidewaiter.news.model import Claim

    Law: TypeAlias = Callable[[str, str, tuple[str, ...], Period], Sequence[LawNote]]
    """Exporter, importer, HS codes and period in; the measures that cover such goods then out."""

_EVERYONE: Final = "W00"
_MOST: Final = 6
"""More notes than this help no reader of one claim; the strictest come first."""


def notes_on(claim: Claim, law: Law | None) -> tuple[LawNote, ...]:
    """Return the notes on the goods a claim names, going the way it says, in its period.

    Nothing for all goods together, nor where the way, the period or the goods' codes are not known.
    """
    goods = (claim.goods, *claim.items)
    codes = tuple(dict.fromkeys(code for one in goods if one.certainty != "unmapped" for code in one.hs))
    ends = (claim.exporter, claim.importer)
    if law is None or not codes or claim.period is None or not claim.is_trade or not any(ends):
        return ()
    found = law(claim.exporter or _EVERYONE, claim.importer or _EVERYONE, codes, claim.period)
    return tuple(dict.fromkeys(found))[:_MOST]
