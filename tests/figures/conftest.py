"""The textbook network (Han & Kamber 2006, section 6.6.2) and what figure tests measure with."""

from __future__ import annotations

import itertools

import pytest

import nnexplain as nne


@pytest.fixture
def net():
    return nne.Network(
        [3, 2, 1],
        activation="sigmoid",
        parameters={
            "w14": 0.2, "w15": -0.3, "w24": 0.4, "w25": 0.1, "w34": -0.5, "w35": 0.2,
            "w46": -0.3, "w56": -0.2, "b4": -0.4, "b5": 0.2, "b6": 0.1,
        },
    )  # fmt: skip


@pytest.fixture
def sample():
    return (1, 0, 1), 1


def texts(ax):
    """All texts drawn on axes, thin spaces made plain."""
    return [text.get_text().replace("\u2009", " ") for text in ax.texts]


def colour_of(ax, start):
    """The colour of the one text that begins so."""
    (found,) = {t.get_color() for t in ax.texts if t.get_text().startswith(start)}
    return found


def overlapping(ax):
    """Pairs of texts whose boxes share more than a pixel, and texts outside the figure."""
    ax.figure.draw_without_rendering()
    boxes = [(text.get_text(), text.get_window_extent()) for text in ax.texts]
    pairs = [
        (one, other)
        for (one, a), (other, b) in itertools.combinations(boxes, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 1 and min(a.y1, b.y1) - max(a.y0, b.y0) > 1
    ]
    sheet = ax.figure.bbox
    outside = [
        one
        for one, a in boxes
        if a.x0 < sheet.x0 or a.x1 > sheet.x1 or a.y0 < sheet.y0 or a.y1 > sheet.y1
    ]
    return pairs, outside
