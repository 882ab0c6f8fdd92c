"""A claim held against data: what supports it, what refutes it, and what says nothing."""

from datetime import date

import pytest

from story_claims import change, claim, flow, story, written
from tidewaiter.answers import ask
from tidewaiter.base.question import Refusal
from tidewaiter.news.judge.check import check
from tidewaiter.news.model import Goods
from world import Rows


@pytest.fixture
def finding(connection):
    """Check one claim against rows and return its finding."""

    def found(one, rows, **more):
        frames = rows.tables(connection)
        return check(story(one, **more), lambda query: ask(query, frames)).findings[0]

    return found


def russia(value="46397973", year="2019", **more):
    return Rows().declare("RUS", "export", "PRK", year, value, source="imf_dots", **more)


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("$46.4 million", "supported"),
        ("more than $46 million", "supported"),
        ("nearly $50 million", "supported_loosely"),  # 7.2 % below, and 7 is the most
        ("about $46 million", "supported"),
        ("$50 million", "supported_loosely"),  # a round fifty
        ("more than $40 million", "supported"),
        ("up to $50 million", "supported"),
        ("$92.8 million", "contradicted"),
        ("more than $96 million", "contradicted"),
    ],
)
def test_a_level_is_graded_against_the_declared_rows(finding, said, verdict):
    assert finding(flow(said), russia()).data.verdict == verdict


def test_a_small_difference_from_the_partners_report_accuses_nobody(finding):
    """44.9 printed in 2020 against 46.4 in a later state of the other side's books is no error."""
    one = finding(flow("$44.9 million"), russia())
    assert (one.data.verdict, one.data.reason) == ("ambiguous", "sources_differ")


def test_an_estimate_refutes_only_by_a_factor_of_five_and_never_a_change(finding):
    rows = Rows().declare("CHN", "import", "PRK", "2019", "100000000", source="imf_dots", estimated=True)
    rows.declare("CHN", "import", "PRK", "2018", "200000000", source="imf_dots", estimated=True)
    one = {"exporter": "PRK", "importer": "CHN"}
    for said, verdict in (("$50.0 million", "ambiguous"), ("$600 million", "contradicted")):
        assert finding(flow(said, **one), rows).data.verdict == verdict
    assert finding(change("50 %", **one), rows).data.verdict == "ambiguous"


def test_another_state_of_the_same_publication_bears_a_figure_out(finding):
    """42.74 printed then, 42.72 in the books now: 0.04 per cent."""
    one = finding(flow("$42.74 million"), russia("42720000"))
    assert (one.data.verdict, one.data.flags) == ("supported_loosely", ("vintage_differs",))


def test_a_figure_of_quite_another_size_is_taken_for_another_trade(finding):
    assert finding(flow("$1.04 million"), russia()).data.verdict == "ambiguous"


def test_thousands_taken_for_millions_are_refuted(finding):
    one = finding(flow("$46.4 billion"), russia())
    assert one.data.verdict == "contradicted"
    assert "wrong_magnitude" in one.flags


def test_own_declaration_refutes_beyond_five_per_cent(finding):
    rows = Rows().declare("CHN", "import", "PRK", "2019", "100000000")
    for said, verdict in (("$96.1 million", "ambiguous"), ("$90.1 million", "contradicted")):
        assert finding(flow(said, exporter="PRK", importer="CHN"), rows).data.verdict == verdict


def test_a_printed_figure_supports_but_does_not_refute(finding):
    rows = Rows().printed("RUS", "PRK", "2019-01", "2019-12", "44900000", "100000", publisher="Yonhap")
    assert finding(flow("$44.9 million"), rows).data.flags == ("second_rank",)
    other = finding(flow("$60.0 million"), rows)
    assert (other.data.verdict, other.data.reason) == ("unverifiable", "second_rank_only")


def test_a_printed_figure_refutes_who_quotes_it_wrongly(finding):
    rows = Rows().printed("RUS", "PRK", "2019-01", "2019-12", "44900000", "100000", publisher="Yonhap")
    quoted = flow("$60.0 million", attribution=("Yonhap",))
    assert finding(quoted, rows).data.verdict == "contradicted"


def test_a_figure_cut_off_instead_of_rounded_is_supported_and_said_so(finding):
    rows = Rows().printed("RUS", "PRK", "2019-01", "2019-12", "1980000", "10000", publisher="Yonhap")
    one = finding(flow("$1.9 million"), rows)
    assert one.data.verdict == "supported"
    assert "truncated" in one.flags
    assert "cut off" in one.explanation.text


def test_the_storys_own_outlet_proves_nothing(finding):
    rows = Rows().printed("RUS", "PRK", "2019-01", "2019-12", "42000000", "1000000", publisher="The Daily Tide")
    one = finding(flow("$42 million"), rows, text="Support The Daily Tide! Imports rose.")
    assert one.data.verdict == "unverifiable"
    assert one.data.cells[0].is_own


def test_silence_is_no_data_and_the_command_that_would_help_is_named(finding):
    one = finding(flow("$42 million", period="2015"), russia())
    assert (one.data.verdict, one.data.reason) == ("unverifiable", "no_data")
    assert "tidewaiter land" in one.data.refusal.command


@pytest.mark.parametrize(
    ("slots", "verdict", "reason"),
    [
        ({"is_trade": False}, "unverifiable", "not_a_trade_statistic"),
        ({"modality": "planned"}, "unverifiable", "forecast"),
        ({"modality": "denied"}, "unverifiable", "denied"),
        ({"unresolved": ("importer",)}, "ambiguous", "unresolved"),
        ({"period": None}, "unverifiable", "no_period"),
        ({"exporter": None, "importer": None}, "unverifiable", "no_parties"),
        ({"goods": Goods("wonder drug", (), "unmapped")}, "unverifiable", "goods_not_mapped"),
        ({"number": written("448.8 million rials", "IRR")}, "unverifiable", "no_exchange_rate"),
        ({"number": written("500 crates", "crates")}, "unverifiable", "unit_differs"),
    ],
)
def test_what_no_statistic_can_judge_is_left_alone_with_its_reason(finding, slots, verdict, reason):
    given = {"number": written("$92.8 million")} | slots
    one = finding(flow(**given), russia())
    assert (one.data.verdict, one.data.reason) == (verdict, reason)
    assert one.mark != "conflict"


def test_a_restated_dollar_amount_is_checked_in_its_place(finding):
    from dataclasses import replace

    yuan = replace(written("320 million yuan", "CNY"), restated=(written("$46.4 million"),))
    assert finding(flow(yuan), russia()).data.verdict == "supported"


def test_tons_are_held_against_kilograms(finding):
    rows = Rows().declare("RUS", "export", "PRK", "2019", "1", "27", weight=30_180_000)
    fuel = Goods("mineral fuel", ("27",))
    for said, verdict in (("30,180 tons", "supported"), ("60,360 tons", "contradicted")):
        assert finding(flow(said, goods=fuel, measure="weight"), rows).data.verdict == verdict


def test_a_change_is_held_against_the_change_of_the_rows(finding):
    """46.397973 over 32.162673 is +44.26 %."""
    rows = russia().declare("RUS", "export", "PRK", "2018", "32162673", source="imf_dots")
    assert finding(change("44 %"), rows).data.verdict == "supported"
    assert finding(change("20 %"), rows).data.verdict == "contradicted"
    fell = finding(change("44 %", direction="down"), rows)
    assert (fell.data.verdict, fell.severity) == ("contradicted", "qualitative")
    assert "wrong_direction" in fell.flags


def test_a_plain_rise_is_held_against_the_year_before(finding):
    rows = russia().declare("RUS", "export", "PRK", "2018", "32162673", source="imf_dots")
    for direction, verdict in (("up", "supported"), ("down", "contradicted")):
        trend = claim("trend", exporter="RUS", importer="PRK", period="2019", direction=direction)
        assert finding(trend, rows).data.verdict == verdict


def test_a_trend_over_several_years_is_no_single_change(finding):
    rows = russia().declare("RUS", "export", "PRK", "2018", "32162673", source="imf_dots")
    years = claim("trend", exporter="RUS", importer="PRK", period="2018..2019", direction="down")
    assert finding(years, rows).data.reason == "no_comparable_series"


def test_unlike_periods_are_named_with_the_like_ones_beside_them(finding):
    rows = russia().declare("RUS", "export", "PRK", "2018", "32162673", source="imf_dots")
    one = finding(change("20 %", period="2019-01/2019-11", level="$42 million", base="$32 million"), rows)
    assert one.comparison.verdict == "not_like_for_like"
    assert "11 months" in one.comparison.explanation
    assert [str(like.answer.value.value)[:5] for like in one.comparison.alike] == ["44.26"]
    assert "that it rose stands" in one.comparison.bound


@pytest.mark.parametrize(
    ("period", "base", "verdict", "flags"),
    [
        ("2019", "2018", "like_for_like", ()),
        ("2019-01/2019-11", "2018-01/2018-11", "like_for_like", ()),
        ("2019-08", "2019-07", "like_for_like", ("seasonal",)),
        ("2019-01/2019-11", "2018", "not_like_for_like", ()),
        ("2019-01/2019-06", "2018-07/2018-12", "like_for_like", ("seasonal",)),
        ("2019-03/2019-05", "2018-01/2018-03", "not_like_for_like", ()),
        ("2019", "2019-01/2019-11", "not_like_for_like", ("overlapping_periods",)),
        ("2019", None, "unknown", ()),
    ],
)
def test_periods_are_comparable_when_length_and_season_agree(finding, period, base, verdict, flags):
    one = finding(change("20 %", period=period, base_period=base), Rows())
    assert (one.comparison.verdict, one.comparison.flags) == (verdict, flags)


def month_rows(value):
    rows = Rows()
    rows.declare("CHN", "import", "PRK", "2017-12", "5000", "03")
    rows.declare("CHN", "import", "PRK", "2017-12", "5000")
    return rows.declare("CHN", "import", "PRK", "2017-12", value, "26") if value else rows


def zero(**more):
    ore = Goods("iron ore", ("26",))
    return claim("zero", exporter="PRK", importer="CHN", period="2017-12", goods=ore, **more)


def test_none_imported_is_refuted_by_one_declared_row(finding):
    one = finding(zero(), month_rows("700"))
    assert (one.data.verdict, one.severity) == ("contradicted", "qualitative")


def test_none_imported_is_never_borne_out_by_silence(finding):
    assert finding(zero(), Rows()).data.verdict == "unverifiable"


ORDERED = (Goods("fuel", ("27",)), Goods("fish", ("03",)))


@pytest.mark.parametrize(
    ("fuel", "fish", "verdict"),
    [
        ("900", "100", "supported"),
        ("100", "900", "contradicted"),
        ("95", "100", "ambiguous"),
        ("900", None, "unverifiable"),
    ],
)
def test_an_order_of_goods_is_held_against_the_rows_by_product(finding, fuel, fish, verdict):
    rows = Rows().declare("RUS", "export", "PRK", "2019", "1000").declare("RUS", "export", "PRK", "2019", fuel, "27")
    if fish:
        rows.declare("RUS", "export", "PRK", "2019", fish, "03")
    mostly = claim("composition", exporter="RUS", importer="PRK", period="2019", items=ORDERED)
    assert finding(mostly, rows).data.verdict == verdict


def test_an_order_of_goods_without_product_rows_says_what_is_missing(finding):
    mostly = claim("composition", exporter="RUS", importer="PRK", period="2019", items=ORDERED)
    one = finding(mostly, russia())
    assert (one.data.verdict, one.data.reason) == ("unverifiable", "no_product_rows")


def test_a_streak_or_record_is_not_judged_without_its_whole_series(finding):
    record = claim("record", exporter="RUS", importer="PRK", period="2019", since="all-time")
    assert finding(record, russia()).data.reason == "no_comparable_series"


def test_a_question_that_contradicts_itself_is_no_data_and_no_crash(finding):
    one = finding(flow("$1 million", exporter="PRK", importer="PRK"), russia())
    assert one.data.verdict == "unverifiable"


def test_the_same_question_is_asked_once():
    asked = []

    def ask_nobody(query):
        asked.append(query)
        return Refusal(query, "no_data", "nothing landed")

    check(story(flow("$1 million"), flow("$2 million"), published_on=date(2020, 1, 1)), ask_nobody)
    assert len(asked) == 1


def test_a_span_whose_last_month_nobody_said_is_not_held_against_rows():
    """ "The past five months", and "this period" after it: any month may be the last."""
    open_end = (("period", "rolling window"),)
    first = flow("$40 million", period="2019-05/2019-09", filled=open_end)
    after = flow("$30 million", exporter="CHN", period="2019-05/2019-09")
    dated = flow("$30 million", exporter="CHN", period="2019-05/2019-08")
    findings = check(story(first, after, dated), lambda query: Refusal(query, "no_data", "nothing")).findings
    assert [one.data.reason for one in findings] == ["no_period", "no_period", "no_data"]


# ---- months held against whole years --------------------------------------------------------------------------------


def month(said, sentence="That was what was sold in May.", **more):
    return flow(said, period="2019-05", exporter="RUS", importer="PRK", perspective="RUS", sentence=sentence, **more)


def test_a_month_cannot_be_more_than_the_whole_year_held(finding):
    one = finding(month("$60 million"), russia())
    assert (one.data.verdict, one.severity) == ("contradicted", "qualitative")
    assert "part_above_whole" in one.flags
    assert finding(month("$40 million"), russia()).data.reason == "no_data"


def test_a_month_that_only_context_dates_is_held_against_no_year(finding):
    assert finding(month("$60 million", sentence="That was what was sold."), russia()).data.reason == "no_data"
    assert finding(month("$60 million", filled=(("period", "paragraph"),)), russia()).data.reason == "no_data"


@pytest.mark.parametrize(
    ("said", "year", "held", "verdict"),
    [
        ("$21 billion", "2016", "20000000000", "contradicted"),  # 252 a year against 20
        ("$19 billion", "2016", "20000000000", "unverifiable"),  # below twelve times as much
        ("$40 billion", "2016", "20000000000", "unverifiable"),  # so far off that it may be another trade
        ("$21 billion", "2013", "20000000000", "unverifiable"),  # held six years before
        ("$9 billion", "2016", "8000000000", "unverifiable"),  # smaller trades do leap
    ],
)
def test_no_large_trade_grows_twelvefold_in_five_years(finding, said, year, held, verdict):
    rows = russia(held, year)
    one = finding(month(said), rows)
    assert one.data.verdict == verdict
    assert ("wrong_magnitude" in one.flags) == (verdict == "contradicted")


def test_a_change_whose_way_nobody_tells_is_borne_out_either_way(finding):
    rows = russia("50000000").declare("RUS", "export", "PRK", "2018", "100000000", source="imf_dots")
    assert finding(change("50 %", perspective="RUS"), rows).data.verdict == "contradicted"
    unsaid = finding(change("50 %", perspective="RUS", direction=None), rows)
    assert (unsaid.data.verdict, unsaid.flags) == ("supported", ())


def test_an_amount_in_yuan_is_held_against_dollars_at_the_rates_of_its_own_period(finding):
    """46.397973 million dollars of 2019 were, at 6.6872 to 7.1789 yuan, 310.3 to 333.1 million yuan."""
    for said, verdict in (("320 million yuan", "supported"), ("640 million yuan", "contradicted")):
        one = finding(flow(written(said, "CNY")), russia())
        assert one.data.verdict == verdict
        assert "yuan" in one.explanation.text or "CNY" in one.explanation.text
    no_rate = finding(flow(written("3.2 billion rials", "IRR")), russia())
    assert (no_rate.data.verdict, no_rate.data.reason) == ("unverifiable", "no_exchange_rate")


def test_a_change_in_rubles_is_no_change_in_dollars(finding):
    """A dollar cost about 32 rubles in January 2014 and 65 in January 2015: level in dollars, it doubled in rubles."""
    rows = (
        Rows()
        .declare("RUS", "export", "PRK", "2014-01", "10000000")
        .declare("RUS", "export", "PRK", "2015-01", "10000000")
    )
    said = {"period": "2015-01", "base_period": "2014-01", "level": written("650 million rubles", "RUB")}
    assert finding(change("100 %", **said), rows).data.verdict != "contradicted"
    in_dollars = {**said, "level": written("$10 million")}
    assert finding(change("100 %", **in_dollars), rows).data.verdict == "contradicted"


def test_a_change_in_money_without_a_rate_is_not_held_against_dollars(finding):
    rows = (
        Rows().declare("RUS", "export", "PRK", "2023", "10000000").declare("RUS", "export", "PRK", "2022", "10000000")
    )
    said = {"period": "2023", "base_period": "2022", "level": written("900 million rubles", "RUB")}
    one = finding(change("40 %", **said), rows)
    assert (one.data.verdict, one.data.reason) == ("unverifiable", "no_exchange_rate")


@pytest.mark.parametrize(("said", "verdict"), [("100 %", "contradicted"), ("300 %", "supported")])
def test_a_percentage_is_taken_for_a_multiple_only_where_writers_slip_so(finding, said, verdict):
    """Flat trade is no rise of 100 %; what trebled is carelessly said to have risen 300 %."""
    now = {"100 %": "10000000", "300 %": "30000000"}[said]
    rows = Rows().declare("RUS", "export", "PRK", "2019", now).declare("RUS", "export", "PRK", "2018", "10000000")
    assert finding(change(said), rows).data.verdict == verdict


def test_the_european_union_is_asked_about_as_it_declares_and_accuses_nobody(finding):
    """The Union declares as one area; who belonged to it story and publisher may count differently."""
    from dataclasses import replace

    rows = Rows().declare("EUR", "import", "RUS", "2019", "150000000000")
    group = {"importer": None, "unresolved": ("importer",), "filled": (("importer", "group: European Union"),)}
    for said, verdict in (("$150 billion", "supported"), ("$300 billion", "ambiguous")):
        assert finding(replace(flow(said), **group), rows).data.verdict == verdict
    other = replace(flow("$1 billion"), **group | {"filled": (("importer", "group: Eurasian Economic Union"),)})
    one = finding(other, rows)
    assert (one.data.verdict, one.data.reason) == ("unverifiable", "group_of_countries")
    assert "Eurasian Economic Union" in one.explanation.text


def test_a_change_that_fits_the_storys_own_levels_may_rest_on_other_books(connection):
    """30 against 20 is +50 %; the data's 26 against 20 is +30 %: wrong alone, and other books beside its own levels."""
    rows = (
        Rows().declare("RUS", "export", "PRK", "2019", "26000000").declare("RUS", "export", "PRK", "2018", "20000000")
    )
    frames = rows.tables(connection)

    def judged(*claims):
        made = story(*claims, published_on=date(2020, 2, 1))
        found = check(made, lambda query: ask(query, frames)).findings
        return next(one.data.verdict for one in found if one.claim.type == "change")

    # The rows are of a later day than the story, as nearly all are: that must not matter.
    now, before = flow("$30.0 million", id="now"), flow("$20.0 million", period="2018", id="before")
    assert judged(change("50 %")) == "contradicted"
    told = change("50 %", level=now.number, base=before.number, level_id="now", base_id="before")
    assert judged(now, before, told) == "ambiguous"


@pytest.mark.parametrize(
    "said", ["640 million rupees", "Rs 640 million", "¥12 billion", "640 million pounds", "640 million francs"]
)
def test_money_whose_name_several_countries_share_accuses_nobody(finding, said):
    """Rupees may be India's or Pakistan's, francs Swiss or West African: a rate of the one says nothing of the other."""
    unit = {"rupees": "INR", "Rs": "INR", "¥12": "JPY", "pounds": "GBP", "francs": "CHF"}
    number = written(said, next(unit[word] for word in said.split() if word in unit))
    one = finding(flow(number), russia())
    assert (one.data.verdict, one.mark) == ("ambiguous", "caution")


def test_an_amount_in_other_money_that_is_far_off_speaks_of_another_trade(finding):
    """A billion euros beside 46 million dollars is no slip: as in dollars, it hardly speaks of the same."""
    assert finding(flow(written("4 billion euros", "EUR")), russia()).data.verdict == "ambiguous"


def test_a_change_in_rubles_is_left_alone_without_a_rate_though_dollars_stand_beside_its_level(finding):
    from dataclasses import replace

    rows = (
        Rows().declare("RUS", "export", "PRK", "2023", "10000000").declare("RUS", "export", "PRK", "2022", "10000000")
    )
    level = replace(written("900 million rubles", "RUB"), restated=(written("$10 million"),))
    one = finding(change("40 %", period="2023", base_period="2022", level=level), rows)
    assert (one.data.verdict, one.data.reason) == ("unverifiable", "no_exchange_rate")


def test_a_claim_of_none_about_the_european_union_accuses_nobody(finding):
    rows = Rows().declare("EUR", "import", "RUS", "2019", "150000000000")
    group = {"importer": None, "unresolved": ("importer",), "filled": (("importer", "group: European Union"),)}
    none = claim("zero", exporter="RUS", period="2019", perspective=None, **group)
    assert finding(none, rows).data.verdict == "ambiguous"
