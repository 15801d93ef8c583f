"""Six walks in one chart: what is drawn, marked and said."""

from __future__ import annotations

from itertools import pairwise

import pytest

from nnexplain.experiments.side_by_side import side_by_side
from nnexplain.figures import activation_race, description
from nnexplain.figures.side_by_side import LOOKS, RANGES


def test_no_two_walks_look_alike_without_colour() -> None:
    looks = [(look.dash, look.shape) for look in LOOKS.values()]
    assert len(set(looks)) == len({look.sign for look in LOOKS.values()}) == len(looks)


def test_lines_marks_and_names() -> None:
    found = side_by_side("xor", 0, 0.02, 300)
    ax = activation_race(found)
    low, high = RANGES["xor"]
    lines, marks = ax.lines[::2], ax.lines[1::2]
    for line, mark, (name, walk) in zip(lines, marks, found.walks.items(), strict=True):
        drawn = dict(zip(*line.get_data(), strict=True))
        assert drawn[0.5] == walk.loss[0], name
        assert drawn[1.0] == pytest.approx(min(walk.loss[1], 10 * high))
        (at,), (J,) = mark.get_data()
        assert low <= J <= high
        assert walk.loss[int(at)] == J
    assert len(lines[1].get_xdata()) == 4, "a walk that diverged is not drawn on"
    assert lines[0].get_xdata()[-1] == 300, "one at rest would stay where it is"
    names = [text.get_text() for text in ax.texts[1:]]
    assert names == [f"{look.sign} {name}" for name, look in LOOKS.items()]


def test_a_walk_that_is_never_in_the_picture_is_marked_at_its_edge() -> None:
    found = side_by_side("xor", 82, 0.3, 5)
    assert found.walks["3·identity"].loss.min() > RANGES["xor"][1]
    mark = activation_race(found).lines[3]
    assert mark.get_data() == ([0.5], [RANGES["xor"][1]])


def test_names_do_not_touch() -> None:
    for task, rate in (("xor", 0.02), ("plane", 0.003)):
        ax = activation_race(side_by_side(task, 1, rate, 500))
        ax.figure.draw_without_rendering()
        boxes = sorted((t.get_window_extent() for t in ax.texts[1:]), key=lambda box: box.y0)
        assert all(a.y1 <= b.y0 + 1 for a, b in pairwise(boxes))


def test_the_words_say_how_it_ended() -> None:
    words = description(activation_race(side_by_side("xor", 0, 0.02, 300)))
    assert "3·identity diverged" in words.alt
    assert "J = 0.5." in words.caption
    assert [row[0] for row in words.table[1:]] == list(LOOKS)
    assert dict(row[::2] for row in words.table[1:])["3·identity"] == "diverged"
