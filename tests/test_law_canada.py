"""Canada's XML becomes a regime file: codes, days and directions from the law, doubt said or refused."""

from __future__ import annotations

import pytest
import yaml

from tidewaiter.base.errors import RuleError
from tidewaiter.law import rulebook
from tidewaiter.law.canada import main, regime_yaml

LIMS = 'xmlns:lims="http://justice.gc.ca/lims"'


def table(rows: str, day: str, part: str = "") -> str:
    caption = f"<Caption>{part}</Caption>" if part else ""
    return (
        f'<TableGroup lims:inforce-start-date="{day}">{caption}<table><tgroup><thead><row><entry>Item</entry></row>'
        f'</thead><tbody lims:inforce-start-date="{day}">{rows}</tbody></tgroup></table></TableGroup>'
    )


def row(item: str, code: str, day: str = "") -> str:
    started = f' lims:inforce-start-date="{day}"' if day else ""
    return f"<row{started}><entry>{item}</entry><entry>Some goods</entry><entry>{code}</entry></row>"


def schedule(number: str, tables: str, day: str) -> str:
    return (
        f"<Schedule><ScheduleFormHeading><Label>SCHEDULE {number}</Label></ScheduleFormHeading>{tables}<HistoricalNote>"
        f'<HistoricalNoteSubItem lims:inforce-start-date="{day}">SOR/x, s. 1</HistoricalNoteSubItem></HistoricalNote></Schedule>'
    )


def section(label: str, day: str, *subsections: str) -> str:
    inside = "".join(
        f"<Subsection><Label>({number})</Label><Text>{text}</Text></Subsection>"
        for number, text in enumerate(subsections, 1)
    )
    return f'<Section lims:inforce-start-date="{day}"><Label>{label}</Label>{inside}</Section>'


EXPORT = "It is prohibited to export, sell, supply or ship any good referred to in column 1."
IMPORT = "It is prohibited to import, purchase or acquire any good referred to in column 1."
EFFECT = "Subsections (1) and (3) take effect 60 days after the day on which they come into force."
DAY = "2022-06-25"


def belarus(
    *,
    first: str = "",
    second: str = "",
    fifth: str = "",
    extra: str = "",
    ways: tuple[str, str] = (EXPORT, IMPORT),
) -> bytes:
    first = first or row("1", "2203.00") + row("2", "Subset of 2710.20.90")
    second = second or row("1", "301")
    fifth = fifth or row("1", "85") + row("2", "[Repealed, SOR/x]") + row("3", "76", "2023-02-01")
    text = (
        f'<Regulation {LIMS} lims:current-date="2025-07-24"><Identification><InstrumentNumber>SOR/2020-214'
        "</InstrumentNumber><RegistrationDate><Date><YYYY>2020</YYYY><MM>9</MM><DD>28</DD></Date></RegistrationDate>"
        "</Identification><Body>"
        + section("3.7", DAY, ways[0], "personal effects", ways[1], "personal effects", EFFECT)
        + section("3.8", DAY, EXPORT)
        + "</Body>"
        + schedule("1", "", "2020-09-28")
        + schedule("4", table(first, DAY, "PART 1") + table(second, DAY, "PART 2"), DAY)
        + schedule("5", table(fifth, DAY), DAY)
        + extra
        + "</Regulation>"
    )
    return text.encode()


def measures(xml: bytes) -> dict:
    return {each["id"]: each for each in yaml.safe_load(regime_yaml(xml, "law.xml"))["measures"]}


def test_codes_days_and_directions_come_from_the_law(tmp_path):
    found = measures(belarus())
    luxury = found["schedule-4-1-2022-08-24"]
    assert (luxury["kind"], luxury["direction"]) == ("import_ban", "to_target")
    assert str(luxury["start"]) == "2022-08-24"  # 60 days after 25 June
    assert [(group["coverage"], group["codes"]) for group in luxury["goods"]] == [
        ("exact", ["220300"]),
        ("partial", ["27102090"]),
    ]
    assert found["schedule-4-2-2022-08-24"]["direction"] == "from_target"
    assert found["schedule-5-2022-06-25"]["goods"][0]["codes"] == ["85"]
    (tmp_path / "ca").mkdir()
    path = tmp_path / "ca" / "belarus.yml"
    path.write_text(regime_yaml(belarus(), "law.xml"), encoding="utf-8")
    assert rulebook.load_file(path, tmp_path).binds == ("CAN",)


def test_time_for_older_contracts_is_read_from_the_section():
    clause = (
        "(a) under a contract entered into at least 60 days before the day on which this section comes into force;"
        " (b) within 120 days after the day on which this section comes into force."
    )
    xml = belarus().replace(section("3.8", DAY, EXPORT).encode(), section("3.8", DAY, EXPORT, clause).encode())
    wind_down = measures(xml)["schedule-5-2022-06-25"]["wind_down"]
    assert str(wind_down["end"]) == "2022-10-23"  # 25 June and 120 days
    assert str(wind_down["contract_before"]) == "2022-04-27"  # 26 April is 60 days before 25 June
    assert "wind_down" not in measures(belarus())["schedule-5-2022-06-25"]


def test_a_row_enacted_anew_says_that_it_may_be_older_and_is_not_verified():
    later = measures(belarus())["schedule-5-2023-02-01"]
    assert later["goods"][0]["codes"] == ["76"]
    assert later["verified"] is False
    assert "goes back to 2022-06-25" in later["note"]


def test_a_lost_zero_is_restored_and_said():
    imports = measures(belarus())["schedule-4-2-2022-08-24"]
    assert imports["goods"][0]["codes"] == ["0301"]
    assert imports["note"] == "item 1 prints 301, read as 0301"


def test_a_code_that_no_edition_has_is_left_out_and_said():
    found = measures(belarus(fifth=row("1", "8429.10") + row("2", "85")))
    assert found["schedule-5-2022-06-25"]["goods"][0]["codes"] == ["85"]
    assert "item 1 prints 842910, which no HS edition has" in found["schedule-5-2022-06-25"]["note"]


def test_a_code_inside_another_is_named_once():
    found = measures(belarus(fifth=row("1", "8431 and 843143")))
    assert found["schedule-5-2022-06-25"]["goods"][0]["codes"] == ["8431"]
    assert "843143 is named beside 8431" in found["schedule-5-2022-06-25"]["note"]


def test_codes_are_in_quotes_and_the_same_law_gives_the_same_bytes():
    text = regime_yaml(belarus(), "law.xml")
    assert 'codes: ["220300"]' in text
    assert text == regime_yaml(belarus(), "law.xml")
    assert "&id" not in text


def test_a_schedule_nobody_has_thought_about_is_refused():
    with pytest.raises(RuleError, match="schedule 9 is neither used nor left out"):
        regime_yaml(belarus(extra=schedule("9", "", DAY)), "law.xml")


def test_a_row_without_a_code_is_refused():
    with pytest.raises(RuleError, match="schedule 5, item 7: no HS code in 'none'"):
        regime_yaml(belarus(fifth=row("7", "none")), "law.xml")


def test_a_section_that_says_neither_direction_is_refused():
    with pytest.raises(RuleError, match="neither export nor import"):
        regime_yaml(belarus(ways=("It is prohibited to dance.", IMPORT)), "law.xml")


def test_another_regulation_and_broken_xml_are_refused():
    with pytest.raises(RuleError, match="no card for the regulation 'SOR/2006-287'"):
        regime_yaml(belarus().replace(b"SOR/2020-214", b"SOR/2006-287"), "law.xml")
    with pytest.raises(RuleError, match=r"law\.xml: not well-formed"):
        regime_yaml(belarus()[:-20], "law.xml")


def test_the_command_writes_the_file_to_standard_output(tmp_path, capsys):
    path = tmp_path / "law.xml"
    path.write_bytes(belarus())
    assert main([str(path)]) == 0
    assert capsys.readouterr().out == regime_yaml(belarus(), "law.xml")
