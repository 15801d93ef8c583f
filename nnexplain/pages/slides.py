"""Slides: the marked cells of a lab sheet as a reveal.js deck, made from the page that they are on.

Formulas, figures, numbers and links are the page's own, so that the two cannot disagree. reveal.js
comes from the package sphinx-revealjs and is copied to the site: nothing is asked of anybody else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from nnexplain.pages.lab_names import mark

FOLDER = "assets/slides"
_FILES = ("LICENSE", "dist/reveal.css", "dist/reveal.js")
_MARK = re.compile(re.escape(mark("TYPE")).replace("TYPE", "([a-z]+)") + r"\n?")
_BEGINS, _BELOW, _LEFT_OUT = "slide", "subslide", "skip"


@dataclass(frozen=True)
class Slide:
    """What one slide shows, as HTML; `below` says that it hangs under the one before it."""

    html: str
    below: bool = False


def cut(html: str) -> tuple[str, list[list[Slide]]]:
    """Return a page without its marks, and its slides in columns, from left to right.

    A cell marked "slide" begins a column, "subslide" a slide further down, "fragment" goes on below
    what is there; "skip" is left out.

    >>> cut("<!-- nne-cell slide -->A<!-- nne-cell skip -->B<!-- nne-cell subslide -->C")
    ('ABC', [[Slide(html='A', below=False), Slide(html='C', below=True)]])
    """
    start, *rest = _MARK.split(html)
    columns: list[list[Slide]] = []
    for kind, cell in zip(rest[::2], rest[1::2], strict=True):
        if kind == _LEFT_OUT:
            continue
        if kind == _BEGINS or not columns:
            columns.append([Slide(cell)])
        elif kind == _BELOW:
            columns[-1].append(Slide(cell, below=True))
        else:
            last = columns[-1][-1]
            columns[-1][-1] = Slide(last.html + cell, last.below)
    return start + "".join(rest[1::2]), columns


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
