"""What a site needs besides its pages and docs/: files made at build, and the site's address."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from nnexplain.pages import card, course, explorable, mark, slides, wheel
from nnexplain.pages.cache import remembered_bytes
from nnexplain.pages.fingerprint import fingerprint
from nnexplain.pages.lab_names import WHEEL
from nnexplain.pages.maths import maths_font
from nnexplain.palette import css


def files(docs: Path) -> Mapping[str, str | bytes]:
    """Return by path on the site: the look, the explorables, the wheel, what slides need."""
    now = fingerprint(docs)
    return {
        "assets/nnexplain-palette.css": css(),
        "assets/fonts/stix-two-math.woff2": remembered_bytes(("font", now), maths_font),
        "assets/favicon.svg": mark.favicon(),
        "assets/card.png": remembered_bytes(("card", now), card.card),
        **explorable.files(),
        **dict([wheel.built()]),
        **slides.files(),
    }


def wheel_address(site: str) -> str:
    """Return the address from which pip can install the wheel of the site at address `site`."""
    path, _ = wheel.built()
    return f"{site.rstrip('/')}/{path}"


def addressed(html: str, site: str) -> str:
    """Return a page with the addresses of the wheel and of the site."""
    return html.replace(WHEEL, wheel_address(site)).replace(course.SITE, site.rstrip("/"))


def timed(html: str, minutes: int) -> str:
    """Return a lesson that says below its title how long it takes to read.

    >>> timed("<h1>Loss</h1>", 7).splitlines()[1]
    '<p class="nne-minutes" data-search-exclude>7 minutes to read</p>'
    """
    note = f'<p class="nne-minutes" data-search-exclude>{minutes} minutes to read</p>'
    return html.replace("</h1>", f"</h1>\n{note}", 1)
