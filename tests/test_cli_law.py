"""What a person at the command line may rely on when asking the law, screening and keeping accounts."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

import tidewaiter
from lake_helpers import land
from tidewaiter.base.errors import RuleError, TidewaiterError
from tidewaiter.cli import app
from tidewaiter.lake.lake import Lake
from tidewaiter.law import scenario

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from typer.testing import Result

LINES = [
    ("CHN", "import", "PRK", "030367", "2018-03", 1000),
    ("CHN", "import", "PRK", "030617", "2018-04", 500),
    ("CHN", "import", "PRK", "670420", "2018-03", 9000),  # wigs are under no ban
    ("RUS", "export", "PRK", "271019", "2021-03", 700),
    ("BRA", "import", "PRK", "030367", "2019-05", 40),
    ("RUS", "import", "PRK", "610910", "2020-02", 60),
    ("CHN", "import", "KOR", "030367", "2018-03", 77),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake with a handful of declarations."""
    folder = tmp_path_factory.mktemp("screened")
    lake = Lake.open(str(folder / "lake"))
    land(lake, folder, LINES)
    lake.close()
    return folder / "lake"


@pytest.fixture
def run(home: Path) -> Callable[..., Result]:
    def command(*words: str | Path, lake: bool = False) -> Result:
        options = ["--home", str(home)] if lake else []
        return CliRunner().invoke(app, [*(str(word) for word in words), *options], env={"COLUMNS": "100"})

    return command


def refused(result: Result) -> str:
    assert isinstance(result.exception, TidewaiterError), result.output
    return str(result.exception)


def test_screen_names_measure_paragraph_reporter_year_and_value(run: Callable[..., Result]) -> None:
    told = run("screen", "--target", "PRK", "--regime", "un/dprk", "--period", "2018", lake=True).output
    assert "2371-9-seafood" in told
    assert "paragraph 9" in told
    assert "China" in told
    assert "1,500" in told  # 1000 + 500
    assert "9,000" not in told
    assert "violat" not in told.casefold()


def test_screen_as_csv_lists_every_declaration_with_its_row(run: Callable[..., Result]) -> None:
    told = run("screen", "--target", "North Korea", "--regime", "un/dprk", "--format", "csv", lake=True).output
    rows = list(csv.DictReader(io.StringIO(told)))
    seafood = [row for row in rows if row["measure"] == "2371-9-seafood"]
    assert {(row["reporter"], row["product"], row["period"], row["value_usd"]) for row in seafood} == {
        ("CHN", "030367", "2018-03", "1000.000"),
        ("CHN", "030617", "2018-04", "500.000"),
        ("BRA", "030367", "2019-05", "40.000"),
    }
    assert all(row["receipt"] and row["row"] for row in rows)


def test_screen_as_json_keeps_money_exact_and_says_what_it_is(run: Callable[..., Result]) -> None:
    told = json.loads(run("screen", "--target", "PRK", "--period", "2018", "--format", "json", lake=True).output)
    assert "nothing here says that a rule was broken" in told["about"]["note"]
    (china,) = [row for row in told["summary"] if row["measure"] == "2371-9-seafood"]
    assert (china["declarations"], china["months"], china["value_usd"]) == (2, 2, "1500.000")


def test_screen_as_markdown_is_a_table(run: Callable[..., Result]) -> None:
    told = run("screen", "--target", "PRK", "--period", "2018", "--format", "md", lake=True).output
    assert told.startswith("| measure |")
    assert "| China |" in told


def test_screen_as_workbook_keeps_the_zero_of_0303(run: Callable[..., Result], tmp_path: Path) -> None:
    from python_calamine import CalamineWorkbook

    file = tmp_path / "exposure.xlsx"
    assert run("screen", "--target", "PRK", "--format", "xlsx", "--out", file, lake=True).exit_code == 0
    book = CalamineWorkbook.from_path(str(file))
    assert book.sheet_names == ["Summary", "Annex", "About"]
    head, *rows = book.get_sheet_by_name("Annex").to_python()
    assert "030367" in [row[head.index("product")] for row in rows]
    assert 1000.0 in [row[head.index("value_usd")] for row in rows]


def test_a_workbook_without_a_file_to_write_is_refused(run: Callable[..., Result]) -> None:
    assert "--out" in refused(run("screen", "--target", "PRK", "--format", "xlsx", lake=True))


def test_screen_says_when_the_lake_holds_nothing_of_the_kind(run: Callable[..., Result]) -> None:
    told = run("screen", "--target", "PRK", "--period", "1999", lake=True)
    assert told.exit_code == 0
    assert "No declared trade" in told.output


def test_screen_of_an_unknown_regime_names_the_nearest(run: Callable[..., Result]) -> None:
    assert "nearest: un/dprk" in refused(run("screen", "--target", "PRK", "--regime", "un/dprc", lake=True))


def test_screen_of_a_target_without_law_is_refused(run: Callable[..., Result]) -> None:
    assert "no measure has the target 'FRA'" in refused(run("screen", "--target", "FRA", lake=True))


def test_a_register_of_doubts_is_shown_beside_the_value(run: Callable[..., Result], tmp_path: Path) -> None:
    register = tmp_path / "register.yml"
    register.write_text(
        "suspects:\n  - {reporter: BRA, exporter: PRK, who: a reader, when: 2024-01-31, why: South Korea was meant}\n",
        encoding="utf-8",
    )
    told = run("screen", "--target", "PRK", "--register", register, "--format", "csv", lake=True).output
    (brazil,) = [row for row in csv.DictReader(io.StringIO(told)) if row["reporter"] == "BRA"]
    assert (brazil["status"], brazil["covered_low_usd"]) == ("suspect_data", "0.000")
    assert "South Korea was meant" in brazil["review"]


def test_as_if_shows_what_would_become_legal_in_dollars_goods_and_partners(run: Callable[..., Result]) -> None:
    told = run("screen", "--target", "PRK", "--as-if", "draft-2019-12", lake=True).output
    changed, _, declared = told.partition("Declared in the goods it lifts")
    assert "2375-16-textiles" in changed
    assert "banned -> permitted" in changed
    assert "Russia" in changed
    assert "60" in changed
    assert "1,000" not in changed  # of 2018: the draft is of December 2019
    assert "1,500" in declared


def test_as_if_throughout_lifts_the_older_months_too(run: Callable[..., Result]) -> None:
    told = json.loads(
        run(
            "screen", "--target", "PRK", "--as-if", "draft-2019-12", "--throughout", "--format", "json", lake=True
        ).output
    )
    assert {(row["reporter"], row["usd_at_most"]) for row in told["changed"]} == {
        ("CHN", "1500.000"),
        ("BRA", "40.000"),
        ("RUS", "60.000"),
    }


def test_a_scenario_that_does_not_exist_names_the_nearest(run: Callable[..., Result]) -> None:
    assert "nearest: draft-2019-12" in refused(run("screen", "--target", "PRK", "--as-if", "draft-2019-11", lake=True))


def test_status_answers_in_words_with_the_paragraph(run: Callable[..., Result]) -> None:
    told = run("law", "status", "270112", "--from", "PRK", "--on", "2018-03-15").output
    assert told.startswith("270112 from North Korea, 15 March 2018: banned.")
    assert "Resolution 2371 (2017), paragraph 8" in told


def test_status_takes_a_month_and_a_direction(run: Callable[..., Result]) -> None:
    told = json.loads(run("law", "status", "2710", "--to", "PRK", "--on", "2019-06", "--json").output)
    assert told["status"] == "quota_undecided"


def test_status_on_a_day_that_does_not_exist_is_refused(run: Callable[..., Result]) -> None:
    assert "no day" in refused(run("law", "status", "2710", "--to", "PRK", "--on", "2019-02-30"))


def test_law_list_names_every_regime_and_measure(run: Callable[..., Result]) -> None:
    assert "2371-9-seafood" in run("law", "list", "un/dprk").output
    told = json.loads(run("law", "list", "un/dprk", "--json").output)
    assert [regime["regime"] for regime in told] == ["un/dprk"]
    assert any("03" in measure["codes"] for measure in told[0]["measures"])


def test_law_show_tells_one_measure_with_its_sources(run: Callable[..., Result]) -> None:
    told = run("law", "show", "2371-9-seafood").output
    assert "paragraph 9" in told
    assert "https://" in told


def test_law_check_names_file_line_and_key_and_goes_on(run: Callable[..., Result], tmp_path: Path) -> None:
    bad = tmp_path / "bad.yml"
    bad.write_text('id: test/bad\ntitle: x\nauthority: y\ntargets: ["PRK"]\ncolour: blue\n', encoding="utf-8")
    scenarios = tmp_path / "scenarios"
    scenarios.mkdir()
    draft = scenarios / "draft.yml"
    draft.write_text(
        "id: d\ntitle: x\nregime: un/dprk\ndated: 2020-01-01\nwords: x\nverified: false\n"
        "lift: [{measure: 2371-9-seafod, from: 2020-01-01, words: x, verified: false}]\n",
        encoding="utf-8",
    )
    told = run("law", "check", bad, draft)
    assert told.exit_code == 2
    assert f"{bad}:5: colour" in told.output
    assert "draft.yml:7: lift.0.measure" in told.output
    assert "nearest: 2371-9-seafood" in told.output


def test_law_timeline_is_one_page_that_loads_nothing(run: Callable[..., Result], tmp_path: Path) -> None:
    page = tmp_path / "timeline.html"
    assert run("law", "timeline", "un/dprk", "--html", page).exit_code == 0
    text = page.read_text(encoding="utf-8")
    assert "default-src 'none'" in text
    assert "<script" not in text
    assert 'src="' not in text
    assert "2019-12-22" in text  # the deadline
    assert "16,613" in text  # registrations of tourists in 2019
    assert "7,465" in text  # work permits of 2019


def test_law_timeline_between_two_days(run: Callable[..., Result]) -> None:
    lines = run("law", "timeline", "un/dprk", "--since", "2019-12-01", "--until", "2019-12-31").output.splitlines()
    assert [line[:10] for line in lines] == sorted(line[:10] for line in lines)
    assert {line[:7] for line in lines} == {"2019-12"}
    assert any("deadline" in line and "2019-12-22" in line for line in lines)


def test_caps_tells_share_notices_and_what_is_not_known(run: Callable[..., Result], tmp_path: Path) -> None:
    chart = tmp_path / "chart.svg"
    told = run("caps", "un/dprk", "refined-petroleum", "2021", "--svg", chart, lake=True).output
    assert "91,909" in told
    assert "18.4" in told
    assert "no report" in told
    assert "100 % of the cap (the whole cap): not reached" in told
    # Russia's declared export of 2021-03 has no weight in the lake, so that nothing is converted.
    assert "customs, Russia's exports (un_comtrade): no amount from 1 rows, 1 without a weight or factor" in told
    svg = chart.read_text(encoding="utf-8")
    assert svg.startswith("<svg ")
    assert "2021-12: 91,909" in svg


def test_caps_as_json_keeps_gaps_apart_from_zero(run: Callable[..., Result]) -> None:
    (told,) = json.loads(run("caps", "un/dprk", "refined-petroleum", "2021", "--no-customs", "--json").output)
    january = {each["states"]: each for each in told["months"][0]["said"]}
    assert (january["RUS"]["said"], january["RUS"]["low"]) == ("zero", "0")
    assert (january["CHN"]["said"], january["CHN"]["low"]) == ("no_report", None)


def test_caps_without_a_number_for_the_year_says_so(run: Callable[..., Result]) -> None:
    assert "has a number for 1999" in refused(run("caps", "un/dprk", "refined-petroleum", "1999", "--no-customs"))


def test_what_a_draft_changes_is_written_as_csv_to_the_file_that_was_named(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    file = tmp_path / "changed.csv"
    told = run("screen", "--target", "PRK", "--as-if", "draft-2019-12", "--format", "csv", "--out", file, lake=True)
    assert (told.exit_code, told.output) == (0, "")
    (row,) = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
    assert (row["importer"], row["status_after"], row["usd_at_most"]) == ("RUS", "permitted", "60.000")


def test_what_a_scenario_would_change_is_written_as_markdown_too(run: Callable[..., Result]) -> None:
    told = run("screen", "--target", "PRK", "--as-if", "draft-2019-12", "--format", "md", lake=True)
    assert "| 2375-16-textiles | textiles | banned | permitted |" in told.output


def test_a_file_that_cannot_be_written_is_said_in_one_line(run: Callable[..., Result], tmp_path: Path) -> None:
    told = run("screen", "--target", "PRK", "--format", "csv", "--out", tmp_path / "no" / "x.csv", lake=True)
    assert "x.csv cannot be written: No such file" in refused(told)


def test_every_row_names_the_act_with_its_paragraph(run: Callable[..., Result]) -> None:
    assert (
        "| resolution 2371 (2017), paragraph 9 |"
        in run("screen", "--target", "PRK", "--period", "2018", "--format", "md", lake=True).output
    )
    listed = run("screen", "--target", "PRK", "--format", "csv", lake=True).output
    assert {
        (row["act"], row["law_code"])
        for row in csv.DictReader(io.StringIO(listed))
        if row["paragraph"] == "paragraph 9"
    } == {("resolution 2371 (2017)", "03")}


@pytest.mark.parametrize("width", [40, 80])
def test_long_lines_are_broken_between_words_and_set_in(width: int) -> None:
    from tidewaiter.cli.law import _broken

    line = "    exempt, which statistics do not show: coal of foreign origin that only passes through Rajin, " * 2
    first, *others = _broken(line, width).splitlines()
    assert all(len(each) <= width for each in (first, *others))
    assert first.startswith("    exempt")
    assert all(each.startswith("      ") and each[6] != " " for each in others)
    assert " ".join(" ".join([first, *others]).split()) == " ".join(line.split())
    assert _broken("", width) == ""


def test_a_register_that_names_an_area_that_does_not_exist_is_refused(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    register = tmp_path / "register.yml"
    register.write_text(
        "suspects:\n  - reporter: BRX\n    who: a reader\n    when: 2024-01-31\n    why: x\n", encoding="utf-8"
    )
    told = refused(run("screen", "--target", "PRK", "--register", register, lake=True))
    assert told.startswith(f"{register}:2: suspects.0.reporter: ")
    assert "nearest" in told


def test_the_table_fits_eighty_columns_even_with_doubts(home: Path, tmp_path: Path) -> None:
    register = tmp_path / "register.yml"
    register.write_text("suspects:\n  - {reporter: BRA, who: a reader, when: 2024-01-31, why: x}\n", encoding="utf-8")
    command = ["screen", "--target", "PRK", "--register", str(register), "--home", str(home), "--regime", "un/dprk"]
    told = CliRunner().invoke(app, command, env={"COLUMNS": "80"}).output
    assert "…" not in told
    assert all(len(line) <= 80 for line in told.splitlines())
    assert "with North Korea, import by month" in " ".join(told.split())
    assert "of it doubted" in told
    assert "no value" not in told  # what nobody doubts has no doubted value, which is no gap
    assert "none" in told


def test_a_workbook_that_cannot_be_written_is_said_in_one_line(run: Callable[..., Result], tmp_path: Path) -> None:
    told = run("screen", "--target", "PRK", "--format", "xlsx", "--out", tmp_path / "no" / "x.xlsx", lake=True)
    assert "x.xlsx cannot be written: No such file" in refused(told)


def test_an_answer_about_capped_goods_says_which_paragraph_caps_them(tmp_path):
    """The cap on refined petroleum stands in paragraph 5 of resolution 2397, from 1 January 2018 on."""
    query = tidewaiter.Query("value", ("RUS",), ("PRK",), tidewaiter.Period.parse("2019"), ("2710",))
    answer = tidewaiter.ask(query, home=str(tmp_path))
    assert isinstance(answer, tidewaiter.Answer)
    [note] = [note for note in answer.notes if note.startswith("law, not a verdict")]
    assert "2397" in note
    assert "paragraph 5" in note
    assert "2018-01-01" in note
    assert "of the cap notified" in note


def test_an_answer_about_all_goods_or_another_way_carries_no_note_of_the_law(tmp_path):
    whole = tidewaiter.ask(
        tidewaiter.Query("value", ("RUS",), ("PRK",), tidewaiter.Period.parse("2018")), home=str(tmp_path)
    )
    assert isinstance(whole, tidewaiter.Answer)
    assert not [note for note in whole.notes if note.startswith("law")]


def test_the_shipped_scenario_is_found_by_its_path_too():
    assert (
        scenario.find_scenario("regimes/scenarios/draft-2019-12.yml").id == scenario.find_scenario("draft-2019-12").id
    )
    with pytest.raises(RuleError, match="no scenario that ships"):
        scenario.find_scenario("regimes/scenarios/draft-2031-12.yml")
