"""Exercises that check themselves: numbers by seed, known mistakes named, solutions worked.

`get(name, seed)` gives a problem, `names` lists the exercises in the order of the lessons,
`lessons` groups them by lesson, and `sheet(...)` prints some of them.

>>> import nnexplain as nne
>>> problem = nne.exercises.get("count-parameters", seed=7)
>>> print(problem.question)
A network has 3 inputs, 2 hidden units and 3 outputs, each with a bias. How many parameters has it?
<BLANKLINE>
Give a whole number.
>>> verdict = problem.check(12)
>>> verdict.correct, verdict.mistake
(False, 'forgot the biases')
>>> print(problem.solution())
(3 + 1) · 2 + (2 + 1) · 3 = 17
<BLANKLINE>
Answer: parameters = 17
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import SupportsIndex

from nnexplain.exercises import backpropagation as _backpropagation
from nnexplain.exercises import derivative_free as _derivative_free
from nnexplain.exercises import descent as _descent
from nnexplain.exercises import forward as _forward
from nnexplain.exercises import gradient as _gradient
from nnexplain.exercises import landscape as _landscape
from nnexplain.exercises import loss as _loss
from nnexplain.exercises import ramp as _ramp
from nnexplain.exercises import relu as _relu
from nnexplain.exercises import reproductions as _reproductions
from nnexplain.exercises import saturation as _saturation
from nnexplain.exercises import sensitivity as _sensitivity
from nnexplain.exercises import short_answer as _short_answer
from nnexplain.exercises import straight_line as _straight_line
from nnexplain.exercises import thread as _thread
from nnexplain.exercises import value_and_slope as _value_and_slope
from nnexplain.exercises import zero_slope as _zero_slope
from nnexplain.exercises.answers import Choice, Numbers, Verdict
from nnexplain.exercises.lesson import LESSONS
from nnexplain.exercises.problem import Exercise, Problem, exercises
from nnexplain.exercises.sheet import sheet

__all__ = [
    "Choice",
    "Exercise",
    "Numbers",
    "Problem",
    "Verdict",
    "get",
    "lessons",
    "names",
    "sheet",
]

del (
    _backpropagation,
    _derivative_free,
    _descent,
    _forward,
    _gradient,
    _landscape,
    _loss,
    _ramp,
    _relu,
    _reproductions,
    _saturation,
    _sensitivity,
    _short_answer,
    _straight_line,
    _thread,
    _value_and_slope,
    _zero_slope,
)

names: tuple[str, ...] = tuple(exercises)
"""What `get` knows: the names of all exercises, in the order of the lessons."""
lessons: Mapping[int, tuple[str, ...]] = MappingProxyType({
    lesson: tuple(name for name in names if exercises[name].lesson == lesson) for lesson in LESSONS
})  # fmt: skip
"""The names of the exercises of each lesson, by its number."""


def get(name: str, seed: SupportsIndex = 0) -> Problem:
    """Return a problem: the exercise called `name` with the numbers of `seed`.

    Another seed, a whole number from 0 on, gives other numbers. An unknown name raises, and the
    nearest is suggested; all are in `names`, and by lesson in `lessons`.

    >>> get("w14-gradient", seed=7).check(10).words
    'Not yet.'
    """
    return exercises[name].problem(seed)
