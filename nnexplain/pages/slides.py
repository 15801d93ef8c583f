"""Slides: the marked cells of a lab sheet as a reveal.js deck, made from the page that they are on.

Formulas, figures, numbers and links are the page's own, so that the two cannot disagree. reveal.js
comes from the package sphinx-revealjs and is copied to the site: nothing is asked of anybody else.
"""

from __future__ import annotations

import re
from importlib.util import find_spec
from pathlib import Path

from nnexplain.pages.lab_names import mark

FOLDER = "assets/slides"
_FILES = ("LICENSE", "dist/reveal.css", "dist/reveal.js")
_MARK = re.compile(re.escape(mark("TYPE")).replace("TYPE", "([a-z]+)") + r"\n?")
_BEGINS, _LEFT_OUT = "slide", "skip"


def cut(html: str) -> tuple[str, list[str]]:
    """Return a page without its marks, and the HTML of its slides.

    A cell marked "slide" begins one, "fragment" goes on below what is there, "skip" is left out.

    >>> cut("<!-- nne-cell slide -->A<!-- nne-cell skip -->B<!-- nne-cell fragment -->C")
    ('ABC', ['AC'])
    """
    start, *rest = _MARK.split(html)
    slides: list[str] = []
    for kind, cell in zip(rest[::2], rest[1::2], strict=True):
        if kind == _BEGINS or not slides:
            slides += [""]
        slides[-1] += "" if kind == _LEFT_OUT else cell
    return start + "".join(rest[1::2]), [slide for slide in slides if slide]


def files() -> dict[str, bytes]:
    """Return reveal.js, its style sheet and its licence by their paths on the site."""
    # Found, not imported: importing it would load Sphinx.
    spec = find_spec("sphinx_revealjs")
    assert spec is not None
    assert spec.origin is not None
    source = Path(spec.origin).parent / "_static" / "revealjs"
    made = {f"{FOLDER}/{Path(name).name}": (source / name).read_bytes() for name in _FILES}
    # The map for debuggers is not copied: without this line nobody asks for it.
    name = f"{FOLDER}/reveal.js"
    made[name] = re.sub(rb"\n//# sourceMappingURL=.*", b"", made[name])
    return made
