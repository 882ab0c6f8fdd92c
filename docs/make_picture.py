"""Make docs/pictures/bulletin.png, the picture of a bulletin in the README, from figures that are made up.

Needs the extras `test` and Chromium. Run it after the page's looks have changed.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "pictures" / "bulletin.png"
SIZE = {"x": 0, "y": 0, "width": 900, "height": 1180}


def main() -> None:
    """Land the tiny world, write its bulletin, and take its picture."""
    sys.path.insert(0, str(ROOT / "tests"))
    from playwright.sync_api import sync_playwright

    from brief_helpers import lake_of, world_lines
    from browser import FLAGS, opened
    from tidewaiter import pipeline
    from tidewaiter.base.period import Period
    from tidewaiter.tell.brief.html import html

    with TemporaryDirectory() as folder:
        made = pipeline.brief("PRK", "RUS", Period.parse("2019"), lake=lake_of(Path(folder), world_lines()))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        with opened(browser, html(made), width=int(SIZE["width"])) as page:
            PICTURE.parent.mkdir(exist_ok=True)
            page.screenshot(path=PICTURE, clip=SIZE, full_page=True)
        browser.close()


if __name__ == "__main__":
    main()
