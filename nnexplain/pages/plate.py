"""A figure as it stands on a page: picture, caption, and what a reader can open and take along."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nnexplain import figures
from nnexplain.figures import svg
from nnexplain.pages.markup import highlighted, table, unbroken


@dataclass(frozen=True)
class Drawing:
    """What is drawn, wherever it stands: inline SVG, its words, and its files by their endings."""

    svg: str
    about: figures.Description
    files: Mapping[str, bytes]


def drawn(ax: Axes, prefix: str) -> Drawing:
    """Return the figure of `ax`; `prefix`, of its ids, is unique on the page."""
    about = figures.description(ax)  # refuses what no function of nnexplain.figures drew
    sheet = ax.get_figure()
    assert isinstance(sheet, Figure)
    sheet = svg.laid_out(sheet)
    files = {".svg": svg.standalone_svg(sheet).encode(), ".png": svg.png(sheet)}
    return Drawing(svg.themed_svg(sheet, prefix), about, files)


@dataclass(frozen=True)
class Plate:
    """One figure of a page: its name there, its number, and the code that draws it.

    `download` is the address of its files without their endings. `code` is empty where it stands
    above the figure already.
    """

    name: str
    number: int
    download: str
    code: str = ""

    def html(self, drawing: Drawing) -> str:
        """Return the figure as HTML, with caption, code, numbers and downloads."""
        return "\n".join([
            f'<figure class="nne-figure" id="{self.name}">',
            drawing.svg,
            f"<figcaption><strong>Figure {self.number}.</strong> "
            f"{html.escape(unbroken(drawing.about.caption))}</figcaption>",
            '<details class="nne-figure-more" data-search-exclude>',
            f"<summary>{'Code, numbers' if self.code else 'Numbers'} and download</summary>",
            *([highlighted(f"import nnexplain as nne\n\n{self.code}")] if self.code else []),
            table(drawing.about.table, caption=f"The numbers of figure {self.number}"),
            f'<p>Download: <a href="{self.download}.svg" download>SVG</a>, '
            f'<a href="{self.download}.png" download>PNG</a></p>',
            "</details>",
            "</figure>",
        ])  # fmt: skip
