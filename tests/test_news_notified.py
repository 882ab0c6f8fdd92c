"""Amounts that no statistic keeps are held against what was notified under a cap, as printed evidence."""

from datetime import date
from decimal import Decimal

import pytest

from story_claims import claim, flow, story, written
from tidewaiter.base.period import Period
from tidewaiter.base.question import Refusal
from tidewaiter.law.ledger import Figure, Ledger, Side
from tidewaiter.law.notes import LawNote
from tidewaiter.news.judge.check import check
from tidewaiter.news.model import Goods

REFINED = Goods("refined oil", ("2710",))
PAGE = "http://www.paper.example/page"


def figure(span, bbl, *, ledger="notified", states="RUS", url=PAGE, row=1, day=None, printed=True):
    return Figure(Period.parse(span), states, ledger, "figure", Decimal(bbl), None, printed, day, url, None, row)


def ledger(*figures):
    side = Side("notified", "notified to the Committee", "counts")
    return Ledger("refined", "un/dprk", "Oil", ("cap",), "bbl", "notified", ("RUS",), (side,), (), figures)


def law(exporter, importer, codes, _period):
    if (exporter, importer, codes) != ("RUS", "PRK", ("2710",)):
        return ()
    made = {"regime": "un/dprk", "measure": "cap", "kind": "quota", "act": "act", "paragraph": "5", "goods": "oil"}
    rest = {"product": "2710", "status": "within", "partial": False, "reading": None, "assigned_by": "us"}
    return (LawNote(since=date(2018, 1, 1), until=None, verified=True, **made, **rest),)


def silent(query):
    return Refusal(query, "no_data", "nothing")


def finding(sold, *figures, name="story.txt"):
    told = story(sold)
    object.__setattr__(told.story, "name", name)
    return check(told, silent, law, (ledger(*figures),)).findings[0]


def barrels(text, period="2020-08", **more):
    more.setdefault("goods", REFINED)
    return flow(written(text, "bbl"), period=period, measure="volume", **more)


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("255 barrels", "supported"),
        ("more than 250 barrels", "supported"),
        ("nearly 260 barrels", "supported"),
        ("225 barrels", "contradicted"),  # a digit slipped
        ("552 barrels", "unverifiable"),
        ("2,900 barrels", "unverifiable"),
    ],
)
def test_an_amount_is_borne_out_by_what_was_notified_and_refuted_only_by_a_slip(said, verdict):
    found = finding(barrels(said), figure("2020-08", 255))
    assert found.data.verdict == verdict
    if verdict != "unverifiable":
        assert "second_rank" in found.flags
    else:
        assert found.data.reason == "second_rank_only"
    assert PAGE in found.data.sentence


def test_only_the_sellers_own_counted_printed_figure_for_the_same_months_tells_anything():
    sold = barrels("255 barrels")
    for other in (
        figure("2020-08", 255, ledger="estimate"),
        figure("2020-08", 255, states="CHN+RUS"),
        figure("2020-08/2020-09", 255),
        figure("2020-08", 255, printed=False),
    ):
        assert finding(sold, other).data.reason == "unit_differs"


def test_a_page_proves_nothing_about_itself():
    own = finding(barrels("255 barrels"), figure("2020-08", 255), name="https://www.paper.example/page")
    assert own.data.reason == "unit_differs"


def test_goods_that_no_measure_covers_are_not_held_against_its_cap():
    assert (
        finding(barrels("255 barrels", goods=Goods("coal", ("2701",))), figure("2020-08", 255)).data.reason
        == "unit_differs"
    )


def test_each_state_of_a_notification_may_bear_a_story_out():
    revised = (figure("2019", 418000, day=date(2020, 2, 1)), figure("2019", 430000, row=2, day=date(2021, 2, 1)))
    assert finding(barrels("418,000 barrels", "2019"), *revised).data.verdict == "supported"
    assert finding(barrels("430,000 barrels", "2019"), *revised).data.verdict == "supported"


def test_a_cap_itself_is_no_amount_notified():
    cap = claim("quota", importer="PRK", exporter="RUS", goods=REFINED, number=written("255", "bbl"), period="2020-08")
    assert finding(cap, figure("2020-08", 255)).data.verdict == "unverifiable"


def beside_cap(sold, *caps):
    told = story(sold, *caps)
    return next(
        one for one in check(told, silent, law, (ledger(figure("2020-08", 255)),)).findings if one.claim.id == sold.id
    )


def cap_on(target="PRK", goods=REFINED):
    return claim("quota", importer=target, exporter=None, goods=goods, number=written("500,000", "bbl"))


def test_a_cap_in_the_story_tells_who_bought_what_was_notified():
    sold = barrels("255 barrels", importer=None, unresolved=("importer",))
    assert beside_cap(sold).data.reason == "unresolved"
    found = beside_cap(sold, cap_on())
    assert found.data.verdict == "supported"
    assert (found.claim.importer, dict(found.claim.filled)["importer"]) == ("PRK", "cap")
    assert beside_cap(barrels("225 barrels", importer=None), cap_on()).data.verdict == "contradicted"


def test_caps_on_other_goods_or_towards_two_countries_tell_nobody():
    sold = barrels("225 barrels", importer=None, unresolved=("importer",))
    for caps in ((cap_on(goods=Goods("coal", ("2701",))),), (cap_on(), cap_on("IRN"))):
        found = beside_cap(sold, *caps)
        assert (found.data.reason, found.claim.importer) == ("unresolved", None)
