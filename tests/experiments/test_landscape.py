"""The landscape of lesson 7: data, scenes, what slices hide, and rulers, by NumPy typed again."""

from __future__ import annotations

import numpy as np
import pytest

from nnexplain.curvature import curvature
from nnexplain.descent import descend
from nnexplain.experiments.landscape import (
    RATE,
    four_kinds,
    hidden_way,
    inputs_or_weights,
    restarts,
    rulers,
    same_sign,
    shadow,
    stall,
    two_weights,
    walk_from,
)
from nnexplain.network import Network
from nnexplain.worked import worked


def test_the_samples_ask_for_the_sign_of_a_product() -> None:
    x, y = same_sign()
    assert x.shape == (24, 3)
    product = x[:, 0] * x[:, 1]
    sure = abs(product) > 0.3
    assert ((y > 0.5) == (product > 0))[sure].all()
    assert y.min() >= 0.1
    assert y.max() <= 0.9


def test_restarts_end_where_single_walks_do() -> None:
    net = worked["han_kamber"].network
    found = restarts(count=3, steps=300)
    starts = np.random.default_rng(0).normal(size=(3, 11))
    ends = [
        descend(
            net.replace(parameters=dict(zip(net.names, start.tolist(), strict=True))),
            *same_sign(), learning_rate=RATE, steps=300,
        ).loss[-1]
        for start in starts
    ]  # fmt: skip
    assert found.ends == pytest.approx(sorted(ends), rel=1e-9)
    assert found.between(0.0, np.inf) == 3
    assert found.between(float(found.ends[1]), float(found.ends[2])) == 1


def test_a_restart_may_end_in_a_poor_valley() -> None:
    found = restarts()
    good = found.between(0.0, 0.1)
    assert 0 < good < 100
    assert found.between(0.1, 0.45) == 0


def test_the_hollow_of_the_picture_is_a_slope_in_truth() -> None:
    _, view = two_weights()
    low, _, _, _ = four_kinds()
    x, y = same_sign()
    assert (low.hessian.shape, low.kind) == ((2, 2), "minimum")
    whole = curvature(low.network, x, y)
    assert whole.kind == "slope"
    assert view.distance(low.network.vector) == pytest.approx(0, abs=1e-12)


def test_the_plateau_predicts_one_for_all() -> None:
    *_, flat = four_kinds()
    assert flat.network.forward(same_sign().x).output == pytest.approx(np.ones(24), abs=1e-9)


def test_a_shadow_meets_the_walk_only_at_its_end() -> None:
    walk, view = two_weights()
    seen = shadow(view, walk)
    others = np.delete(walk.parameters - walk.parameters[-1], [0, 1], axis=1)
    assert seen.distance == pytest.approx(np.linalg.norm(others, axis=1))
    assert seen.plane[-1] == pytest.approx(seen.walk[-1])
    assert abs(seen.plane[0] - seen.walk[0]) > 0.5
    mixed = walk.parameters[-1].copy()
    mixed[[0, 1]] = walk.parameters[0, [0, 1]]
    assert seen.plane[0] == pytest.approx(walk.start.losses_at(mixed, *same_sign()))


def test_the_hidden_way_falls_and_all_others_rise() -> None:
    found = hidden_way(reach=0.5)
    middle = len(found.down.values) // 2
    assert found.down.loss[middle] == pytest.approx(found.point.loss)
    assert found.down.loss[-1] < found.point.loss
    assert found.down.loss[-1] <= found.down.loss[0]
    for line in found.along:
        ends = line.loss[[0, -1]]
        assert (ends > found.point.loss).all()
        assert line.loss.argmin() == middle


def test_nothing_leaves_a_saddle_exactly_on_it() -> None:
    found = stall(steps=50)
    assert len(found.on_it) <= 2
    assert found.point.critical
    assert found.beside_it.loss[0] == pytest.approx(found.point.loss, abs=1e-5)
    assert set(found.point.network.parameters) == set(found.on_it.names)


def test_moving_inputs_leaves_the_network_alone() -> None:
    found = inputs_or_weights(steps=50)
    net, y = worked["han_kamber"].network, 1.0
    assert found.there == net.loss(found.moved_x, y) < found.start
    assert found.given == found.start == net.loss([1, 0, 1], y)


def test_equal_rulers_agree_and_the_network_stays_the_same() -> None:
    net = Network([3, 2, 1], seed=2)
    same = rulers(net, factor=1.0)
    assert same.plain == same.other
    assert same.angle == pytest.approx(0, abs=1e-5)
    found = rulers(net, ("w46", "w56"), factor=10.0)
    assert found.names == ("w46", "w56")
    assert found.at == (net.parameters["w46"], net.parameters["w56"])
    # A third of the input and three times the weight: the same predictions.
    x, _ = same_sign()
    stretched = net.replace(
        parameters={name: 3 * net.parameters[name] for name in ("w14", "w15")}
    ).forward(x / [3, 1, 1])
    assert stretched.output == pytest.approx(net.forward(x).output, rel=1e-14)


def test_walks_are_repeatable() -> None:
    assert np.array_equal(walk_from(5, steps=20).loss, walk_from(5, steps=20).loss)
