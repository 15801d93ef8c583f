"""Run the code of a page and fill in its numbers, before Markdown sees the text.

A page holds three things that are replaced, in reading order and in one namespace:

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
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from nnexplain.numbers import format_number
from nnexplain.pages.pieces import LANGUAGE, SLOT, PageError, Piece, Place


@dataclass
class Sheet:
    """One page while its pieces run: their names, and how values are shown.

    `show_figure` turns (value, name, code, place) into HTML; `show_output` turns the value of a
    run block into Markdown, or None where its text form will do.
    """

    names: dict[str, Any]
    show_figure: Callable[[Any, str, str, Place], str]
    show_output: Callable[[Any], str | None]


def results(pieces: Iterable[Piece], sheet: Sheet) -> list[str]:
    """Return what stands in the place of each piece, run in this order."""
    return [_VERB[piece.verb](piece, sheet) for piece in pieces]


def _setup(piece: Piece, sheet: Sheet) -> str:
    execute(piece.code, sheet.names, piece.place)
    return ""


def _run(piece: Piece, sheet: Sheet) -> str:
    printed, value = execute(piece.code, sheet.names, piece.place)
    shown = [f"```{LANGUAGE}", *piece.code.split("\n"), "```", ""]
    rich = None if value is None else sheet.show_output(value)
    if value is not None and rich is None:
        printed += f"{value!r}\n"
    if printed:
        shown += ["``` { .text .nne-output }", *printed.rstrip("\n").split("\n"), "```", ""]
    if rich is not None:
        shown += rich.split("\n")
    return "\n".join(shown)


def _figure(piece: Piece, sheet: Sheet) -> str:
    if len(piece.words) != 1:
        raise piece.place.error("a figure fence needs one name: ```python figure forward-pass")
    _, value = execute(piece.code, sheet.names, piece.place)
    return f"\n{sheet.show_figure(value, piece.words[0], piece.code, piece.place)}\n"


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


def _slot(piece: Piece, sheet: Sheet) -> str:
    code, spec = _split_format(piece.code.strip(), piece.place)
    try:
        value = eval(compile(code, piece.place.page, "eval"), sheet.names)
        return format(value, spec).replace("-", "\N{MINUS SIGN}") if spec else as_text(value)
    except PageError:
        raise
    except Exception as error:
        raise piece.place.error(f"{{{{ {code} }}}}: {type(error).__name__}: {error}") from error


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


_VERB: dict[str, Callable[[Piece, Sheet], str]] = {
    "run": _run,
    "figure": _figure,
    "setup": _setup,
    SLOT: _slot,
}
