"""An exercise on a page: question, form, hint and solution; other variants wait in a file."""

from __future__ import annotations

import itertools
import json
import posixpath
from functools import cache
from html import escape
from typing import Any

from nnexplain import exercises
from nnexplain.exercises import Choice, Problem
from nnexplain.exercises.answers import TEXTS
from nnexplain.exercises.lesson import LESSONS
from nnexplain.exercises.text import Formula, Passage
from nnexplain.figures.labels import subscripted
from nnexplain.pages.maths import mathml

FOLDER = "assets/exercises"
SCRIPT = "assets/exercises.js"
_COUNT, _ENOUGH = 5, 50
SHEETS = "assets/sheets"
SHEET_SEEDS = (1, 2)


def maths(formula: Formula) -> str:
    """Return a formula as the pages write theirs.

    >>> maths(Formula("x", "x", display=False))
    '<math><mi>x</mi></math>'
    """
    return mathml(formula.tex, display=formula.display)


def file(name: str) -> str:
    """Return the path on the site of an exercise's variants.

    >>> file("w14-gradient")
    'assets/exercises/w14-gradient.json'
    """
    return f"{FOLDER}/{name}.json"


@cache
def shipped(name: str) -> tuple[Problem, ...]:
    """Return the problems that a page offers one after the other, no two alike.

    There are five of them; fewer where an exercise has fewer situations.
    """
    found: dict[str, Problem] = {}
    for seed in range(_ENOUGH):
        problem = exercises.get(name, seed)
        found.setdefault(_situation(problem), problem)
        if len(found) == _COUNT:
            break
    return tuple(found.values())


def _situation(problem: Problem) -> str:
    return str(Passage(problem.draft.question))


def variants(name: str) -> str:
    """Return all variants of an exercise as JSON: what is shown, what is right, what is said."""
    made = [_variant(problem) for problem in shipped(name)]
    return json.dumps({"texts": TEXTS, "variants": made}, ensure_ascii=False, separators=(",", ":"))


def _variant(problem: Problem) -> dict[str, Any]:
    return {
        "question": _html(Passage(problem.draft.question)),
        "hint": _html(problem.hint),
        "solution": _html(problem.solution()),
        "python": _code(problem),
        **_subscripted(problem.answer.data),
    }


def _html(passage: Passage) -> str:
    return passage.html(maths).replace(" × 10", "\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}10")


def _code(problem: Problem) -> str:
    return f'nne.exercises.get("{problem.name}", seed={problem.seed})'


def _subscripted(data: Any) -> Any:
    """Return the same data with the names in all its texts set with true subscripts."""
    if isinstance(data, dict):
        return {key: _subscripted(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [_subscripted(value) for value in data]
    return subscripted(data) if isinstance(data, str) else data


def place(name: str, number: int, url: str) -> str:
    """Return the first problem of an exercise as HTML that a script completes.

    Without a script question, hint and solution are there, and no form. `number` counts the
    exercises of the page, `url` is the page's address on the site.
    """
    problem = shipped(name)[0]
    own = f"exercise-{name}"
    script = f'<script type="module" src="{posixpath.relpath(SCRIPT, url or ".")}"></script>'
    return "\n".join([
        f'<section class="nne-exercise" id="{own}" aria-labelledby="{own}-title" '
        f'data-variants="{posixpath.relpath(file(name), url or ".")}">',
        f'<h3 id="{own}-title">{number}. {escape(problem.title)}</h3>',
        f'<div class="nne-ask">{_html(Passage(problem.draft.question))}</div>',
        _options(problem),
        f"<p>{escape(problem.answer.asked)}</p>" if not isinstance(problem.answer, Choice) else "",
        f'<form hidden novalidate autocomplete="off" data-search-exclude>{_fields(problem, own)}',
        '<div class="nne-buttons"><button>Check</button>'
        '<button type="button">Another problem</button></div>',
        f'<p class="nne-verdict" role="status" id="{own}-says"></p></form>',
        _help("Hint", problem.hint),
        _help("Solution", problem.solution()),
        f'<p class="nne-code" data-search-exclude>In Python: <code>{escape(_code(problem))}</code>'
        "</p>",
        script if number == 1 else "",
        "</section>",
    ])  # fmt: skip


def _options(problem: Problem) -> str:
    """Return the options as a list, for readers without scripts; the form has them too."""
    if not isinstance(problem.answer, Choice):
        return ""
    rows = (f"<li>{escape(subscripted(o.text))}</li>" for o in problem.answer.options)
    return f'<ol class="nne-options" type="a">{"".join(rows)}</ol>'


def _fields(problem: Problem, own: str) -> str:
    if isinstance(problem.answer, Choice):
        pairs = zip(problem.answer.letters, problem.answer.options, strict=True)
        radios = "".join(
            f'<label><input type="radio" name="{own}" value="{k}">{letter}) '
            f"<span>{escape(subscripted(option.text))}</span></label>"
            for k, (letter, option) in enumerate(pairs)
        )
        return f"<fieldset><legend>Your answer</legend>{radios}</fieldset>"
    return '<div class="nne-numbers">' + "".join(
        f'<label for="{own}-{k}"><span>{escape(subscripted(part.label))}</span> =</label>'
        f'<input id="{own}-{k}" inputmode="text" spellcheck="false" aria-describedby="{own}-says">'
        for k, part in enumerate(problem.answer.parts)
    ) + "</div>"  # fmt: skip


def _help(title: str, passage: Passage) -> str:
    return (
        f'<details class="nne-help" data-search-exclude><summary>{title}</summary>'
        f"<div>{_html(passage)}</div></details>"
    )


def sheets(url: str) -> tuple[str, dict[str, bytes]]:
    """Return links to printable sheets of every lesson as HTML, and the sheets by their path."""
    files, rows = {}, []
    for lesson, about in LESSONS.items():
        pairs: dict[int, list[str]] = {seed: [] for seed in SHEET_SEEDS}
        for seed, solutions in itertools.product(SHEET_SEEDS, (False, True)):
            path = f"{SHEETS}/lesson-{lesson}-{seed}{'-solutions' if solutions else ''}.html"
            html = exercises.sheet(lesson, seed, solutions=solutions, maths=maths)
            files[path] = html.encode()
            said = f"{'Solutions' if solutions else 'Sheet'} {seed}"
            pairs[seed].append(
                f'<a href="{posixpath.relpath(path, url)}" aria-label="Lesson {lesson}: {said}">'
                f"{said}</a>"
            )
        at = posixpath.relpath(_address(about.page), url)
        title = f'{lesson}. <a href="{at}/#exercises">{escape(about.title)}</a>'
        links = " ".join(f"<span>{' · '.join(pair)}</span>" for pair in pairs.values())
        rows.append(f"<li>{title}<br>{links}</li>")
    rows = ['<ul class="nne-sheets">', *rows, "</ul>"]
    return "\n".join(rows), files


def _address(page: str) -> str:
    """Return where on the site a page of docs/ is, without the slash at its end."""
    return page.removesuffix(".md").removesuffix("index") or "."
