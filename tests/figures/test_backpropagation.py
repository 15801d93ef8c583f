"""The pictures of lesson 6 show the numbers of its experiments."""

from __future__ import annotations

import pytest

from nnexplain.experiments.backpropagation import growth, two_opinions
from nnexplain.figures import cost_of_gradient, description, one_minimum


def test_the_lines_of_cost_are_the_counts() -> None:
    costs = growth(4, 5)
    lines = cost_of_gradient(costs).lines
    for line, name in zip(lines, ("path_by_path", "nudging", "backward"), strict=True):
        assert list(line.get_xdata()) == [1, 2, 3, 4, 5]
        assert list(line.get_ydata()) == [getattr(cost, name) for cost in costs]


def test_every_line_of_cost_is_named_beside_it() -> None:
    ax = cost_of_gradient(growth())
    assert {"path by path", "nudge each parameter", "one backward pass"} <= {
        text.get_text() for text in ax.texts
    }


def test_cost_says_its_numbers_in_words() -> None:
    about = description(cost_of_gradient(growth()))
    assert "one backward pass from 101 to 2891" in about.alt
    assert about.table[3][:3] == ("3", "100", "38191")


def test_the_minimum_is_marked_where_j_is_lowest() -> None:
    found = two_opinions()
    loss = one_minimum(found)
    unit = loss.figure.axes[0]
    total = loss.lines[2]
    assert total.get_ydata().min() == pytest.approx(0.01)
    assert loss.lines[-1].get_xydata()[0] == pytest.approx(
        (found.network.parameters["b6"], found.loss)
    )
    heights = unit.lines[0].get_ydata()
    assert all(heights[1:] > heights[:-1])
    assert "at b6 = 0.2045" in description(loss).alt
