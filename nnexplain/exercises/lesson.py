"""The lessons by number: their titles, and where in docs/ they stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Lesson:
    """A lesson's title and its page."""

    title: str
    page: str


LESSONS: Mapping[int, Lesson] = MappingProxyType({
    0: Lesson("The short answer", "index.md"),
    1: Lesson("A derivative is a sensitivity", "learn/sensitivity.md"),
    2: Lesson("The network and its eleven numbers", "learn/network.md"),
    3: Lesson("What “wrong” means: J", "learn/loss.md"),
    4: Lesson("Walking downhill: gradient descent", "learn/descent.md"),
    5: Lesson("The gradient, term by term", "learn/gradient.md"),
    6: Lesson("Backpropagation: who is to blame?", "learn/backpropagation.md"),
    7: Lesson("The landscape", "learn/landscape.md"),
    8: Lesson("Why the derivative and not the function?", "learn/derivative-or-function.md"),
    9: Lesson("Constant derivative, part 1: the straight-line network", "learn/straight-line.md"),
    10: Lesson("Constant derivative, part 2: when the loss is a ramp", "learn/ramp.md"),
    11: Lesson("Zero derivative: the step function and the hash", "learn/step-and-hash.md"),
    12: Lesson("Nearly zero: saturation, vanishing, exploding", "learn/saturation.md"),
    13: Lesson("ReLU: constant on each side, and it works", "learn/relu.md"),
    14: Lesson("Could we learn without derivatives?", "learn/without-derivatives.md"),
    15: Lesson("The thread, claim by claim", "claims.md"),
    16: Lesson("Reproductions", "reproductions.md"),
})  # fmt: skip
