"""A story held against itself: true sums never accuse, false ones are found and a repair is offered."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from story_claims import change, claim, flow, written
from tidewaiter.news.judge.arithmetic import judge
from tidewaiter.news.judge.links import relations
from tidewaiter.news.judge.repair import repairs
from tidewaiter.news.model import Goods


def outcomes(*claims):
    """Judge everything linked between `claims`, by the id of the claim judged."""
    judged = {}
    for relation in relations(claims):
        judged.setdefault(relation.target.id, []).append(judge(relation))
    return judged


def only(*claims):
    judged = [one for found in outcomes(*claims).values() for one in found]
    assert len(judged) == 1
    return judged[0]


def mends(target, *claims):
    linked = relations(claims)
    conflict = next(one for one in linked if one.target is target and judge(one).verdict == "arithmetic_error")
    return repairs(conflict, linked, claims)


@pytest.mark.parametrize(
    ("said", "level", "base", "direction"),
    [
        ("31 %", "more than $42 million", "$32 million", "up"),
        ("nearly 148 %", "$27.23 million", "$10.98 million", "up"),
        ("49 %", "$2.8 billion", "$5.6 billion", "down"),  # 2.849 against 5.551 is 48.7 %
        ("86 %", "$243 million", "$1.8 billion", "down"),
        ("36.5 %", "$5.8 million", "$4.25 million", "up"),
        ("85.2 %", "$14.51 million", "$98.09 million", "down"),
        ("7 %", "$21.1 billion", "$19.9 billion", "up"),  # 21.15 against 19.85 is 6.5 %
        ("22 %", "$6.9 billion", "$5.7 billion", "up"),
        ("49 %", "18,000 tons", "35,000 tons", "down"),  # 17,600 of 34,600 is 49.1 %
        ("more than 20 %", "$42 million", "$32 million", "up"),  # true by the letter
    ],
)
def test_a_change_that_roundings_can_explain_is_consistent(said, level, base, direction):
    assert only(change(said, level=level, base=base, direction=direction)).verdict == "consistent"


@pytest.mark.parametrize(
    ("said", "level", "base", "direction", "low", "high"),
    [
        # 41.5 / 33 and 43 / 31.5
        ("20 %", "more than $42 million", "$32 million", "up", Fraction("25.75"), Fraction("36.51")),
        # 27.225 / 10.99 and 27.24 / 10.975
        ("nearly 170 %", "$27.23 million", "$10.98 million", "up", Fraction("147.7"), Fraction("148.21")),
        # 24.75 / 20.5 and 24.9 / 20.35
        ("nearly 16 %", "$24.8 million", "$20.4 million", "up", Fraction("20.7"), Fraction("22.4")),
        # 21.675 / 19.7 and 21.69 / 19.685
        ("10.1 %", "$21.68 billion", "$19.69 billion", "down", Fraction("10.02"), Fraction("10.19")),
    ],
)
def test_a_change_no_rounding_can_explain_is_an_error_with_its_implied_interval(
    said, level, base, direction, low, high
):
    found = only(change(said, level=level, base=base, direction=direction))
    assert found.verdict == "arithmetic_error"
    assert low <= found.implied.low < found.implied.high <= high


def test_a_fall_that_was_a_rise_is_flagged_and_mended_by_its_sign():
    fell = change("10.1 %", level="$21.68 billion", base="$19.69 billion", direction="down")
    assert only(fell).flags == ("wrong_direction",)
    assert mends(fell, fell)[0].kind == "sign"


@given(st.integers(100, 9999), st.integers(100, 9999), st.integers(0, 2))
def test_true_figures_rounded_to_any_digit_never_accuse(new, base, decimals):
    """Round two true levels to tenths and their true change to 0, 1 or 2 decimals."""
    new_true, base_true = Fraction(new, 37), Fraction(base, 37)
    percent = (new_true / base_true - 1) * 100
    assume(abs(percent) >= Fraction(1, 10**decimals))
    said = f"{float(round(abs(percent), decimals)):.{decimals}f} %"
    assume(Fraction(said[:-2]) != 0)
    level, old = (f"${float(round(one, 1)):.1f} million" for one in (new_true, base_true))
    assume(Fraction(old[1:-8]) > 0)
    found = only(change(said, level=level, base=old, direction="up" if percent > 0 else "down"))
    assert found.verdict == "consistent"


@given(st.integers(10, 99), st.integers(10, 99), st.integers(2, 9))
def test_a_change_off_by_a_factor_is_always_found(new, base, factor):
    percent = Fraction(new, base) * 100 - 100
    assume(percent > 10)
    said = f"{int(percent * (factor + 1))} %"
    found = only(change(said, level=f"${new}.00 million", base=f"${base}.00 million"))
    assume(not (percent * (factor + 1) >= 100 and abs(percent + 100 - percent * (factor + 1)) < 5))
    assert found.verdict == "arithmetic_error"


@pytest.mark.parametrize(
    ("words", "value", "level", "base", "verdict"),
    [
        ("doubled", 2, "$20.1 million", "$10.0 million", "consistent"),
        ("doubled", 2, "$25.1 million", "$10.0 million", "arithmetic_error"),
        ("almost tripled", 3, "$27.23 million", "$10.08 million", "consistent"),  # 2.70
        ("almost tripled", 3, "$24.80 million", "$10.00 million", "arithmetic_error"),
        ("nearly doubled", 2, "$18.5 million", "$10.0 million", "consistent"),
        ("more than doubled", 2, "$25.1 million", "$10.0 million", "consistent"),
        ("more than doubled", 2, "$18.5 million", "$10.0 million", "arithmetic_error"),
        ("fivefold", 5, "$52.0 million", "$10.0 million", "consistent"),
        ("more than five-fold", 5, "$91.8 million", "$45.3 million", "arithmetic_error"),
    ],
)
def test_words_of_multiplying_have_tolerances_of_their_own(words, value, level, base, verdict):
    assert only(change(written(words, "x", value), level=level, base=base)).verdict == verdict


def test_halved_means_about_a_half_and_takes_the_way_down():
    halved = written("halved", "x", Fraction(1, 2))
    good = change(halved, level="17,000 tons", base="34,000 tons", direction="down")
    bad = change(halved, level="$13.00 million", base="$35.00 million", direction="down")
    assert only(good).verdict == "consistent"
    assert only(bad).verdict == "arithmetic_error"


def test_nine_times_more_may_be_nine_or_ten_times_as_much_and_which_is_said():
    def nine(level):
        return only(change(written("9 times"), level=level, base="$3.40 million"))

    assert nine("$30.6 million").reading == "usual"
    assert nine("$34.0 million").reading == "literal"
    assert nine("$44.0 million").verdict == "arithmetic_error"


def test_a_rise_of_300_per_cent_to_three_times_is_read_as_a_careless_word():
    assert only(change("300 %", level="$40.0 million", base="$10.0 million")).reading == "usual"
    assert only(change("300 %", level="$30.0 million", base="$10.0 million")).reading == "careless"


def test_a_direction_alone_is_checked_by_its_sign():
    up = change(None, level="$2.3 million", base="$1.9 million", direction="up")
    down = change(None, level="$2.3 million", base="$1.9 million", direction="down")
    assert only(up).verdict == "consistent"
    assert only(down).flags == ("wrong_direction",)


def test_a_change_finds_its_levels_in_the_claims_that_state_them():
    levels = (flow("$42.0 million"), flow("$32.0 million", period="2018"))
    assert only(change("20 %"), *levels).verdict == "arithmetic_error"
    assert only(change("31 %"), *levels).verdict == "consistent"


def test_a_level_of_another_country_or_product_is_not_a_base():
    said = change("20 %", attribution=("Gazette",))
    now = flow("$42.0 million", attribution=("Gazette",))
    assert outcomes(said, now, flow("$32.0 million", exporter="CHN", period="2018")) == {}
    fuel = Goods("mineral fuel", ("27",))
    assert outcomes(said, now, flow("$32.0 million", period="2018", goods=fuel)) == {}


def test_a_level_of_another_source_bears_a_change_out_and_never_accuses():
    now = flow("$42.0 million", attribution=("Gazette",))
    elsewhere = flow("$32.0 million", period="2018", attribution=("Herald",))
    assert only(change("20 %", attribution=("Gazette",)), now, elsewhere).verdict == "not_checkable"
    assert only(change("31 %", attribution=("Gazette",)), now, elsewhere).verdict == "consistent"


def test_a_source_without_a_name_is_told_apart_from_nobody():
    now = flow("$42.0 million", attribution=("a Fijian broadcaster",))
    then = flow("$32.0 million", period="2018", attribution=("the Herald",))
    assert only(change("20 %", attribution=("a Fijian broadcaster",)), now, then).verdict == "arithmetic_error"


def test_denied_planned_and_unresolved_claims_are_not_held_against_the_story():
    levels = {"level": "$42.0 million", "base": "$32.0 million"}
    assert outcomes(change("20 %", modality="denied", **levels)) == {}
    assert outcomes(change("20 %", modality="planned", **levels)) == {}


def test_a_claim_with_an_open_question_is_held_against_what_it_says_itself_and_nothing_else():
    own = {"level": "$42.0 million", "base": "$32.0 million"}
    assert only(change("20 %", unresolved=("importer",), **own)).verdict == "arithmetic_error"
    found = (flow("$42.0 million"), flow("$32.0 million", period="2018"))
    assert only(change("20 %", unresolved=("importer",)), *found).verdict == "not_checkable"
    alike = (
        flow("$42.0 million", unresolved=("importer",)),
        flow("$32.0 million", period="2018", unresolved=("importer",)),
    )
    assert only(change("20 %", unresolved=("importer",)), *alike).verdict == "arithmetic_error"
    assert only(change("31 %", unresolved=("importer",)), *found).verdict == "consistent"


def total(text, **more):
    return claim("total", parties=("PRK", "RUS"), flow="total", period="2019", number=written(text), **more)


OUT = flow("$3.00 million", exporter="PRK", importer="RUS")
BACK = flow("$44.90 million")


@pytest.mark.parametrize(("said", "verdict"), [("$47.9 million", "consistent"), ("$49.7 million", "arithmetic_error")])
def test_a_total_is_its_exports_and_imports(said, verdict):
    assert only(total(said), OUT, BACK).verdict == verdict


def test_swapped_digits_of_a_total_are_offered_as_the_slip():
    wrong = total("$49.70 million")
    assert any(one.kind == "digits" and "47.9" in one.sentence for one in mends(wrong, wrong, OUT, BACK))


def test_a_deficit_is_accepted_whichever_side_it_is_written_from():
    for text in ("$41.9 million", "-$41.9 million"):
        deficit = claim(
            "balance", parties=("PRK", "RUS"), flow="balance", period="2019",
            number=written(text, value=-41_900_000 if text[0] == "-" else None),
        )  # fmt: skip
        assert only(deficit, OUT, BACK).verdict == "consistent"
    wrong = claim("balance", parties=("PRK", "RUS"), flow="balance", period="2019", number=written("$14.9 million"))
    assert only(wrong, OUT, BACK).verdict == "arithmetic_error"


def test_the_change_of_a_total_follows_from_the_changes_of_its_parts():
    """27.23 from 10.98 and 0.93 up 2 %: (27.23 + 0.93) / (10.98 + 0.912) is 2.368, a rise of 137 %."""
    half, before = "2019-01/2019-06", "2018-01/2018-06"
    story = (
        flow("$27.23 million", period=half),
        flow("$10.98 million", period=before),
        flow("$930,000", exporter="PRK", importer="RUS", period=half),
        change("2 %", exporter="PRK", importer="RUS", period=half, base_period=before),
    )
    pair = {"exporter": None, "importer": None, "parties": ("PRK", "RUS"), "flow": "total"}
    wrong = change("156 %", period=half, base_period=before, **pair)
    right = change("137 %", period=half, base_period=before, **pair)
    found = outcomes(wrong, *story)[wrong.id][0]
    assert found.verdict == "arithmetic_error"
    assert Fraction(136) < found.implied.low < found.implied.high < Fraction(138)
    assert outcomes(right, *story)[right.id][0].verdict == "consistent"


def test_one_wrong_base_behind_two_conflicts_is_the_first_repair():
    """With a base of 10.1 instead of 10.98 both +170 % and the total's +156 % hold."""
    half, before = "2019-01/2019-06", "2018-01/2018-06"
    base = written("$10.98 million")
    imports = change("nearly 170 %", period=half, base_period=before, level="$27.23 million", base=base)
    pair = {"exporter": None, "importer": None, "parties": ("PRK", "RUS"), "flow": "total"}
    both = change("156 %", period=half, base_period=before, **pair)
    story = (
        imports, both, flow(base, period=before),
        flow("$930,000", exporter="PRK", importer="RUS", period=half),
        change("2 %", exporter="PRK", importer="RUS", period=half, base_period=before),
    )  # fmt: skip
    best = mends(imports, *story)[0]
    assert best.mends == 2
    assert best.text == "$10.98 million"
    assert 10_000_000 < best.low <= best.high < 10_200_000


def test_a_share_is_its_part_of_the_whole():
    for said, verdict in (("37.2 %", "consistent"), ("27.3 %", "arithmetic_error")):
        share = claim(
            "share", exporter="PRK", importer="CHN", period="2014", number=written(said),
            level=written("$1.18 billion"), base=written("$3.16 billion"),
        )  # fmt: skip
        assert only(share).verdict == verdict


def test_a_share_that_rose_by_per_cent_may_mean_points():
    share = change("1.1 %", level="96.7 %", base="95.6 %")
    assert only(share).verdict == "consistent"
    assert only(share).reading in {"usual", "points"}
    assert only(change("9 %", level="96.7 %", base="87.7 %")).reading == "points"


def test_a_headline_restates_the_text():
    body = flow("$42.17 million")
    assert only(flow("$42 million", in_headline=True), body).verdict == "consistent"
    assert only(flow("$47 million", in_headline=True), body).verdict == "arithmetic_error"


def test_goods_said_to_follow_one_another_must_not_grow():
    oil, grain = Goods("oil", ("27",)), Goods("grain", ("10",))
    order = claim("composition", exporter="RUS", importer="PRK", period="2019", items=(grain, oil))
    values = (flow("$11.11 million", goods=oil, flow=None), flow("$5.94 million", goods=grain, flow=None))
    assert only(order, *values).flags == ("rank_wrong",)
    right = claim("composition", exporter="RUS", importer="PRK", period="2019", items=(oil, grain))
    assert only(right, *values).verdict == "consistent"


def told(text, *parts):
    """Make the claims of one sentence, each at the place of its number's words."""
    made = []
    for make, words in parts:
        start = text.index(words)
        made.append(make(written(words, span=(start, start + len(words)))))
    return [replace(one, sentence=text, sentence_span=(0, len(text))) for one in made]


@pytest.mark.parametrize(("size", "verdict"), [("19 %", "consistent"), ("29 %", "arithmetic_error")])
def test_a_share_is_held_against_the_part_and_the_whole_beside_it(size, verdict):
    text = f"Coal came to $5.8 million, or {size} of the $30.5 million sold."

    def share(number):
        return claim("share", exporter="PRK", importer="CHN", period="2019", number=number, id="share")

    parts = [
        (flow, "$5.8 million"),
        (share, size),
        (lambda number: flow(number, goods=Goods("all", ("01",))), "$30.5 million"),
    ]
    assert [one.verdict for one in outcomes(*told(text, *parts))["share"]] == [verdict]


def test_a_share_of_something_further_away_is_not_linked_to_it():
    text = "Coal came to $5.8 million. It was 29 % of all, while in another year the $30.5 million were sold."
    parts = [
        (flow, "$5.8 million"),
        (
            lambda number: claim("share", exporter="PRK", importer="CHN", period="2019", number=number, id="share"),
            "29 %",
        ),
        (lambda number: flow(number, period="2015"), "$30.5 million"),
    ]
    assert "share" not in outcomes(*told(text, *parts))
