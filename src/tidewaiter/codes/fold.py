"""Fold a spelling so that only its letters count: once in Python, once in SQL, always alike.

Folds case, white space and typographic apostrophes and dashes, nothing else: accents count, and
nothing is ever guessed. Owns the rule; the spellings themselves are in `area_names.csv`.
"""

from __future__ import annotations

from typing import Final

_APOSTROPHES: Final = "\u2018\u2019\u201b\u02bc\u02b9\u2032\u00b4\u0060"
_DASHES: Final = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
_SPACES: Final = (
    "\t\n\v\f\r\u0085\u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000"
)

# Latin, Greek and Cyrillic capitals with one small letter of their own. A fixed table and not
# lower(): Python's and the engine's differ on letters such as the dotted capital I.
_CAPITALS: Final = "".join(
    letter for letter in map(chr, range(0x41, 0x530)) if len(letter.lower()) == 1 and letter.lower() != letter
)

_FROM: Final = _CAPITALS + _APOSTROPHES + _DASHES + _SPACES
_TO: Final = _CAPITALS.lower() + "'" * len(_APOSTROPHES) + "-" * len(_DASHES) + " " * len(_SPACES)
_TABLE: Final = str.maketrans(_FROM, _TO)


def fold(text: str) -> str:
    """Return `text` as it is looked up: small letters, single blanks, plain apostrophes and dashes."""
    return " ".join(filter(None, text.translate(_TABLE).split(" ")))


def _literal(characters: str) -> str:
    return "'" + characters.replace("'", "''") + "'"


FOLD_SQL: Final = (
    f"trim(regexp_replace(translate({{column}}, {_literal(_FROM)}, {_literal(_TO)}), ' +', ' ', 'g'), ' ')"
)
"""The same rule as an SQL expression: `FOLD_SQL.format(column="partner")`."""
