"""What an interactive page has besides: Vega once, each chart's specification, and the few lines that start it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final

from tidewaiter.base.errors import InputError
from tidewaiter.tell.brief.templates import SHIPPED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tidewaiter.tell.charts.model import Chart


_END: Final = re.compile(r"</(script)", re.IGNORECASE)
_ESCAPED: Final = r"<\\/\1"
"""In a program only the end of the script itself may be written otherwise: a pattern may hold the same signs."""


def scripts(charts: Iterable[Chart]) -> str:
    """Write the scripts of a page with `charts`; raises `InputError` without the extra `charts`.

    Where they do not run, or a chart fails, its drawing stays.
    """
    try:
        import vl_convert
    except ModuleNotFoundError:
        message = "an interactive page needs Vega: pip install 'tidewaiter[charts]'"
        raise InputError(message) from None
    specs = [{"wide": chart.spec, "phone": chart.phone or chart.spec} for chart in charts]
    start = (SHIPPED / "live.js").read_text(encoding="utf-8")
    bundle = vl_convert.javascript_bundle()  # type: ignore[call-arg]  # its types want what it does not need
    return "\n".join(
        [
            f'<script type="application/json" id="tw-specs">{_inside(json.dumps(specs, ensure_ascii=False))}</script>',
            f"<script>{_END.sub(_ESCAPED, bundle)}</script>",
            f"<script>{start}</script>",
        ]
    )


def _inside(text: str) -> str:
    """Keep JSON from ending the script that holds it."""
    return text.replace("</", "<\\/").replace("<!--", "<\\!--")
