"""TeX to MathML at build time, in the colours of the factors and with a font of its own.

`pymdownx.arithmatex` finds the formulas; `MathsTreeprocessor` replaces each by MathML Core, which
browsers draw without a script. A colour of the palette becomes a CSS class, so that a formula
follows the colour scheme.
"""

from __future__ import annotations

import io
import re
from functools import cache
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from xml.etree.ElementTree import Element

from fontTools import subset
from fontTools.ttLib import TTFont
from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from math_core import LatexError, LatexToMathML

from nnexplain.pages.pieces import PageError
from nnexplain.palette import ROLES

# math-core takes colours by name only: each kind of factor borrows one, and gives it back as class.
_BORROWED = dict(zip(ROLES, ("red", "green", "blue", "cyan", "magenta"), strict=False))
_WRAPPERS = re.compile(r"^\\[(\[](?P<tex>.*)\\[)\]]$", re.DOTALL)
_COLOUR = re.compile(r"\\textcolor\[HTML\]\{(?P<hex>[0-9A-Fa-f]{6})\}\{")
_PRIME = re.compile(r"<mo>(?P<prime>[′″])</mo></msup>")
_STYLE = re.compile(r'style="color:(?P<hex>#[0-9A-F]{6});"')


@cache
def _converter() -> LatexToMathML:
    return LatexToMathML(fancy_error=False)


@cache
def _class_of_style() -> dict[str, str]:
    found = {}
    for role, name in _BORROWED.items():
        html = _converter().convert_with_local_state(rf"{{\color{{{name}}}x}}", displaystyle=False)
        match = _STYLE.search(html)
        assert match is not None, html
        found[match["hex"]] = role
    return found


def mathml(tex: str, *, display: bool) -> str:
    r"""Return TeX as a <math> element; display formulas scroll sideways where they must.

    Raises ValueError for TeX that cannot be read.

    >>> mathml("x^2", display=False)
    '<math><msup><mi>x</mi><mn>2</mn></msup></math>'
    """
    role_of_hex = {role.light[1:].upper(): name for name, role in ROLES.items()}

    def borrow(match: re.Match[str]) -> str:
        role = role_of_hex.get(match["hex"].upper())
        if role not in _BORROWED:
            raise ValueError(f"#{match['hex']} is not the colour of a factor")
        return rf"{{\color{{{_BORROWED[role]}}}"

    plain = _COLOUR.sub(borrow, tex.replace("\N{MINUS SIGN}", "-"))
    try:
        html = _converter().convert_with_local_state(plain, displaystyle=display)
    except LatexError as error:
        raise ValueError(f"TeX that cannot be read: {tex}\n{error}") from error
    html = _primes_on_the_line(html)
    classes = _class_of_style()
    html = _STYLE.sub(lambda m: f'class="nne-{classes[m["hex"]].replace("_", "-")}"', html)
    if not display:
        return html
    # A tab stop, because what overflows must scroll by keyboard too.
    return f'<div class="nne-maths" tabindex="0" data-search-exclude>{html}</div>'


def _primes_on_the_line(html: str) -> str:
    """Set primes as the font draws them: raised already, so not raised and shrunk once more."""
    while prime := _PRIME.search(html):
        start, depth = prime.start(), 1
        while depth:
            start = max(html.rfind("<msup>", 0, start), html.rfind("</msup>", 0, start))
            depth += -1 if html.startswith("<msup>", start) else 1
        base = html[start + len("<msup>") : prime.start()]
        mark = f'<mo lspace="0.04em" rspace="0">{prime["prime"]}</mo>'
        html = f"{html[:start]}<mrow>{base}{mark}</mrow>{html[prime.end() :]}"
    return html


class MathsTreeprocessor(Treeprocessor):
    """Replace the elements that arithmatex made by MathML."""

    def __init__(self, md: Markdown, page: str) -> None:
        super().__init__(md)
        self.page = page

    def run(self, root: Element) -> None:
        """Convert every formula of the page."""
        for element in root.iter():
            if element.get("class") == "arithmatex" and element.text:
                self._convert(element)

    def _convert(self, element: Element) -> None:
        wrapped = _WRAPPERS.match(element.text or "")
        assert wrapped is not None, element.text
        try:
            # arithmatex has escaped the text of a block already, for a browser's script.
            tex = unescape(wrapped["tex"]).strip()
            html = mathml(tex, display=element.tag == "div")
        except ValueError as error:
            raise PageError(f"{self.page}: {error}") from error
        # No line may begin with the comma behind a formula.
        tail = element.tail or ""
        rest = tail.lstrip(",.;:?!)")
        element.text = self.md.htmlStash.store(html) + tail[: len(tail) - len(rest)]
        element.tail = rest
        element.set("class", "nne-formula")


# What the pages can need: ASCII, Greek, primes, invisible operators, letters, arrows, operators,
# dots, braces; and the italic letters that MathML makes of Latin and Greek ones. A test holds it
# against the pages.
_RANGES = (
    (0x20, 0x7E), (0xAC, 0xAC), (0xB1, 0xB1), (0xB7, 0xB7), (0xD7, 0xD7), (0x391, 0x3D6),
    (0x2010, 0x2026), (0x2032, 0x2037), (0x2061, 0x2064), (0x210E, 0x2115), (0x211D, 0x211D),
    (0x2190, 0x2194), (0x21A6, 0x21A6), (0x21D0, 0x21D4), (0x2200, 0x222B), (0x2248, 0x2248),
    (0x2260, 0x2265), (0x226A, 0x226B), (0x2282, 0x2287), (0x22C5, 0x22C5), (0x22EE, 0x22F1),
    (0x239B, 0x23B3), (0x23DE, 0x23DF), (0x27E8, 0x27E9), (0x1D434, 0x1D467),
    (0x1D6FC, 0x1D71B),
)  # fmt: skip


@cache
def maths_font() -> bytes:
    """Return STIX Two Math (SIL OFL 1.1) as woff2, reduced to what the pages can need.

    >>> maths_font()[:4]
    b'wOF2'
    """
    # Found, not imported: importing ziamath costs time and warns.
    spec = find_spec("ziamath")
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).parent / "fonts" / "STIXTwoMath-Regular.ttf"
    # The time of the build in the file would make two builds differ.
    font = TTFont(source, recalcTimestamp=False)
    # Alternative shapes stay behind, and so do hints, which are for screens of another age; the
    # headings, set in the same font, want kerning.
    options = subset.Options(layout_features=["kern"], hinting=False, notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes={code for low, high in _RANGES for code in range(low, high + 1)})
    subsetter.subset(font)
    out = io.BytesIO()
    font.flavor = "woff2"
    font.save(out)
    return out.getvalue()
