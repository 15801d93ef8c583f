"""Numbers drawn for a problem: the same for the same seed, on every machine and version."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import TypeVar

from nnexplain.network import Network

T = TypeVar("T")


class Draw:
    """A source of numbers that depends on a text alone.

    >>> Draw("w14-gradient 7").decimal(-1, 1) == Draw("w14-gradient 7").decimal(-1, 1)
    True
    """

    def __init__(self, seed: str) -> None:
        # Of Random only random() promises the same numbers in every version of Python.
        self._next = random.Random(seed).random

    def below(self, count: int) -> int:
        """Return a whole number from 0 to count - 1."""
        return int(self._next() * count)

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from low to high, both included."""
        return low + self.below(high - low + 1)

    def decimal(self, low: float, high: float, step: float = 0.1) -> float:
        """Return a multiple of `step` from low to high, both included, and never 0.

        `step` is 1, 0.5, 0.1 and so on, so that a reader sees the whole number.
        """
        while True:
            value = round(self.whole(round(low / step), round(high / step)) * step, 10)
            if value != 0:
                return value

    def pick(self, options: Sequence[T]) -> T:
        """Return one of the options."""
        return options[self.below(len(options))]

    def shuffled(self, options: Sequence[T]) -> list[T]:
        """Return all options in another order."""
        rest, drawn = list(options), []
        while rest:
            drawn.append(rest.pop(self.below(len(rest))))
        return drawn

    def network(self, sizes: Sequence[int], activation: str | list[str] = "sigmoid") -> Network:
        """Return a network whose parameters are tenths from -0.9 to 0.9, none of them 0."""
        names = Network(sizes, activation, seed=0).names
        return Network(sizes, activation, {name: self.decimal(-0.9, 0.9) for name in names})
