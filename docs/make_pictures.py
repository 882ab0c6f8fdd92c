"""Take the README's pictures of the web page: the bundled story, and the tests' made-up world.

    python docs/make_pictures.py

Needs Chromium (its path in CHROMIUM, if it is not /usr/bin/chromium). Nothing in the pictures is a publisher's.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from browser import FLAGS  # noqa: E402
from web_helpers import fill, served  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
COURSE = "/explore/time?what=imports&area=PRK&partner=RUS&period=2018..2019"


def main():
    from playwright.sync_api import sync_playwright

    PICTURES.mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp())
    fill(folder / "world", folder)
    with sync_playwright() as playwright:
        program = os.environ.get("CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        page = browser.new_page(viewport={"width": 1000, "height": 690})
        with served(folder / "empty", folder) as address:
            page.goto(f"{address}/check/example")
            page.click("button.main")
            page.wait_for_selector("#findings")
            page.screenshot(path=str(PICTURES / "check.png"))
        with served(folder / "world", folder) as address:
            page.goto(address + COURSE)
            page.wait_for_selector("figure.tw-chart")
            page.screenshot(path=str(PICTURES / "explore.png"))
        browser.close()
    for picture in sorted(PICTURES.glob("*.png")):
        print(picture.name, picture.stat().st_size)


if __name__ == "__main__":
    main()
