"""What a page can print besides numbers: sources, claims, citations, kinds, figures, tables.

Each function returns Markdown or HTML; `Printer.names` is the vocabulary of `{{ ... }}`.
"""

from __future__ import annotations

import ast
import html
import importlib
import inspect
import posixpath
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

import nnexplain
from nnexplain import figures
from nnexplain.claims import Claim, claims
from nnexplain.derivation import derive
from nnexplain.errors import NnexplainError
from nnexplain.figures import svg
from nnexplain.network import Network
from nnexplain.numbers import format_tex
from nnexplain.pages.bibliography import Reference, find
from nnexplain.pages.expand import Place, as_text
from nnexplain.palette import ROLES

_REFERENCES_PAGE = "references.md"
_SPEAKERS = {"thread": "The thread: ", "nnexplain": ""}


@dataclass
class Printer:
    """The readings of one page: what it prints, and the files that its figures offer.

    `page` and `url` are the page's path in docs/ and on the site, `tests` the folder with the
    tests of the claims.
    """

    page: str
    url: str
    references: Mapping[str, Reference]
    tests: Path
    files: dict[str, bytes] = field(default_factory=dict)
    _figures: list[str] = field(default_factory=list)

    def names(self) -> dict[str, Any]:
        """Return the names with which a page starts."""
        return {
            "nne": nnexplain,
            "source": source,
            "claim": self.claim,
            "cite": self.cite,
            "bibliography": self.bibliography,
            "kind": kind,
            "gradient_table": gradient_table,
            "tex": format_tex,
        }

    def cite(self, *keys: str) -> str:
        """Return citations as links to the references page: ([Kawaguchi 2016](...))."""
        start = posixpath.dirname(self.page) or "."
        target = posixpath.relpath(_REFERENCES_PAGE, start)
        works = [find(self.references, key) for key in keys]
        return "(" + "; ".join(f"[{w.short}]({target}#{w.key})" for w in works) + ")"

    def bibliography(self) -> str:
        """Return the list of all references, each with an anchor of its key."""
        return "\n".join(
            f'- <span id="{r.key}"></span>{r.markdown}' for r in self.references.values()
        )

    def claim(self, id: str) -> str:  # noqa: A002
        """Return a claim as a box: who says what, the verdict, what is right, the evidence."""
        record = claims[id]
        evidence = record.judge()
        verdict = evidence.verdict
        kind_of_box = f"verdict-{verdict.name.lower()}"
        cited = f" {self.cite(*record.references)}" if record.references else ""
        return "\n".join([
            "",
            f'!!! {kind_of_box} "{_SPEAKERS[record.source]}{record.says}"',
            f'    <span id="claim-{id}"></span>**Verdict: {verdict.value}.** '
            f"{record.sentence(evidence)}{cited}",
            "",
            f'    ??? evidence "The evidence for {id}: code and test"',
            *_indented(_fence(inspect.getsource(record.evidence)), 8),
            "",
            "        Judged independently by this test:",
            "",
            *_indented(_fence(self._test_of(record)), 8),
            "",
        ])  # fmt: skip

    def _test_of(self, record: Claim) -> str:
        name = "test_claim_" + record.id.replace("-", "_")
        for path in sorted(self.tests.glob("test_*.py")):
            text = path.read_text(encoding="utf-8")
            for node in ast.parse(text).body:
                if isinstance(node, ast.FunctionDef) and node.name == name:
                    return ast.get_source_segment(text, node) or ""
        raise NnexplainError(f"claim {record.id} has no test; write {name} in {self.tests}")

    def figure(self, value: Any, name: str, code: str, place: Place) -> str:
        """Return Axes as an HTML figure with caption, code, data and downloads."""
        if not hasattr(value, "get_figure"):
            raise place.error(f"figure {name}: the last line must give Axes, got {value!r}")
        if name in self._figures:
            raise place.error(f"figure {name}: this page has one of that name already")
        self._figures.append(name)
        about = figures.description(value)
        drawn = value.get_figure()
        page = posixpath.splitext(self.page)[0].replace("/", "-")
        path = f"assets/figures/{page}-{name}"
        self.files[f"{path}.svg"] = svg.standalone_svg(drawn).encode()
        self.files[f"{path}.png"] = svg.png(drawn)
        download = posixpath.relpath(path, self.url or ".")
        return "\n".join([
            f'<figure class="nne-figure" id="{name}">',
            svg.themed_svg(drawn, prefix=f"{page}-{name}"),
            f"<figcaption><strong>Figure {len(self._figures)}.</strong> "
            f"{html.escape(about.caption)}</figcaption>",
            '<details class="nne-figure-more" data-search-exclude>',
            "<summary>Code, numbers and download</summary>",
            highlighted(f"import nnexplain as nne\n\n{code}"),
            table(about.table, caption=f"The numbers of figure {len(self._figures)}"),
            f'<p>Download: <a href="{download}.svg" download>SVG</a>, '
            f'<a href="{download}.png" download>PNG</a></p>',
            "</details>",
            "</figure>",
        ])  # fmt: skip


def source(name: str) -> str:
    """Return the source of an object, named by its full path, as a shown block."""
    module, _, rest = name.rpartition(".")
    found = getattr(importlib.import_module(module), rest)
    return _fence(inspect.getsource(found), f' title="{name}"')


def gradient_table(net: Network, x: Any, y: Any) -> str:
    """Return every partial derivative at one sample as a Markdown table: name, product, value."""
    rows = ["| partial derivative | its factors | value |", "|---|---|--:|"]
    for name in net.names:
        at = derive(net, name).at(x, y)
        rows.append(f"| ${at.partial}$ | ${at.latex('symbols')}$ | {as_text(at.value)} |")
    return "\n".join(rows)


def _fence(code: str, words: str = "") -> str:
    return f"```python{words}\n{textwrap.dedent(code).rstrip()}\n```"


def _indented(text: str, width: int) -> list[str]:
    return textwrap.indent(text, " " * width).split("\n")


def kind(name: str) -> str:
    """Return the words for a kind of factor, in its colour."""
    role = ROLES[name]
    return (
        f'<span class="nne-kind nne-{name.replace("_", "-")}" data-mark="{role.mark}">'
        f"{role.name}</span>"
    )


def highlighted(code: str) -> str:
    """Return Python code as HTML that looks like the other blocks of the site."""
    body = highlight(code, PythonLexer(), HtmlFormatter(nowrap=True)).rstrip("\n")
    return f'<div class="highlight"><pre><code tabindex="0">{body}</code></pre></div>'


def table(rows: Sequence[Sequence[str]], *, caption: str) -> str:
    """Return rows of texts, the first of them the heads, as an HTML table."""
    heads, *body = rows
    head = "".join(f'<th scope="col">{html.escape(cell)}</th>' for cell in heads)
    lines = [
        f'<tr><th scope="row">{html.escape(first)}</th>'
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in rest)
        + "</tr>"
        for first, *rest in body
    ]
    return (
        f'<div class="nne-table" tabindex="0"><table><caption>{html.escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


def output(value: Any) -> str | None:
    """Return the rich Markdown of a value, or None where its repr will do."""
    readings: tuple[tuple[str, Callable[[str], str]], ...] = (
        ("_repr_latex_", lambda tex: f"$$\n{tex.strip().strip('$').strip()}\n$$"),
        ("_repr_html_", lambda markup: f"\n{markup}\n"),
    )
    for method, wrap in readings:
        text = getattr(value, method, lambda: None)()
        if text is not None:
            return wrap(text)
    return None
