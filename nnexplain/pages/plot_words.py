"""What a plot of matplotlib alone says without being seen: its words read off the axes.

A figure of `nnexplain.figures` knows its words. A plot that a lab sheet draws itself has a title,
names on its axes and labelled lines, and from these come its alternative text and its table.
"""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from nnexplain.errors import NnexplainError
from nnexplain.figures import Description
from nnexplain.numbers import format_number

# As many points of each line are listed.
_LISTED = 12


def words(ax: Axes) -> Description:
    """Return what the labelled lines of `ax` show; its title becomes the caption.

    Raises `NnexplainError` for axes without a title, without names or without labelled lines.

    >>> from matplotlib.figure import Figure
    >>> ax = Figure().add_subplot(title="Squares", xlabel="x", ylabel="y")
    >>> _ = ax.plot([1, 2, 3], [1, 4, 9], label="x²")
    >>> words(ax).alt
    'Squares. y over x; x²: from 1 at 1 to 9 at 3.'
    """
    lines = [line for line in ax.lines if not str(line.get_label()).startswith("_")]
    title, across, up = ax.get_title(), ax.get_xlabel(), ax.get_ylabel()
    if not (title and across and up and lines):
        raise NnexplainError(
            "who cannot see a plot needs its words: give it a title, an xlabel, a ylabel, and each "
            "line a label"
        )
    said = "; ".join(f"{line.get_label()}: {_ends(line)}" for line in lines)
    return Description(
        alt=f"{title}. {up} over {across}; {said}.",
        caption=f"{title}.",
        table=(("line", across, up), *(row for line in lines for row in _rows(line))),
    )


def _points(line: Line2D) -> list[tuple[str, str]]:
    pairs = np.asarray(line.get_xydata(), dtype=float).tolist()
    return [(format_number(x, 3), format_number(y, 3)) for x, y in pairs]


def _ends(line: Line2D) -> str:
    points = _points(line)
    (x0, y0), (x1, y1) = points[0], points[-1]
    return f"from {y0} at {x0} to {y1} at {x1}"


def _rows(line: Line2D) -> list[tuple[str, str, str]]:
    points = _points(line)
    at = np.linspace(0, len(points) - 1, min(len(points), _LISTED)).round().astype(int)
    return [(str(line.get_label()), *points[k]) for k in at.tolist()]
