"""The pictures of lesson 14 show the numbers of its experiments."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from nnexplain.experiments.derivative_free import METHODS, Growth, Run, alignment
from nnexplain.figures import description, growing_prices, method_race, random_directions
from tests.figures.conftest import overlapping, texts


@pytest.fixture
def runs() -> dict[str, Run]:
    loss = np.geomspace(1, 0.005, 50)
    prices = (2.5, 22.0, 1.0, 6.0)
    return {
        name: Run(name, np.arange(50) * price, loss)
        for name, price in zip(METHODS, prices, strict=True)
    }


def test_a_race_ends_at_the_goal_and_names_everybody(runs: dict[str, Run]) -> None:
    ax = method_race(runs, 0.01)
    marks = [line for line in ax.lines if len(line.get_xdata()) == 1]
    arrived = {float(mark.get_xdata()[0]) for mark in marks}
    assert arrived == {run.price(0.01) for run in runs.values()}
    assert len({mark.get_marker() for mark in marks}) == 4
    assert {"gradient", "nudge each", "random search", "evolution", "goal"} <= set(texts(ax))
    pairs, outside = overlapping(ax)
    assert not pairs
    assert not outside
    assert description(ax).table[1] == ("gradient", "107.5")


def test_directions_are_ticks_at_their_cosines() -> None:
    found = [alignment(2), alignment(101)]
    ax = random_directions(found)
    ticks = [line for line in ax.lines if line.get_marker() == "|"]
    for line, one in zip(ticks, found, strict=True):
        assert_allclose(line.get_xdata(), one.cosines[:80])
    assert "101 parameters: within ±0.16" in description(ax).alt


def test_prices_are_drawn_with_labels_apart() -> None:
    growth = Growth(
        (10, 100),
        {"gradient_descent": (3.0, 3.0), "finite_differences": (20.0, 200.0),
         "random_search": (19.0, 190.0), "evolution_strategy": (18.0, 185.0)},
    )  # fmt: skip
    ax = growing_prices({"task": growth})
    assert [tuple(line.get_ydata()) for line in ax.lines] == list(growth.prices.values())
    pairs, outside = overlapping(ax)
    assert not pairs
    assert not outside
    assert ("task", "nudge each", "20", "200", "1") in description(ax).table
