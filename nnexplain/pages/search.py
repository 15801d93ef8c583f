"""What the search sees of a page: its sentences, with formulas that can be read as text."""

from __future__ import annotations

import re
from html import escape
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from nnexplain.errors import NnexplainError

_MATHS = re.compile(r"<math\b.*?</math>", re.S)
# Whoever searches looks for what is said, not for the code that proves it.
_UNSAID = ("<pre", '<details class="evidence"')
# ln h is ln, this invisible sign, h: an entity of HTML that XML does not know.
_APPLY = "&ApplyFunction;"
_SPACED = ("=", "≈", "≠", "<", ">", "≤", "≥", "→", " ")
_RAISED = str.maketrans("0123456789+-−n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ")


def readable(html: str) -> str:
    """Return a page's HTML for the search index: no code, no evidence, formulas as plain text.

    >>> readable("<p>J is <math><mfrac><mn>1</mn><mn>2</mn></mfrac></math></p><pre>x</pre>")
    '<p>J is 1/2</p><pre data-search-exclude>x</pre>'
    """
    for tag in _UNSAID:
        html = html.replace(tag, f"{tag} data-search-exclude")
    return _MATHS.sub(lambda match: escape(_line(match[0])), html)


def _line(mathml: str) -> str:
    return _text(ElementTree.fromstring(mathml.replace(_APPLY, " ")))


def _text(element: Element) -> str:
    """Return MathML on one line, as one would type it."""
    parts = [_text(child) for child in element]
    match element.tag:
        case "mfrac":
            return "/".join(_grouped(part) for part in parts)
        case "msup":
            return parts[0] + _raised(parts[1])
        case "msqrt":
            return f"√({''.join(parts)})"
        case "mspace" if element.attrib:
            return " "
        case "mo" if element.text in _SPACED:
            return f" {element.text.strip()} "
        case _:
            return (element.text or "").strip() + "".join(parts)


def _grouped(text: str) -> str:
    """Return what stands above or below a fraction's line; in brackets if it is a sum."""
    return f"({text})" if re.search(r".[+−-]", text) else text


def _raised(text: str) -> str:
    """Return an exponent in small raised signs, or behind ^ where there are none."""
    raised = text.translate(_RAISED)
    return raised if not set(raised) & set(text) else f"^{_grouped(text)}"


# How Material 9.8 says "fetch the index at once, unless this is a file; else when search opens".
_AT_ONCE = 'location.protocol!=="file:"),Je("search")'


def fetch_late(bundle: str) -> str:
    """Return Material's script, changed: the search index, half of a page's weight, waits.

    >>> fetch_late('x(mr(location.protocol!=="file:"),Je("search"))')
    'x(mr(false),Je("search"))'
    """
    if _AT_ONCE not in bundle:
        raise NnexplainError(
            f"Material's script has no {_AT_ONCE!r}; look up how this version waits for its search "
            "index, and say so in nnexplain/pages/search.py"
        )
    return bundle.replace(_AT_ONCE, 'false),Je("search")')
