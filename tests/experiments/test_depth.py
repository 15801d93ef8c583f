"""The small deep network, against products of matrices, the lesson's larger one and torch."""

from __future__ import annotations

import math

import numpy as np
import pytest

from nnexplain.activations import activations
from nnexplain.errors import NnexplainError
from nnexplain.experiments.depth import DEEPEST, GRAINS, WIDTH, deep, deep_signal, draws
from nnexplain.experiments.saturation import chain_signal, layer_signal


def weights(strength: float) -> np.ndarray:
    return strength * draws().weights / GRAINS / math.sqrt(WIDTH)


def test_straight_lines_send_back_the_product_of_the_weights() -> None:
    W = weights(1.3)
    back = np.linalg.multi_dot([*(w.T for w in W[1:6]), np.ones((WIDTH, 1))])
    delta = deep("identity", 1.3, 5).deltas[0]
    np.testing.assert_allclose(delta, np.repeat(back, delta.shape[1], axis=1), rtol=1e-12)


@pytest.mark.parametrize("centre", [0.0, -1.5])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_deltas_are_torchs(activation: str, centre: float) -> None:
    torch = pytest.importorskip("torch")
    a, kept = torch.tensor(draws().inputs / GRAINS), []
    W = [torch.tensor(w) for w in weights(1.41)[:8]]
    for w in W[:-1]:
        z = (w @ a + centre).requires_grad_() if not kept else w @ a + centre
        z.retain_grad()
        kept.append(z)
        a = getattr(torch, activation)(z)
    (W[-1] @ a).sum().backward()
    for delta, z in zip(deep(activation, 1.41, 7, centre).deltas, kept, strict=True):
        np.testing.assert_allclose(delta, z.grad.numpy(), rtol=1e-10, atol=1e-14)


@pytest.mark.parametrize(
    ("activation", "recipe", "strength"),
    [("sigmoid", "xavier", 1), ("tanh", "xavier", 1), ("relu", "he", math.sqrt(2))],
)
def test_it_is_the_lessons_network_with_fewer_units(
    activation: str, recipe: str, strength: float
) -> None:
    # The same draws but for rounding, and a quarter of the samples.
    ours = deep_signal(activation, strength, 20).sizes
    theirs = layer_signal(activation, recipe, width=WIDTH).sizes
    np.testing.assert_allclose(np.log(ours), np.log(theirs), atol=0.3)


def test_draws_are_standard_normal_numbers() -> None:
    values = draws().weights.ravel() / GRAINS
    assert np.mean(values) == pytest.approx(0, abs=4 / math.sqrt(values.size))
    assert np.var(values) == pytest.approx(1, abs=0.04)


def test_dead_units_send_a_true_zero_and_slopes_say_so() -> None:
    found = deep("relu", 1.0, 3, centre=-20.0)
    assert all(not delta.any() for delta in found.deltas)
    assert all(not slope.any() for slope in found.slopes)


@pytest.mark.parametrize("layers", [0, DEEPEST + 1])
def test_deeper_than_drawn_is_refused(layers: int) -> None:
    with pytest.raises(NnexplainError, match=f"layers must be 1 to {DEEPEST}, got {layers}"):
        deep("tanh", 1.0, layers)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "identity"])
@pytest.mark.parametrize(("weight", "z"), [(1.0, 0.0), (-2.5, 1.5), (6.0, -30.0), (0.5, 30.0)])
def test_a_chain_anywhere_multiplies_by_weight_times_slope(
    activation: str, weight: float, z: float
) -> None:
    slope = activations[activation].df(z)
    expected = [slope * abs(weight * slope) ** k for k in range(5, -1, -1)]
    assert chain_signal(weight, 6, activation, z).sizes == pytest.approx(expected, rel=1e-12)
