"""Look at pages as people do: Chromium without a window, offline, in light, dark, print and on a phone.

`chromium` is a fixture for all tests (see conftest.py); mark those that use it with `browser`. `opened` shows a
page in it, `violations` lists what axe-core finds.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)
PHONE = 390


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a run; nothing but this machine can be reached from it."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no Chromium: install Debian's package chromium, or name the program in CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        yield browser
        browser.close()


@contextmanager
def opened(
    browser: Browser,
    page: str | Path,
    *,
    width: int = 1000,
    height: int = 800,
    dark: bool = False,
    media: Literal["screen", "print"] = "screen",
    offline: bool = True,
) -> Iterator[Page]:
    """Show a page: HTML as text, a file, or an address of this machine (then with `offline=False`).

    What goes wrong in it (an error on its console, a request that leaves the machine) fails the test.
    """
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light", offline=offline
    )
    complaints: list[str] = []
    try:
        seen = context.new_page()
        seen.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
        seen.on("pageerror", lambda error: complaints.append(str(error)))
        seen.on("request", lambda asked: complaints.append(asked.url) if _leaves(asked.url) else None)
        seen.emulate_media(media=media, color_scheme="dark" if dark else "light")
        if isinstance(page, Path):
            seen.goto(page.resolve().as_uri())
        elif page.startswith(("http://127.0.0.1", "file:")):
            seen.goto(page)
        else:
            seen.set_content(page)
        yield seen
        assert not complaints, complaints
    finally:
        context.close()


def _leaves(url: str) -> bool:
    return not url.startswith(("file:", "data:", "blob:", "about:", "http://127.0.0.1"))


def violations(page: Page) -> list[str]:
    """List what axe-core finds wrong with the page, one line for each rule and place."""
    from axe_playwright_python.sync_playwright import Axe

    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {node['html'][:200]} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


def overflows(page: Page) -> bool:
    """Tell whether the page can be scrolled sideways, which on a phone it must not."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
