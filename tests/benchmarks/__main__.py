"""Print the ratios of our gradient's time to other people's: python -m tests.benchmarks.

Each round times us and one contender one after the other, so that a busy machine slows both; what
is printed is the median over the rounds of the ratio within a round. Below 1 we are faster.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence

import numpy as np

from nnexplain import Network
from tests.benchmarks.contenders import Gradient, installed

SAMPLES = (1, 32, 1000, 100_000)
ASKED = {1: 1.0, 32: 0.75, 1000: 0.5, 100_000: 0.35}


def seconds(call: Callable[[], object], repeats: int) -> float:
    start = time.perf_counter()
    for _ in range(repeats):
        call()
    return (time.perf_counter() - start) / repeats


def rounds(calls: Sequence[Callable[[], object]], count: int, budget: float) -> list[list[float]]:
    """Time every call in each of `count` rounds, each for about `budget` seconds."""
    repeats = [max(1, int(budget / seconds(call, 3))) for call in calls]
    return [
        [seconds(call, n) for call, n in zip(calls, repeats, strict=True)] for _ in range(count)
    ]


def ratio(gradient: Gradient, net: Network, samples: int, count: int, budget: float) -> float:
    """Return the median over `count` rounds of our time divided by the contender's."""
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((samples, 3)), rng.random(samples)
    times = rounds([lambda: net.gradient(x, y), lambda: gradient(x, y)], count, budget)
    return statistics.median(ours / theirs for ours, theirs in times)


def main(samples: Sequence[int] = SAMPLES, count: int = 101, budget: float = 0.005) -> None:
    net = Network([3, 2, 1], seed=0)
    print(f"our time / theirs{'N =':>12}", *(f"{n:>8}" for n in samples))
    # One contender after the other: a library is only loaded when those before it are done.
    for name, gradient in installed(net):
        row = [ratio(gradient, net, n, count, budget) for n in samples]
        print(f"{name:29}", *(f"{value:8.3f}" for value in row), flush=True)
    print(f"{'asked of plain NumPy':29}", *(f"{ASKED[n]:8.2f}" for n in samples if n in ASKED))


if __name__ == "__main__":
    main()
