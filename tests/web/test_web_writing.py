"""A person with the token signs in with a real browser, lands a file and leaves again; another site's form does nothing."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path

import pytest

from browser import PHONE, opened, overflows, violations
from web_helpers import TOKEN, served

pytestmark = pytest.mark.browser

FILE = Path(__file__).resolve().parent.parent / "fixtures" / "readme" / "imf_dots_PRK.csv"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("written")
    with served(folder / "lake", folder, "--allow-write", "--token", TOKEN) as where:
        yield where


def signed_in(page, address):
    page.goto(f"{address}/write")
    page.fill("#token", TOKEN)
    with page.expect_navigation():
        page.click("button:has-text('Begin')")


def test_who_gives_the_token_lands_a_file_after_seeing_what_it_is_taken_for(chromium, address):
    with opened(chromium, "<p>begin</p>", offline=False) as page:
        signed_in(page, address)
        page.goto(f"{address}/data/land")
        page.set_input_files("#file", str(FILE))
        page.fill("#vintage", "2020-03-18")
        with page.expect_navigation():
            page.click("button:has-text('Look at it')")
        assert "IMF Direction of Trade Statistics" in page.inner_text("main")
        assert "Russia (RUS)" in page.inner_text("main")
        with page.expect_navigation():
            page.click("button:has-text('Yes, land it')")
        assert "landed 6 rows" in page.inner_text("main")
        page.goto(f"{address}/data/receipts")
        assert "imf_dots_PRK.csv" in page.inner_text("main")


def test_who_stops_writing_has_to_give_the_token_again(chromium, address):
    with opened(chromium, "<p>begin</p>", offline=False) as page:
        signed_in(page, address)
        page.goto(f"{address}/write")
        with page.expect_navigation():
            page.click("button:has-text('Stop writing')")
        page.goto(f"{address}/data/land")
        assert page.url == f"{address}/write"


@contextmanager
def refused(chromium):
    """Open a page whose console may repeat that the server refused."""
    context = chromium.new_context()
    try:
        yield context.new_page()
    finally:
        context.close()


def test_a_wrong_token_opens_nothing(chromium, address):
    with refused(chromium) as page:
        page.goto(f"{address}/write")
        page.fill("#token", "not-the-token-of-this-one")
        with page.expect_navigation():
            page.click("button:has-text('Begin')")
        assert page.locator("[role=alert]").count() == 1
        page.goto(f"{address}/data/land")
        assert page.url == f"{address}/write"


def test_a_form_of_another_site_is_refused_even_with_the_right_token(chromium, address):
    form = f"<form method=post action='{address}/write'><input name=token value='{TOKEN}'><button>go</button></form>"
    with refused(chromium) as page:
        page.set_content(form)
        with page.expect_navigation():
            page.click("button")
        assert "another site sent this form" in page.inner_text("body")
        page.goto(f"{address}/data/land")
        assert page.url == f"{address}/write"


def test_the_page_to_land_a_file_shuts_nobody_out(chromium, address):
    for dark, width in ((False, 1000), (True, 1000), (False, PHONE)):
        with opened(chromium, "<p>begin</p>", width=width, dark=dark, offline=False) as page:
            signed_in(page, address)
            page.goto(f"{address}/data/land")
            assert violations(page) == []
            assert not overflows(page)
