"""The Python-Markdown extension `nnexplain`: expanded code and numbers, and MathML.

Which page is being converted, Markdown does not know; whoever converts pages says so: Zensical in
the Markdown object, everybody else in `current` (`hooks` does it for MkDocs).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import NormalizeWhitespace, Preprocessor

from nnexplain.pages import markup, show
from nnexplain.pages.bibliography import read_bibliography
from nnexplain.pages.cache import Source
from nnexplain.pages.expand import Sheet, results
from nnexplain.pages.fingerprint import GLOSSARY
from nnexplain.pages.glossary import GlossaryTreeprocessor, read_glossary
from nnexplain.pages.maths import MathsTreeprocessor
from nnexplain.pages.show import GLOSSARY_PAGE, REFERENCES_PAGE, relative

# Lists of terms and of works: links in every line would only be noise there.
_UNLINKED = (GLOSSARY_PAGE, "notation.md", REFERENCES_PAGE)
_REFERENCE = "reference/"


@dataclass
class Current:
    """The page being converted, and the files that its figures have made so far."""

    page: str = "index.md"
    url: str = ""
    first_line: int = 1
    docs: Path = Path("docs")
    files: dict[str, Path] = field(default_factory=dict)

    def source(self, text: str) -> Source:
        """Return what is to be expanded: this page with the text that Markdown has made of it."""
        return Source(self.page, self.url, self.first_line, self.docs, text)


current = Current()
_ZENSICAL = "rendering_context"


def converted_by(md: Markdown) -> Current:
    """Return the page that `md` converts."""
    if _ZENSICAL not in md.preprocessors:
        return current
    context: Any = md.preprocessors[_ZENSICAL]
    docs = Path(context.config["docs_dir"])
    return Current(context.page.path, context.page.url, docs=docs)


class ExpandPreprocessor(Preprocessor):
    """Run a page's code and fill in its numbers; what did not change comes from the cache."""

    def __init__(self, md: Markdown, here: Current) -> None:
        super().__init__(md)
        self.here = here

    def run(self, lines: list[str]) -> list[str]:
        """Return the page's lines, expanded."""
        text, files = self.here.source("\n".join(lines)).expanded(run_page)
        self.here.files.update(files)
        return text.split("\n")


def run_page(source: Source) -> tuple[list[str], dict[str, bytes]]:
    """Run what runs on a page; return the results in their order and the files of its figures."""
    if source.is_lab:
        # Only who runs a lab sheet waits for Jupyter.
        from nnexplain.pages import lab_run  # noqa: PLC0415

        text, files = lab_run.run(source)
        return [text], files
    printer = show.Printer(
        source.page,
        source.url,
        read_bibliography(source.docs / "references.bib"),
        read_glossary(source.docs / GLOSSARY),
        source.docs,
    )
    sheet = Sheet(printer.names(), printer.figure, markup.output)
    return results(source.pieces, sheet), printer.files


def normalised(text: str) -> str:
    """Return a page's text as it reaches `ExpandPreprocessor`."""
    return "\n".join(NormalizeWhitespace(Markdown()).run(text.split("\n")))


class NnexplainExtension(Extension):
    """`markdown_extensions: [nnexplain]`; needs pymdownx.arithmatex (generic) for formulas."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Markdown's name
        """Register both processors with `md`."""
        here = converted_by(md)
        # After whitespace is normalised (30), before fences are taken out of the text (25).
        md.preprocessors.register(ExpandPreprocessor(md, here), "nnexplain", 29)
        # After inline patterns have run (20), before the table of contents is made (5).
        md.treeprocessors.register(MathsTreeprocessor(md, here.page), "nnexplain-maths", 15)
        md.postprocessors.register(PowersPostprocessor(md), "nnexplain-powers", 1)
        if here.page not in _UNLINKED and not here.page.startswith(_REFERENCE):
            entries = read_glossary(here.docs / GLOSSARY)
            address = relative(GLOSSARY_PAGE, here.page)
            links = GlossaryTreeprocessor(md, entries, address, here.page)
            # After attributes are set (8): a question keeps its words to itself.
            md.treeprocessors.register(links, "nnexplain-glossary", 7)


class PowersPostprocessor(Postprocessor):
    """Keep 3.4 × 10⁻¹³ on one line."""

    def run(self, text: str) -> str:
        """Return the page's HTML with its powers of ten unbroken."""
        return text.replace(" × 10", "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10")


def makeExtension(**settings: Any) -> NnexplainExtension:  # noqa: N802 - Markdown's name
    """Return the extension, for Markdown's lookup by module name."""
    return NnexplainExtension(**settings)
