"""The picture that stands for the site where somebody shares a link to it."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from nnexplain import figures
from nnexplain.figures import svg
from nnexplain.numbers import format_number
from nnexplain.pages.mark import factors
from nnexplain.palette import ROLES
from nnexplain.worked import worked

WIDTH, HEIGHT = 1200, 630
_DPI = 150  # more pixels to a point enlarge the diagram, whose text has a size of its own
_TITLE = "Why does a neural network\nlearn through a derivative?"
_SERIF = "STIXGeneral"  # comes with matplotlib, so the card is the same everywhere


def card() -> bytes:
    r"""Return the card as PNG: the question, the running example, its product of factors.

    >>> card()[:4]
    b'\x89PNG'
    """
    sheet = Figure((WIDTH / _DPI, HEIGHT / _DPI), dpi=_DPI, facecolor=ROLES["surface"].light)
    example = worked["han_kamber"]
    stage = sheet.add_axes((0.2, 0.21, 0.6, 0.57))
    figures.network_diagram(example.network, example.x, example.y, highlight="w14", ax=stage)
    ink, muted = ROLES["ink"].light, ROLES["muted"].light
    sheet.text(0.045, 0.95, _TITLE, va="top", size=26, color=ink, family=_SERIF, linespacing=1.1)
    sheet.text(0.955, 0.945, "nnexplain", va="top", ha="right", size=14, color=muted)
    _product(sheet)
    return svg.png(sheet, dpi=_DPI)


def _product(sheet: Figure) -> None:
    """Write the five factors side by side, each in its colour with its number below."""
    chain = factors()
    total = 1.0
    settings: dict[str, Any] = {"ha": "center", "va": "center", "math_fontfamily": "stix"}
    for k, one in enumerate(chain):
        x, colour = 0.09 + 0.16 * k, ROLES[one.kind].light
        sheet.text(x, 0.15, f"${one.symbol}$", size=20, color=colour, **settings)
        sheet.text(x, 0.06, format_number(one.value, 3), size=12.5, color=colour, **settings)
        total *= one.value
        sign = "×" if one is not chain[-1] else "="
        sheet.text(x + 0.08, 0.06, sign, size=12.5, color=ROLES["muted"].light, **settings)
    answer = format_number(total, 3)
    sheet.text(0.92, 0.06, answer, size=14, weight="bold", color=ROLES["ink"].light, **settings)
    derivative = r"$\partial J/\partial w_{14}$"
    sheet.text(0.92, 0.15, derivative, size=17, color=ROLES["ink"].light, **settings)
