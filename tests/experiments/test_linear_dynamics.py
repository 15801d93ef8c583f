"""Modes and valleys, against the closed form and against what two weights conserve."""

from __future__ import annotations

import numpy as np
import pytest

from nnexplain.errors import NnexplainError
from nnexplain.experiments.linear_dynamics import modes, valley


def test_descent_tends_to_the_closed_form_in_proportion_to_the_step() -> None:
    coarse, fine = (modes((3.0, 1.0), 0.1, learning_rate=rate, until=2.0) for rate in (2e-2, 2e-3))
    assert coarse.gap / fine.gap == pytest.approx(10, rel=0.2)


def test_the_closed_form_solves_its_equation() -> None:
    run = modes((2.0,), 0.1, until=3.0)
    u, dt = run.closed[:, 0], run.learning_rate
    slope = (u[2:] - u[:-2]) / (2 * dt)
    np.testing.assert_allclose(slope, (2 * u * (2 - u))[1:-1], atol=1e-3)


def test_the_loss_is_what_the_modes_leave_over() -> None:
    run = modes()
    rest = ((np.array(run.strengths) - run.learned) ** 2).sum(axis=1) / 2
    np.testing.assert_allclose(run.losses, rest, rtol=1e-12)


def test_the_stronger_mode_comes_first_and_waits_before_it_jumps() -> None:
    run = modes()
    assert run.half_time(0) == pytest.approx(np.log(2 / 1e-4 - 1) / 4, rel=0.02)
    assert run.half_time(1) == pytest.approx(np.log(1 / 1e-4 - 1) / 2, rel=0.02)
    early = run.times <= 1
    assert run.learned[early].max() < 0.01


@pytest.mark.parametrize(
    ("strengths", "start", "rate"), [((1.0,), 0.0, 0.1), ((1.0, 1e-5), 0.1, 0.1), ((1.0,), 0.1, 0)]
)
def test_modes_that_cannot_grow_are_refused(
    strengths: tuple[float, ...], start: float, rate: float
) -> None:
    with pytest.raises(NnexplainError, match="modes grow from start²"):
        modes(strengths, start, learning_rate=rate)


def test_the_valley_is_neither_plane_nor_bowl() -> None:
    hill = valley()
    np.testing.assert_array_equal(hill.losses([1, -1, 0, 2], [2, -2, 0, -1]), [0, 0, 2, 8])
    w = np.linspace(-3, 3, 7)
    np.testing.assert_allclose(hill.losses(w[None], w[:, None]), (2 - np.outer(w, w)) ** 2 / 2)


def test_small_steps_keep_the_difference_of_the_squares() -> None:
    (path,) = valley([(2.4, 0.1)], learning_rate=0.001, steps=4000).paths
    kept = path[:, 0] ** 2 - path[:, 1] ** 2
    np.testing.assert_allclose(kept, kept[0], atol=0.01)
    assert path[-1].prod() == pytest.approx(2, abs=1e-6)
