"""How an article is read in: plain or HTML, its title, its day, its language, and what cannot be read."""

from __future__ import annotations

import ast
import re
import time
from datetime import date
from pathlib import Path

import pytest

from tidewaiter.base.errors import StoryError
from tidewaiter.news.claims.extract import extract
from tidewaiter.news.words import article
from tidewaiter.news.words.article import read_story

PAGE = """<!doctype html><html><head><title>Tea sails on | The Daily Ledger</title>
<meta property="og:title" content="Tea sails on">
<script type="application/ld+json">{"@type": "NewsArticle", "datePublished": "2020-05-01T09:00:00+03:00"}</script>
<script>var x = "Kenya exported $9 billion of tea";</script></head><body>
<nav><a href="/">Home</a></nav>
<article><h1>Tea sails on</h1>
<p>Kenya exported $5 million of tea to Oman in 2019, the customs office said on Monday in a long statement.</p>
<p>The harbour was busy all year, and the ships that carried the tea came and went with every tide, traders said.</p>
<p>Nobody at the harbour could say how the trade would fare in the year that had now begun, and few would guess.</p>
</article><aside>Save 20% on a subscription</aside></body></html>"""


def test_a_page_gives_its_title_its_day_and_its_text_without_scripts():
    story = read_story(PAGE.encode(), name="tea.html")
    assert (story.title, story.published_on, story.dated_by) == ("Tea sails on", date(2020, 5, 1), "metadata")
    assert "$5 million of tea" in story.text
    assert "$9 billion" not in story.text
    assert "<" not in story.text


def test_the_option_overrides_the_day_of_the_page():
    story = read_story(PAGE, published_on=date(2021, 1, 2))
    assert (story.published_on, story.dated_by) == (date(2021, 1, 2), "option")


def test_a_dateline_with_its_year_dates_the_story():
    story = read_story("NAIROBI, March 3, 2020 (Ledger) -- Kenya exported tea.")
    assert (story.published_on, story.dated_by) == (date(2020, 3, 3), "dateline")


def test_a_dateline_without_a_year_dates_nothing():
    story = read_story("NAIROBI, March 3. /LEDGER/. Kenya exported tea.")
    assert (story.published_on, story.dated_by) == (None, "none")


@pytest.mark.parametrize("data", [b"", b"  \n\t ", "", "\u200b\u200b"])
def test_an_empty_story_is_refused(data):
    with pytest.raises(StoryError, match=r"empty|no readable text"):
        read_story(data, name="story.txt")


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\x00\x00", b"PK\x03\x04\x00\x00"])
def test_a_binary_file_is_refused_with_what_to_do(data):
    with pytest.raises(StoryError, match=r"story\.bin is binary"):
        read_story(data, name="story.bin")


def test_text_that_is_not_utf8_is_refused_and_names_the_byte():
    with pytest.raises(StoryError, match=r"not UTF-8 text \(byte 5\)"):
        read_story(b"caf\xc3\xa9\xe9 and more", name="x")


def test_a_declared_encoding_is_used():
    page = '<html><head><meta charset="windows-1252"></head><body><p>Caf\xe9</p></body></html>'.encode("windows-1252")
    assert "Café" in read_story(page).text


def test_invisible_and_bidirectional_characters_do_not_reach_the_text():
    story = read_story("Kenya ex\u200bported\u202e $5\u00a0million of tea to Oman in 2019.")
    assert story.text == "Kenya exported $5 million of tea to Oman in 2019."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("북한의 대러 수입은 4천2백만 달러였다.", "ko"),
        ("Импорт из России вырос на 20% до 42 млн долларов.", "ru"),
        ("Kenya exported tea.", "en"),
    ],
)
def test_korean_and_russian_are_recognised_and_nothing_is_claimed_of_them(text, language):
    story = read_story(text)
    assert story.language == language
    if language != "en":
        assert extract(story).claims == ()


def test_a_story_without_numbers_has_no_numbers_left_over():
    extraction = extract(read_story("The harbour was quiet. Nobody spoke of trade figures."))
    assert (extraction.claims, extraction.leftovers) == ((), ())


def test_a_very_long_text_is_read_in_bounded_time_and_says_what_was_not_read():
    text = "Kenya exported $5 million of tea to Oman in 2019. " + "The tide came in and went out again. " * 270_000
    began = time.process_time()
    extraction = extract(read_story(text))
    assert time.process_time() - began < 60
    assert extraction.claims[0].number.value == 5_000_000
    assert "was not read" in extraction.leftovers[-1].reason


def test_deeply_nested_html_is_read():
    page = (
        "<html><body>" + "<div>" * 5000 + "<p>Kenya exported $5 million of tea to Oman in 2019.</p>" + "</div>" * 5000
    )
    assert "Kenya exported $5 million of tea to Oman in 2019." in read_story(page).text


def test_another_latin_language_is_recognised_and_nothing_is_claimed_of_it():
    text = "Las importaciones de Cuba desde China crecieron un 20 por ciento hasta 42 millones de dólares en 2019. " * 4
    story = read_story(text)
    assert story.language == "other"
    assert extract(story).claims == ()


def test_a_table_of_ten_thousand_numbers_is_read_in_bounded_time():
    began = time.process_time()
    extraction = extract(read_story("Kenya exports to Oman " + " ".join(f"{n}.5" for n in range(10_000))))
    assert time.process_time() - began < 30
    assert len(extraction.claims) + len(extraction.leftovers) >= 9_000


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Jan. 27, 2020 -- Kenya bought goods.", date(2020, 1, 27)),
        ("MOSCOW, Jan 27, 2020\n\nTrade fell.", date(2020, 1, 27)),
        ("BEIJING, September 7, 2023. /TASS/. Trade fell.", date(2023, 9, 7)),
        ("27 January 2020\n\nTrade fell.", date(2020, 1, 27)),
        ("Moscow, 27 Jan 2020 (Interfax) - Trade fell.", date(2020, 1, 27)),
        ("SEOUL, January 27 (Yonhap) -- Trade fell.\n\nCopyright 2020-01-28", date(2020, 1, 27)),
        ("December 30, 2019\n\nSEOUL, Jan. 3 (Yonhap) -- Trade fell.", date(2020, 1, 3)),
        ("SEOUL, Jan. 3 (Yonhap) -- Trade fell. Updated 31 December 2019", date(2020, 1, 3)),
        ("SEOUL, January 27 (Yonhap) -- Trade fell.", None),
        ("Trade fell in March 2019. The 12 May 2020 meeting was cold.", None),
    ],
)
def test_a_dateline_is_read_in_any_of_its_forms_and_never_guessed(text, day):
    assert read_story(text).published_on == day


def test_a_page_that_is_mostly_a_table_is_still_in_its_language():
    table = "\n".join(f"Togo {number}" for number in range(200))
    assert read_story(f"Kenya sold tea to Oman for a sum that the ministry did not name.\n\n{table}").language == "en"


RUSSIAN = "Торговый оборот России и Северной Кореи вырос на сорок процентов, сообщила таможенная служба. "
KOREAN = "북한과 러시아의 교역 규모는 지난해 4천790만 달러로 40.6 퍼센트 늘었다고 국제무역센터가 밝혔다. "
BULGARIAN = "Стокообменът на страната с други държави е около пет милиарда долара, съобщи агенцията по търговия. "


@pytest.mark.parametrize(
    ("text", "code", "named"),
    [
        (RUSSIAN * 3, "ru", "Russian"),
        (KOREAN * 3, "ko", "Korean"),
        (BULGARIAN * 4, "other", "other than English"),
        (f"By Staff Reporter\n\nShare this article\n\n{KOREAN * 3}", "ko", "Korean"),
        (f"Subscribe\nEnglish Edition\n\n{RUSSIAN * 4}", "ru", "Russian"),
    ],
)
def test_a_language_that_is_not_read_is_named_and_nothing_is_claimed(text, code, named):
    extraction = extract(read_story(text))
    assert extraction.story.language == code
    assert extraction.claims == ()
    assert [named in leftover.reason and "not supported" in leftover.reason for leftover in extraction.leftovers] == [
        True
    ]


def test_english_with_a_quotation_in_another_script_is_still_read():
    text = f"Iran exported $2 million of tea to Turkey in 2021.\n\nA caption read: {KOREAN[:30]}, and a sign {RUSSIAN[:20]}."
    extraction = extract(read_story(text))
    assert extraction.story.language == "en"
    assert [claim.type for claim in extraction.claims] == ["flow_value"]


def test_the_lexers_keep_no_words_of_a_language_in_their_patterns():
    """A second language is a folder: every pattern with words in it stands in the language's own module."""
    folder = Path(article.__file__).parent
    for module in sorted(folder.glob("*.py")):
        if module.name == "article.py":  # the words of HTML
            continue
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            is_pattern = isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
            if not is_pattern or node.func.attr == "escape":
                continue
            texts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
            written = " ".join(part for part in texts if isinstance(part, str) and part not in {"phrase", "goods"})
            bare = re.sub(r"\(\?P?<\w+>|\\[a-zA-Z]|\{[^}]*\}|\[[^\]]*\]", " ", written)
            assert not re.findall(r"[A-Za-z]{3,}", bare), f"{module.name}: {written}"
