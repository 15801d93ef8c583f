"""What a page can print besides numbers: `Printer.names` is the vocabulary of `{{ ... }}`."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nnexplain
from nnexplain import figures
from nnexplain.claims import claims
from nnexplain.derivation import derive
from nnexplain.network import Network
from nnexplain.numbers import format_tex
from nnexplain.pages import claim_box, markup, plate
from nnexplain.pages.bibliography import Reference, find
from nnexplain.pages.expand import Place, as_text
from nnexplain.pages.glossary import Entry, listed

REFERENCES_PAGE = "references.md"
GLOSSARY_PAGE = "glossary.md"


def relative(target: str, page: str) -> str:
    """Return the link from one page of docs/ to another, both named from there.

    >>> relative("references.md", "learn/loss.md")
    '../references.md'
    """
    return posixpath.relpath(target, posixpath.dirname(page) or ".")


@dataclass
class Printer:
    """The readings of one page: what it prints, and the files that its figures offer.

    `page` and `url` are the page's path in docs/ and on the site, `tests` the folder with the
    tests of the claims.
    """

    page: str
    url: str
    references: Mapping[str, Reference]
    entries: Mapping[str, Entry]
    tests: Path
    files: dict[str, bytes] = field(default_factory=dict)
    _figures: list[str] = field(default_factory=list)

    def names(self) -> dict[str, Any]:
        """Return the names with which a page starts."""
        return {
            "nne": nnexplain,
            "bibliography": self.bibliography,
            "cite": self.cite,
            "claim": self.claim,
            "glossary": self.glossary,
            "gradient_table": gradient_table,
            "kind": markup.kind,
            "source": markup.source,
            "tex": format_tex,
        }

    def cite(self, *keys: str) -> str:
        """Return citations as links to the references page: ([Kawaguchi 2016](...))."""
        target = relative(REFERENCES_PAGE, self.page)
        works = [find(self.references, key) for key in keys]
        return "(" + "; ".join(f"[{w.short}]({target}#{w.key})" for w in works) + ")"

    def bibliography(self) -> str:
        """Return the list of all references, each with an anchor of its key."""
        works = self.references.values()
        return "\n".join(f'- <span id="{work.key}"></span>{work.markdown}' for work in works)

    def glossary(self) -> str:
        """Return all entries of the glossary."""
        return listed(self.entries)

    def claim(self, id: str) -> str:  # noqa: A002
        """Return a claim as a box."""
        record = claims[id]
        cited = self.cite(*record.references) if record.references else ""
        return claim_box.box(record, cited, self.tests)

    def figure(self, value: Any, name: str, code: str, place: Place) -> str:
        """Return Axes as an HTML figure, and keep its files for the site."""
        if name in self._figures:
            raise place.error(f"figure {name}: this page has one of that name already")
        figures.description(value)  # refuses what no function of nnexplain.figures drew
        self._figures.append(name)
        prefix = f"{posixpath.splitext(self.page)[0].replace('/', '-')}-{name}"
        path = f"assets/figures/{prefix}"
        self.files.update({path + ending: data for ending, data in plate.files(value).items()})
        download = posixpath.relpath(path, self.url or ".")
        return plate.Plate(name, len(self._figures), prefix, download, code).html(value)


def gradient_table(net: Network, x: Any, y: Any) -> str:
    """Return every partial derivative at one sample as a Markdown table: name, product, value."""
    rows = ["| partial derivative | its factors | value |", "|---|---|--:|"]
    for name in net.names:
        at = derive(net, name).at(x, y)
        rows.append(f"| ${at.partial}$ | ${at.latex('symbols')}$ | {as_text(at.value)} |")
    return "\n".join(rows)
