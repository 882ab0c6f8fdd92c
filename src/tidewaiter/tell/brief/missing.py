"""What is missing and why: every question of the bulletin that had no answer, with the command that would get one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tidewaiter.tell.brief.model import Section, Sentence

if TYPE_CHECKING:
    from tidewaiter.tell.brief.desk import Desk


def section(desk: Desk) -> Section:
    """List the refusals of a bulletin once each, in the order they came."""
    points = tuple(
        f"{refusal.missing}." + (f" To get it: {refusal.command}" if refusal.command else "")
        for refusal in desk.refused.values()
    )
    words = (
        "Nothing that was asked for is missing." if not points else "What nobody filed is told here and not guessed."
    )
    return Section("missing", "What is missing and why", ((Sentence(words),),), points=points, aside=True)
