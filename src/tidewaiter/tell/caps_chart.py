"""Draw a running total against its cap as one self-contained SVG. Owns geometry and nothing else."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH: Final = 760
HEIGHT: Final = 400
LEFT: Final = 86
RIGHT: Final = 64
TOP: Final = 66
BOTTOM: Final = 58
STYLE: Final = (
    "text{font:13px system-ui,'Liberation Sans',sans-serif;fill:#1b1b1b}"
    ".title{font-weight:700;font-size:17px}.soft{fill:#595959;font-size:12px}.low{fill:#2c6e9b}"
    ".open{fill:url(#may)}.cap{stroke:#b3261e;stroke-width:2}.mark{stroke:#8a5a00;stroke-dasharray:5 4}"
    ".grid{stroke:#d4d4d4}.ground{fill:#fff}"
    "@media screen and (prefers-color-scheme:dark){text{fill:#e8e6e3}.soft{fill:#b0aea9}.low{fill:#56b4e9}"
    ".cap{stroke:#ff8a80}.mark{stroke:#e69f00}.grid{stroke:#3a3e44}.ground{fill:#16181b}}"
)
PATTERN: Final = (
    '<defs><pattern id="may" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="7" height="7" fill="#dbe9f2"/><path d="M0 0V7" stroke="#2c6e9b" stroke-width="2"/></pattern></defs>'
)


def draw(
    *,
    title: str,
    alt: str,
    subtitle: str,
    labels: Sequence[str],
    lows: Sequence[float],
    highs: Sequence[float | None],
    marks: Sequence[tuple[float, str]],
    source: str,
) -> str:
    """Return the chart as SVG text; `alt` states the finding.

    A high of None has no upper end; of `marks` (height, words) the last is the cap.
    """
    top = 1.08 * max([*lows, *(high for high in highs if high is not None), *(height for height, _ in marks)])
    wide = (WIDTH - LEFT - RIGHT) / len(labels)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"',
        f'aria-label="{escape(alt)}">',
        f"<title>{escape(title)}</title>",
        f"<desc>{escape(alt)}</desc>",
        f"<style>{STYLE}</style>",
        PATTERN,
        f'<rect class="ground" width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text class="title" x="16" y="26">{escape(title)}</text>',
        f'<text class="soft" x="16" y="45">{escape(subtitle)}</text>',
    ]
    for step in range(5):
        value = top / 1.08 * step / 4
        level = _y(value, top)
        parts.append(f'<path class="grid" d="M{LEFT} {level:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text class="soft" x="{LEFT - 8}" y="{level + 4:.1f}" text-anchor="end">{value:,.0f}</text>')
    for index, (label, low, high) in enumerate(zip(labels, lows, highs, strict=True)):
        parts.extend(_column(LEFT + index * wide + wide * 0.14, wide * 0.72, (low, high), top, label))
    for index, (height, words) in enumerate(marks):
        level = _y(height, top)
        kind = "cap" if index == len(marks) - 1 else "mark"
        parts.append(f'<path class="{kind}" d="M{LEFT} {level:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text class="soft" x="{WIDTH - RIGHT + 6}" y="{level + 4:.1f}">{escape(words)}</text>')
    parts.append(f'<text class="soft" x="16" y="{HEIGHT - 10}">{escape(source)}</text></svg>')
    return "\n".join(parts) + "\n"


def _column(x: float, wide: float, ends: tuple[float, float | None], top: float, label: str) -> list[str]:
    """Draw one month: the certain part filled, the open part hatched; an open end runs to the top."""
    low, high = ends
    base, floor = _y(0, top), _y(low, top)
    ceiling = TOP if high is None else _y(high, top)
    told = (
        f"{low:,.0f}" if high == low else f"{low:,.0f} to {high:,.0f}" if high is not None else f"at least {low:,.0f}"
    )
    drawn = [f"<g><title>{escape(label)}: {told}</title>"]
    drawn.append(f'<rect class="low" x="{x:.1f}" y="{floor:.1f}" width="{wide:.1f}" height="{base - floor:.1f}"/>')
    if floor - ceiling > 0:
        drawn.append(
            f'<rect class="open" x="{x:.1f}" y="{ceiling:.1f}" width="{wide:.1f}" height="{floor - ceiling:.1f}"/>'
        )
    if high is None:
        drawn.append(f'<text x="{x + wide / 2:.1f}" y="{TOP - 4}" text-anchor="middle">?</text>')
    middle = f'x="{x + wide / 2:.1f}" y="{base + 18:.1f}" text-anchor="middle"'
    drawn.append(f'<text class="soft" {middle}>{escape(label)}</text></g>')
    return drawn


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * value / top
