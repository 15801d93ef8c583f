"""An explorable on a page: its place with the figure in it, and the files that it loads."""

from __future__ import annotations

import html
import json
import posixpath
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from nnexplain.explorables import Explorable, Start, explorables
from nnexplain.pages.maths import mathml

FOLDER = "assets/explorables"


def place(record: Explorable, changes: Start, url: str, figure: str) -> str:
    """Return the HTML that a script upgrades: until then, and in print, `figure` stands there.

    `changes` of the initial state hold for this place; `url` is the page's address on the site.
    """
    # What the caption says of the still picture need not hold once a reader moves things: it goes
    # with the picture.
    still = f"{record.label}. "
    figure = figure.replace(still, f'{still}<span class="nne-still">', 1)
    figure = figure.replace("</figcaption>", "</span></figcaption>", 1)
    loader = posixpath.relpath(f"{FOLDER}/loader.js", url or ".")
    start = html.escape(urlencode(changes))
    return "\n".join([
        f'<div class="nne-explorable" data-explorable="{record.name}" data-start="{start}">',
        figure,
        f'<script type="module" src="{loader}"></script>',
        "</div>",
    ])  # fmt: skip


def files() -> dict[str, str]:
    """Return every generated file of the explorables by its path on the site."""
    made = {}
    for record in explorables.values():
        made[f"{FOLDER}/{record.name}.json"] = specification(record)
        made |= {f"{FOLDER}/{name}": text for name, text in record.modules.items()}
    return made


def specification(record: Explorable) -> str:
    """Return what a script must know of an explorable, as JSON, its formulas as MathML."""
    groups = [
        {"legend": legend, "controls": [asdict(control) for control in controls]}
        for legend, controls in record.groups.items()
    ]
    made: dict[str, Any] = {
        "name": record.name,
        "label": record.label,
        "groups": groups,
        "choices": [asdict(choice) for choice in record.choices],
        "formulas": {key: mathml(tex, display=True) for key, tex in record.formulas.items()},
        "symbols": {key: mathml(tex, display=False) for key, tex in record.symbols.items()},
        **record.data,
    }
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))
