"""A figure as it stands on a page: picture, caption, and what a reader can open and take along."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Any

from nnexplain import figures
from nnexplain.figures import svg
from nnexplain.pages.markup import highlighted, table


@dataclass(frozen=True)
class Plate:
    """One figure of a page: its name there, its number, and the code that draws it.

    `prefix` is unique on the site; `download` is the address of its files without their endings.
    `code` is empty where it stands above the figure already.
    """

    name: str
    number: int
    prefix: str
    download: str
    code: str = ""

    def html(self, ax: Any) -> str:
        """Return the figure as HTML, with caption, code, numbers and downloads."""
        about = figures.description(ax)
        return "\n".join([
            f'<figure class="nne-figure" id="{self.name}">',
            svg.themed_svg(svg.laid_out(ax.get_figure()), prefix=self.prefix),
            f"<figcaption><strong>Figure {self.number}.</strong> "
            f"{html.escape(about.caption)}</figcaption>",
            '<details class="nne-figure-more" data-search-exclude>',
            f"<summary>{'Code, numbers' if self.code else 'Numbers'} and download</summary>",
            *([highlighted(f"import nnexplain as nne\n\n{self.code}")] if self.code else []),
            table(about.table, caption=f"The numbers of figure {self.number}"),
            f'<p>Download: <a href="{self.download}.svg" download>SVG</a>, '
            f'<a href="{self.download}.png" download>PNG</a></p>',
            "</details>",
            "</figure>",
        ])  # fmt: skip


def files(ax: Any) -> dict[str, bytes]:
    """Return the downloads of a figure by their endings."""
    sheet = svg.laid_out(ax.get_figure())
    return {".svg": svg.standalone_svg(sheet).encode(), ".png": svg.png(sheet)}
