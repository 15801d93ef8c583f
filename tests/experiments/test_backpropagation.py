"""The counts, and what an example, a batch and a step are."""

from __future__ import annotations

import numpy as np
import pytest

from nnexplain.errors import NnexplainError
from nnexplain.experiments import backpropagation as experiment
from nnexplain.network import Network
from nnexplain.worked import worked


@pytest.mark.parametrize("sizes", [[1, 1], [3, 2, 1], [2, 4, 3], [3, 2, 2, 2, 1], [2, 3, 1, 3, 2]])
@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_counting_by_running_gives_what_the_rule_says(sizes: list[int], activation: str) -> None:
    net = Network(sizes, activation, seed=len(sizes))
    found = experiment.counted(net, [0.3] * sizes[0], [0.7] * sizes[-1])
    assert found == experiment.cost(sizes)


def test_every_method_finds_the_gradient_of_the_network() -> None:
    example = worked["mazur"]
    net, truth = example.network, example.network.gradient(example.x, example.y)
    methods = (experiment.path_by_path, experiment.one_backward_pass, experiment.nudge_each)
    for method, precision in zip(methods, (1e-13, 1e-13, 1e-4), strict=True):
        found = method(net, example.x, example.y, experiment.Multiplier())
        assert found == pytest.approx(truth, rel=precision, abs=1e-7)


@pytest.mark.parametrize("loss", ["mse", "binary_cross_entropy"])
def test_a_loss_with_other_factors_is_refused(loss: str) -> None:
    net = Network([1, 1], "sigmoid", seed=0, loss=loss)
    with pytest.raises(NnexplainError, match=f"got {loss}; use net.replace"):
        experiment.counted(net, [1.0], 0.0)


def test_nudging_grows_with_the_square_and_paths_with_a_power_of_the_depth() -> None:
    few, many = experiment.cost([3, *[10] * 10, 1]), experiment.cost([3, *[10] * 20, 1])
    assert many.paths == few.paths * 10**10
    assert many.nudging / few.nudging == pytest.approx(4, rel=0.15)
    assert many.backward / few.backward == pytest.approx(2, rel=0.1)


@pytest.mark.parametrize("width", [1, 2, 50, 1000])
def test_a_gradient_never_costs_four_forward_passes(width: int) -> None:
    for found in experiment.growth(width, 12):
        assert found.passes < 4


def test_the_shares_of_a_step_foretell_its_fall() -> None:
    found = experiment.step()
    assert sum(share.part for share in found.shares) == pytest.approx(1, abs=1e-15)
    assert [share.part for share in found.shares] == sorted(
        (share.part for share in found.shares), reverse=True
    )
    assert found.before - found.after_all == pytest.approx(found.foretold, rel=0.05)
    still = [share.name for share in found.shares if share.move == 0]
    assert still == ["w24", "w25"]


def test_the_two_ways_through_the_samples_meet_as_the_rate_shrinks() -> None:
    distances = [experiment.epoch(rate).distance for rate in (1e-2, 1e-3, 1e-4)]
    slopes = -np.diff(np.log10(distances))
    assert slopes == pytest.approx([2, 2], abs=0.01)


def test_the_minimum_is_joint_and_no_unit_is_at_one() -> None:
    found = experiment.two_opinions()
    assert found.network.forward(worked["han_kamber"].x).z[6] == pytest.approx(0, abs=1e-15)
    assert found.pulls == pytest.approx((0.025, -0.025), rel=1e-12)
    assert np.all(np.diff(found.predictions) > 0)
    assert found.sweep.total.min() == pytest.approx(found.loss, rel=1e-12)
    lowest = found.sweep.each.argmin(axis=1)
    assert lowest[0] < found.sweep.total.argmin() < lowest[1]
