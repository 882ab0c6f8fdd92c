"""The real server in a real browser: mouse, keyboard, no script, dark, print, phone, and what axe-core finds."""

from __future__ import annotations

import csv
import re

import pytest

from browser import PHONE, opened, overflows, violations
from web_helpers import STORY, served

pytestmark = pytest.mark.browser

PAIR = "what=exports&area=RUS&partner=PRK&period=2018..2019&source=un_comtrade&step=month"
PAGES = {
    "home": "/",
    "check": "/check",
    "explore": "/explore",
    "figure": f"/explore/figure?{PAIR}",
    "time": f"/explore/time?{PAIR}",
    "goods": f"/explore/goods?{PAIR}&level=6",
    "partners": f"/explore/partners?{PAIR}",
    "sides": f"/explore/sides?{PAIR}",
    "covered": f"/explore/law?{PAIR}",
    "law": "/law?product=270112&from=PRK&on=2018-03-15",
    "search": "/law?q=seafood",
    "regime": "/law/regime/un/dprk",
    "measure": "/law/measure/un/dprk/2371-9-seafood",
    "timeline": "/law/timeline/un/dprk",
    "suspects": "/suspects",
    "data": "/data",
    "receipts": "/data/receipts",
    "coverage": "/data/coverage",
    "changes": "/data/changes",
    "api": "/api",
}


DARKEST = ("home", "time", "covered", "law", "suspects", "coverage")
"""Pages that between them hold every colour: what is not about colour is the same in the dark."""


@pytest.fixture(scope="module")
def address(home, tmp_path_factory):
    with served(home, tmp_path_factory.mktemp("served")) as where:
        yield where


def ready(page):
    page.wait_for_selector("body[data-ready='1']")
    return page


def checked(page, address):
    page.goto(f"{address}/check")
    ready(page)
    page.fill("#text", STORY)
    page.click("button.main")
    page.wait_for_selector("#findings")
    return ready(page)


def test_a_pasted_story_shows_its_findings_with_working_rows_and_a_link_of_their_own(chromium, address):
    with opened(chromium, f"{address}/check", offline=False) as page:
        checked(page, address)
        page.click("a.m-conflict")
        conflict = page.locator("details.b-conflict")
        assert conflict.get_attribute("open") is not None
        assert "Working" in conflict.inner_text()
        name = conflict.get_attribute("id")
        assert page.url.endswith(f"#{name}-why")
        conflict.get_by_text("Link to this finding").click()
        assert page.url.endswith(f"#{name}")
        page.click("text=Close all")
        assert page.locator("details.finding[open]").count() == 0
        assert (
            page.locator(".beside").evaluate("box => getComputedStyle(box).gridTemplateColumns.split(' ').length") == 2
        )


def test_findings_are_copied_as_text_and_json(chromium, address):
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    checked(page, address)
    for words, sign in (
        ("Copy as text", "20 percent"),
        ("Copy as JSON", '"version": "1"'),
        ("Copy as HTML", "<!doctype html>"),
    ):
        page.click(f"text={words}")
        page.wait_for_selector("#said:has-text('copied')")
        assert sign in page.evaluate("navigator.clipboard.readText()")
        page.evaluate("document.querySelector('#said').textContent = ''")
    context.close()


def test_the_keyboard_alone_is_enough(chromium, address):
    with opened(chromium, f"{address}/law", offline=False) as page:
        ready(page)
        page.keyboard.press("/")
        assert page.evaluate("document.activeElement.id") == "q"
        page.keyboard.type("seafood")
        page.wait_for_selector("#hits li")
        page.wait_for_url("**/law?q=seafood")
        page.keyboard.press("Enter")
        page.evaluate("document.activeElement.blur()")
        page.keyboard.press("?")
        assert page.locator("dialog#keys").is_visible()
        page.keyboard.press("Escape")
        assert not page.locator("dialog#keys").is_visible()
        page.goto(f"{address}{PAGES['time']}")
        ready(page)
        page.keyboard.press("e")
        assert page.evaluate("document.activeElement.textContent") == "JSON"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "CSV"
        page.goto(f"{address}/")
        ready(page)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        page.wait_for_selector("main:focus")


def test_c_copies_the_citation(chromium, address):
    context = chromium.new_context(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{address}{PAGES['time']}")
    ready(page)
    page.keyboard.press("c")
    page.wait_for_selector("#said:has-text('copied')")
    assert "un_comtrade.csv" in page.evaluate("navigator.clipboard.readText()")
    context.close()


def test_back_and_forward_lead_through_what_was_searched(chromium, address):
    with opened(chromium, f"{address}/law?q=coal", offline=False) as page:
        ready(page)
        page.fill("#q", "seafood")
        page.wait_for_url("**/law?q=seafood")
        page.wait_for_selector("#hits >> text=fish and seafood")
        page.go_back()
        page.wait_for_url("**/law?q=coal")
        page.wait_for_selector("#hits:has-text('coal')")
        page.go_forward()
        page.wait_for_selector("#hits:has-text('seafood')")
        page.reload()
        assert page.locator("h1").inner_text() == "The law"


def test_every_file_of_a_page_can_be_taken_along(chromium, address, tmp_path):
    with opened(chromium, f"{address}{PAGES['time']}", offline=False) as page:
        ready(page)
        links = page.locator("#export a")
        assert links.all_inner_texts() == ["JSON", "CSV", "Parquet", "Excel", "Markdown", "SVG", "PNG"]
        for place in range(links.count()):
            with page.expect_download() as taken:
                links.nth(place).click()
            path = tmp_path / taken.value.suggested_filename
            taken.value.save_as(path)
            assert path.stat().st_size > 500
        table = next(tmp_path.glob("*.csv"))
        lines = table.read_text(encoding="utf-8").splitlines()
        rows = [row for row in csv.DictReader(lines) if row["side"] == "reporter"]
        # 2018 and 2019 by hand: 15.06 and 16.5 million.
        assert sum(float(row["value_usd"]) for row in rows) == 31_560_000


def test_a_question_is_typed_and_answered_at_an_address_that_holds_it(chromium, address):
    with opened(chromium, f"{address}/explore", offline=False) as page:
        ready(page)
        page.select_option("#what", "exports")
        page.fill("#area", "Russia")
        page.fill("#partner", "North Korea")
        page.fill("#period", "2019")
        page.click("button.main")
        page.wait_for_selector(".big")
        assert "16.5 million USD" in page.locator(".big").inner_text()
        page.click("nav.tabs >> text=Over time")
        page.wait_for_selector("figure.tw-chart")
        assert "period=2019" in page.url
        page.go_back()
        assert "16.5 million USD" in page.locator(".big").inner_text()


def test_without_script_everything_can_be_read_and_sent(chromium, address):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/check")
    page.fill("#text", STORY)
    page.click("button.main")
    assert page.locator("a.m-conflict").count() == 1
    with page.expect_download() as taken:
        page.click("button[formaction='/check.json']")
    assert taken.value.suggested_filename == "findings.json"
    page.goto(f"{address}/law?q=seafood")
    assert page.locator("#hits li").count() >= 3
    page.goto(f"{address}{PAGES['time']}")
    assert page.locator("figure.tw-chart svg").first.is_visible()
    assert not page.get_by_text("Copy the citation", exact=True).is_visible()
    context.close()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_on_any_page(chromium, address, dark):
    found = {}
    with opened(chromium, f"{address}/", offline=False, dark=dark) as page:
        for name in DARKEST if dark else PAGES:
            page.goto(address + PAGES[name])
            ready(page)
            found[name] = violations(page)
        checked(page, address)
        page.click("text=Open all")
        found["findings"] = violations(page)
    assert {name: each for name, each in found.items() if each} == {}


def test_no_page_can_be_scrolled_sideways_on_a_phone(chromium, address):
    wide = []
    with opened(chromium, f"{address}/", offline=False, width=PHONE) as page:
        for name, path in PAGES.items():
            page.goto(address + path)
            wide += [name] if overflows(ready(page)) else []
        wide += ["findings"] if overflows(checked(page, address)) else []
    assert wide == []


def test_on_paper_there_are_no_controls_and_nothing_is_folded_away(chromium, address):
    with opened(chromium, f"{address}/check", offline=False) as page:
        checked(page, address)
        page.emulate_media(media="print")
        for hidden in ("header.top", ".actions", ".tools"):
            assert not page.locator(hidden).first.is_visible(), hidden
        folded = page.locator("details.finding:not([open]) .body").first
        assert folded.evaluate("box => box.getBoundingClientRect().height") > 20
        assert len(page.pdf(tagged=True)) > 10_000


def test_dark_pages_are_dark(chromium, address):
    with opened(chromium, f"{address}{PAGES['time']}", offline=False, dark=True) as page:
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert max(int(part) for part in re.findall(r"\d+", colour)[:3]) < 60
        fill = page.locator("figure.tw-chart svg").first.evaluate("box => getComputedStyle(box).backgroundColor")
        assert fill in {"rgba(0, 0, 0, 0)", "transparent"}
