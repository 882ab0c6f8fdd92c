"""Figures of a story that belong together are found for one another, and a doubtful link accuses nobody."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from story_claims import change, claim, flow, story, written
from tidewaiter.base.period import Period
from tidewaiter.base.question import Refusal
from tidewaiter.news.judge.arithmetic import judge
from tidewaiter.news.judge.check import check
from tidewaiter.news.judge.converting import barrels_per_tonne
from tidewaiter.news.judge.links import relations
from tidewaiter.news.judge.remarks import differing
from tidewaiter.news.judge.repair import repairs
from tidewaiter.news.model import ALL_GOODS, Goods

CRUDE, REFINED = Goods("crude", ("2709",)), Goods("refined oil", ("2710",))
COAL, WHEAT = Goods("coal", ("2701",)), Goods("wheat", ("1001",))
OATS = Goods("oats", ("1004",))


def verdict(target, *others):
    """Judge all relations of `target` among the claims; an error counts before a fit, a fit before silence."""
    found = {judge(one).verdict for one in relations((target, *others)) if one.target is target}
    return next((one for one in ("arithmetic_error", "consistent") if one in found), "not_checkable")


def total(number, period="2019", **more):
    return claim(
        "total", parties=("CHN", "RUS"), flow="total", period=period, number=written(number), exporter=None,
        importer=None, perspective="CHN", **more,
    )  # fmt: skip


def share(number, **more):
    more.setdefault("exporter", "RUS")
    more.setdefault("importer", "PRK")
    more.setdefault("period", "2019")
    return claim("share", number=written(number, "%"), **more)


def spoken(sentence, *figures):
    """Return the places of figures in one sentence, so that claims share it as a story's claims do."""
    return {"sentence": sentence, "sentence_span": (0, len(sentence))}, [
        (sentence.index(one), sentence.index(one) + len(one)) for one in figures
    ]


# ---- a total less its other part ------------------------------------------------------------------------------------


def parts(fall, *, total_now="$20.31 million"):
    """Trade of 20.31 now and 102.34 before, of which one way was 5.8 and 4.25: the other fell from 98.09 to 14.51."""
    fell = change(
        fall, exporter="CHN", importer="RUS", period="2022-05", base_period="2022-04", level="$14.51 million",
        direction="down",
    )  # fmt: skip
    return fell, (
        total(total_now, "2022-05"),
        total("$102.34 million", "2022-04"),
        flow("$5.8 million", "RUS", "CHN", "2022-05"),
        flow("$4.25 million", "RUS", "CHN", "2022-04"),
    )


def test_the_base_of_one_direction_is_the_total_less_the_other():
    fell, others = parts("85.2 %")
    assert verdict(fell, *others) == "consistent"  # 14.51 / 98.09 is -85.2 %
    fell, others = parts("78 %")
    assert verdict(fell, *others) == "arithmetic_error"


def test_a_worked_out_base_accuses_nobody_where_the_storys_own_total_does_not_add_up():
    fell, others = parts("78 %", total_now="$26.00 million")  # 5.8 and 14.51 make 20.31
    assert verdict(fell, *others) == "not_checkable"


def test_a_share_of_an_earlier_year_is_held_against_what_the_change_leads_back_to():
    whole = claim(
        "total", parties=("PRK",), flow="total", period="2011", number=written("$8.03 billion"), exporter=None,
        importer=None, id="whole",
    )  # fmt: skip
    rose = change(
        "32 %", exporter=None, importer=None, parties=("PRK",), flow="total", period="2011", base_period="2010",
        level=whole.number, level_id="whole",
    )  # fmt: skip
    part = claim(
        "total", parties=("CHN", "PRK"), flow="total", period="2010", number=written("$3.47 billion"), exporter=None,
        importer=None,
    )  # fmt: skip
    said = share("57 %", exporter=None, importer=None, parties=("CHN", "PRK"), flow="total", period="2010")
    assert verdict(said, whole, rose, part) == "consistent"  # 3.47 of 8.03 / 1.32 is 57.0 %


# ---- shares ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "part", "said", "whole", "outcome"),
    [
        ("Deals with it, $6.5 million, accounted for 65 % of the $10.0 million.", "$6.5 million", "65 %", "$10.0 million", "consistent"),
        ("Deals with it, $6.5 million, accounted for 56 % of the $10.0 million.", "$6.5 million", "56 %", "$10.0 million", "arithmetic_error"),
        ("It held at 66 % ($69.51 million) of the last year's ($105.35 million).", "$69.51 million", "66 %", "$105.35 million", "consistent"),
        ("It held at 66 % ($69.51 million) of the last year's ($15.36 million).", "$69.51 million", "66 %", "$15.36 million", "arithmetic_error"),
        ("Sales of $2.0 million, equivalent to 40 % of its $5.0 million, went there.", "$2.0 million", "40 %", "$5.0 million", "consistent"),
    ],
)  # fmt: skip
def test_a_share_is_held_against_the_part_and_whole_beside_it(sentence, part, said, whole, outcome):
    told, (at_part, at_said, at_whole) = spoken(sentence, part, said, whole)
    one = flow(written(part, span=at_part), period="2019-01", **told)
    all_ = flow(written(whole, span=at_whole), importer="W00", period="2019-02", **told)
    claimed = claim("share", number=written(said, "%", span=at_said), exporter="RUS", importer="PRK", **told)
    assert verdict(claimed, one, all_) == outcome


def test_a_share_of_goods_is_held_against_the_goods_from_everyone():
    one = flow("24.21 million tons", "USA", "CHN", goods=OATS)
    all_ = flow("99.40 million tons", "W00", "CHN", goods=OATS)
    assert verdict(share("24.3 %", exporter="USA", importer="CHN", goods=OATS), one, all_) == "consistent"
    assert verdict(share("42.3 %", exporter="USA", importer="CHN", goods=OATS), one, all_) == "not_checkable"  # 1.7 x
    assert verdict(share("30.3 %", exporter="USA", importer="CHN", goods=OATS), one, all_) == "arithmetic_error"


def test_a_share_that_may_be_of_two_wholes_accuses_nobody():
    one = flow("$30 million", goods=COAL)
    every_buyer = flow("$60 million", importer="W00", perspective="RUS", goods=COAL)
    all_goods = flow("$90 million")
    of_coal = share("50 %", goods=COAL, perspective="RUS")
    wrong = share("40 %", goods=COAL, perspective="RUS")
    assert verdict(of_coal, one, every_buyer, all_goods) == "consistent"
    assert verdict(wrong, one, every_buyer, all_goods) == "not_checkable"


def test_a_share_of_a_cap_is_held_against_the_cap_in_its_unit():
    sold = flow("1.44 million tons", "PRK", "W00", "2017-01", goods=COAL)
    caps = [
        claim("quota", exporter="PRK", goods=COAL, number=written("7.5 million tons")),
        claim("quota", exporter="PRK", goods=COAL, number=written("$400.9 million")),
    ]
    slots = {"exporter": "PRK", "importer": "W00", "period": "2017-01", "goods": COAL, "whole": "the annual cap"}
    assert verdict(share("19 %", **slots), sold, *caps) == "consistent"
    assert verdict(share("25 %", **slots), sold, *caps) == "arithmetic_error"


def test_a_slip_of_the_decimal_point_is_no_wild_link():
    part = claim(
        "total", parties=("CHN", "PRK"), flow="total", period="2019", number=written("$5.63 billion"), exporter=None,
        importer=None,
    )  # fmt: skip
    whole = replace(part, parties=("PRK",), number=written("$80.3 billion"), id="whole")
    said = share("70.1 %", exporter=None, importer=None, parties=("CHN", "PRK"), flow="total")
    found = [judge(one) for one in relations((said, part, whole)) if one.target is said]
    assert [one.verdict for one in found] == ["arithmetic_error"]  # 5.63 of 80.3 is 7.01 %
    assert "wrong_magnitude" in found[0].flags
    seven = replace(whole, number=written("$35.0 billion"))
    assert verdict(said, part, seven) == "not_checkable"  # 16 %: another whole is meant


def test_points_lost_are_held_against_the_two_shares():
    then, now = share("2.9 %", period="2022-06"), share("0.2 %", period="2023-06")
    slots = {"period": "2023-06", "base_period": "2022-06", "direction": "down", "mode": "points"}
    assert verdict(change(written("2.7 points", "pp"), **slots), then, now) == "consistent"
    assert verdict(change(written("3.7 points", "pp"), **slots), then, now) == "arithmetic_error"


# ---- sums -----------------------------------------------------------------------------------------------------------


def test_months_make_up_their_quarter_and_revisions_are_granted():
    months = [flow(f"{size},000 tons", period=f"2023-{month:02}") for month, size in ((4, 100), (5, 90), (6, 110))]
    assert verdict(flow("300,000 tons", period="2023-04/2023-06"), *months) == "consistent"
    assert verdict(flow("307,000 tons", period="2023-04/2023-06"), *months) == "consistent"  # 100,000 is a round figure
    assert verdict(flow("390,000 tons", period="2023-04/2023-06"), *months) == "arithmetic_error"
    exact = [flow(f"$10{place}.3 million", period=f"2023-{place:02}") for place in (1, 2, 3)]
    assert verdict(flow("$318.0 million", period="2023-01/2023-03"), *exact) == "not_checkable"  # 306.9, revised
    assert verdict(flow("$388.0 million", period="2023-01/2023-03"), *exact) == "arithmetic_error"


def test_months_that_leave_a_gap_make_up_nothing():
    months = [flow("100,000 tons", period="2023-04"), flow("110,000 tons", period="2023-06")]
    assert verdict(flow("390,000 tons", period="2023-04/2023-06"), *months) == "not_checkable"


@given(st.lists(st.integers(10**4, 10**6), min_size=2, max_size=6))
def test_true_months_never_accuse_their_sum(sizes):
    months = [flow(f"{size:,} tons", period=f"2023-{place + 1:02}") for place, size in enumerate(sizes)]
    whole = flow(f"{sum(sizes):,} tons", period=f"2023-01/2023-{len(sizes):02}")
    assert verdict(whole, *months) == "consistent"


def test_a_month_cannot_be_more_than_its_year():
    year = flow("$80 million", period="2023")
    month = flow("$116 million", period="2023-12")
    assert verdict(month, year) == "arithmetic_error"
    assert verdict(flow("$79 million", period="2023-12"), year) == "not_checkable"
    guessed = flow("$116 million", period="2023-12", filled=(("period", "paragraph"),))
    assert verdict(guessed, year) == "not_checkable"  # the month was not said here


def test_the_items_of_a_list_make_up_the_whole_and_are_no_levels_of_it():
    sizes = (7887, 3098, 1648, 286, 234, 53, 15)
    text = "By purpose: " + ", ".join(str(size) for size in sizes)
    told = {"sentence": text, "sentence_span": (100, 100 + len(text))}
    people = {"exporter": "PRK", "importer": "RUS", "period": "2024"}
    items = [
        claim("count", number=written(str(size), "persons", span=(110 + place, 111 + place)), **people, **told)
        for place, size in enumerate(sizes)
    ]
    first = {"sentence": "So many came.", "sentence_span": (0, 90)}
    whole = claim("count", number=written("13,221", "persons", span=(10, 16)), **people, **first)
    before = claim("count", number=written("1,117", "persons", span=(30, 35)), **{**people, "period": "2023"}, **first)
    twelve = change(written("twelvefold", "x", 12), "PRK", "RUS", "2024", "2023", measure="count")
    assert verdict(whole, *items) == "consistent"
    assert verdict(twelve, whole, before, *items) == "consistent"  # 13,221 / 1,117 is 11.8
    eight = change(written("eightfold", "x", 8), "PRK", "RUS", "2024", "2023", measure="count")
    assert verdict(eight, whole, before, *items) == "arithmetic_error"


def test_figures_said_to_make_a_sum_bear_it_out_and_an_open_list_accuses_nobody():
    told = {"sentence": "It sent them.", "sentence_span": (0, 90)}
    one = flow(written("50,523 tons", span=(5, 15)), period=None, **told)
    two = flow(written("44,655 tons", span=(30, 40)), period=None, **told)
    then = {"sentence": "Together these make it.", "sentence_span": (100, 190), "quote": "Together these make"}
    assert verdict(flow(written("95,178 tons", span=(110, 120)), **then), one, two) == "consistent"
    assert verdict(flow(written("99,178 tons", span=(110, 120)), **then), one, two) == "not_checkable"


def test_goods_that_do_not_overlap_cannot_be_more_than_all_goods():
    told = {"sentence": "So it was.", "sentence_span": (0, 90)}
    whole = flow(written("$13.4 million", span=(5, 10)), **told)
    items = [
        flow(written("$9.8 million", span=(20, 25)), goods=REFINED, **told),
        flow(written("$2.7 million", span=(30, 35)), goods=WHEAT, **told),
        flow(written("$3.6 million", span=(40, 45)), goods=COAL, **told),
    ]
    assert verdict(whole, *items) == "arithmetic_error"  # 16.1
    assert verdict(whole, *items[:2]) == "not_checkable"
    nested = flow(written("$9.8 million", span=(50, 55)), goods=Goods("diesel", ("271019",)), **told)
    assert verdict(whole, items[0], nested) == "not_checkable"


def test_shares_of_one_whole_by_partner_cannot_exceed_a_hundred_per_cent():
    def of(partner, number):
        return share(number, exporter="IRN", importer=partner, perspective="IRN", whole="total exports")

    first, second = of("CHN", "57 %"), of("IRQ", "32 %")
    found = [judge(one) for one in relations((first, second, of("TUR", "31 %")))]
    assert [one.verdict for one in found] == ["arithmetic_error"]
    assert found[0].flags == ("part_above_whole",)
    found = [judge(one) for one in relations((first, second, of("TUR", "11 %")))]
    assert [one.verdict for one in found] == ["not_checkable"]  # exactly a hundred


# ---- other units ----------------------------------------------------------------------------------------------------


def test_barrels_a_day_times_the_days_are_the_barrels():
    oil = {"exporter": "IRN", "importer": "KOR", "period": "2018-08", "goods": CRUDE}
    month = flow(written("1.71 million", "bbl"), **oil)
    assert verdict(flow(written("55,161", "bbl/d"), **oil), month) == "consistent"  # 1.71 million / 31
    assert verdict(flow(written("65,161", "bbl/d"), **oil), month) == "arithmetic_error"
    iranian = flow(written("65,161", "bbl/d"), calendar="iranian", **oil)
    assert verdict(iranian, month) == "not_checkable"


@pytest.mark.parametrize(
    ("goods", "tonnes", "barrels", "outcome"),
    [
        (CRUDE, "4.9 million tons", "35.8 million barrels", "consistent"),  # 7.31 a tonne
        (CRUDE, "4.9 million tons", "358 million barrels", "arithmetic_error"),
        (REFINED, "60,000 tons", "500,000 barrels", "consistent"),  # 8.33
        (REFINED, "60,000 tons", "50,000 barrels", "arithmetic_error"),
        (COAL, "60,000 tons", "50,000 barrels", "not_checkable"),
    ],
)
def test_tonnes_and_barrels_of_one_shipment_fit_what_a_tonne_of_it_holds(goods, tonnes, barrels, outcome):
    told, (at_tonnes, at_barrels) = spoken(f"It took {tonnes} ({barrels}) of it.", tonnes, barrels)
    weight = flow(written(tonnes, span=at_tonnes), goods=goods, **told)
    volume = flow(written(barrels, "bbl", span=at_barrels), goods=goods, **told)
    assert verdict(volume, weight) == outcome


def test_a_wider_mix_of_oil_never_holds_a_narrower_range():
    both = barrels_per_tonne(Goods("oil", ("2709", "2710")))
    for one in (CRUDE, REFINED):
        narrow = barrels_per_tonne(one)
        assert both.low <= narrow.low <= narrow.high <= both.high
    assert barrels_per_tonne(COAL) is None
    assert barrels_per_tonne(ALL_GOODS) is None


# ---- orders ---------------------------------------------------------------------------------------------------------


def test_a_record_must_be_above_each_earlier_figure_of_the_same_length():
    record = {"exporter": "MNG", "importer": "CHN", "goods": COAL}
    years = [flow(f"{size} million tons", period=str(year), **record) for year, size in ((2021, 16.1), (2019, 36.6))]
    now = flow("31.7 million tons", period="2022", **record)
    best = claim("record", period="2022", rank=1, direction="up", level=now.number, level_id=now.id, **record)
    found = [judge(one) for one in relations((best, now, *years)) if one.target is best]
    assert {one.verdict for one in found} == {"consistent", "arithmetic_error"}
    assert [one.flags for one in found if one.flags] == [("superlative_false",)]
    assert verdict(replace(best, since="since 2019"), now, *years) == "consistent"  # after 2019 there is only 2021
    lowest = replace(best, direction="down")
    assert verdict(lowest, now, *years) == "arithmetic_error"
    half = flow("40.0 million tons", period="2019-01/2019-06", **record)
    assert verdict(best, now, half) == "not_checkable"  # half a year says nothing of a year


def test_ranks_must_follow_the_figures_given_with_them():
    def rank(place, partner, number, **more):
        return claim(
            "ranking", exporter=partner, importer="EGY", perspective="EGY", period="2022", rank=place,
            level=written(number), **more,
        )  # fmt: skip

    first, second = rank(1, "RUS", "1.9 million tons"), rank(2, "ROU", "0.62 million tons")
    third = rank(3, "FRA", "0.71 million tons")
    assert verdict(first, second, third) == "consistent"
    assert verdict(second, first, third) == "arithmetic_error"
    assert verdict(replace(second, quote="the second-smallest"), first, third) == "not_checkable"


# ---- changes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "now", "outcome"),
    [
        ("slightly down from", "2,500 tons", "consistent"),  # -4 %
        ("slightly down from", "2,160 tons", "consistent"),  # -17 %: a word, not a figure
        ("slightly down from", "2,136 tons", "arithmetic_error"),  # -18 %
        ("down from", "2,136 tons", "consistent"),
    ],
)
def test_a_slight_change_must_be_slight(words, now, outcome):
    sentence = f"The tally of {now} is {words} the 2,612 tons of August."
    start = sentence.index("down")
    slots = {"sentence": sentence, "sentence_span": (0, len(sentence)), "span": (start, len(sentence))}
    fell = change(None, level=now, base="2,612 tons", direction="down", quote=sentence[start:], **slots)
    assert verdict(fell) == outcome


def test_two_sizes_for_one_change_of_one_base_leave_the_base_open():
    now, before = flow("$10.30 billion", period="2022-06"), flow("$10.30 billion", period="2022-05")
    slots = {"period": "2022-06", "base_period": "2022-05"}
    yearly, monthly = change("56 %", **slots), change("3 %", **slots)
    assert verdict(monthly, now, before) == "arithmetic_error"
    assert verdict(monthly, now, before, yearly) == "not_checkable"


def test_a_level_of_another_month_is_not_the_level_of_the_change():
    june, may = flow("$6.0 million", period="2022-06"), flow("$5.0 million", period="2022-05", id="may")
    rose = change("20 %", period="2022-06", base_period="2022-05", level=may.number, level_id="may")
    assert verdict(rose, june, may) == "consistent"


def test_the_finer_of_two_figures_for_one_thing_is_used():
    rounded, exact = flow("more than $14.6 billion", period="2023", id="rounded"), flow("$14.65 billion", period="2023")
    before = flow("$15.50 billion", period="2022")
    fell = change(
        "6.2 %", period="2023", base_period="2022", direction="down", level=rounded.number, level_id="rounded"
    )
    assert verdict(fell, rounded, before) == "consistent"  # up to 15.6 / ... is left open by "more than"
    assert verdict(fell, rounded, exact, before) == "arithmetic_error"  # -5.5 %


def test_an_amount_and_a_level_give_the_base_of_a_balance():
    """Exports are up by 35 to 3,050 and imports down by 143 to 3,830: the gap was 958 and fell by 18.6 %."""
    sold = change("$35 million", "USA", "MEX", "2023", "2022", level="$3,050 million", mode="absolute")
    before = flow("$3,015 million", "USA", "MEX", "2022")
    assert verdict(sold, before) == "consistent"
    assert verdict(replace(sold, number=written("$50 million")), before) == "arithmetic_error"


def test_goods_that_overlap_may_bear_out_and_never_accuse():
    phones = Goods("phones", ("8517",))
    devices = Goods("devices and phones", ("8517", "8471"))
    now, before = flow("$575.1 million", goods=phones), flow("$30.7 million", goods=devices, period="2018")
    right, wrong = (change(written(f"{size} times"), goods=phones) for size in (18.7, 12))
    assert verdict(right, now, before) == "consistent"
    assert verdict(wrong, now, before) == "not_checkable"


def test_a_repair_of_a_derived_base_names_a_figure_that_would_mend_it():
    fell, others = parts("78 %")
    linked = relations((fell, *others))
    conflict = next(one for one in linked if one.target is fell)
    assert repairs(conflict, linked, (fell, *others))[0].kind in {"digits", "figure", "base"}


def test_a_span_is_made_up_of_the_fewest_pieces():
    pieces = [flow(f"{size},500 tons", period=span) for size, span in ((10, "2023-01"), (12, "2023-02"), (22, "2023-01/2023-02"), (9, "2023-03"))]  # fmt: skip
    quarter = flow("32,000 tons", period="2023-01/2023-03")
    found = next(one for one in relations((quarter, *pieces)) if one.target is quarter)
    assert [term.written.value for term in found.top] == [Fraction(22500), Fraction(9500)]


def test_the_first_of_a_list_is_held_against_those_said_to_follow():
    sentence = "Germany led with 1.3 million tons, followed by Poland with 0.4 million tons."
    told, (at_first, at_next) = spoken(sentence, "1.3 million tons", "0.4 million tons")
    coal = {"goods": COAL, "period": "2022-04", "exporter": "RUS"}
    first = flow(written("1.3 million tons", span=at_first), importer="DEU", **coal, **told)
    best = claim("ranking", importer="DEU", rank=1, quote="Germany led", span=(0, 10), **coal, **told)
    less = flow(written("0.4 million tons", span=at_next), importer="POL", **coal, **told)
    more = flow(written("1.7 million tons", span=at_next), importer="POL", **coal, **told)
    assert verdict(best, first, less) == "consistent"
    assert verdict(best, first, more) == "arithmetic_error"
    other_goods = replace(more, goods=WHEAT)
    assert verdict(best, first, other_goods) == "not_checkable"


def test_a_total_without_a_base_said_is_held_against_its_parts_of_the_year_before():
    parts_now = (flow("$9.6 billion", "CHN", "RUS", "2023-04"), flow("$9.6 billion", "RUS", "CHN", "2023-04"))
    parts_then = (flow("$3.8 billion", "CHN", "RUS", "2022-04"), flow("$8.9 billion", "RUS", "CHN", "2022-04"))
    slots = {"exporter": None, "importer": None, "parties": ("CHN", "RUS"), "flow": "total", "period": "2023-04"}
    assert verdict(change("51 %", base_period=None, **slots), *parts_now, *parts_then) == "consistent"  # 19.2 / 12.7
    assert verdict(change("31 %", base_period=None, **slots), *parts_now, *parts_then) == "arithmetic_error"
    assert verdict(change("31 %", base_period=None, **slots), *parts_now, parts_then[0]) == "not_checkable"


def test_a_share_in_words_is_whatever_lies_nearest_to_its_fraction():
    for size, outcome in (("$3.5 million", "consistent"), ("$4.7 million", "arithmetic_error")):
        sentence = f"It sold {size} in the first half, a fifth of the $16.1 million of last year."
        told, (at_part, at_said, at_whole) = spoken(sentence, size, "a fifth", "$16.1 million")
        part = flow(written(size, span=at_part), period="2017-01/2017-06", **told)
        whole = flow(written("$16.1 million", span=at_whole), period="2016", **told)
        said = replace(share("20 %"), number=written("a fifth", "%", 20, span=at_said), span=at_said, **told)
        assert verdict(said, part, whole) == outcome  # 21.7 % and 29.2 %


def test_a_deficit_and_the_bare_amount_it_grew_from_are_compared_by_size():
    gap = {"exporter": None, "importer": None, "parties": ("GEO", "RUS"), "flow": "balance", "period": "2021"}
    deficit = written("$410 million", value=-410_000_000)
    grew = {"base": written("$366 million"), "level": deficit, "base_period": "2020"}
    assert verdict(change("12 %", **grew, **gap)) == "consistent"
    assert verdict(change("22 %", **grew, **gap)) == "arithmetic_error"


def test_a_repair_of_barrels_a_day_is_in_barrels_a_day():
    oil = {"exporter": "IRN", "importer": "KOR", "period": "2018-08", "goods": CRUDE}
    month, daily = flow(written("1.71 million", "bbl"), **oil), flow(written("65,161", "bbl/d"), **oil)
    linked = relations((month, daily))
    conflict = next(one for one in linked if one.target is daily)
    found = repairs(conflict, linked, (month, daily))
    assert found
    for one in found:
        assert one.low <= one.high
        size = Fraction(1_710_000, 31) if one.span == daily.number.span else 65_161 * 31
        assert abs(one.low - size) < size / 50


def test_parts_that_make_the_total_of_another_year_accuse_neither():
    """Both ways of 2023 were taken for those of 2022: they make 1.70, which is the total of 2023."""
    now, then = total("$1.70 billion", "2023"), total("$1.10 billion", "2022")
    parts_of_it = (flow("$1.45 billion", "CHN", "RUS", "2022"), flow("$250 million", "RUS", "CHN", "2022"))
    assert verdict(then, now, *parts_of_it) == "not_checkable"
    assert verdict(then, *parts_of_it) == "arithmetic_error"


def test_a_change_that_fits_from_another_months_level_is_not_held_against_the_one_found():
    june, may, last_year = (
        flow(size, period=when)
        for size, when in (("$10.30 billion", "2022-06"), ("$10.10 billion", "2022-05"), ("$6.60 billion", "2021-06"))
    )
    rose = change("56 %", period="2022-06", base_period="2022-05")
    assert verdict(rose, june, may, last_year) == "not_checkable"
    slight = change("30 %", period="2022-06", base_period="2022-05")
    assert verdict(slight, june, may, last_year) == "arithmetic_error"


def test_a_total_whose_parties_are_guessed_while_its_sentence_names_others_accuses_nobody():
    sides = flow("$4.0 billion", "RUS", "CHN"), flow("$5.0 billion", "CHN", "RUS")
    assert verdict(total("$12.0 billion"), *sides) == "arithmetic_error"
    guessed = total("$12.0 billion", filled=(("parties", "pair"),))
    assert verdict(guessed, *sides) == "arithmetic_error"
    slots = {"sentence": guessed.sentence, "sentence_span": guessed.sentence_span}
    other = claim("ranking", parties=("CHN", "IND"), flow="total", period="2019", rank=1, **slots)
    assert verdict(guessed, other, *sides) == "not_checkable"


def test_a_word_that_may_be_misread_accuses_nobody():
    """A deficit read as a total, the whole of a share read as a level, a weight's change read as a value's."""
    sides = flow("$4.0 billion", "RUS", "CHN"), flow("$5.2 billion", "CHN", "RUS")
    assert verdict(total("$1.2 billion"), *sides) == "not_checkable"  # 5.2 less 4.0
    rose = change("25 %", period="2019", base_period="2022", level="$3.33 billion", base="$1.6 billion")
    assert verdict(rose) == "not_checkable"  # from later to earlier
    sold = flow("$1.2 billion"), flow("$1.25 billion", period="2018"), flow("2.4 tons"), flow("2.0 tons", period="2018")
    named = {"level": sold[0].number, "level_id": sold[0].id, "base": sold[1].number, "base_id": sold[1].id}
    assert verdict(change("20 %", **named), *sold) == "not_checkable"  # so it is by weight
    assert verdict(change("20 %", **named), *sold[:2]) == "arithmetic_error"


def test_a_level_that_is_the_whole_of_a_share_is_no_level_of_a_change():
    sentence = "Sales were 60 % of the $3.33 million of 2018 and 25 % above the $1.6 million of 2017."
    slots, (part, whole, size, base) = spoken(sentence, "60 %", "$3.33 million", "25 %", "$1.6 million")
    figures = [written(sentence[start:end], span=(start, end)) for start, end in (part, whole, size, base)]
    said = claim("share", exporter="RUS", importer="PRK", period="2019", number=figures[0], **slots)
    full = flow(figures[1], period="2018", **slots)
    rose = change(
        figures[2], period="2018", base_period="2017", level=figures[1], level_id=full.id, base=figures[3], **slots
    )
    assert verdict(rose, full, said) == "not_checkable"
    assert verdict(rose, full) == "arithmetic_error"


def test_a_change_is_held_against_the_figures_it_names_though_its_period_is_misread():
    months = flow("$800 million", period="2023-01"), flow("$2.8 billion", period="2023-01/2023-03")
    named = {"period": "2023-01", "base_period": "2022-01", "level_id": months[1].id, "level": months[1].number}
    assert verdict(change("40 %", base="$2.0 billion", **named), *months) == "not_checkable"


@pytest.mark.parametrize(
    ("sentence", "outcome"),
    [
        ("Sales were $2.0 billion in 2019, of which coal made $800 million, or 40 %.", "consistent"),
        ("Sales were $2.0 billion in 2019, of which coal made $800 million, or 52 %.", "arithmetic_error"),
        ("Sales were $2.0 billion in 2019, with coal at $800 million making up 12 % of it.", "arithmetic_error"),
        ("Sales were $2.0 billion in 2019 and coal made 12 % of it, or $800 million.", "arithmetic_error"),
        ("Sales were $2.0 billion in 2019; coal was at $800 million, or 12 % of the mines' income.", "not_checkable"),
        ("Sales were $2.0 billion in 2019, coal was at $800 million, or 12 % of China's.", "not_checkable"),
    ],
)
def test_words_that_point_back_name_the_whole_of_a_share(sentence, outcome):
    size = "40 %" if "40 %" in sentence else "52 %" if "52 %" in sentence else "12 %"
    slots, spans = spoken(sentence, "$2.0 billion", "$800 million", size)
    whole, part, said = (written(sentence[start:end], span=(start, end)) for start, end in spans)
    all_of_it, coal = flow(whole, goods=COAL, **slots), flow(part, goods=COAL, **slots)
    of_it = claim("share", exporter="RUS", importer="PRK", period="2019", goods=COAL, number=said, **slots)
    assert verdict(of_it, all_of_it, coal) == outcome


@pytest.mark.parametrize(("hedge", "outcome"), [("more_than", "arithmetic_error"), (None, "consistent")])
def test_more_than_half_is_not_45_per_cent_though_half_may_be(hedge, outcome):
    half = replace(written("half", "x", "1/2"), hedge=hedge)
    part = flow("$18.6 million", goods=COAL), flow("$41.7 million")
    said = claim("share", exporter="RUS", importer="PRK", period="2019", goods=COAL, number=half)
    assert verdict(said, *part) == outcome


def test_points_gained_are_held_against_the_shares_even_where_an_amount_was_taken_for_their_level():
    then, now = share("81.0 %", period="2018"), share("88.0 %")
    for points, outcome in (("7 points", "consistent"), ("11 points", "arithmetic_error")):
        rose = change(None, level="$1.15 billion", mode="points")
        assert verdict(replace(rose, number=written(points, "pp")), then, now) == outcome


def test_both_directions_that_make_a_total_stay_levels_of_their_own():
    sides = flow("$2.34 billion", "CHN", "RUS"), flow("$436 million", "RUS", "CHN")
    ore = flow("$92 million", "RUS", "CHN", goods=COAL)
    said = share("31 %", exporter="RUS", importer="CHN", perspective="CHN", goods=COAL)
    assert verdict(said, total("$2.78 billion", quote="combined"), *sides, ore) == "arithmetic_error"


def test_what_is_sold_to_all_is_no_part_of_what_is_sold_to_all():
    slots = {"exporter": "RUS", "importer": "W00"}
    whole, again = flow("10.9 tons", **slots), flow("9.7 tons", **slots)
    assert verdict(whole, again, flow("3.6 tons", "RUS", "CHN")) == "not_checkable"


def test_a_change_beside_a_weight_is_not_held_against_the_value_told_later():
    sentence = "It sold 10.9 tons, 8 % more."
    slots, ((start, end), size) = spoken(sentence, "10.9 tons", "8 %")
    weight = flow(written("10.9 tons", span=(start, end)), **slots)
    rose = change(written("8 %", span=size), **slots)
    money = flow("$3.1 billion"), flow("$2.6 billion", period="2018")
    assert verdict(rose, weight, *money) == "not_checkable"
    assert verdict(rose, *money) == "arithmetic_error"


def test_each_change_of_a_sentence_may_have_the_figure_beside_it():
    sentence = "Imports were $44.4 billion, down 24 % from $58.8 billion, and $9.8 billion were sold."
    slots, spans = spoken(sentence, "$44.4 billion", "24 %", "$58.8 billion", "$9.8 billion")
    bought, size, before, sold = (written(sentence[start:end], span=(start, end)) for start, end in spans)
    fell = change(size, level=sold, base=before, direction="down", **slots)
    assert verdict(fell) == "arithmetic_error"
    assert verdict(fell, flow(bought, **slots)) == "not_checkable"


def test_a_monthly_average_is_no_sum_of_its_months():
    sentence = "Imports averaged $30 million a month from March to May."
    slots, spans = spoken(sentence, "$30 million")
    average = flow(written("$30 million", span=spans[0]), period="2023-03/2023-05", **slots)
    months = [flow(f"${size} million", period=f"2023-0{month}") for month, size in ((3, 25), (4, 30), (5, 35))]
    assert {verdict(one, average) for one in months} == {"not_checkable"}
    assert verdict(average, *months) == "not_checkable"
    assert verdict(months[2], flow("$30 million", period="2023-03/2023-05")) == "arithmetic_error"


def test_what_a_group_sold_is_no_whole_for_goods_that_one_country_sold():
    whole = flow("$1.52 billion", None, "RUS", filled=(("exporter", "group: some union"),))
    corn = flow("$884 million", "CHN", "RUS", goods=WHEAT)
    said = share("83 %", exporter="CHN", importer="RUS", perspective="RUS", goods=WHEAT)
    assert verdict(said, corn, whole) == "not_checkable"
    of_all = share("83 %", exporter="CHN", importer="RUS", perspective="RUS")
    assert verdict(of_all, flow("$884 million", "CHN", "RUS"), whole) == "arithmetic_error"


@pytest.mark.parametrize(
    ("run", "april", "outcome"),
    [
        (2, "$10.1 billion", "consistent"),
        (2, "$9.5 billion", "arithmetic_error"),  # May, with 9.8, was above April
        (1, "$9.5 billion", "consistent"),  # a run of one ends with June against May
    ],
)
def test_a_run_of_months_is_held_against_the_months_its_sentence_states(run, april, outcome):
    sentence = f"Sales fell for months in a row: $9.2 billion after $9.8 billion in May and {april} in April."
    slots, spans = spoken(sentence, "$9.2 billion", "$9.8 billion", april)
    figures = [written(sentence[start:end], span=(start, end)) for start, end in spans]
    months = [
        flow(one, period=when, **slots) for one, when in zip(figures, ("2022-06", "2022-05", "2022-04"), strict=True)
    ]
    streak = claim("trend", exporter="RUS", importer="PRK", period="2022-06", direction="down", run=run,
                   run_unit="month", **slots)  # fmt: skip
    assert verdict(streak, *months) == outcome
    elsewhere = [replace(one, sentence_span=(500, 600)) for one in months]
    assert verdict(streak, *elsewhere) == ("not_checkable" if outcome == "arithmetic_error" else outcome)


def test_a_run_of_years_is_held_against_the_years_stated_anywhere():
    streak = claim("trend", exporter="RUS", importer="PRK", period="2019", direction="up", run=2, run_unit="year")
    now, before = flow("$9.2 billion"), flow("$9.8 billion", period="2018")
    assert verdict(streak, now, before) == "arithmetic_error"
    assert verdict(replace(streak, direction="down"), now, before) == "consistent"


@pytest.mark.parametrize(
    ("since", "outcome"),
    [("since Oct 2021", "arithmetic_error"), ("since Nov 2021", "consistent"), ("in 8 months", "arithmetic_error"),
     ("in 7 months", "consistent"), ("since the spring", "not_checkable")],
)  # fmt: skip
def test_a_record_counts_from_its_own_month(since, outcome):
    """June 2022 with 10.9; May with 10.1; November 2021 with 11.7."""
    top = claim("record", exporter="RUS", importer="PRK", period="2022-06", direction="up", rank=1, since=since)
    figures = (("$10.9 billion", "2022-06"), ("$10.1 billion", "2022-05"), ("$11.7 billion", "2021-11"))
    assert verdict(top, *(flow(size, period=when) for size, when in figures)) == outcome


def test_two_figures_for_one_thing_are_remarked_and_neither_is_accused():
    one, other = flow("$40.4 million", id="one"), flow("$43.1 million", id="other")
    assert differing((one, other)) == {"one", "other"}
    assert {verdict(one, other), verdict(other, one)} == {"not_checkable"}
    findings = check(story(one, other), lambda query: Refusal(query, "no_data", "nothing")).findings
    assert [finding.flags for finding in findings] == [("figures_differ",)] * 2
    assert {finding.mark for finding in findings} == {"unchecked"}


@pytest.mark.parametrize(
    "slots",
    [
        {"number": written("about $41 million")},
        {"number": written("$400 million")},
        {"number": written("43.1 tons")},
        {"goods": COAL},
        {"period": Period.parse("2018")},
        {"in_headline": True},
        {"negated": True},
        {"attribution": ("Reuters",)},
    ],
)
def test_figures_that_may_speak_of_two_things_are_not_remarked(slots):
    one = flow("$40.4 million", attribution=("Yonhap",))
    assert not differing((one, replace(flow("$43.1 million"), **slots)))
    assert differing((one, flow("$43.1 million")))


def test_a_change_that_fits_from_the_year_before_is_not_held_against_the_month_before():
    april, march, last_april = (
        flow(size, period=when)
        for size, when in (("$130 million", "2022-04"), ("$150 million", "2022-03"), ("$200 million", "2021-04"))
    )
    slots = {"period": "2022-04", "base_period": "2022-03", "level": april.number, "level_id": april.id}
    fell = change("35 %", base=march.number, base_id=march.id, direction="down", **slots)
    assert verdict(fell, april, march) == "arithmetic_error"
    assert verdict(fell, april, march, last_april) == "not_checkable"


def test_a_balance_that_fits_with_the_flow_of_another_year_accuses_nobody():
    gap = claim(
        "balance", parties=("CHN", "RUS"), flow="balance", period="2022", number=written("$32.7 billion"),
        exporter=None, importer=None, direction="down",
    )  # fmt: skip
    sold, bought = flow("$7.1 billion", "CHN", "RUS", "2022"), flow("$58.9 billion", "RUS", "CHN", "2022")
    assert verdict(gap, sold, bought) == "arithmetic_error"
    assert verdict(gap, sold, bought, flow("$39.8 billion", "RUS", "CHN", "2023")) == "not_checkable"
