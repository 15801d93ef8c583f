"""Printable sheets: whole documents that need nothing else, with and without solutions."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pytest

import nnexplain as nne
from nnexplain.errors import NnexplainError
from nnexplain.exercises import Choice
from nnexplain.exercises.sheet import readable
from nnexplain.exercises.text import Formula
from nnexplain.numbers import format_number


class _Nesting(HTMLParser):
    """Fail at the first tag that is closed in the wrong order, and collect what is loaded."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.loads: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "br", "link"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("lesson", nne.exercises.lessons)
def test_every_lesson_has_a_sheet(lesson: int) -> None:
    html = nne.exercises.sheet(lesson, seed=3)
    assert _Nesting(html).loads == []
    assert "url(" not in html
    assert "@import" not in html
    names = nne.exercises.lessons[lesson]
    assert html.count("<section>") == len(names)
    assert [nne.exercises.get(name).title in html for name in names] == [True] * len(names)
    assert not re.search(r"\\[a-z]|\$", html.split("</style>")[1])


@pytest.mark.parametrize("name", nne.exercises.names)
def test_answers_stand_on_the_sheet_with_solutions_only(name: str) -> None:
    plain, solved = (nne.exercises.sheet(name, seed=3, solutions=s) for s in (False, True))
    assert "Solution" not in plain
    assert "Answer: " in plain
    assert _Nesting(solved).loads == []
    answer = nne.exercises.get(name, 3).answer
    if isinstance(answer, Choice):
        assert f"Answer: {answer.letters[answer.right]}) " in solved
        return
    last = solved.split("Answer: ")[1]
    for part in answer.parts:
        assert format_number(part.value).split(" ")[0] in last


def test_a_sheet_names_the_call_that_makes_it_again() -> None:
    chosen = ["w14-gradient", "hidden-delta"]
    html = nne.exercises.sheet(chosen, seed=42, solutions=True)
    call = re.search(r"<code>(.*?)</code>", html)
    assert call is not None
    code = call[1].replace("&#x27;", "'").replace("&quot;", '"')
    assert eval(code, {"nne": nne}) == html
    assert html == nne.exercises.sheet(tuple(chosen), seed=42, solutions=True)
    assert html != nne.exercises.sheet(chosen, seed=43, solutions=True)


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        (17, "there is no lesson 17; the lessons are 0 to 16"),
        ("w14", "unknown exercise 'w14'"),
        (["w14-gradient", "nothing"], "unknown exercise 'nothing'"),
        ([], "needs the number of a lesson or names of exercises"),
        ([4, 5], r"got \[4, 5\]; those of several lessons are in nne.exercises.lessons"),
        (True, "needs the number of a lesson"),
        (None, "needs the number of a lesson"),
    ],
)
def test_what_makes_no_sheet_says_so(chosen: object, message: str) -> None:
    with pytest.raises(NnexplainError, match=message):
        nne.exercises.sheet(chosen)  # type: ignore[arg-type]


def test_formulas_without_mathml_are_escaped_and_have_subscripts() -> None:
    assert readable(Formula("", "∂J/∂w14 < δ6", display=False)) == (
        "∂J/∂<i>w</i><sub>14</sub> &lt; <i>δ</i><sub>6</sub>"
    )
    assert readable(Formula("", "a <b>\n  = 1")) == "<pre>a &lt;b&gt;\n  = 1</pre>"


def test_a_lesson_s_number_may_be_of_numpy() -> None:
    assert nne.exercises.sheet(np.int64(5), seed=3) == nne.exercises.sheet(5, seed=3)
