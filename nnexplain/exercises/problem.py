"""An exercise is a recipe for problems; a problem is the exercise with the numbers of one seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, SupportsIndex

from nnexplain.errors import NnexplainError, UnknownNameError, whole_number
from nnexplain.exercises.answers import Choice, Numbers, Verdict
from nnexplain.exercises.draw import Draw
from nnexplain.exercises.text import Block, Passage

_TRIES = 1000


@dataclass(frozen=True)
class Draft:
    """What a recipe makes of drawn numbers.

    `numbers` are what the question gives, by name; `question`, `hint` and `worked` are paragraphs
    and formulas. A draft that is not `sound`, or whose mistakes cannot be told apart, is drawn
    again.
    """

    numbers: Mapping[str, Any]
    question: tuple[Block, ...]
    answer: Numbers | Choice
    hint: tuple[Block, ...]
    worked: tuple[Block, ...]
    sound: bool = True


@dataclass(frozen=True)
class Problem:
    """A question with numbers of its own, which judges answers and knows its solution.

    It prints as plain text and shows itself with formulas in a notebook.

    >>> import nnexplain as nne
    >>> problem = nne.exercises.get("loss-slope", seed=1)
    >>> problem.numbers
    {'h': 0.97, 'y': 0.0}
    >>> print(problem.check(-0.97))
    Not yet. That is y − h. J grows when h moves away from y, and then the slope is h − y.
    """

    name: str
    lesson: int
    title: str
    seed: int
    draft: Draft

    @property
    def numbers(self) -> Mapping[str, Any]:
        """The numbers that the question gives, by name."""
        return self.draft.numbers

    @property
    def answer(self) -> Numbers | Choice:
        """What is asked for, with what is right and the mistakes that are recognised."""
        return self.draft.answer

    @property
    def question(self) -> Passage:
        """The question, with the options of a choice, and what kind of answer is expected."""
        options: tuple[str, ...] = ()
        if isinstance(self.answer, Choice):
            letters = zip(self.answer.letters, self.answer.options, strict=True)
            options = tuple(f"{letter}) {option.text}" for letter, option in letters)
        return Passage((*self.draft.question, *options, self.answer.asked))

    @property
    def hint(self) -> Passage:
        """How to begin."""
        return Passage(self.draft.hint)

    def solution(self) -> Passage:
        """Return the worked solution, which ends with the answer."""
        return Passage((*self.draft.worked, f"Answer: {self.answer.shown}"))

    def check(self, answer: Any) -> Verdict:
        """Return the verdict on an answer: a number, numbers in a list, or the letter of an option.

        Raises `NnexplainError` for what can be no answer: text or nan for a number, too few
        numbers, a letter that is not there.
        """
        return self.answer.verdict(answer, self.name)

    def __str__(self) -> str:
        return f"{self.title}\n\n{self.question}"

    def __repr__(self) -> str:
        return str(self)

    def _repr_markdown_(self) -> str:
        return f"**{self.title}**\n\n{self.question.markdown}"


@dataclass(frozen=True)
class Exercise:
    """A recipe: its name, the lesson it belongs to, its title, and the function that drafts it.

    >>> from nnexplain.exercises.problem import exercises
    >>> exercise = exercises["w14-gradient"]
    >>> exercise.lesson, exercise.problem(seed=7).seed
    (5, 7)
    """

    name: str
    lesson: int
    title: str
    draft: Callable[[Draw], Draft]

    def problem(self, seed: SupportsIndex = 0) -> Problem:
        """Return the problem of a seed, a whole number from 0 on."""
        number = whole_number(seed, "seed", 0)
        for trial in range(_TRIES):
            draft = self.draft(Draw(f"{self.name} {number} {trial}"))
            if draft.sound and draft.answer.is_clear:
                return Problem(self.name, self.lesson, self.title, number, draft)
        raise NnexplainError(
            f"{self.name} found no clear problem for seed {number}; "
            "its mistakes are too near to each other: widen the range of its numbers"
        )


class Exercises(Mapping[str, Exercise]):
    """All exercises by name, lesson by lesson.

    >>> exercises["w14-gradiant"]
    Traceback (most recent call last):
    nnexplain.errors.UnknownNameError: unknown exercise 'w14-gradiant'; did you mean ...
    """

    def __init__(self) -> None:
        self._records: dict[str, Exercise] = {}

    def __getitem__(self, name: str) -> Exercise:
        """Return the exercise called `name`."""
        if not isinstance(name, str) or name not in self._records:
            raise UnknownNameError("exercise", name, self._records)
        return self._records[name]

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._records, key=lambda name: self._records[name].lesson))

    def __len__(self) -> int:
        return len(self._records)

    def register(
        self, name: str, lesson: int, title: str
    ) -> Callable[[Callable[[Draw], Draft]], Callable[[Draw], Draft]]:
        """Return a decorator that makes a function the recipe of a new exercise."""
        if name in self._records:
            raise NnexplainError(f"exercise {name!r} exists already; choose another name")

        def keep(draft: Callable[[Draw], Draft]) -> Callable[[Draw], Draft]:
            self._records[name] = Exercise(name, lesson, title, draft)
            return draft

        return keep


exercises = Exercises()
