"""How bad a discrepancy is: a last digit, minor, material, or of another quality altogether.

Owns the bands only. A wrong sign, rank or record is qualitative whatever its size.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

Severity = Literal["last_digit", "minor", "material", "qualitative"]

LAST_DIGIT: Final = Fraction(1, 100)
MINOR: Final = Fraction(5, 100)
_QUALITATIVE: Final = frozenset(
    {"wrong_direction", "rank_wrong", "superlative_false", "streak_broken", "not_zero", "part_above_whole"}
)


def severity(discrepancy: Fraction | None, flags: Iterable[str] = ()) -> Severity:
    """Name the band of `discrepancy`, the gap to the nearest end of the truth as a fraction of it."""
    if _QUALITATIVE & set(flags):
        return "qualitative"
    if discrepancy is None:
        return "material"
    if discrepancy < LAST_DIGIT:
        return "last_digit"
    return "minor" if discrepancy <= MINOR else "material"
