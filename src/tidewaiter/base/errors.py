"""Every error Tidewaiter raises on purpose, as one tree.

    TidewaiterError
    |- InputError        a file, story or option that cannot be used as it is
    |  |- SourceError    a statistics file: not recognised, damaged, cut, ambiguous
    |  |- CodeError      an area, product or unit that no table here knows
    |  |- RuleError      a regime, card or correction file that is wrong
    |  `- StoryError     an article that cannot be read
    |- LakeError         the lake cannot be opened, read or written
    |  `- CheckError     rows that break a table's checks; nothing was landed
    |- QueryError        a question that contradicts itself
    `- NetworkError      a publisher did not answer
       |- QuotaError     the day's calls are used up
       `- RefusedError   it will not answer this question

A message is one line that says what is wrong and where, and what to do next. Absence
of data is no error: `ask` answers it with a `Refusal`.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class TidewaiterError(Exception):
    """The root: catch this to catch everything Tidewaiter raises on purpose."""

    exit_code = 2


class InputError(TidewaiterError):
    """What was handed in cannot be used as it is."""


class SourceError(InputError):
    """A publisher's file is not recognised, damaged, cut short or ambiguous."""


class CodeError(InputError):
    """An area, product or unit that the tables in `codes/` do not know."""


class RuleError(InputError):
    """A regime, source card or correction file says something that cannot be right."""


class StoryError(InputError):
    """An article cannot be read."""


class LakeError(TidewaiterError):
    """The lake cannot be opened, read or written."""


class CheckError(LakeError):
    """Rows break a table's checks; the whole file was refused and nothing was landed."""


class QueryError(TidewaiterError):
    """A question contradicts itself or names what cannot be asked."""


class NetworkError(TidewaiterError):
    """A publisher did not answer, or not with data."""

    exit_code = 3


class QuotaError(NetworkError):
    """A publisher's quota of calls is used up; `seconds` from now it is filled again."""

    def __init__(self, place: str, said: str, seconds: int) -> None:
        super().__init__(f"{place} gives no more today: {said}")
        self.seconds = seconds


class RefusedError(NetworkError):
    """A publisher will not answer this question, however often it is asked; others it may. `status` is HTTP's."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


def nearest(wrong: str, known: Iterable[str], count: int = 3) -> str:
    """Name the known values spelled most like `wrong`, for the end of an error message.

    Only ever a suggestion for a person to read: nothing is resolved through it.
    Returns an empty string where nothing comes near.
    """
    by_fold = {value.casefold(): value for value in known}
    close = get_close_matches(wrong.casefold(), by_fold, n=count, cutoff=0.6)
    return f"; nearest: {', '.join(by_fold[key] for key in close)}" if close else ""
