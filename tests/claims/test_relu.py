"""Claims about ReLU, judged by plain NumPy networks written out again."""

from __future__ import annotations

import numpy as np
import pytest

from nnexplain.claims import Verdict, claims

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]])
XOR = np.array([0, 1, 1, 0.0])
WAVE_X = np.linspace(-1, 1, 20)
WAVE_Y = np.sin(3 * WAVE_X)


def test_claim_L13_kink() -> None:
    evidence = claims["L13-kink"].judge()
    design = np.column_stack([np.ones(4), CORNERS])
    best = np.linalg.lstsq(design, XOR, rcond=None)[0]
    assert evidence.numbers["line"] == pytest.approx(np.mean((design @ best - XOR) ** 2), rel=1e-12)
    x1, x2 = CORNERS.T
    two_units = np.maximum(x1 + x2, 0) - 2 * np.maximum(x1 + x2 - 1, 0)
    assert np.array_equal(two_units, XOR)
    assert evidence.numbers["relu"] == 0
    for name, pieces in (("four", 4), ("eight", 8), ("sixteen", 16)):
        grid = np.linspace(-1, 1, 10001)
        knots = np.linspace(-1, 1, pieces + 1)
        gap = np.max(np.abs(np.interp(grid, knots, knots**2) - grid**2))
        assert evidence.numbers[name] == pytest.approx(gap, rel=1e-5)
    assert evidence.verdict is Verdict.FALSE


def two_hidden_layers(seed: int) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    matrices = []
    for units, sources in ((8, 1), (8, 8), (1, 8)):
        matrix = rng.standard_normal((units, sources + 1)) * np.sqrt(2 / sources)
        matrix[:, -1] = 0
        matrices.append(matrix)
    return matrices


def off_and_gradient(matrices: list[np.ndarray]) -> tuple[list[np.ndarray], list[np.ndarray]]:
    ones = np.ones((1, 20))
    inputs, zs = [np.vstack([WAVE_X, ones])], []
    for matrix in matrices:
        zs.append(matrix @ inputs[-1])
        inputs.append(np.vstack([np.maximum(zs[-1], 0), ones]))
    delta = 2 * (zs[2] - WAVE_Y) / 20
    gradients = [delta @ inputs[2].T]
    for k in (1, 0):
        delta = (matrices[k + 1][:, :-1].T @ delta) * (zs[k] > 0)
        gradients.insert(0, delta @ inputs[k].T)
    return [np.all(z <= 0, axis=1) for z in zs[:2]], gradients


def test_claim_L13_dead() -> None:
    evidence = claims["L13-dead"].judge()
    ever_off, came_back = [0, 0], [0, 0]
    for seed in range(40):
        matrices = two_hidden_layers(seed)
        ever = [np.zeros(8, bool), np.zeros(8, bool)]
        back = [np.zeros(8, bool), np.zeros(8, bool)]
        for _ in range(301):
            off, gradients = off_and_gradient(matrices)
            for layer in (0, 1):
                back[layer] |= ever[layer] & ~off[layer]
                ever[layer] |= off[layer]
            matrices = [m - 0.2 * g for m, g in zip(matrices, gradients, strict=True)]
        for layer in (0, 1):
            ever_off[layer] += ever[layer].sum()
            came_back[layer] += back[layer].sum()
    # Descent through kinks doubles a rounding error now and then: counts agree to a few units.
    numbers = evidence.numbers
    assert (numbers["first_back"], came_back[0]) == (0, 0)
    assert numbers["first"] == pytest.approx(ever_off[0], abs=3)
    assert numbers["second"] == pytest.approx(ever_off[1], abs=5)
    assert numbers["second_back"] == pytest.approx(came_back[1], abs=5)
    assert came_back[1] > 20
    for name, leak in (("leaky", 0.1), ("slow", 0.01)):
        # z = w + b, and both move by the same: after the bad step z is 1.5 - 2·2·1.
        z, step = -2.5, 1
        while z <= 0:
            z, step = z - 0.2 * 2 * leak * (leak * z - 0.5), step + 1
        assert numbers[name] == step
    assert evidence.verdict is Verdict.CONDITIONS


def train(at_kink: float, corners: np.ndarray) -> tuple[int, int, np.ndarray]:
    """Return zeros among the first z, networks that solve it, and all final parameters."""
    hidden, output = np.zeros((200, 4, 3)), np.zeros((200, 1, 5))
    for seed in range(200):
        rng = np.random.default_rng(seed)
        hidden[seed, :, :2] = rng.standard_normal((4, 3))[:, :2]
        output[seed, :, :4] = rng.standard_normal((1, 5))[:, :4] * np.sqrt(2 / 4)
    x = np.column_stack([corners, np.ones(4)]).T
    hits = int(np.sum(hidden @ x == 0))
    for step in range(301):
        z = hidden @ x
        a = np.concatenate([np.maximum(z, 0), np.ones((200, 1, 4))], axis=1)
        h = 1 / (1 + np.exp(-(output @ a)))
        if step < 300:
            slope = np.where(z > 0, 1.0, np.where(z < 0, 0.0, at_kink))
            back = (output[..., :4].transpose(0, 2, 1) @ (h - XOR)) * slope
            output = output - 0.3 * (h - XOR) @ a.transpose(0, 2, 1)
            hidden = hidden - 0.3 * back @ x.T
    solved = int(np.sum(np.all((h > 0.5) == (XOR > 0.5), axis=(1, 2))))
    return hits, solved, np.concatenate([hidden.ravel(), output.ravel()])


def test_claim_L13_slope_at_0() -> None:
    evidence = claims["L13-slope-at-0"].judge()
    (hits, _, zero), (_, _, one) = (train(c, CORNERS - 0.5) for c in (0.0, 1.0))
    assert evidence.numbers["hits"] == hits == 0
    assert np.array_equal(zero, one)
    (hits, solved0, zero), (_, solved1, one) = (train(c, CORNERS) for c in (0.0, 1.0))
    assert evidence.numbers["kink_hits"] == hits == 800
    assert not np.array_equal(zero, one)
    assert evidence.numbers["solved0"] == pytest.approx(solved0 / 2, abs=1.1)
    assert evidence.numbers["solved1"] == pytest.approx(solved1 / 2, abs=1.1)
    assert solved0 + 20 < solved1
    assert evidence.verdict is Verdict.CONDITIONS
