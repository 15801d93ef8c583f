"""What a kernel is told before it runs a lab sheet for the site: how to show figures.

A reader's own kernel knows nothing of this. There an Axes shows itself as an image; here it becomes
the figure of a page, with caption, numbers and downloads. Plots that a sheet draws with matplotlib
alone take the palette's colours, so that they follow the page's colour scheme too.
"""

from __future__ import annotations

import base64
import os
from typing import Any

import matplotlib as mpl
from cycler import cycler
from IPython.core.getipython import get_ipython
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from nnexplain.figures import describe
from nnexplain.figures.chart import TEXT_SIZE
from nnexplain.figures.sketch import ShownAxes
from nnexplain.pages import plate
from nnexplain.pages.plot_words import words
from nnexplain.palette import KINDS, ROLES

# The key, in the metadata of an output, of the files that belong to its figure.
FILES = "nnexplain_files"


def start(prefix: str, download: str) -> None:
    """Show every figure of this kernel as the site does; `download` is the address of its files."""
    os.environ["TQDM_DISABLE"] = "1"  # nobody watches a bar here
    mpl.rcdefaults()  # whatever the sheet before has set
    mpl.rcParams.update(_style())
    count = 0

    def show(ax: Axes) -> tuple[str, dict[str, Any]]:
        nonlocal count
        count += 1
        name = f"figure-{count}"
        drawing = plate.drawn(ax, f"{prefix}-{name}")
        files = {
            f"{prefix}-{name}{ending}": base64.b64encode(data).decode()
            for ending, data in drawing.files.items()
        }
        made = plate.Plate(name, count, f"{download}-{name}")
        return made.html(drawing), {FILES: files}

    def show_plot(figure: Figure) -> tuple[str, dict[str, Any]]:
        (ax,) = figure.axes
        describe(ax, words(ax))
        ax.title.set_visible(False)  # the caption says it
        figure.set_layout_engine("constrained")
        return show(ax)

    shell = get_ipython()
    assert shell is not None, "only a kernel has figures to show"
    # Now, because this forgets how figures are shown.
    shell.run_line_magic("matplotlib", "inline")
    assert shell.display_formatter is not None
    formatters = shell.display_formatter.formatters
    formatters["image/png"].pop(Figure, None)
    formatters["text/html"].for_type(Figure, show_plot)
    formatters["text/html"].for_type(ShownAxes, show)


def _style() -> dict[Any, Any]:
    ink, muted, grid = (ROLES[name].light for name in ("ink", "muted", "grid"))
    return {
        "axes.edgecolor": grid,
        "axes.facecolor": "none",
        "axes.grid": True,
        "axes.labelcolor": muted,
        "axes.prop_cycle": cycler(color=[ROLES[kind].light for kind in KINDS]),
        "axes.titlecolor": ink,
        "figure.facecolor": ROLES["surface"].light,
        "figure.figsize": (5.0, 3.0),
        "font.size": TEXT_SIZE,
        "grid.color": grid,
        "legend.labelcolor": ink,
        "legend.facecolor": ROLES["surface"].light,
        "legend.edgecolor": grid,
        "text.color": ink,
        "xtick.color": muted,
        "ytick.color": muted,
    }
