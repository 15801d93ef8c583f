"""A printable sheet of exercises, with or without solutions: one HTML file that needs no other."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from numbers import Integral
from typing import SupportsIndex

from nnexplain.errors import NnexplainError
from nnexplain.exercises.answers import Choice
from nnexplain.exercises.lesson import LESSONS
from nnexplain.exercises.problem import Problem, exercises
from nnexplain.exercises.text import Formula, Maths, Passage

Chosen = str | SupportsIndex | Iterable[str]

_STYLE = """
:root { color-scheme: light; }
body {
  background: #fff; color: #111; font: 11pt/1.5 system-ui, "Liberation Sans", sans-serif;
  margin: 2rem auto; max-width: 42rem; padding: 0 1rem;
}
h1 { font-size: 1.5rem; line-height: 1.2; margin: 0 0 0.3rem; text-wrap: pretty; }
h2 { font-size: 1rem; margin: 0 0 0.4rem; }
h3 { font-size: 0.9rem; margin: 0.8rem 0 0; }
p { margin: 0.4rem 0; }
header p { display: flex; flex-wrap: wrap; gap: 0.3rem 2rem; }
section { break-inside: avoid; margin: 1.6rem 0 0; }
ol { list-style: lower-alpha; margin: 0.4rem 0; padding-left: 1.6rem; }
math { font-family: "STIX Two Math", "Cambria Math", math; font-size: 1.08em; }
pre { font: 0.9em/1.5 "Liberation Mono", monospace; margin: 0.4rem 0; white-space: pre-wrap; }
.blank { border-bottom: 1px solid #767676; display: inline-block; min-width: 9rem; }
:is(.nne-formula, .part) { white-space: nowrap; }
.nne-maths { overflow-x: auto; overflow-y: hidden; }
.work { height: 7rem; }
.solution { border-left: 3px solid #767676; padding-left: 0.8rem; }
footer {
  border-top: 1px solid #767676; color: #555; font-size: 0.8rem; margin-top: 2rem;
  overflow-wrap: anywhere;
}
@page { margin: 14mm 16mm; }
@media print {
  body { font-size: 10.5pt; line-height: 1.4; margin: 0; max-width: none; padding: 0; }
  section { margin-top: 1.2rem; }
  .work { height: 6.4rem; }
  footer { margin-top: 1rem; }
}
""".strip()


def readable(formula: Formula) -> str:
    """Return a formula as HTML without MathML: its plain text, names with true subscripts.

    >>> readable(Formula("w_{14}", "w14 < 1", display=False))
    '<i>w</i><sub>14</sub> &lt; 1'
    """
    if formula.display:
        return f"<pre>{escape(formula.words, quote=False)}</pre>"
    return _subscripted(formula.words)


def _subscripted(text: str) -> str:
    """Return plain text as HTML, the numbers of its names as subscripts."""
    text = escape(text, quote=False)
    return re.sub(r"(?<![A-Za-z&])([A-Za-zδ])(\d+(?:_\d+)?)\b", r"<i>\1</i><sub>\2</sub>", text)


def sheet(
    chosen: Chosen, seed: SupportsIndex = 0, *, solutions: bool = False, maths: Maths = readable
) -> str:
    """Return a sheet of exercises as one HTML document, to be printed or saved as PDF.

    Arguments:
        chosen: the number of a lesson, the name of an exercise, or several names.
        seed: the numbers in the problems; give each group of students another one.
        solutions: whether each answer stands below its question, with how it is found.
        maths: writes a formula as HTML. The default needs nothing beside nnexplain; the sheets on
            the site have theirs as MathML.

    >>> html = sheet("w14-gradient", seed=7)
    >>> html.startswith("<!doctype html>"), "<h3>Solution</h3>" in html
    (True, False)

    """
    if isinstance(chosen, Integral) and not isinstance(chosen, bool):
        chosen = int(chosen)
    names = _names(chosen)
    problems = [exercises[name].problem(seed) for name in names]
    title = _title(chosen)
    body = "\n".join(
        _section(number, problem, solutions, maths) for number, problem in enumerate(problems, 1)
    )
    kind = "Solutions" if solutions else "Exercises"
    said = repr(chosen if isinstance(chosen, str | int) else names)
    code = f"nne.exercises.sheet({said}, seed={problems[0].seed}, solutions={solutions})"
    name = "" if solutions else '<span>Name: <span class="blank"></span></span>'
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>{kind}: {escape(title)}, sheet {problems[0].seed}</title>
<style>
{_STYLE}
</style>
</head>
<body>
<header>
<h1>{kind}: {escape(title)}</h1>
<p><span>Sheet {problems[0].seed}</span>{name}</p>
</header>
<main>
{body}
</main>
<footer>
<p>Made by nnexplain: <code>{escape(code)}</code>. Text CC BY-SA 4.0.</p>
</footer>
</body>
</html>
"""


def _names(chosen: Chosen) -> list[str]:
    if isinstance(chosen, str):
        return [chosen]
    if isinstance(chosen, int) and not isinstance(chosen, bool):
        if chosen not in LESSONS:
            raise NnexplainError(
                f"there is no lesson {chosen}; the lessons are 0 to {max(LESSONS)}"
            )
        return [name for name in exercises if exercises[name].lesson == chosen]
    names = list(chosen) if isinstance(chosen, Iterable) else []
    if not names or not all(isinstance(name, str) for name in names):
        raise NnexplainError(
            f"a sheet needs the number of a lesson or names of exercises, got {chosen!r}; those of "
            "several lessons are in nne.exercises.lessons"
        )
    return names


def _title(chosen: Chosen) -> str:
    if isinstance(chosen, int):
        return f"lesson {chosen}, {LESSONS[chosen].title}"
    return exercises[chosen].title if isinstance(chosen, str) else "a selection"


def _section(number: int, problem: Problem, solutions: bool, maths: Maths) -> str:
    answer = problem.answer
    parts = [f"<h2>{number}. {escape(problem.title)}</h2>"]
    parts.append(Passage(problem.draft.question).html(maths))
    if isinstance(answer, Choice):
        options = "".join(f"<li>{_subscripted(option.text)}</li>" for option in answer.options)
        parts.append(f"<ol>{options}</ol>")
    parts.append(f"<p>{escape(answer.asked)}</p>")
    if solutions:
        parts.append('<div class="solution"><h3>Solution</h3>')
        parts.append(problem.solution().html(maths) + "</div>")
    else:
        labels = [""] if isinstance(answer, Choice) else [f"{p.label} = " for p in answer.parts]
        blank = '<span class="blank"></span>'
        blanks = (f'<span class="part">{_subscripted(label)}{blank}</span>' for label in labels)
        parts.append(f'<div class="work"></div><p>Answer: {" ".join(blanks)}</p>')
    return "<section>\n" + "\n".join(parts) + "\n</section>"
