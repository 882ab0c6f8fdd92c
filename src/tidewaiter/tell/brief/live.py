"""What an interactive page has besides: Vega once, each chart's specification, and the few lines that start it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tidewaiter.base.errors import InputError
from tidewaiter.tell.brief.templates import SHIPPED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidewaiter.tell.charts.model import Chart


def scripts(charts: Iterable[Chart]) -> str:
    """Write the scripts of a page with `charts`; raises `InputError` without the extra `charts`.

    Where they do not run, or a chart fails, its drawing stays.
    """
    try:
        import vl_convert
    except ModuleNotFoundError:
        message = "an interactive page needs Vega: pip install 'tidewaiter[charts]'"
        raise InputError(message) from None
    specs = {chart.name: dict(chart.spec) for chart in charts}
    start = (SHIPPED / "live.js").read_text(encoding="utf-8")
    bundle = vl_convert.javascript_bundle(None)
    return "\n".join(
        [
            f'<script type="application/json" id="tw-specs">{_inside(json.dumps(specs, ensure_ascii=False))}</script>',
            f"<script>{_inside(bundle)}</script>",
            f"<script>{start}</script>",
        ]
    )


def _inside(text: str) -> str:
    """Keep text from ending the script that holds it."""
    return text.replace("</", "<\\/").replace("<!--", "<\\!--")
