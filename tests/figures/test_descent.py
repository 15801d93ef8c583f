"""The pictures of lesson 4 show the numbers of its experiments."""

from __future__ import annotations

from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from numpy.testing import assert_allclose

import nnexplain as nne
from nnexplain.experiments.step_size import Outcomes, bowl, example_walk
from nnexplain.experiments.symmetry import equal_units, pair
from nnexplain.figures import bowl_walks, description, loss_over_steps, start_outcomes, twin_units
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
