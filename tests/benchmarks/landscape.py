"""Print how a plane of J compares with full broadcasting: python -m tests.benchmarks.landscape.

256 x 256 points, N = 100, the 3-2-1 sigmoid network. Full broadcasting runs all 65,536 networks as
one batch of arrays (points, units, samples), once with the formulas of this package, which keep
their digits in saturation, and once with the plain closed form 1/(1 + exp(-z)). Everybody has one
turn in each round; a ratio is given as the median over the rounds and, in brackets, as that of the
fastest turns. Below 1 we are faster. We use up to four threads, NumPy's full broadcasting uses one,
so a busy machine slows us more: there the two ratios differ. For `all pairs`, two of the eleven
parameters as axes, times are added up. Memory is the peak of what Python allocates.
"""

from __future__ import annotations

import itertools
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


def turns(
    net: nne.Network, x: np.ndarray, y: np.ndarray, axes: tuple[str, str], points: int, rounds: int
) -> list[tuple[float, ...]]:
    """Seconds of ours, the same formulas and the plain form, a tuple a round."""

    def ours() -> Landscape:
        return nne.landscape(net, x, y, *axes, points=points)

    view = ours()
    calls = [ours, lambda: same_formulas(view, x, y), lambda: plain_form(view, x, y)]
    for other in calls[1:]:
        np.testing.assert_allclose(view.loss, other(), rtol=1e-13)
    return [tuple(seconds(call, 1) for call in calls) for _ in range(rounds)]


def against(times: list[tuple[float, ...]], k: int) -> str:
    """Our time divided by contender k's: the median over the rounds and (of the fastest turns)."""
    median = statistics.median(turn[0] / turn[k] for turn in times)
    fastest = min(turn[0] for turn in times) / min(turn[k] for turn in times)
    return f"{median:.3f} ({fastest:.3f})"


def main(points: int = 256, samples: int = 100, rounds: int = 15) -> None:
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((samples, 3)), rng.random(samples)
    net = nne.Network([3, 2, 1], seed=0)
    print(
        f"{points} x {points} points, N = {samples}; our time / full broadcasting's, and megabytes"
    )
    print(f"{'axes':12}{'same formulas':>17}{'plain form':>17}{'ours':>8}{'full':>8}")
    for axes in PAIRS:
        times = turns(net, x, y, axes, points, rounds)
        view = nne.landscape(net, x, y, *axes, points=points)
        ours = megabytes(lambda axes=axes: nne.landscape(net, x, y, *axes, points=points))
        full = megabytes(lambda view=view: same_formulas(view, x, y))
        print(f"{'{}, {}'.format(*axes):12}{against(times, 1):>17}{against(times, 2):>17}"
              f"{ours:8.1f}{full:8.0f}", flush=True)  # fmt: skip
    every = [turns(net, x, y, axes, points, 1)[0] for axes in itertools.combinations(net.names, 2)]
    total, *others = map(sum, zip(*every, strict=True))
    print(f"{'all pairs':12}" + "".join(f"{total / other:9.3f}{'':8}" for other in others))
    print(f"{'asked':12}{ASKED:9.2f}{'':25}{ASKED_MEGABYTES:8}")


if __name__ == "__main__":
    main()
