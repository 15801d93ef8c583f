"""What holds of every drawing function: given axes, anybody's style, nothing global changed, words.

The functions are called by the examples of their own docstrings, so no call is made up here.
"""

from __future__ import annotations

import doctest
import inspect
from functools import partial, wraps

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure

import nnexplain as nne
from nnexplain.pages.docstrings import standalone

NAMES = [n for n in nne.figures.__all__ if n.islower() and n not in ("describe", "description")]
STYLES = ("dark_background", "ggplot", "grayscale")  # light, dark, and light grey ground
READABLE = 4.5


def call(name, monkeypatch):
    """Return (function, its arguments) of the first call in the examples of its docstring."""
    function, calls = getattr(nne.figures, name), []

    @wraps(function)  # what reads its name meanwhile, and keeps it, shall read the true one
    def noted(*args, **options):
        calls.append(partial(function, *args, **options))
        return calls[-1]()

    monkeypatch.setattr(nne.figures, name, noted)
    names = {"nne": nne, "np": np}
    for example in doctest.DocTestParser().get_examples(inspect.getdoc(function)):
        if not calls:  # what follows asks for details
            exec(standalone(example.source), names)
    return calls[0]


def drawn(draw, figure):
    """Draw on new axes of `figure`, if the function takes axes."""
    takes_axes = "ax" in inspect.signature(draw.func).parameters
    given = figure.add_subplot() if takes_axes else None
    ax = draw(ax=given) if takes_axes else draw()
    assert ax is (given or ax)
    assert ax.figure is (figure if takes_axes else ax.figure)
    return ax


def settings():
    return dict(mpl.rcParams), plt.get_fignums(), mpl.get_backend()


def test_there_are_figures():
    assert len(NAMES) > 50


@pytest.mark.parametrize("name", NAMES)
def test_it_draws_where_it_is_told_readably_and_changes_nothing_else(name, monkeypatch):
    draw, faint = call(name, monkeypatch), []
    for style in STYLES:
        with plt.style.context(style), mpl.rc_context({"lines.linewidth": 3.5}):
            before = settings()
            ax = drawn(draw, Figure(figsize=(5, 4)))
            assert settings() == before
            faint += [(style, *found) for found in unreadable(ax.figure)]
    assert faint == []
    about = nne.figures.description(ax)
    assert len(about.alt) > 20
    assert about.caption
    assert len(about.table) > 1


def unreadable(figure):
    """Yield (text, contrast) of each text of a figure that is too faint on what is behind it."""
    figure.set_layout_engine("none")  # places do not matter
    figure.draw_without_rendering()
    for text in figure.findobj(mpl.text.Text):
        if text.get_text() and text.get_visible():
            value = contrast(text.get_color(), ground_of(text, figure))
            if value < READABLE:
                yield text.get_text(), round(value, 1)


def luminance(colour):
    parts = np.asarray(colour[:3])
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def contrast(colour, ground):
    text = np.asarray(to_rgba(colour))
    mixed = text[3] * text[:3] + (1 - text[3]) * np.asarray(ground)[:3]
    low, high = sorted((luminance(mixed), luminance(ground)))
    return (high + 0.05) / (low + 0.05)


def ground_of(text, figure):
    """The colour behind a text: its own box, the axes that it stands in, or the figure."""
    box = text.get_bbox_patch()
    if box is not None and box.get_facecolor()[3] > 0.5:
        return box.get_facecolor()
    middle = text.get_window_extent()
    centre = ((middle.x0 + middle.x1) / 2, (middle.y0 + middle.y1) / 2)
    for ax in figure.axes:
        for patch in ax.patches:  # a bar with its name on it
            if patch.get_facecolor()[3] > 0.5 and patch.get_window_extent().contains(*centre):
                return patch.get_facecolor()
        if ax.axison and ax.bbox.contains(*centre) and ax.get_facecolor()[3] > 0.5:
            return ax.get_facecolor()
    return figure.get_facecolor()
