"""Tell whether a claim's parties are taken from elsewhere though its own sentence names others.

Then it may speak of those others: such a claim accuses nobody, neither by the data nor as a figure of the story's
own sums. Owns this test alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidewaiter.news.model import Claim

_WHO: Final = frozenset({"exporter", "importer", "parties", "trade"})
_FROM_AFAR: Final = frozenset({"sentence", "paragraph", "headline", "pair", "story"})
_NOBODY: Final = frozenset({None, "W00"})


def names_others(claim: Claim, neighbours: Iterable[Claim]) -> bool:
    """Tell whether a neighbour in the claim's sentence has a party that the claim, filled from afar, lacks."""
    if not any(slot in _WHO and origin in _FROM_AFAR for slot, origin in claim.filled):
        return False
    mine = {claim.exporter, claim.importer, *claim.parties, *_NOBODY}
    near = (one for one in neighbours if one.sentence_span == claim.sentence_span and one is not claim)
    return any({one.exporter, one.importer, *one.parties} - mine for one in near)
