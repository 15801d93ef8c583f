"""The array level: blocks, many parameter sets, saturation, the written-out form of a sample."""

from __future__ import annotations

import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import mpmath as mp
import numpy as np
import pytest

from nnexplain import Network, backprop
from nnexplain.activations import activations
from nnexplain.losses import losses
from nnexplain.structure import Structure
from nnexplain.written_out import LARGEST, partials, source


def structure(
    sizes: tuple[int, ...], names: Any = "sigmoid", loss: str = "half_squared_error"
) -> Structure:
    listed = [names] * (len(sizes) - 1) if isinstance(names, str) else names
    return Structure(sizes, tuple(activations[name] for name in listed), losses[loss])


def problem(s: Structure, samples: int, *leading: int, seed: int = 0) -> tuple[Any, Any, Any]:
    rng = np.random.default_rng(seed)
    vector = rng.standard_normal((*leading, s.count))
    return vector, rng.standard_normal((s.sizes[0], samples)), rng.random((s.sizes[-1], samples))


@pytest.mark.parametrize("loss", list(losses))
@pytest.mark.parametrize("samples", [1, 2, 7, 64])
def test_blocks_change_nothing(monkeypatch: Any, loss: str, samples: int) -> None:
    s = structure((3, 4, 2), ["tanh", "sigmoid"], loss)
    one, many = problem(s, samples), problem(s, samples, 5)
    whole = [f(s, *p) for p in (one, many) for f in (backprop.gradient, backprop.loss)]
    monkeypatch.setattr(backprop, "_BUDGET", 4 * 9 * 6)
    monkeypatch.setattr(backprop, "_LEAST", 3)
    cut = [f(s, *p) for p in (one, many) for f in (backprop.gradient, backprop.loss)]
    for a, b in zip(whole, cut, strict=True):
        np.testing.assert_allclose(b, a, rtol=1e-12, atol=1e-14)


def test_blocks_cover_every_set_and_sample_once(monkeypatch: Any) -> None:
    monkeypatch.setattr(backprop, "_LEAST", 4)
    s = structure((3, 4, 2))
    for budget in (1, 300, 1000, 10**6):
        monkeypatch.setattr(backprop, "_BUDGET", budget)
        for leading in ((), (1,), (7,)):
            for samples in (1, 4, 5, 23):
                seen = np.zeros((*leading, samples))
                for some, columns in backprop._blocks(s, leading, samples):
                    seen[some][..., columns] += 1
                assert (seen == 1).all()


@pytest.mark.parametrize(("sets", "samples"), [(50_000, 4), (3, 100_000), (400, 2000)])
def test_memory_stays_bounded(sets: int, samples: int) -> None:
    s = structure((3, 2, 1))
    vector, x, y = problem(s, samples, sets)
    result = 8 * vector.size
    for f in (backprop.gradient, backprop.loss):
        tracemalloc.start()
        f(s, vector, x, y)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 2 * result + 4_000_000


def test_many_sets_are_a_loop() -> None:
    s = structure((2, 3, 3, 2), ["tanh", "relu", "softplus"])
    vectors, x, y = problem(s, 6, 9)
    loop = [backprop.gradient(s, vector, x, y) for vector in vectors]
    np.testing.assert_allclose(backprop.gradient(s, vectors, x, y), loop, rtol=1e-12, atol=1e-14)


def test_deltas_sum_to_the_biases() -> None:
    s = structure((2, 3, 2), "tanh", "mse")
    vector, x, y = problem(s, 6)
    biases = [m[:, -1] for m in s.matrices(backprop.gradient(s, vector, x, y))]
    for delta, bias in zip(backprop.deltas(s, vector, x, y), biases, strict=True):
        np.testing.assert_allclose(delta.sum(axis=-1), bias, rtol=1e-13)


def test_results_do_not_share_memory() -> None:
    s = structure((3, 2, 1))
    vector, x, y = problem(s, 5)
    first = backprop.gradient(s, vector, x, y)
    kept, deltas = first.copy(), backprop.deltas(s, vector, x, y)
    kept_deltas = [delta.copy() for delta in deltas]
    backprop.gradient(s, 2 * vector, x, y)
    backprop.deltas(s, 2 * vector, x, y)
    assert (first == kept).all()
    assert all((a == b).all() for a, b in zip(deltas, kept_deltas, strict=True))


def test_threads_do_not_disturb_each_other() -> None:
    s = structure((3, 2, 1))
    problems = [problem(s, 32, seed=k) for k in range(4)]
    truth = [backprop.gradient(s, *p) for p in problems]
    ready = threading.Barrier(4)

    def work(k: int) -> bool:
        ready.wait()
        return all((backprop.gradient(s, *problems[k]) == truth[k]).all() for _ in range(500))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(4)))


def test_spare_arrays_are_few() -> None:
    s = structure((3, 2, 1))
    for samples in range(2, 20):
        backprop.gradient(s, *problem(s, samples))
    assert len(backprop._SPARE) <= backprop._SPARES


@pytest.mark.parametrize("z", [-800, -740, -300, -40, 40, 300, 700, 709.5, 720, 744, 800, 1e308])
@pytest.mark.parametrize("samples", [1, 3])
def test_saturated_slopes_keep_their_digits(z: float, samples: int) -> None:
    """The textbook's a(1 - a) is 0 from z = 37 on; the truth is about e^-|z|."""
    s = structure((1, 1), loss="linear")
    x, y = np.ones((1, samples)), np.zeros((1, samples))
    slope = backprop.gradient(s, np.array([0.0, z]), x, y)[1] / samples
    truth = float(mp.sech(mp.mpf(z) / 2) ** 2 / 4)
    assert slope == pytest.approx(truth, rel=1e-15, abs=1e-323)


def test_one_saturated_sample_does_not_harm_the_others() -> None:
    s = structure((1, 1, 1))
    vector = np.array([1.0, 0.0, 1.0, 0.0])
    x = np.array([[0.5, 5000.0, -5000.0, 720.0]])
    y = np.zeros((1, 4))
    each = [backprop.gradient(s, vector, x[:, [k]], y[:, [k]]) for k in range(4)]
    np.testing.assert_allclose(backprop.gradient(s, vector, x, y), np.sum(each, axis=0), rtol=1e-14)


def test_overflow_is_passed_on_and_not_hidden() -> None:
    s = structure((1, 1), "identity")
    vector, y = np.array([1e200, 0.0]), np.zeros((1, 1))
    for x in (np.full((1, 1), 1e200), np.full((1, 2), 1e200)):
        assert np.isinf(backprop.gradient(s, vector, x, np.zeros_like(x))).all()
    assert np.isinf(backprop.loss(s, vector, np.full((1, 1), 1e200), y))


@pytest.mark.parametrize("name", list(activations))
@pytest.mark.parametrize("loss", list(losses))
def test_one_sample_written_out_equals_the_arrays(name: str, loss: str) -> None:
    s = structure((3, 2, 3, 2), [name, name, "sigmoid"], loss)
    written = partials(s)
    if loss == "binary_cross_entropy":
        assert s.from_logit
    assert written is not None
    for seed in range(5):
        vector, x, y = problem(s, 1, seed=seed)
        both = backprop.Pass(s, (), 1).run(vector, x, y) * s.loss.scale(y.size)
        one = written(vector.tolist(), x[:, 0].tolist(), y[:, 0].tolist())
        np.testing.assert_allclose(one, both, rtol=1e-12, atol=1e-15)


def test_what_is_left_to_the_arrays() -> None:
    assert partials(structure((LARGEST, 1))) is None
    assert partials(structure((1, 1), "tanh", "binary_cross_entropy")) is None
    own = replace(activations["tanh"], name="own", complex_step=False)
    assert partials(Structure((1, 1), (own,), losses["mse"])) is None


def test_a_float_out_of_its_domain_is_left_to_the_arrays() -> None:
    def cube(z: Any) -> Any:
        return z**3  # a float's power raises OverflowError where an array's gives inf

    def cube_slope(z: Any) -> Any:
        return 3 * z**2

    own = replace(activations["identity"], name="cube", formula=cube, slope=cube_slope)
    s = Structure((1, 1), (own,), losses["half_squared_error"])
    gradient = backprop.gradient(s, np.array([1e200, 0.0]), np.ones((1, 1)), np.ones((1, 1)))
    assert np.isinf(gradient).all()


def test_written_out_code_reads_like_the_textbook() -> None:
    lines = source(structure((3, 2, 1))).splitlines()
    assert "    z4 = w14*a1 + w24*a2 + w34*a3 + b4" in lines
    assert "    d6 = error(y6, a6)*slope2(z6)" in lines
    assert "    d4 = (d6*w46)*slope1(z4)" in lines


def test_equal_structures_share_their_compiled_form() -> None:
    a, b = (Network([3, 2, 1], seed=k).structure for k in (0, 1))
    assert a == b
    assert a is not b
    assert partials(a) is partials(b)
