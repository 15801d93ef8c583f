"""Every exercise: right by an independent oracle, its mistakes recognised, on many seeds."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

import nnexplain as nne
from nnexplain.errors import NnexplainError, UnknownNameError
from nnexplain.exercises import Choice, Numbers, Problem
from nnexplain.exercises.answers import CLOSE, TEXTS
from nnexplain.exercises.draw import Draw
from nnexplain.exercises.lesson import LESSONS
from nnexplain.numbers import format_number
from nnexplain.pages.exercise import SHEET_SEEDS, shipped
from tests.exercises.oracles import ORACLES, sigma, slope
from tests.site import ROOT

NAMES = nne.exercises.names
# All that the site and its sheets ship, and some that a course may draw.
RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
MANY = sorted({*SHEET_SEEDS, *range(20)})


@cache
def problems(name: str) -> list[Problem]:
    drawn = [nne.exercises.get(name, seed) for seed in MANY]
    return drawn + [problem for problem in shipped(name) if problem.seed not in MANY]


def test_every_exercise_has_an_oracle_of_its_own() -> None:
    assert set(ORACLES) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_independent_oracle_finds_the_same_answer(name: str) -> None:
    for problem in problems(name):
        found = ORACLES[name](problem.numbers)
        if isinstance(problem.answer, Choice):
            right = problem.answer.options[problem.answer.right].text
            assert found == right, problem
        else:
            values = [part.value for part in problem.answer.parts]
            assert np.atleast_1d(found) == pytest.approx(values, rel=2e-6, abs=1e-12), problem


@pytest.mark.parametrize("name", NAMES)
def test_right_answers_pass_and_every_mistake_is_named(name: str) -> None:
    for problem in problems(name):
        answer = problem.answer
        if isinstance(answer, Choice):
            for letter, option in zip(answer.letters, answer.options, strict=True):
                verdict = problem.check(letter)
                assert bool(verdict) is (option.mistake == "")
                assert verdict.mistake == (option.mistake or None)
            continue
        right = np.array([part.value for part in answer.parts])
        assert problem.check(shaped(right))
        for mistake in answer.mistakes:
            values = np.atleast_1d(mistake.values)
            verdict = problem.check(shaped(values))
            assert not verdict, (name, problem.seed, mistake)
            assert verdict.mistake == mistake.name, (name, problem.seed, mistake, verdict)
            assert mistake.words in verdict.words
            off = [p.tolerance for p in answer.parts]
            assert (abs(values - right) > off).any()


def shaped(values: np.ndarray) -> object:
    return float(values[0]) if len(values) == 1 else values


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_with_the_digits_asked_for_is_right(name: str) -> None:
    for problem in problems(name):
        if isinstance(problem.answer, Choice):
            continue
        rounded = [
            float(f"{part.value:.{part.digits - 1}e}") if part.digits else part.value
            for part in problem.answer.parts
        ]
        assert problem.check(shaped(np.array(rounded))), problem


@pytest.mark.parametrize("name", NAMES)
def test_other_seeds_are_other_problems_and_the_same_seed_the_same(name: str) -> None:
    texts = [str(problem) for problem in problems(name)]
    again = [str(nne.exercises.get(name, problem.seed)) for problem in problems(name)[:3]]
    assert texts[:3] == again
    # A choice has few situations; numbers hardly ever meet.
    few = isinstance(nne.exercises.get(name).answer, Choice)
    assert len(set(texts)) >= (4 if few else 0.75 * len(texts)), name
    assert len({str(problem.question) for problem in shipped(name)}) in ((4, 5) if few else (5,))


@pytest.mark.parametrize("name", NAMES)
def test_the_question_gives_every_number_and_every_text_reads_well(name: str) -> None:
    for problem in problems(name):
        question = str(problem.question).translate(RAISED)
        for value in problem.numbers.values():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, float):
                    assert format_number(abs(one)) in question, (name, one)
        for passage in (problem.question, problem.hint, problem.solution()):
            text = str(passage)
            assert not re.search(r"[\\{}$*]|\d{7}|(?<!\d)- ?\d|nan|∞", text), (name, text)
            assert passage.markdown.count("$") % 2 == 0
            for tex in re.findall(r"\$+([^$]+)\$+", passage.markdown):
                assert tex.count("{") == tex.count("}")
        assert str(problem.solution()).splitlines()[-1].startswith("Answer: ")


def test_every_lesson_has_two_and_a_page_that_shows_them() -> None:
    for lesson, about in LESSONS.items():
        names = nne.exercises.lessons[lesson]
        assert len(names) >= 2
        text = (ROOT / "docs" / about.page).read_text(encoding="utf-8")
        assert re.findall(r'exercise\("([^"]+)"\)', text) == list(names), about.page
    config = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    nav = dict(re.findall(r"- '?(?:\d+\. )?(.+?)'?: (\S+\.md)", config))
    assert {title: nav[title] for title in nav if nav[title] in pages()} == {
        about.title: about.page for about in LESSONS.values()
    }


def pages() -> set[str]:
    return {about.page for about in LESSONS.values()}


def test_the_thread_forgot_w46() -> None:
    problem = nne.exercises.get("w14-gradient", seed=7)
    without = problem.answer.mistakes[0].values
    verdict = problem.check(without)
    assert not verdict.correct
    assert verdict.mistake == "dropped w46"
    assert str(verdict).startswith("Not yet. This comes out without the factor w46")


# What a slip is called says how it relates to the right answer, whatever the exercise.
RELATIONS: dict[str, Callable[[np.ndarray], list[np.ndarray]]] = {
    "wrong sign": lambda right: [-right],
    "exchanged": lambda right: [right[::-1]],
    "forgot ½": lambda right: [2 * right, right * [2, 1][: len(right)]],
    "one nudge": lambda right: [right / 2],
    "one side only": lambda right: [right / 2],
    "forgot the 2": lambda right: [2 * right],
    "averaged": lambda right: [right / 2, right * [0.5, 1][: len(right)], right * 2 / 3],
}


@pytest.mark.parametrize("slip", RELATIONS)
def test_a_slip_is_what_it_is_called(slip: str) -> None:
    met = 0
    for name in set(NAMES) - {"batch-gradient"}:
        for problem in problems(name):
            if isinstance(problem.answer, Choice):
                continue
            right = np.array([part.value for part in problem.answer.parts])
            for mistake in problem.answer.mistakes:
                if mistake.name == slip:
                    found = np.atleast_1d(mistake.values)
                    assert any(np.allclose(found, one) for one in RELATIONS[slip](right)), name
                    met += 1
    assert met >= len(MANY)


def test_slips_of_the_gradient_are_the_right_product_without_their_factor() -> None:
    for problem in problems("w14-gradient"):
        g, right = problem.numbers, problem.answer.parts[0].value
        z = {k: sum(g[f"w{i}{k}"] * g[f"x{i}"] for i in (1, 2, 3)) + g[f"b{k}"] for k in (4, 5)}
        z[6] = g["w46"] * sigma(z[4]) + g["w56"] * sigma(z[5]) + g["b6"]
        slopes = {k: slope(sigma, at) for k, at in z.items()}
        wanted = {
            "dropped w46": right / g["w46"],
            "wrong sign": -right,
            "dropped σ′(z6)": right / slopes[6],
            "dropped σ′(z4)": right / slopes[4],
            "used a4": right / slopes[4] * sigma(z[4]),
            "used h": right / slopes[6] * sigma(z[6]),
            "dropped x1": right / g["x1"],
            "took w56": right / g["w46"] * g["w56"],
        }
        found = {mistake.name: mistake.values for mistake in problem.answer.mistakes}
        assert found == pytest.approx(wanted, rel=1e-9)


def test_rounding_too_early_is_close_and_not_enough() -> None:
    problem = nne.exercises.get("w14-gradient", seed=7)
    part = problem.answer.parts[0]
    verdict = problem.check(part.value + 3 * part.tolerance)
    assert (verdict.correct, verdict.mistake, verdict.words) == (False, CLOSE, TEXTS["close"])
    assert problem.check(1e9).mistake is None


def test_of_several_numbers_the_right_ones_are_named() -> None:
    problem = nne.exercises.get("slope-along", seed=1)
    first, second = (part.value for part in problem.answer.parts)
    assert problem.check([first, second])
    verdict = problem.check([first, 77])
    assert verdict.words == "Right: slope. Not yet: steepest."
    assert problem.check((44, 77)).words == TEXTS["wrong"]


@pytest.mark.parametrize(
    ("name", "answer", "message"),
    [
        (
            "w14-gradient",
            "a lot",
            "answer to w14-gradient .∂J/∂w14. must be real numbers, got text",
        ),
        ("w14-gradient", float("nan"), "must be finite, got nan"),
        ("w14-gradient", float("inf"), "must be finite, got inf"),
        ("w14-gradient", None, "must be real numbers"),
        ("w14-gradient", True, "True/False"),
        ("w14-gradient", [1.0], "asks for one number .∂J/∂w14., got .1.0. of shape"),
        ("slope-along", 1.0, "asks for 2 numbers in a list .slope, steepest., got 1.0"),
        ("slope-along", [1.0, 2.0, 3.0], "asks for 2 numbers"),
        ("which-way", "z", "unknown answer to which-way 'z'. Allowed: a, b, c"),
        ("which-way", 1, "unknown answer to which-way 1"),
        ("which-way", "", "unknown answer"),
    ],
)
def test_what_can_be_no_answer_is_refused_with_what_is_asked(
    name: str, answer: object, message: str
) -> None:
    with pytest.raises(NnexplainError, match=message):
        nne.exercises.get(name, seed=1).check(answer)


def test_letters_may_be_large_and_numbers_of_any_kind() -> None:
    choice = nne.exercises.get("which-way", seed=1)
    letter = choice.answer.letters[choice.answer.right]
    assert choice.check(f" {letter.upper()} ")
    count = nne.exercises.get("count-parameters", seed=1)
    assert count.check(np.int64(count.answer.parts[0].value))


@pytest.mark.parametrize("seed", [-1, 1.5, "7", None, True])
def test_a_seed_is_a_whole_number_from_0_on(seed: object) -> None:
    with pytest.raises(NnexplainError, match="seed must be a whole number of 0 or more, got"):
        nne.exercises.get("nudge", seed)  # type: ignore[arg-type]


def test_an_unknown_name_suggests_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'w14-gradient'"):
        nne.exercises.get("w14gradient")


def test_a_problem_shows_itself_richly_and_prints_plainly() -> None:
    problem = nne.exercises.get("w14-gradient", seed=7)
    assert problem._repr_markdown_().startswith("**The derivative of a weight in front**")
    assert r"\frac{\partial J}{\partial w_{14}}" in problem.question._repr_markdown_()
    assert r"\begin{aligned}" in problem.solution()._repr_markdown_()
    assert ["∂J/∂w14", "(h − y) · σ′(z6) · w46 · σ′(z4) · x1"][1] in str(problem.solution())
    assert repr(problem) == str(problem)


def test_draws_stay_what_they_are() -> None:
    # The same on every machine and version: a sheet that was printed can be printed again.
    draw = Draw("fixed")
    drawn = [draw.decimal(-1, 1), draw.whole(1, 6), draw.pick("abc"), draw.shuffled([1, 2, 3])]
    assert drawn == [0.9, 4, "c", [3, 2, 1]]
    many = [Draw(f"{k}").decimal(-0.2, 0.2) for k in range(200)]
    assert set(many) == {-0.2, -0.1, 0.1, 0.2}


def test_mistakes_too_near_to_each_other_are_not_clear() -> None:
    problem = nne.exercises.get("nudge", seed=1)
    answer = problem.answer
    assert isinstance(answer, Numbers)
    assert answer.is_clear
    doubled = Numbers(answer.parts, (*answer.mistakes, answer.mistakes[0]))
    assert not doubled.is_clear
