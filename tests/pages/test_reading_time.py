"""Reading time: what a reader reads counts, what stays closed does not."""

from __future__ import annotations

from nnexplain.pages.reading_time import minutes

TEXT = "<p>" + "word " * 200 + "</p>"


def test_two_hundred_words_take_a_minute() -> None:
    assert minutes(TEXT) == 1
    assert minutes(TEXT * 3) == 3


def test_figures_code_and_formulas_take_time() -> None:
    assert minutes(TEXT + "<figure></figure>" * 3) == 2
    assert minutes(TEXT + "<pre>x</pre>" * 4) == 3  # a minute of pauses, and four words
    assert minutes(TEXT + "<math></math>") == 2


def test_the_letters_of_a_formula_are_not_words() -> None:
    formula = "<math>" + "<mi>w</mi> " * 200 + "</math>"
    assert minutes(TEXT + formula) == 2


def test_exercises_take_none() -> None:
    assert minutes(TEXT + f"<section><math></math>{TEXT * 9}</section>") == 1


def test_what_is_closed_takes_none() -> None:
    assert minutes(TEXT + f"<details>{TEXT * 9}<figure></figure></details>") == 1
