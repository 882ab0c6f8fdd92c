"""The look of every chart: Okabe and Ito's hues in light and dark, dashes, shapes, letters and contrast.

Owns colours and nothing that is drawn with them. No colour carries a meaning alone: each series also has a
dash, a shape and a label. A drawing names the light colours; a page maps them to the reader's scheme.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

FONT: Final = "Liberation Sans, Arial, Helvetica, sans-serif"
"""vl-convert brings the first with it, so that letters take the same room on every machine."""

LETTERS: Final = 12
SMALL: Final = 11
"""Pixels; nothing in a chart is written smaller."""


@dataclass(frozen=True, slots=True)
class Ink:
    """One colour by its job. `light` is unique among the inks: by it a page finds what to recolour.

    `on` names the ground it has to be read on; an ink without one is a ground or a decoration.
    """

    name: str
    light: str
    dark: str
    on: str = ""


INKS: Final = (
    Ink("paper", "#ffffff", "#16181b"),
    Ink("ink", "#1b1b1b", "#e8e6e3", "paper"),
    Ink("soft", "#595959", "#b0aea9", "paper"),
    Ink("grid", "#dcdcda", "#3a3e44"),
    Ink("gap", "#ededeb", "#2a2e33"),
    Ink("gap-ink", "#58585a", "#b4b2ae", "gap"),
    # Okabe and Ito (2008): as published where the contrast is enough, else the same hue darker or lighter.
    Ink("blue", "#0072b2", "#56b4e9", "paper"),
    Ink("vermilion", "#a84300", "#e69f00", "paper"),
    Ink("green", "#00704f", "#2fbf95", "paper"),
    Ink("purple", "#96376f", "#e09ac3", "paper"),
    Ink("black", "#000000", "#f0e442", "paper"),
    Ink("blue-tint", "#cfe4f2", "#1d3b4e"),
    Ink("vermilion-tint", "#f6ddca", "#4a3413"),
    Ink("green-tint", "#d5ebe2", "#153a2f"),
    Ink("heat-1", "#e6f0f7", "#1b2a35"),
    Ink("heat-2", "#b9d6ea", "#1f4258"),
    Ink("heat-3", "#84b8db", "#2a5f80"),
    Ink("heat-4", "#22719f", "#6fb6e0"),
    Ink("heat-5", "#0a4268", "#b8e0f7"),
    Ink("heat-1-ink", "#1b1b1a", "#e8e6e2", "heat-1"),
    Ink("heat-2-ink", "#1b1b19", "#e8e6e1", "heat-2"),
    Ink("heat-3-ink", "#1a1b1b", "#f4f3f1", "heat-3"),
    Ink("heat-4-ink", "#fffffe", "#16181a", "heat-4"),
    Ink("heat-5-ink", "#fffffd", "#161819", "heat-5"),
)
LIGHT: Final = {ink.name: ink.light for ink in INKS}
LEAST_CONTRAST: Final = 4.5
"""Of letters and lines with what is behind them, as the Web Content Accessibility Guidelines (1.4.3) count it."""

SERIES: Final = ("blue", "vermilion", "green", "purple", "black")
DASHES: Final = ([1, 0], [7, 4], [2, 3], [10, 3, 2, 3], [4, 2])
SHAPES: Final = ("circle", "square", "triangle-up", "diamond", "cross")
HEAT: Final = ("heat-1", "heat-2", "heat-3", "heat-4", "heat-5")
MOST_SERIES: Final = len(SERIES)

WIDE: Final = 680
PHONE: Final = 306
"""Pixels of the drawing itself, without axes and labels."""


def config() -> dict[str, Any]:
    """Return the Vega-Lite configuration that every chart begins with."""
    ink, soft, grid = LIGHT["ink"], LIGHT["soft"], LIGHT["grid"]
    return {
        "aria": False,
        "font": FONT,
        "view": {"stroke": None},
        "text": {"color": ink, "fontSize": LETTERS, "font": FONT},
        "axis": {
            "labelColor": soft,
            "titleColor": soft,
            "labelFontSize": LETTERS,
            "titleFontSize": LETTERS,
            "titleFontWeight": "normal",
            "gridColor": grid,
            "domainColor": soft,
            "tickColor": soft,
            "labelLimit": 0,
        },
        "header": {"labelColor": ink, "labelFontSize": LETTERS, "labelFontWeight": "bold", "labelLimit": 0},
        "title": {"color": ink, "fontSize": 15, "anchor": "start", "subtitleColor": soft, "subtitleFontSize": LETTERS},
        "legend": {
            "labelColor": ink,
            "titleColor": soft,
            "labelFontSize": LETTERS,
            "titleFontSize": LETTERS,
            "titleFontWeight": "normal",
        },
    }


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours written `#rrggbb`, from 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def colours_css(scope: str = ".tw-chart") -> str:
    """Write the CSS that turns the light colours of the drawings in `scope` into the reader's scheme.

    On paper they stay light. The attributes stay as they are, for programs that know no CSS.
    """
    light = ";".join(f"--tw-{ink.name}:{ink.light}" for ink in INKS)
    dark = ";".join(f"--tw-{ink.name}:{ink.dark}" for ink in INKS)
    rules = [
        f"{scope}{{{light}}}",
        f"@media screen and (prefers-color-scheme:dark){{{scope}{{{dark}}}}}",
        *(f'{scope} [{part}="{ink.light}"]{{{part}:var(--tw-{ink.name})}}' for ink in INKS for part in PAINTED),
    ]
    return "\n".join(rules)


PAINTED: Final = ("fill", "stroke")
