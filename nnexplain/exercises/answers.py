"""What is asked, what is right, which mistakes are known, and what a given answer is told.

The page compares with the same numbers and says the same sentences: `TEXTS` and the records here
are all that its script gets.
"""

from __future__ import annotations

import math
import re
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnexplain.errors import NnexplainError, UnknownNameError, real_array
from nnexplain.exercises.text import is_about, listed, name_tex
from nnexplain.latex import plain

TEXTS: Mapping[str, str] = {
    "right": "Right.",
    "close": "Close, but not close enough: keep more digits on the way.",
    "wrong": "Not yet.",
    "some": "Right: {right}. Not yet: {wrong}.",
}
# A slip of rounding is larger than one unit of the last digit asked for, and smaller than these.
_CLOSE = 10
CLOSE = "rounded too early"
_WORDS_OF_DIGITS = {3: "Three", 4: "Four"}


@dataclass(frozen=True)
class Verdict:
    """What an answer is told: true if it is right, else with the mistake if it is a known one.

    >>> verdict = Verdict(False, "sign", "Not yet. The sign is wrong.")
    >>> bool(verdict), str(verdict)
    (False, 'Not yet. The sign is wrong.')
    """

    correct: bool
    mistake: str | None
    words: str

    def __bool__(self) -> bool:
        return self.correct

    def __str__(self) -> str:
        return self.words


@dataclass(frozen=True)
class Part:
    """One number that is asked for: its TeX, the right value, and how far off is still right.

    `digits` is how many significant digits are asked for; 0 asks for a whole number.
    """

    tex: str
    value: float
    digits: int

    @property
    def label(self) -> str:
        """The name in plain text."""
        return plain(self.tex)

    @property
    def tolerance(self) -> float:
        """One unit of the last digit asked for; 0 for a whole number."""
        return tolerance(self.value, self.digits)


def tolerance(value: float, digits: int) -> float:
    """Return one unit of the last of `digits` significant digits; 0 where all digits are asked.

    >>> round(tolerance(0.0087, 3), 9), tolerance(12.0, 0), tolerance(0.0, 3)
    (1e-05, 0.0, 0.001)
    """
    if digits == 0:
        return 0.0
    exponent = math.floor(math.log10(abs(value))) + 1 if value else 0
    return float(10.0 ** (exponent - digits))


@dataclass(frozen=True)
class Mistake:
    """A usual mistake: what it is called, what it makes of the numbers, what the reader is told."""

    name: str
    values: float | Sequence[float]
    words: str


@dataclass(frozen=True)
class Numbers:
    """One number or several, and the mistakes that are recognised in them.

    >>> import nnexplain as nne
    >>> answer = nne.exercises.get("count-parameters", seed=7).answer
    >>> answer.asked, [mistake.name for mistake in answer.mistakes][:1]
    ('Give a whole number.', ['forgot the biases'])
    """

    parts: tuple[Part, ...]
    mistakes: tuple[Mistake, ...]

    @property
    def asked(self) -> str:
        """How many digits are expected."""
        digits = max(part.digits for part in self.parts)
        if digits == 0:
            return "Give a whole number." if len(self.parts) == 1 else "Give whole numbers."
        return f"{_WORDS_OF_DIGITS[digits]} significant digits are enough."

    @property
    def shown(self) -> str:
        """Every part with its value."""
        return listed(f"${part.tex} {is_about(part.value)}$" for part in self.parts)

    def values_of(self, mistake: Mistake) -> list[tuple[float, float]]:
        """Return what a mistake makes of each part, and how near to it is recognised."""
        values = np.atleast_1d(mistake.values).tolist()
        return [
            (value, max(tolerance(value, part.digits), part.tolerance))
            for value, part in zip(values, self.parts, strict=True)
        ]

    @property
    def is_clear(self) -> bool:
        """Whether the right answer and all mistakes lie well apart."""
        spots = [[(part.value, part.tolerance) for part in self.parts]]
        spots += [self.values_of(mistake) for mistake in self.mistakes]
        return all(_apart(a, b) for k, a in enumerate(spots) for b in spots[:k])

    def read(self, answer: Any, what: str) -> list[float]:
        """Return an answer as one float a part; raises if it cannot be one."""
        labels = ", ".join(part.label for part in self.parts)
        given = real_array(answer, f"the answer to {what} ({labels})")
        if given.shape != (() if len(self.parts) == 1 else (len(self.parts),)):
            count = "one number" if len(self.parts) == 1 else f"{len(self.parts)} numbers in a list"
            raise NnexplainError(
                f"{what} asks for {count} ({labels}), got {answer!r} of shape {given.shape}"
            )
        return [float(value) for value in np.atleast_1d(given)]

    def verdict(self, answer: Any, what: str) -> Verdict:
        """Compare an answer with the right one, then with each mistake."""
        values = self.read(answer, what)
        off = [abs(value - part.value) for value, part in zip(values, self.parts, strict=True)]
        right = [gap <= part.tolerance for gap, part in zip(off, self.parts, strict=True)]
        if all(right):
            return Verdict(True, None, TEXTS["right"])
        for mistake in self.mistakes:
            spots = zip(values, self.values_of(mistake), strict=True)
            if all(abs(value - at) <= near for value, (at, near) in spots):
                return Verdict(False, mistake.name, f"{TEXTS['wrong']} {mistake.words}")
        if all(gap <= _CLOSE * part.tolerance for gap, part in zip(off, self.parts, strict=True)):
            return Verdict(False, CLOSE, TEXTS["close"])
        return Verdict(False, None, self._some(right) if any(right) else TEXTS["wrong"])

    def _some(self, right: Sequence[bool]) -> str:
        names = {
            word: ", ".join(
                part.label for part, ok in zip(self.parts, right, strict=True) if ok is which
            )
            for word, which in (("right", True), ("wrong", False))
        }
        return TEXTS["some"].format(**names)

    @property
    def data(self) -> dict[str, Any]:
        """All that a script compares with, as JSON."""
        return {
            "parts": [
                {"label": p.label, "value": p.value, "within": p.tolerance,
                 "close": _CLOSE * p.tolerance}
                for p in self.parts
            ],
            "mistakes": [
                {"words": mistake.words, "spots": self.values_of(mistake)}
                for mistake in self.mistakes
            ],
        }  # fmt: skip


def _apart(a: Sequence[tuple[float, float]], b: Sequence[tuple[float, float]]) -> bool:
    return any(abs(x - y) > 2 * (u + v) for (x, u), (y, v) in zip(a, b, strict=True))


@dataclass(frozen=True)
class Option:
    """Something to choose: its text, and what whoever chooses it wrongly has done.

    Of the right one `words` says why it is right, and `mistake` is empty.
    """

    text: str
    words: str
    mistake: str = ""


@dataclass(frozen=True)
class Choice:
    """One of several options, exactly one of which is right.

    >>> import nnexplain as nne
    >>> names = nne.exercises.names
    >>> problems = (nne.exercises.get(name) for name in names)
    >>> next(p.answer.asked for p in problems if isinstance(p.answer, nne.exercises.Choice))
    'Choose one: a, b or c.'
    """

    options: tuple[Option, ...]

    @property
    def letters(self) -> str:
        """A letter for each option."""
        return string.ascii_lowercase[: len(self.options)]

    @property
    def asked(self) -> str:
        """Which letters there are."""
        return f"Choose one: {', '.join(self.letters[:-1])} or {self.letters[-1]}."

    @property
    def right(self) -> int:
        """The place of the right option."""
        return [option.mistake for option in self.options].index("")

    @property
    def shown(self) -> str:
        """The right option with its letter, and why."""
        option = self.options[self.right]
        text = f"{self.letters[self.right]}) {option.text}. {option.words}"
        return re.sub(r"\b[wabxz]\d+\b", lambda name: f"${name_tex(name[0])}$", text)

    @property
    def is_clear(self) -> bool:
        """Whether one option is right and no two say the same."""
        texts = {option.text for option in self.options}
        wrong = [option for option in self.options if option.mistake]
        return len(texts) == len(self.options) == len(wrong) + 1

    def verdict(self, answer: Any, what: str) -> Verdict:
        """Judge the letter of an option."""
        letter = answer.strip().lower() if isinstance(answer, str) else answer
        if not isinstance(letter, str) or len(letter) != 1 or letter not in self.letters:
            raise UnknownNameError(f"answer to {what}", answer, self.letters)
        option = self.options[self.letters.index(letter)]
        said = TEXTS["wrong" if option.mistake else "right"]
        return Verdict(not option.mistake, option.mistake or None, f"{said} {option.words}")

    @property
    def data(self) -> dict[str, Any]:
        """All that a script compares with, as JSON."""
        return {
            "options": [
                {"text": option.text, "words": option.words, "right": not option.mistake}
                for option in self.options
            ]
        }
