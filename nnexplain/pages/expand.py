"""Run the code of a page and fill in its numbers, before Markdown sees the text.

A page holds three things that this module replaces, in reading order and in one namespace:

- `{{ expression }}` or `{{ expression:.3f }}` becomes the value as text,
- a fence opened by ```` ```python run ```` is executed, shown, and followed by its true output,
- a fence opened by ```` ```python figure NAME ```` is executed and its Axes become a figure that
  carries this code; ```` ```python setup ```` is executed and not shown.

Code spans and all other fences are left as they are. Whatever fails, fails the build and says
which page and line.
"""

from __future__ import annotations

import ast
import contextlib
import io
import re
import traceback
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from mkdocs.exceptions import BuildError

from nnexplain.numbers import format_number

_FENCE = re.compile(r"^(?P<indent>\s*)(?P<ticks>`{3,}|~{3,})(?P<info>[^`]*)$")
_SLOT = re.compile(r"(?P<code>(?P<ticks>`+).+?(?P=ticks))|\{\{(?P<expression>(?:(?!\}\}).)+)\}\}")
_LANGUAGE = "python"
_VERBS = ("run", "figure", "setup")


class PageError(BuildError):
    """A page cannot be built; the message begins with page:line."""


@dataclass(frozen=True)
class Place:
    """Where in the sources something stands: page and line, as editors write them."""

    page: str
    line: int

    def error(self, message: str) -> PageError:
        """Return the error to raise for something wrong at this place."""
        return PageError(f"{self.page}:{self.line}: {message}")


@dataclass
class Sheet:
    """One page while it is expanded: its names, where it stands, how it shows values.

    `show_figure` turns (value, name, code, place) into HTML; `show_output` turns the value of a
    run block into Markdown, or None where its text form will do.
    """

    page: str
    names: dict[str, Any]
    show_figure: Callable[[Any, str, str, Place], str]
    show_output: Callable[[Any], str | None]
    first_line: int = 1
    place: Place = field(init=False)

    def __post_init__(self) -> None:
        self.place = Place(self.page, self.first_line)


def expand(text: str, sheet: Sheet) -> str:
    """Return the Markdown of a page with its code run and its numbers filled in."""
    lines = text.split("\n")
    return "\n".join(_expanded(lines, sheet))


def _expanded(lines: list[str], sheet: Sheet) -> Iterator[str]:
    k = 0
    while k < len(lines):
        sheet.place = Place(sheet.page, sheet.first_line + k)
        fence = _FENCE.match(lines[k])
        if fence is None:
            yield _filled(lines[k], sheet)
            k += 1
            continue
        end = _closing(lines, k, fence, sheet.place)
        yield from _block(fence, lines[k : end + 1], sheet)
        k = end + 1


def _closing(lines: list[str], start: int, fence: re.Match[str], place: Place) -> int:
    ticks = fence["ticks"]
    for k in range(start + 1, len(lines)):
        mark = lines[k].strip()
        if mark.startswith(ticks) and not mark.strip(ticks[0]):
            return k
    raise place.error(f"the fence {ticks} is never closed")


def _block(fence: re.Match[str], lines: list[str], sheet: Sheet) -> Iterator[str]:
    language, *words = fence["info"].split() or [""]
    if language != _LANGUAGE or not words or words[0].startswith(("{", "title=", "hl_lines=")):
        yield from lines
        return
    if words[0] not in _VERBS:
        raise sheet.place.error(
            f"a python fence cannot {words[0]!r}; allowed: {', '.join(_VERBS)}, or no word at all"
        )
    indent = fence["indent"]
    code = "\n".join(line.removeprefix(indent) for line in lines[1:-1])
    for line in _VERB[words[0]](words[1:], code, sheet):
        yield indent + line if line else line


def _setup(words: list[str], code: str, sheet: Sheet) -> list[str]:
    execute(code, sheet.names, sheet.place)
    return []


def _run(words: list[str], code: str, sheet: Sheet) -> list[str]:
    printed, value = execute(code, sheet.names, sheet.place)
    shown = [f"```{_LANGUAGE}", *code.split("\n"), "```", ""]
    rich = None if value is None else sheet.show_output(value)
    if value is not None and rich is None:
        printed += f"{value!r}\n"
    if printed:
        shown += ["``` { .text .nne-output }", *printed.rstrip("\n").split("\n"), "```", ""]
    if rich is not None:
        shown += rich.split("\n")
    return shown


def _figure(words: list[str], code: str, sheet: Sheet) -> list[str]:
    if len(words) != 1:
        raise sheet.place.error("a figure fence needs one name: ```python figure forward-pass")
    _, value = execute(code, sheet.names, sheet.place)
    html = sheet.show_figure(value, words[0], code, sheet.place)
    return ["", *html.split("\n"), ""]


_VERB: dict[str, Callable[[list[str], str, Sheet], list[str]]] = {
    "run": _run,
    "figure": _figure,
    "setup": _setup,
}


def execute(code: str, names: dict[str, Any], place: Place) -> tuple[str, Any]:
    """Run `code` in `names`; return what it printed and the value of its last expression.

    A warning is an error: a page shows clean code. `place` is the line above the code.
    """
    try:
        tree = ast.parse(code, filename=place.page)
        ast.increment_lineno(tree, place.line)
    except SyntaxError as error:
        raise Place(place.page, place.line + (error.lineno or 0)).error(str(error.msg)) from error
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed, value = io.StringIO(), None
    try:
        with contextlib.redirect_stdout(printed), warnings.catch_warnings():
            warnings.simplefilter("error")
            exec(compile(tree, place.page, "exec"), names)
            if isinstance(last, ast.Expr):
                value = eval(compile(ast.Expression(last.value), place.page, "eval"), names)
    except Exception as error:
        raise _at(error, place).error(f"{type(error).__name__}: {error}") from error
    return printed.getvalue(), value


def _at(error: Exception, place: Place) -> Place:
    own = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == place.page]
    return Place(place.page, own[-1].lineno or place.line) if own else place


def _filled(line: str, sheet: Sheet) -> str:
    alone = line.strip()
    whole = _SLOT.fullmatch(alone)
    if whole and whole["expression"]:
        indent = line[: len(line) - len(line.lstrip())]
        return "\n".join(
            indent + part if part else part
            for part in _value(whole["expression"], sheet).split("\n")
        )
    return _SLOT.sub(lambda m: m["code"] or _value(m["expression"], sheet), line)


def _value(expression: str, sheet: Sheet) -> str:
    code, spec = _split_format(expression.strip(), sheet.place)
    try:
        value = eval(compile(code, sheet.page, "eval"), sheet.names)
        return format(value, spec).replace("-", "\N{MINUS SIGN}") if spec else as_text(value)
    except PageError:
        raise
    except Exception as error:
        raise sheet.place.error(f"{{{{ {code} }}}}: {type(error).__name__}: {error}") from error


def _split_format(expression: str, place: Place) -> tuple[str, str]:
    # The format is what follows the first colon that leaves a whole expression before it, as in
    # an f-string: "trace.z[1:2]" and "d['a:b']" have none.
    for text, spec in [(expression, ""), *_splits(expression)]:
        try:
            ast.parse(text, mode="eval")
        except SyntaxError:
            continue
        return text, spec
    raise place.error(f"{{{{ {expression} }}}} is not a Python expression")


def _splits(expression: str) -> Iterator[tuple[str, str]]:
    for colon in re.finditer(":", expression):
        yield expression[: colon.start()].strip(), expression[colon.end() :].strip()


def as_text(value: Any) -> str:
    """Return a value as prose shows it: floats to four significant digits, text as it is.

    >>> as_text(0.13839645), as_text(11), as_text("w14")
    ('0.1384', '11', 'w14')
    >>> as_text([1, 2])
    Traceback (most recent call last):
    TypeError: cannot put a list into a sentence; give a number or a text
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError(
            f"cannot put a {type(value).__name__} into a sentence; give a number or a text"
        )
    return value if isinstance(value, str) else format_number(value)
