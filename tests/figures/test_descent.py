"""The pictures of lesson 4 show the numbers of its experiments."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from numpy.testing import assert_allclose

import nnexplain as nne
from nnexplain.experiments.step_size import Outcomes, bowl, example_walk
from nnexplain.experiments.symmetry import equal_units, pair
from nnexplain.figures import bowl_walks, description, loss_over_steps, start_outcomes, twin_units
from nnexplain.numbers import format_number
from nnexplain.palette import ROLES
from nnexplain.worked import worked
from tests.figures.conftest import texts


def test_the_steps_lie_on_the_bowl() -> None:
    walks = {rate: bowl(rate) for rate in (0.1, 2.1)}
    views = bowl_walks(walks).figure.axes
    for ax, walk in zip(views, walks.values(), strict=True):
        shape, path = ax.lines
        assert_allclose(shape.get_ydata(), (shape.get_xdata() - 1) ** 2 / 2)
        assert_allclose(path.get_xdata(), walk["b2"])
        assert_allclose(path.get_ydata(), walk.loss)
    assert "η = 2.1: h = −0.6, 2.76" in description(views[0]).alt


def test_a_walk_that_stopped_is_drawn_to_the_end_where_it_stayed() -> None:
    walks = {"fine": example_walk(0.9, 300), "stuck": example_walk(100.0, 300)}
    ax = loss_over_steps(walks)
    fine, stuck = ax.lines
    assert fine.get_xdata()[-1] == stuck.get_xdata()[-1] == 300
    assert_allclose(stuck.get_ydata()[-5:], walks["stuck"].loss[-1])
    assert_allclose(fine.get_ydata(), walks["fine"].loss[list(fine.get_xdata())])
    assert fine.get_linestyle() != stuck.get_linestyle()
    assert description(ax).table[2][-1] == "stalled on a plateau"


def test_a_walk_with_few_records_is_drawn_at_its_own_steps() -> None:
    net = nne.Network([2, 2, 1], seed=0)
    given = {"learning_rate": 1.0, "steps": 200}
    whole, thin = (nne.descend(net, [1, 2], 1, **given, every=every) for every in (1, 10))
    ax = loss_over_steps({"whole": whole, "thin": thin})
    every_step, records = ax.lines
    assert every_step.get_xdata()[-1] == records.get_xdata()[-1] == 200
    at = [step // 10 * 10 for step in records.get_xdata()]
    assert_allclose(records.get_ydata(), whole.loss[at])


def test_labels_of_walks_that_end_alike_stand_apart() -> None:
    walk = example_walk(0.9, 50)
    ax = loss_over_steps({"one": walk, "other": walk, "third": walk})
    ax.figure.draw_without_rendering()
    boxes = [
        text.get_window_extent()
        for text in ax.texts
        if text.get_text() in ("one", "other", "third")
    ]
    assert not any(a.overlaps(b) for k, a in enumerate(boxes) for b in boxes[:k])


@pytest.mark.parametrize(
    ("steps", "told"), [(1, [1]), (5, [5]), (10, [10]), (20, [10, 20]), (300, [10, 300])]
)
def test_the_words_over_steps_lead_to_the_last_step(steps: int, told: list[int]) -> None:
    walk = example_walk(0.9, steps)
    words = description(loss_over_steps({"a": walk}))
    said = words.alt.split("a: J is ")[1]
    values = [format_number(float(walk.loss[step]), 3) for step in told]
    first = f"{values[0]} after {told[0]} step{'s' * (told[0] > 1)}"
    assert said == " and ".join([first, *(f"{v} after {steps}" for v in values[1:])]) + "."
    assert words.table[0][-2:] == (f"step {steps}", "stopped")
    assert words.table[1][-2] == values[-1]


def test_a_j_that_no_power_of_ten_reaches_is_a_gap_that_the_words_tell() -> None:
    # J falls by 1 in each step, from 4: it is 0 after 4 steps, and 96 negative values follow.
    net = nne.Network([1, 1], "identity", {"w12": 2, "b2": 5}, loss="linear")
    walk = nne.descend(net, [1], 3, learning_rate=0.5, steps=100)
    assert walk.loss.tolist() == [4.0 - k for k in range(101)]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ax = loss_over_steps({"ramp": walk})
        ax.figure.draw_without_rendering()
    assert [at for at, j in ax.lines[0].get_xydata().tolist() if np.isfinite(j)] == [1, 2, 3]
    assert ax.texts[-1].get_text() == "ramp"
    assert ax.texts[-1].xy == (3, 1.0)
    told = "Not drawn, being no finite number above 0: J of ramp at step 4, 0, and at 96 later"
    words = description(ax)
    assert told in words.alt
    assert told in words.caption
    assert "Not drawn" not in description(loss_over_steps({"a": example_walk(0.9, 20)})).alt


def test_what_are_no_walks_is_refused() -> None:
    walk = example_walk(0.9, 5)
    for given, message in (
        ({}, "walks must map a label to each walk, .*; got none"),
        (walk, "walks must map a label to each walk, .*; got Trajectory"),
        ({"a": walk.loss}, "walk 'a' must be what nne.descend returns, got ndarray"),
    ):
        with pytest.raises(nne.NnexplainError, match=message):
            loss_over_steps(given)
    at_rest = nne.descend(nne.Network([1, 1], "identity", {"w12": 0, "b2": 0}), [1], 0, steps=3)
    with pytest.raises(nne.NnexplainError, match="no place for walk 'rest'"):
        loss_over_steps({"rest": at_rest})


def test_equal_units_are_one_line_with_one_label() -> None:
    net = worked["han_kamber"].network
    pairs = {"equal": pair(equal_units(net), steps=50), "unequal": pair(net, steps=50)}
    equal, unequal = twin_units(pairs).figure.axes
    line, dots = equal.lines
    for step, weight in dots.get_xydata():
        assert weight == pairs["equal"].walk["w14"][round(step)]
    assert line.get_ydata()[-1] == dots.get_ydata()[-1]
    assert "w₁₄ and w₁₅" in texts(equal)
    assert {"w₁₄", "w₁₅"} <= set(texts(unequal))


def test_bars_are_as_long_as_their_counts_and_small_ones_go_unnamed() -> None:
    ax = start_outcomes(
        [Outcomes(1.0, 2000, 75, 2, 23, 0.5), Outcomes(100.0, 2000, 0, 0, 100, 2.0)]
    )
    widths = [patch.get_width() for patch in ax.patches if isinstance(patch, Rectangle)]
    assert widths == [75, 2, 23, 0, 0, 100]
    assert texts(ax)[1:] == ["75 solved", "23 idle", "100 idle"]
    assert to_hex(ax.patches[0].get_facecolor()) == ROLES["forward"].light
    assert description(ax).table[1] == ("1", "75", "2", "23", "0.5")


def test_without_idle_starts_there_is_no_median() -> None:
    ax = start_outcomes([Outcomes(1.0, 2000, 10, 0, 0, float("nan"))])
    assert description(ax).table[1][-1] == "none"
