"""The spine: opens the lake and calls the stages in order; no arithmetic, no printing.

Every door (command line, library, web) goes through here, so that all of them do the same. What a verb needs is
imported when it is called, so that the command line starts at once.
"""

from tidewaiter.pipeline.asking import ask, asker, filed, revised, revisions
from tidewaiter.pipeline.briefing import brief
from tidewaiter.pipeline.charting import covered
from tidewaiter.pipeline.checking import check
from tidewaiter.pipeline.landing import fetch_job, fetching, land
from tidewaiter.pipeline.law import concordance, law_notes, measures_on
from tidewaiter.pipeline.opening import open_lake
from tidewaiter.pipeline.screening import screen
from tidewaiter.pipeline.settling import mirror

__all__ = [
    "ask",
    "asker",
    "brief",
    "check",
    "concordance",
    "covered",
    "fetch_job",
    "fetching",
    "filed",
    "land",
    "law_notes",
    "measures_on",
    "mirror",
    "open_lake",
    "revised",
    "revisions",
    "screen",
]
