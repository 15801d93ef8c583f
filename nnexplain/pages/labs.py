"""Lab sheets: percent-format notebooks in docs/labs, read, and offered for download.

`lab_run` executes them. A sheet is plain Markdown and Python, so that it reads the same in Jupyter
and here. Cells with Jupyter's own mark `slideshow={"slide_type": "slide"}` make the slides.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass

import jupytext
from nbformat import NotebookNode

from nnexplain.pages.lab_names import DOWNLOADS, FOLDER, WHEEL, name_of
from nnexplain.pages.pieces import Place

_IMPORT = "import nnexplain as nne"
_IMPORT_OR_HELP = f"""\
try:
    {_IMPORT}
except ModuleNotFoundError:
    wheel = "{WHEEL}"
    print("Run this line in a cell of its own, then this cell again:")
    print(f'%pip install "nnexplain[progress] @ {{wheel}}"')
    raise"""
_LINK = re.compile(r"\]\((?P<path>[\w/.-]+)\.(?:md|py)(?P<anchor>#[\w-]+)?\)")


@dataclass(frozen=True)
class Lab:
    """A sheet as a notebook, and the line before each of its cells in the source."""

    notebook: NotebookNode
    lines: tuple[int, ...]


def read(page: str, text: str) -> Lab:
    """Return the sheet `page` with the text `text`; its first code cell says how to install.

    Raises `PageError` for a text that is no sheet, and for slots {{ }}, which Jupyter cannot fill.
    """
    notebook = jupytext.reads(text, "py:percent")
    notebook.metadata["kernelspec"] = {
        "name": "python3", "display_name": "Python 3", "language": "python",
    }  # fmt: skip
    lines = [k for k, line in enumerate(text.split("\n"), 1) if line.startswith("# %%")]
    if len(lines) != len(notebook.cells):
        raise Place(page, 1).error("a lab sheet begins with a cell: # %% [markdown]")
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    if not code or code[0].source != _IMPORT:
        raise Place(page, 1).error(f"the first code cell of a lab sheet is {_IMPORT!r} alone")
    code[0].source = _IMPORT_OR_HELP
    for k, (cell, line) in enumerate(zip(notebook.cells, lines, strict=True)):
        # Jupytext draws them at random; two builds must agree.
        cell["id"] = f"cell-{k + 1}"
        if cell.cell_type == "markdown" and "{{" in cell.source:
            raise Place(page, line).error("Jupyter fills in no {{ }}: print it in a code cell")
    return Lab(notebook, tuple(lines))


def about(text: str) -> dict[str, str]:
    r"""Return the title of a sheet, and as its description the first paragraph below.

    >>> about("# %% [markdown]\n# # Title\n#\n# What *it*\n# is about.\n#\n# More.")
    {'title': 'Title', 'description': 'What it is about.'}
    """
    first = jupytext.reads(text, "py:percent").cells[0].source
    title, paragraph, *_ = re.sub(r"[*`$]", "", first).split("\n\n")
    return {"title": title.removeprefix("# "), "description": paragraph.replace("\n", " ")}


def note(page: str, base: str) -> str:
    """Return what stands below the title: downloads and slides; `base` leads to the site's top."""
    path = f"{base}{DOWNLOADS}/{name_of(page)}"
    return (
        '<p class="nne-minutes" data-search-exclude>Do it yourself: '
        f'<a href="{path}.ipynb" download>Jupyter notebook</a>, '
        f'<a href="{path}.py" download>Python file</a>. '
        'Show it: <a href="slides.html">slides</a>.</p>'
    )


def downloads(page: str, text: str, site: str, wheel: str) -> dict[str, str]:
    """Return a sheet as .ipynb and .py by their paths, links and wheel as full addresses.

    `site` is the site's address, `wheel` that of the wheel.
    """
    notebook = read(page, text).notebook
    for cell in notebook.cells:
        # Jupyter shows unmarked cells on slides.
        cell.metadata.setdefault("slideshow", {"slide_type": "skip"})
        if cell.cell_type == "markdown":
            cell.source = _LINK.sub(lambda link: f"]({_address(link, site)})", cell.source)
        cell.source = cell.source.replace(WHEEL, wheel)
    path = f"{DOWNLOADS}/{name_of(page)}"
    made = {f"{path}.ipynb": jupytext.writes(notebook, fmt="ipynb")}
    for cell in notebook.cells:
        cell.metadata.pop("slideshow")
    notebook.metadata = {"jupytext": {"notebook_metadata_filter": "-all"}}
    return made | {f"{path}.py": jupytext.writes(notebook, fmt="py:percent")}


def _address(link: re.Match[str], site: str) -> str:
    page = posixpath.normpath(FOLDER + link["path"]).removesuffix("index")
    return f"{site.rstrip('/')}/{page.rstrip('/')}/{link['anchor'] or ''}"
