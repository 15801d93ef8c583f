"""Print how a plane of J compares with full broadcasting: python -m tests.benchmarks.landscape.

256 x 256 points, N = 100, the 3-2-1 sigmoid network. Full broadcasting runs all 65,536 networks as
one batch of arrays (points, units, samples), once with the formulas of this package, which keep
their digits in saturation, and once with the plain closed form 1/(1 + exp(-z)). Ratios are medians
over rounds in which everybody has one turn; below 1 we are faster. We use up to four threads,
NumPy's full broadcasting uses one, so a busy machine slows us more. Memory is the peak of what
Python allocates.
"""

from __future__ import annotations

import statistics
import tracemalloc
from collections.abc import Callable

import numpy as np

import nnexplain as nne
from nnexplain import backprop
from nnexplain.landscape import Landscape
from tests.benchmarks.__main__ import seconds

ASKED, ASKED_MEGABYTES = 0.05, 20
# How the two axes lie to each other: in different layers, in different units of a layer, both at
# the output, both in one hidden unit (where the output's exponential is no product).
PAIRS = (("w14", "w46"), ("w14", "b6"), ("w14", "w15"), ("w46", "w56"), ("w14", "w24"))


def same_formulas(view: Landscape, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """All networks at once through the package's own forward pass."""
    points = view.point(view.first[:, None], view.second).reshape(-1, 11)
    h = backprop.forward(view.network.structure, points, x.T)[-1].a[:, 0]
    return (0.5 * (y - h) ** 2).sum(axis=1).reshape(view.loss.shape)


def plain_form(view: Landscape, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """All networks at once, as a competent person writes it."""
    points = view.point(view.first[:, None], view.second).reshape(-1, 11)
    a = x.T
    for W in view.network.structure.matrices(points):
        a = 1 / (1 + np.exp(-(W[..., :-1] @ a + W[..., -1:])))
    return (0.5 * (y - a[:, 0]) ** 2).sum(axis=1).reshape(view.loss.shape)


def megabytes(call: Callable[[], object]) -> float:
    tracemalloc.start()
    call()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def main(points: int = 256, samples: int = 100, rounds: int = 15) -> None:
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((samples, 3)), rng.random(samples)
    net = nne.Network([3, 2, 1], seed=0)
    print(
        f"{points} x {points} points, N = {samples}; our time / full broadcasting's, and megabytes"
    )
    print(f"{'axes':12}{'same formulas':>16}{'plain form':>13}{'ours':>8}{'full':>8}")
    for axes in PAIRS:

        def ours(axes: tuple[str, str] = axes) -> Landscape:
            return nne.landscape(net, x, y, *axes, points=points)

        view = ours()
        others = [lambda v=view: same_formulas(v, x, y), lambda v=view: plain_form(v, x, y)]
        for other in others:
            np.testing.assert_allclose(view.loss, other(), rtol=1e-13)
        times = [[seconds(call, 1) for call in (ours, *others)] for _ in range(rounds)]
        ratios = [statistics.median(row[0] / row[k] for row in times) for k in (1, 2)]
        memory = megabytes(ours), megabytes(others[0])
        print(f"{'{}, {}'.format(*axes):12}{ratios[0]:16.3f}{ratios[1]:13.3f}"
              f"{memory[0]:8.1f}{memory[1]:8.0f}", flush=True)  # fmt: skip
    print(f"{'asked':12}{ASKED:16.2f}{'':13}{ASKED_MEGABYTES:8}")


if __name__ == "__main__":
    main()
