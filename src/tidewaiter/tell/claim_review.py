"""Write findings as schema.org ClaimReview, for those who publish them under their own name.

Only a claim with a verdict gets a rating; the story as a whole never gets one. Owns the scale and the
shape, and no judgement.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tidewaiter.tell.story_words import one_line

if TYPE_CHECKING:
    from tidewaiter.news.judge.findings import Finding, Report

_BEST: Final = 5
_RATINGS: Final[dict[str, tuple[int, str]]] = {
    "supported": (5, "Supported by the data"),
    "supported_loosely": (4, "Supported by the data, loosely rounded or hedged"),
    "supported_other_reading": (4, "Supported by the data under another reading"),
    "contradicted": (1, "Contradicted by the data"),
}
_OWN_FIGURES: Final = "Does not fit the story's own figures"
_MIXED: Final = (3, f"Supported by the data; {_OWN_FIGURES[0].lower()}{_OWN_FIGURES[1:]}")


def claim_reviews(report: Report, author: str) -> str:
    """Return a JSON-LD list, one review by the organisation `author` for each claim with a verdict.

    The text can be put into a page's script element as it is: no sign in it can end that element.
    """
    made = [_review(report, finding, author, rating) for finding in report.findings if (rating := rating_of(finding))]
    text = json.dumps(made, ensure_ascii=False, indent=2)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def rating_of(finding: Finding) -> tuple[int, str] | None:
    """Return the rating of 1 to 5 with its words; None where nothing was decided."""
    by_data = _RATINGS.get(finding.data.verdict)
    if finding.arithmetic.verdict != "arithmetic_error":
        return by_data
    return _MIXED if by_data is not None and by_data[0] > 1 else by_data or (2, _OWN_FIGURES)


def _review(report: Report, finding: Finding, author: str, rating: tuple[int, str]) -> dict[str, Any]:
    story = report.story
    article: dict[str, Any] = {"@type": "Article", "identifier": f"sha256:{story.sha256}"}
    if story.title or story.name:
        article["headline"] = one_line(story.title or story.name)
    if story.published_on:
        article["datePublished"] = story.published_on.isoformat()
    said: dict[str, Any] = {"@type": "Claim", "identifier": finding.claim.id, "appearance": article}
    if finding.claim.attribution:
        said["author"] = {"@type": "Thing", "name": one_line(" citing ".join(finding.claim.attribution))}
    value, words = rating
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "author": {"@type": "Organization", "name": author},
        "claimReviewed": one_line(finding.claim.sentence),
        "itemReviewed": said,
        "reviewBody": one_line(finding.explanation.text),
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": value,
            "bestRating": _BEST,
            "worstRating": 1,
            "alternateName": words,
        },
    }
