"""Steps: level treads, silence in front of them, borrowed slopes, and the perceptron rule."""

from __future__ import annotations

import numpy as np
import pytest

import nnexplain as nne
from nnexplain.errors import UnknownNameError
from nnexplain.experiments.xor import X, Y
from nnexplain.experiments.zero_slope import (
    STEPS,
    perceptron,
    race,
    silence,
    staircase,
)


def test_all_steps_share_their_values_and_differ_in_their_slopes() -> None:
    z = np.linspace(-3, 3, 41)
    for record in STEPS.values():
        np.testing.assert_array_equal(record.f(z), (z >= 0) * 1.0)
    hill = np.exp(-z) / (1 + np.exp(-z)) ** 2
    np.testing.assert_allclose(STEPS["slope of the sigmoid"].df(z), hill, rtol=1e-14)
    np.testing.assert_array_equal(STEPS["box"].df([-1.01, -1, 0, 1, 1.01]), [0, 0.5, 0.5, 0.5, 0])
    assert set(STEPS["slope 1"].df(z)) == {1.0}
    assert set(STEPS["true slope"].df(z)) == {0.0}


def test_the_facts_of_each_record_fit_its_slope() -> None:
    z = np.linspace(-9, 9, 2001)
    for record in STEPS.values():
        slopes = record.df(z)
        assert slopes.max() == pytest.approx(record.largest_slope)
        assert (np.ptp(slopes) == 0) == record.constant_slope
        flat = np.any([(low <= z) & (z <= high) for low, high in record.flat], axis=0)
        inside = ~np.isclose(np.abs(z), 1)  # a closed interval holds its end, a slope need not
        np.testing.assert_array_equal((slopes == 0)[inside], np.broadcast_to(flat, z.shape)[inside])


def test_a_gradient_check_finds_out_the_borrowed_slope() -> None:
    net = nne.Network([2, 3, 1], [STEPS["slope of the sigmoid"], "sigmoid"], seed=0)
    report = nne.gradient_check(net, X, Y)
    in_front = {name for name in net.names if net.locate(name)[1] in (3, 4, 5)}
    assert {row.parameter for row in report.failures} == in_front
    assert all(row.oracle == 0 for row in report.failures)
    assert nne.gradient_check(net.replace(activation=["step", "sigmoid"]), X, Y).passed


def test_the_staircase_has_treads_where_the_maths_says() -> None:
    values = np.linspace(-2, 2, 401) + 0.001
    step, smooth = staircase(values)
    # z4 = w14 x1 + 0.4 x2 - 0.5 x3 - 0.4 jumps for x1 = 1 at w14 = 0.4 - 0.4 x2 + 0.5 x3.
    edges = {0.4, 0.0, 0.9, 0.5}
    found = values[1:][np.diff(step.total) != 0]
    np.testing.assert_allclose(found, sorted(edges), atol=0.011)
    assert step.slope == 0 != smooth.slope


def test_silence_is_counted_in_front_and_not_behind() -> None:
    found = silence(networks=10)
    # 4 (3 + 1) weights and biases in front of the first layer, 3 (4 + 1) in front of the steps.
    assert found.count == 10 * (16 + 15) == found.zero == found.still
    assert found.behind == 10 * 4
    assert 0 < found.speaking <= found.behind


def test_a_race_starts_at_the_same_networks_and_only_the_output_layer_has_the_true_slope() -> None:
    found = race(starts=6, steps=4)
    assert {len(counts) for counts in found.solved.values()} == {5}
    steps = [found.solved[name][0] for name in STEPS]
    assert len(set(steps)) == 1  # before the first step the slope has had no say
    net = nne.Network([2, 3, 1], ["step", "sigmoid"], seed=0)
    moving = {name for name, slope in net.gradient(X, Y).items() if slope != 0}
    assert moving <= {"w36", "w46", "w56", "b6"}


def test_a_race_of_one_slope_is_the_part_of_the_whole_one() -> None:
    whole, part = race(starts=6, steps=4), race(("box",), starts=6, steps=4)
    assert list(part.solved) == ["box"]
    assert part.solved["box"].tolist() == whole.solved["box"].tolist()
    with pytest.raises(UnknownNameError, match="slope of the race 'boxes'; did you mean 'box'"):
        race(("boxes",), starts=1, steps=1)


def test_stuck_units_say_the_same_of_all_samples() -> None:
    found = race(starts=8, steps=1, learning_rate=1e-12)
    stuck = []
    for seed in range(8):
        answers = nne.Network([2, 3, 1], ["step", "sigmoid"], seed=seed).forward(X).a
        stuck += [len(set(answers[unit].tolist())) == 1 for unit in (3, 4, 5)]
    assert set(found.stuck.values()) == {np.mean(stuck)}


@pytest.mark.parametrize(("targets", "learned"), [
    ((0, 1, 1, 1), True), ((0, 0, 0, 1), True), ((1, 1, 0, 0), True), ((0, 1, 1, 0), False),
])  # fmt: skip
def test_the_perceptron_rule_learns_what_a_line_can_separate(
    targets: tuple[float, ...], learned: bool
) -> None:
    found = perceptron(targets, passes=200)
    assert (found.mistakes[-1] == 0) == learned
    assert (found.network.forward(X).output.tolist() == list(targets)) == learned
    assert len(found.mistakes) == 200 or learned


def test_on_xor_the_perceptron_rule_goes_round_in_a_circle() -> None:
    """A pass from the weights that a pass began with: the same mistakes, for ever."""
    third, fourth = (perceptron((0, 1, 1, 0), passes=n) for n in (3, 4))
    assert third.network.parameters == fourth.network.parameters
    assert fourth.mistakes[-1] > 0


def test_slope_1_is_the_perceptron_rule() -> None:
    """One pass by gradient steps of slope 1 is one pass of the rule."""
    net = nne.Network([2, 1], STEPS["slope 1"], {"w13": 0, "w23": 0, "b3": 0})
    for x, y in zip(X, (0, 1, 1, 1), strict=True):
        slopes = net.gradient(x, y)
        net = net.replace(parameters={n: net.parameters[n] - g for n, g in slopes.items()})
    assert net.parameters == perceptron((0, 1, 1, 1), passes=1).network.parameters
