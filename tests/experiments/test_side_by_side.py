"""One network under six activations: judged by least squares, by hand-written descent and NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from nnexplain.errors import UnknownNameError
from nnexplain.experiments.side_by_side import (
    ACTIVATIONS,
    TASKS,
    larger,
    side_by_side,
    tally,
)
from nnexplain.experiments.zero_slope import SOLVED
from nnexplain.network import weight_name


@pytest.mark.parametrize(("task", "rate"), [("xor", 0.02), ("plane", 0.003)])
def test_straight_lines_end_on_the_floor_of_lstsq(task: str, rate: float) -> None:
    x, y = TASKS[task].data
    flat = np.column_stack([x, np.ones(len(x))])
    floor = np.sum((flat @ np.linalg.lstsq(flat, y, rcond=None)[0] - y) ** 2) / 2
    assert TASKS[task].floor == pytest.approx(floor)
    walks = side_by_side(task, 1, rate, 1200).walks
    for name in ("identity", "3·identity"):
        assert walks[name].loss[-1] == pytest.approx(floor, rel=1e-6)
        assert (walks[name].loss >= floor * (1 - 1e-12)).all()


@pytest.mark.parametrize("task", TASKS)
def test_step_units_keep_their_weights_and_the_output_learns_the_best_of_them(task: str) -> None:
    given = TASKS[task]
    x, y = given.data
    net = given.network("step", 1)
    walk = side_by_side(task, 1, 0.01, 1500).walks["step"]
    hidden = [weight_name(i, unit) for unit in net.layers[1] for i in net.layers[0]]
    assert all(np.ptp(walk[name]) == 0 for name in hidden)
    weights = np.array([[net.parameters[weight_name(i, u)] for i in net.layers[0]]
                        for u in net.layers[1]])  # fmt: skip
    biases = np.array([net.parameters[f"b{u}"] for u in net.layers[1]])
    heard = np.column_stack([x @ weights.T + biases >= 0, np.ones(len(x))])
    best = np.sum((heard @ np.linalg.lstsq(heard, y, rcond=None)[0] - y) ** 2) / 2
    assert walk.loss[-1] == pytest.approx(best, rel=1e-6)


def test_every_activation_starts_from_the_same_parameters() -> None:
    for name in ACTIVATIONS:
        start = TASKS["xor"].network(name, 4).vector
        assert np.array_equal(start, TASKS["xor"].network("tanh", 4).vector)
    assert not np.array_equal(start, TASKS["xor"].network("tanh", 5).vector)


def test_a_tally_counts_what_the_walks_do() -> None:
    counted = {name: tally("xor", name, 0.02, steps=200, starts=3) for name in ACTIVATIONS}
    for start in range(3):
        walks = side_by_side("xor", start, 0.02, 200).walks
        for name, walk in walks.items():
            assert counted[name].losses[start] == pytest.approx(walk.loss[-1], rel=1e-9, abs=1e-12)
            assert counted[name].diverged[start] == (walk.stopped == "diverged")
    total = sum(counted["3·identity"].diverged)
    assert counted["3·identity"].lost == total > 0
    assert counted["identity"].like_a_line == 3
    assert counted["identity"].solved == counted["identity"].better == 0


def test_solved_means_that_all_four_answers_are_right() -> None:
    x, y = TASKS["xor"].data
    seen = []
    for start in (1, 3, 9):  # solved by some, by others not
        for walk in side_by_side("xor", start, 0.05, 500).walks.values():
            right = ((walk.network.forward(x).output > 0.5) == (y > 0.5)).all()
            seen.append(walk.loss[-1] < SOLVED)
            assert right or not seen[-1]
    assert 0 < sum(seen) < len(seen)


def test_the_signal_is_the_largest_size() -> None:
    found = 0.0
    for slope in (0.25, -3.0, 1.0, -0.0):
        found = float(larger(found, slope))
    assert found == 3.0
    assert np.isnan(larger(0.0, np.nan))


def test_unknown_names_are_said() -> None:
    with pytest.raises(UnknownNameError, match="unknown task of the comparison 'and'"):
        side_by_side("and", 0, 0.1, 1)
    with pytest.raises(UnknownNameError, match="unknown activation of the comparison 'relu'"):
        TASKS["xor"].network("relu", 0)
