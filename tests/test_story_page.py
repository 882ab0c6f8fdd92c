"""What people see of a checked story: one page that loads and runs nothing, and plain text elsewhere."""

import io
import os
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

import first_story
from story_claims import change, claim, flow, story, written
from tidewaiter.answers import ask
from tidewaiter.base.question import Refusal
from tidewaiter.news.judge.check import check
from tidewaiter.news.model import Leftover
from tidewaiter.tell.story_markdown import story_markdown
from tidewaiter.tell.story_page import story_page
from tidewaiter.tell.story_terminal import print_story

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def report():
    import duckdb

    with duckdb.connect(config={"threads": "1"}) as engine:
        frames = first_story.rows().tables(engine)
        return check(first_story.extraction(), lambda query: ask(query, frames))


def nobody(query):
    return Refusal(query, "no_data", "nothing landed")


class Page(HTMLParser):
    """Collects tags with their attributes, and the text outside the style sheet."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.words, self._in_style = [], [], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        self._in_style = tag == "style"

    def handle_endtag(self, tag):
        self._in_style = False

    def handle_data(self, data):
        if not self._in_style:
            self.words.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


def at(text, part):
    start = text.index(part)
    return (start, start + len(part))


HOSTILE = (
    "<script>alert(1)</script> Imports were $42.00 million, \u202eevil\u202c and \u200bhidden\u200b. "
    '<img src=x onerror="alert(2)"> <a href="javascript:alert(3)">here</a> {{ 7 * 7 }} &amp; </style><svg onload=alert(4)>'
)


@pytest.fixture
def hostile():
    number = written("$42.00 million", span=at(HOSTILE, "$42.00 million"))
    loud = claim("count", quote="<b>onclick</b>", span=at(HOSTILE, "<script>alert(1)</script>"), is_trade=False)
    left = Leftover("<i>9</i>", (0, 3), "</li><script>alert(5)</script>")
    return check(story(flow(number), loud, text=HOSTILE, leftovers=[left], title='"><script>alert(6)</script>'), nobody)


def test_the_page_runs_and_loads_nothing(report):
    page = Page(story_page(report))
    assert not {"script", "img", "iframe", "object", "embed", "form", "base", "svg"} & {tag for tag, _ in page.tags}
    assert [each["href"] for each in page.all("link")] == ["data:,"]
    policy = next(each["content"] for each in page.all("meta") if each.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert "@import" not in story_page(report)
    assert "url(" not in story_page(report)


def test_a_hostile_story_stays_text(hostile):
    page = Page(story_page(hostile))
    assert not {"script", "img", "svg", "b", "i"} & {tag for tag, _ in page.tags}
    assert not [name for _, attributes in page.tags for name in attributes if name.startswith("on")]
    assert not [each for each in page.all("a") if not re.match(r"#|https?://", each["href"])]
    words = "".join(page.words)
    assert "<script>alert(1)</script>" in words
    assert "{{ 7 * 7 }}" in words


def test_signs_that_hide_or_reorder_are_written_out(hostile):
    for shown in (story_page(hostile), story_markdown(hostile)):
        assert not re.search("[\u200b\u202c\u202e]", shown)
    assert "⟨U+202E⟩evil⟨U+202C⟩" in story_page(hostile)


def test_a_terminal_is_sent_no_escape_sequence_of_the_storys():
    text = "Imports \x1b[31mwere\x07 $42.00 million."
    number = written("$42.00 million", span=at(text, "$42.00 million"))
    shown = io.StringIO()
    report = check(story(flow(number), text=text, title="\x1b]0;owned\x07"), nobody)
    print_story(report, Console(file=shown, width=80, force_terminal=False))
    assert "\x1b" not in shown.getvalue()
    assert "⟨U+001B⟩" in shown.getvalue()


def test_every_claim_is_marked_once_by_sign_and_line_and_leads_to_its_working(report):
    page = Page(story_page(report))
    marked = [each for each in page.all("a") if "m" in each.get("class", "").split()]
    targets = {each.get("id") for _, each in page.tags}
    assert {each["href"][1:] for each in marked} <= targets
    assert {each["href"] for each in marked} == {f"#{finding.claim.id}-why" for finding in report.findings}
    assert all(each["title"] for each in marked)
    styles = re.findall(r"\.m-(\w+) \{ text-decoration-style: (\w+);", story_page(report))
    assert len(styles) == 4
    assert len({style for _, style in styles}) == 4


def test_the_storys_text_is_there_unchanged(report):
    words = "".join(Page(story_page(report)).words)
    for sign in "✓✗!?":
        words = words.replace(sign, "")
    plain = re.sub(r"\s+", " ", first_story.TEXT.replace("\n", " ")).strip()
    assert plain.replace(" ", "") in re.sub(r"\s+", "", words)


def test_the_working_names_rows_files_and_how_to_cite(report):
    words = " ".join("".join(Page(story_page(report)).words).split())
    assert "between +26 % and +37 %" in words
    assert "+44.3 %" in words
    assert "42,170,000" in words
    assert "imf_dots.csv" in words
    assert re.search(r"sha256 [0-9a-f]{64}", words)


def test_the_page_has_a_language_a_width_for_phones_a_dark_side_and_a_print_side(report):
    text = story_page(report)
    page = Page(text)
    assert page.all("html") == [{"lang": "en"}]
    assert any(each.get("name") == "viewport" for each in page.all("meta"))
    for rule in ("prefers-color-scheme: dark", "@media print", "size: A4", "details-content", "max-width: 30rem"):
        assert rule in text


def test_there_is_no_score_for_the_story(report):
    for shown in (story_page(report), story_markdown(report)):
        assert not re.search(r"\b(score|rating|grade)\b(?! for a whole story)", shown.casefold())


def test_an_empty_story_still_makes_a_page():
    assert "No claim about trade was found" in story_page(check(story(text=""), nobody))


def test_overlapping_claims_show_the_narrowest_and_lose_no_letter():
    text = "Trade rose 20% to $42.00 million."
    number = written("$42.00 million", span=at(text, "$42.00 million"))
    whole = claim("trend", direction="up", span=(0, len(text)), quote=text)
    percent = change(written("20%", span=at(text, "20%")), level=number)
    report = check(story(flow(number), whole, percent, text=text), nobody)
    page = story_page(report)
    words = "".join(Page(page[page.index("<article") : page.index("</article>")]).words)
    assert re.sub(r"[✓✗!?]", "", words).strip() == text
    assert len(re.findall('href="#', page.split("</article>")[0].split("<article")[1])) == 5


def golden(name, text):
    """Compare with a golden file; TIDEWAITER_REWRITE=1 writes it anew."""
    path = GOLDEN / name
    if os.environ.get("TIDEWAITER_REWRITE"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    assert text == path.read_text("utf-8")


def test_markdown_reads_as_reviewed(report):
    golden("first_story.md", story_markdown(report))


def test_the_terminal_reads_as_reviewed_at_80_columns(report):
    shown = io.StringIO()
    print_story(report, Console(file=shown, width=80, force_terminal=False, highlight=False))
    text = "\n".join(line.rstrip() for line in shown.getvalue().splitlines()) + "\n"
    assert max(map(len, text.splitlines())) <= 80
    golden("first_story.txt", text)
