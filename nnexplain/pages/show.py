"""What a page can print besides numbers: `Printer.names` is the vocabulary of `{{ ... }}`."""

from __future__ import annotations

import hashlib
import pickle
import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import nnexplain
from nnexplain.activations import activations
from nnexplain.claims import Claim, claims
from nnexplain.claims.thread import POSTS
from nnexplain.derivation import derive
from nnexplain.errors import NnexplainError, UnknownNameError
from nnexplain.experiments.reproductions import Line
from nnexplain.explorables import explorables
from nnexplain.network import Network
from nnexplain.numbers import format_tex
from nnexplain.pages import claim_box, exercise, explorable, markup, plate
from nnexplain.pages.bibliography import Reference, find
from nnexplain.pages.cache import judged, places_of_claims, remembered_bytes
from nnexplain.pages.course import bibtex
from nnexplain.pages.docstrings import described, public_table
from nnexplain.pages.expand import as_text, execute
from nnexplain.pages.fingerprint import fingerprint
from nnexplain.pages.glossary import Entry, listed
from nnexplain.pages.pieces import Place
from nnexplain.pages.plate import Drawing
from nnexplain.pages.product import product

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

    `page` and `url` are the page's path in `docs` and on the site.
    """

    page: str
    url: str
    references: Mapping[str, Reference]
    entries: Mapping[str, Entry]
    docs: Path
    files: dict[str, bytes] = field(default_factory=dict)
    _figures: list[str] = field(default_factory=list)
    _exercises: int = 0

    def names(self) -> dict[str, Any]:
        """Return the names with which a page starts."""
        return {
            "nne": nnexplain,
            "bibliography": self.bibliography,
            "bibtex": lambda: bibtex(self.docs),
            "cite": self.cite,
            "claim": self.claim,
            "exercise": self.exercise,
            "exercise_sheets": self.exercise_sheets,
            "described": described,
            "explorable": self.explorable,
            "glossary": self.glossary,
            "gradient_table": gradient_table,
            "activation_table": activation_table,
            "kind": markup.kind,
            "ledger": self.ledger,
            "own_claims": self.own_claims,
            "product": product,
            "public_table": public_table,
            "reproduction_table": reproduction_table,
            "source": markup.source,
            "tex": format_tex,
            "verdict": lambda name: judged(claims[name], self.docs).verdict,
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
        return claim_box.box(record, cited, self.docs)

    def ledger(self) -> str:
        """Return every claim of the thread in short, post by post."""
        parts = []
        for post in POSTS:
            parts += [f"### {post.speaker}: {post.about}", self._short(post.claims)]
        return "\n\n".join(parts)

    def own_claims(self) -> str:
        """Return every claim that the lessons make themselves in short, lesson by lesson."""
        own = [name for name, record in claims.items() if record.source == "nnexplain"]
        return self._short(sorted(own, key=lambda name: int(name.split("-")[0][1:])))

    def _short(self, names: Sequence[str]) -> str:
        records = (claims[name] for name in names)
        return "\n".join(claim_box.short(one, self._shown(one), self.docs) for one in records)

    def _shown(self, record: Claim) -> str:
        """Return a link to the lesson that shows a claim."""
        places = places_of_claims(self.docs)
        if record.id not in places:
            raise NnexplainError(
                f"no lesson shows claim {record.id}; add {{{{ claim({record.id!r}) }}}} to one"
            )
        return f"{relative(places[record.id], self.page)}#claim-{record.id}"

    def explorable(self, name: str, **changes: float | str) -> str:
        """Return an explorable, with `changes` of its initial state at this place."""
        if name not in explorables:
            raise UnknownNameError("explorable", name, explorables)
        record = explorables[name]
        code = record.figure(record.state(changes))
        prefix = f"explorable-{name}"
        if changes:
            prefix += f"-{hashlib.sha256(code.encode()).hexdigest()[:8]}"
        still = self._still(code, prefix)
        caption = f"{record.label}. {still.about.caption}"
        still = replace(still, about=replace(still.about, caption=caption))
        figure = self._plate(still, name, code, prefix, Place(self.page, 1))
        return explorable.place(record, changes, self.url, figure)

    def _still(self, code: str, prefix: str) -> Drawing:
        """Return what `code` draws, drawn once for the lesson and for the explorable's own page."""

        def compute() -> bytes:
            _, value = execute(code, {"nne": nnexplain}, Place(self.page, 1))
            return pickle.dumps(plate.drawn(value, prefix))

        still = pickle.loads(remembered_bytes(("still", fingerprint(self.docs), code), compute))
        assert isinstance(still, Drawing)
        return still

    def exercise(self, name: str) -> str:
        """Return an exercise that checks itself, and keep its variants for the site."""
        self._exercises += 1
        self.files[exercise.file(name)] = exercise.variants(name).encode()
        return exercise.place(name, self._exercises, self.url)

    def exercise_sheets(self) -> str:
        """Return links to printable sheets, and keep the sheets for the site."""
        table, sheets = exercise.sheets(self.url)
        self.files.update(sheets)
        return table

    def figure(self, value: Any, name: str, code: str, place: Place) -> str:
        """Return Axes as an HTML figure, and keep its files for the site."""
        prefix = f"{posixpath.splitext(self.page)[0].replace('/', '-')}-{name}"
        # Axes that are only named were drawn by code that the page shows already.
        code = "" if code.isidentifier() else code
        return self._plate(plate.drawn(value, prefix), name, code, prefix, place)

    def _plate(self, drawing: Drawing, name: str, code: str, stem: str, place: Place) -> str:
        if name in self._figures:
            raise place.error(f"figure {name}: this page has one of that name already")
        self._figures.append(name)
        path = f"assets/figures/{stem}"
        self.files.update({path + ending: data for ending, data in drawing.files.items()})
        download = posixpath.relpath(path, self.url or ".")
        return plate.Plate(name, len(self._figures), download, code).html(drawing)


def activation_table() -> str:
    """Return the facts of every activation function as a Markdown table."""
    rows = [
        "| function $f(z)$ | range | largest slope | slope 0 at | kinks |",
        "|---|---|--:|---|---|",
    ]
    # A bar would end its cell, so none is left.
    for name, record in activations.items():
        facts = record.facts
        formula = record.latex.replace("|", r"\vert ")
        cells = (
            f"**{name}**<br>${formula}$",
            facts["range"],
            facts["largest slope"],
            facts["slope 0 at"].replace("; ", ";<br>").replace("|", r"\|"),
            f"{facts['kinks']}<br>{facts['convention']}",
        )
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def gradient_table(net: Network, x: Any, y: Any) -> str:
    """Return every partial derivative at one sample as a Markdown table: name, product, value."""
    rows = ["| partial derivative | its factors | value |", "|---|---|--:|"]
    for name in net.names:
        at = derive(net, name).at(x, y)
        rows.append(f"| ${at.partial}$ | ${at.latex('symbols')}$ | {as_text(at.value)} |")
    return "\n".join(rows)


def reproduction_table(lines: Sequence[Line]) -> str:
    """Return published numbers beside ours as a Markdown table."""
    rows = ["| quantity | printed | ours | same? |", "|---|--:|--:|---|"]
    for line in lines:
        same = "✓ yes" if line.agrees else "✗ no"
        quantity = markup.unbroken(line.quantity)
        rows.append(f"| {quantity} | {line.printed_text} | {line.shown} | {same} |")
    return "\n".join(rows)
