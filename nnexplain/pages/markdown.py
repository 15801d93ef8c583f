"""The Python-Markdown extension `nnexplain`: expanded code and numbers, and MathML.

Which page is being converted, Markdown does not know; whoever converts pages says so in `current`
(`hooks` does it for MkDocs).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor

from nnexplain.pages import markup, show
from nnexplain.pages.bibliography import read_bibliography
from nnexplain.pages.expand import Sheet, expand
from nnexplain.pages.fingerprint import GLOSSARY, fingerprint
from nnexplain.pages.glossary import GlossaryTreeprocessor, read_glossary
from nnexplain.pages.maths import MathsTreeprocessor
from nnexplain.pages.show import GLOSSARY_PAGE, REFERENCES_PAGE, relative

_CACHE = Path(".cache/nnexplain")
# Lists of terms and of works: links in every line would only be noise there.
_UNLINKED = (GLOSSARY_PAGE, "notation.md", REFERENCES_PAGE)


@dataclass
class Current:
    """The page being converted, and the files that its figures have made so far."""

    page: str = "index.md"
    url: str = ""
    first_line: int = 1
    docs: Path = Path("docs")
    files: dict[str, bytes] = field(default_factory=dict)


current = Current()


class ExpandPreprocessor(Preprocessor):
    """Run a page's code and fill in its numbers; what did not change comes from the cache."""

    def run(self, lines: list[str]) -> list[str]:
        """Return the page's lines, expanded."""
        text = "\n".join(lines)
        key = _key(text)
        entry = _CACHE / f"{key}.json"
        if not entry.exists():
            expanded, files = _expand(text)
            _CACHE.mkdir(parents=True, exist_ok=True)
            entry.write_text(json.dumps([expanded, {k: v.hex() for k, v in files.items()}]))
        expanded, files_hex = json.loads(entry.read_text())
        current.files.update({name: bytes.fromhex(data) for name, data in files_hex.items()})
        return str(expanded).split("\n")


def _key(text: str) -> str:
    parts = (fingerprint(current.docs), current.page, current.url, str(current.first_line), text)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _expand(text: str) -> tuple[str, dict[str, bytes]]:
    printer = show.Printer(
        current.page,
        current.url,
        read_bibliography(current.docs / "references.bib"),
        read_glossary(current.docs / GLOSSARY),
        current.docs,
    )
    sheet = Sheet(current.page, printer.names(), printer.figure, markup.output, current.first_line)
    return expand(text, sheet), printer.files


class NnexplainExtension(Extension):
    """`markdown_extensions: [nnexplain]`; needs pymdownx.arithmatex (generic) for formulas."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown's name
        """Register both processors with `md`."""
        # After whitespace is normalised (30), before fences are taken out of the text (25).
        md.preprocessors.register(ExpandPreprocessor(md), "nnexplain", 29)
        # After inline patterns have run (20), before the table of contents is made (5).
        md.treeprocessors.register(MathsTreeprocessor(md, current.page), "nnexplain-maths", 15)
        if current.page not in _UNLINKED:
            entries = read_glossary(current.docs / GLOSSARY)
            address = relative(GLOSSARY_PAGE, current.page)
            links = GlossaryTreeprocessor(md, entries, address, current.page)
            # After attributes are set (8): a question keeps its words to itself.
            md.treeprocessors.register(links, "nnexplain-glossary", 7)


def makeExtension(**settings: Any) -> NnexplainExtension:  # noqa: N802 - Markdown's name
    """Return the extension, for Markdown's lookup by module name."""
    return NnexplainExtension(**settings)
