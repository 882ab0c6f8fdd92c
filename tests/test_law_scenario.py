"""Drafts applied to the law, and the notes that answers carry."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from tidewaiter.base.errors import RuleError
from tidewaiter.base.period import Period
from tidewaiter.law import rulebook
from tidewaiter.law.engine import rows_of
from tidewaiter.law.exposure import annex, difference, screen_summary
from tidewaiter.law.ledger import ledgers
from tidewaiter.law.notes import notes_for
from tidewaiter.law.scenario import Scenario, apply, load_scenario, only_lifted, read_scenario
from tidewaiter.law.screen import screen
from tidewaiter.law.status import status

if TYPE_CHECKING:
    from tidewaiter.law.regime import Rulebook

DRAFT = rulebook.SHIPPED / "scenarios" / "draft-2019-12.yml"
HEAD = """\
id: test
title: a test
regime: un/dprk
dated: 2020-01-01
words: a test
verified: false
"""


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return rulebook.load()


@pytest.fixture(scope="module")
def draft() -> Scenario:
    return load_scenario(DRAFT)


def said(book: Rulebook, code: str, day: date, exporter: str = "PRK", importer: str = "CHN") -> str:
    return status(code, day, book, exporter=exporter, importer=importer).status


@pytest.mark.parametrize("code", ["0303", "6109", "970300"])
def test_the_draft_would_have_lifted_seafood_textiles_and_statues(book: Rulebook, draft: Scenario, code: str) -> None:
    after = apply(draft, book)
    assert said(book, code, date(2019, 12, 20)) != "permitted"
    assert said(after, code, date(2019, 12, 20)) == "permitted"
    assert said(after, code, date(2019, 12, 15)) == said(book, code, date(2019, 12, 15)) != "permitted"


def test_the_draft_would_have_left_coal_banned(book: Rulebook, draft: Scenario) -> None:
    assert said(apply(draft, book), "2701", date(2020, 1, 1)) == "banned"


def test_the_draft_would_have_ended_the_deadline_for_workers(book: Rulebook, draft: Scenario) -> None:
    regime = rulebook.find_regime(apply(draft, book), "un/dprk")
    workers = next(measure for measure in regime.measures if measure.id == "2397-8-workers")
    assert workers.end == date(2019, 12, 15)
    assert [duty.due for duty in workers.duties] == [date(2019, 3, 22)]


def test_the_law_itself_is_untouched_by_a_scenario(book: Rulebook, draft: Scenario) -> None:
    apply(draft, book)
    assert book == rulebook.load()


def test_throughout_means_as_if_never_ordered(book: Rulebook, draft: Scenario) -> None:
    assert said(apply(draft, book, throughout=True), "0303", date(2018, 3, 1)) == "permitted"


def flow(exporter: str, importer: str, product: str, period: str, usd: int) -> dict[str, Any]:
    return {
        "source": "made_up",
        "reporter": importer,
        "flow": "import",
        "exporter": exporter,
        "importer": importer,
        "product": product,
        "hs": "HS2017",
        "period": period,
        "value_usd": usd,
    }


FLOWS = [
    flow("PRK", "CHN", "030367", "2020-01", 100),
    flow("PRK", "CHN", "270112", "2020-01", 1000),
    flow("PRK", "RUS", "610910", "2020-01", 10),
    flow("PRK", "RUS", "610910", "2019-11", 7),
    flow("PRK", "CHN", "030367", "2016-05", 50_000),
]


def test_what_would_become_legal_is_said_in_dollars_goods_and_partners(book: Rulebook, draft: Scenario) -> None:
    frame = pl.DataFrame(FLOWS)
    changed = rows_of(difference(screen(frame, book), screen(frame, apply(draft, book))))
    told = [
        (row["importer"], row["product"], row["status_before"], row["status_after"], row["covered_high_usd"])
        for row in changed
    ]
    assert told == [("CHN", "030367", "banned", "permitted", 100), ("RUS", "610910", "banned", "permitted", 10)]


def test_a_stricter_draft_shows_what_would_be_newly_covered(book: Rulebook) -> None:
    text = (
        HEAD
        + """\
hs: HS2017
acts: [{id: new, name: a draft, symbol: D/1, adopted: 2020-01-01, words: watches, verified: false}]
measures:
  - id: watches
    act: new
    paragraph: "1"
    kind: export_ban
    direction: from_target
    words: watches
    start: 2020-01-01
    verified: false
    goods: [{words: watches, codes: ["91"], coverage: exact, assigned_by: engine, verified: false}]
"""
    )
    frame = pl.DataFrame([flow("PRK", "CHN", "910211", "2020-02", 33)])
    after = apply(read_scenario(text, "new.yml"), book)
    (row,) = rows_of(difference(screen(frame, book), screen(frame, after)))
    assert (row["status_before"], row["status_after"], row["high_after"], row["measure"]) == (
        "permitted",
        "banned",
        33,
        "watches",
    )


def test_trade_ever_declared_in_the_lifted_goods_counts_years_before_the_ban(book: Rulebook, draft: Scenario) -> None:
    rows = rows_of(screen(pl.DataFrame(FLOWS), only_lifted(draft, book)))
    assert sum(row["value_usd"] for row in rows) == 100 + 10 + 7 + 50_000


def test_some_codes_of_a_measure_can_be_lifted_alone(book: Rulebook) -> None:
    text = HEAD + 'lift: [{measure: 2371-9-seafood, from: 2020-01-01, words: x, codes: ["1604"], verified: false}]\n'
    after = apply(read_scenario(text, "part.yml"), book)
    assert said(after, "1604", date(2020, 1, 1)) == "permitted"
    assert said(after, "1604", date(2019, 12, 31)) == "banned"
    assert said(after, "0303", date(2020, 1, 1)) == "banned"


def test_a_moved_start_and_an_exemption_are_applied(book: Rulebook) -> None:
    text = (
        HEAD
        + """\
change: [{measure: 2375-16-textiles, start: 2018-06-01, words: later, verified: false}]
exempt: [{measures: [2371-9-seafood], id: new, words: relief, reach: any, verified: false}]
"""
    )
    after = apply(read_scenario(text, "moved.yml"), book)
    assert said(after, "6109", date(2018, 5, 31)) == "permitted"
    assert said(after, "6109", date(2018, 6, 1)) == "banned"
    assert said(after, "0303", date(2020, 1, 1)) == "exempt_possible"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("lift: [{measure: 2371-9-seafod, from: 2020-01-01, words: x, verified: false}]", "lift.0.measure: .*nearest: 2371-9-seafood"),
        ("lift: [{measure: 2371-9-seafood, from: 2010-01-01, words: x, verified: false}]", "lift.0.from: .*outside"),
        ('lift: [{measure: 2371-9-seafood, from: 2020-01-01, words: x, codes: ["27"], verified: false}]', "codes: code '27'"),
        ("lift: [{measure: 2371-9-seafood, since: 2020-01-01, words: x, verified: false}]", "lift.0"),
        ("lift: [{measure: 2371-9-seafood, from: 2020-01-01, words: x, verified: true, sources: [page]}]", "lift.0.sources: source 'page'"),
        ("change: [{measure: 2371-9-seafood, end: 2010-01-01, words: x, verified: false}]", "change.0: would end"),
        ("change: [{measure: 2371-9-seafood, start: 2010-01-01, words: x, verified: false}]", "before the act"),
        ("exempt: [{measures: [nothing], id: a, words: x, reach: any, verified: false}]", "exempt.0.measures"),
        ("colour: blue", "colour"),
        ("lift: []", "changes something"),
    ],
)  # fmt: skip
def test_a_scenario_in_doubt_is_refused_with_file_line_and_key(book: Rulebook, body: str, reason: str) -> None:
    with pytest.raises(RuleError, match=rf"(?s)bad\.yml:\d+: .*{reason}"):
        apply(read_scenario(f"{HEAD}{body}\n", "bad.yml"), book)


NEW = """\
hs: HS2017
acts: [{{id: new, name: a draft, symbol: D/1, adopted: 2020-01-01, words: x, verified: false}}]
measures:
  - {{id: a, act: new, paragraph: "1", kind: duty, words: x, start: 2020-01-01, verified: false, tightens: [{one}]}}
  - {{id: b, act: new, paragraph: "2", kind: duty, words: x, start: 2020-01-01, verified: false, tightens: [{two}]}}
"""


def test_new_measures_that_tighten_each_other_in_a_circle_are_refused(book: Rulebook) -> None:
    with pytest.raises(RuleError, match="a circle: a -> b -> a"):
        apply(read_scenario(HEAD + NEW.format(one="b", two="a"), "bad.yml"), book)


def test_a_new_measure_that_tightens_an_unknown_one_is_refused(book: Rulebook) -> None:
    with pytest.raises(RuleError, match="'2397-6-export' is unknown; nearest: 2397-6-exports"):
        apply(read_scenario(HEAD + NEW.format(one="2397-6-exports", two="2397-6-export"), "bad.yml"), book)


def test_a_new_measure_may_not_take_the_name_of_an_old_one(book: Rulebook) -> None:
    text = (HEAD + NEW.format(one="2397-6-exports", two="2397-6-exports")).replace("id: b", "id: 2371-9-seafood")
    with pytest.raises(RuleError, match="is there already"):
        apply(read_scenario(text, "bad.yml"), book)


def test_a_scenario_about_an_unknown_regime_is_refused(book: Rulebook) -> None:
    text = HEAD.replace("un/dprk", "un/dprc") + "change: [{measure: a, words: x, verified: false}]\n"
    with pytest.raises(RuleError, match=r"bad\.yml:3: regime: .*nearest: un/dprk"):
        apply(read_scenario(text, "bad.yml"), book)


def test_an_answer_about_seafood_carries_the_paragraph_and_since_when(book: Rulebook) -> None:
    (note,) = notes_for("PRK", "CHN", ["0303"], Period.parse("2018"), book)
    assert (note.measure, note.paragraph, note.since, note.status) == (
        "2371-9-seafood",
        "paragraph 9",
        date(2017, 8, 5),
        "banned",
    )
    assert "resolution 2371 (2017), paragraph 9, since 2017-08-05" in str(note)
    assert "violat" not in str(note)


def test_an_answer_about_oil_carries_the_quota_used(book: Rulebook) -> None:
    notes = notes_for("CHN", "PRK", ["2710"], Period.parse("2021"), book, ledgers=ledgers())
    refined = next(note for note in notes if note.measure == "2397-5-refined")
    assert refined.share_used is not None
    assert refined.share_used.low == Decimal(91909) / 500000
    assert "18.4% of the cap notified for 2021-01 to 2021-12" in str(refined)


def test_an_answer_about_all_goods_says_which_measures_cover_some(book: Rulebook) -> None:
    notes = notes_for("PRK", "CHN", ["TOTAL"], Period.parse("2018"), book)
    assert {note.status for note in notes} == {"too_coarse"}
    assert len({note.measure for note in notes}) == len(notes) > 5


def test_goods_that_no_measure_covers_carry_no_note(book: Rulebook) -> None:
    assert notes_for("PRK", "CHN", ["6704"], Period.parse("2018"), book) == []


def test_a_value_is_summed_once_and_nothing_declared_is_not_zero(book: Rulebook) -> None:
    flows = [
        flow("PRK", "CHN", "030367", "2018-01", 100),
        flow("PRK", "CHN", "030617", "2018-02", 20),
        flow("PRK", "CHN", "0303", "2018-01", 100),  # holds the first row
    ]
    frame = pl.DataFrame([*flows, {**flow("PRK", "RUS", "030367", "2018-01", 0), "value_usd": None}])
    rows = rows_of(screen_summary(screen(frame, book)))
    told = {
        row["reporter"]: (
            row["declarations"],
            row["months"],
            row["without_value"],
            row["value_usd"],
            row["covered_low_usd"],
        )
        for row in rows
    }
    assert told == {"CHN": (2, 2, 0, 120, 120), "RUS": (1, 1, 1, None, None)}


def test_the_annex_lists_code_reporter_month_and_value(book: Rulebook) -> None:
    rows = rows_of(annex(screen(pl.DataFrame(FLOWS[:1]), book)))
    assert [(row["product"], row["reporter"], row["period"], row["value_usd"]) for row in rows] == [
        ("030367", "CHN", "2020-01", 100)
    ]
