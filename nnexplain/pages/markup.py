"""Small pieces of Markdown and HTML that know nothing of the site: code, tables, colours."""

from __future__ import annotations

import html
import importlib
import inspect
import re
import textwrap
from collections.abc import Mapping, Sequence
from typing import Any

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from nnexplain.palette import ROLES


def fence(code: str, words: str = "") -> str:
    r"""Return Python code as a Markdown block; `words` go behind the language.

    >>> fence("  x = 1")
    '```python\nx = 1\n```'
    """
    return f"```python{words}\n{textwrap.dedent(code).rstrip()}\n```"


def indented(text: str, width: int) -> list[str]:
    r"""Return the lines of `text`, each but the empty ones moved to the right.

    >>> indented("a\n\nb", 2)
    ['  a', '', '  b']
    """
    return textwrap.indent(text, " " * width).split("\n")


# A break in one of these would cut a short formula in two: "J = 0.5", "(y − h)", "(1, 0)", "9 %".
_SHORT_FORMULA = re.compile(
    r" [=≈≤<>] (?=\(?[−+]?[\d½¼])|(?:½ )?Σ (?=\()|(?<=\(\w) − (?=\w)|(?<=\d) (?=%)"
    r"|\(−?[\d.]+(?:, −?[\d.]+)+\)"
)


def unbroken(text: str) -> str:
    r"""Return a sentence whose short formulas stay on one line.

    >>> unbroken("J = 0.5 at (1, 0)"), unbroken("∂J/∂w₁₄"), unbroken("σ′(q)")
    ('J\xa0=\xa00.5 at (1,\xa00)', '∂J/\u2060∂w₁₄', 'σ′\u2060(q)')
    """
    text = _SHORT_FORMULA.sub(lambda match: match[0].replace(" ", "\N{NO-BREAK SPACE}"), text)
    return text.replace("/∂", "/\N{WORD JOINER}∂").replace("′(", "′\N{WORD JOINER}(")


def source(name: str) -> str:
    """Return the source of an object, named by its full path, as a shown block."""
    module, _, rest = name.rpartition(".")
    found = getattr(importlib.import_module(module), rest)
    return fence(inspect.getsource(found), f' title="{name}"')


def kind(name: str) -> str:
    """Return the words for a kind of factor, in its colour and with its mark.

    >>> kind("weight")
    '<span class="nne-kind nne-weight" data-mark="■">weight on the path</span>'
    """
    role = ROLES[name]
    return (
        f'<span class="nne-kind nne-{name.replace("_", "-")}" data-mark="{role.mark}">'
        f"{role.name}</span>"
    )


def highlighted(code: str) -> str:
    """Return Python code as HTML that looks like the other blocks of the site."""
    body = highlight(code, PythonLexer(), HtmlFormatter(nowrap=True)).rstrip("\n")
    return f'<div class="highlight"><pre><code tabindex="0">{body}</code></pre></div>'


def table(rows: Sequence[Sequence[str]], *, caption: str) -> str:
    """Return rows of texts, the first of them the heads, as an HTML table."""
    heads, *body = rows
    head = "".join(f'<th scope="col">{html.escape(cell)}</th>' for cell in heads)
    lines = [
        f'<tr><th scope="row">{html.escape(first)}</th>'
        + "".join(f"<td>{html.escape(cell)}</td>" for cell in rest)
        + "</tr>"
        for first, *rest in body
    ]
    return (
        '<div class="nne-table" tabindex="0"><table class="nne-data">'
        f"<caption>{html.escape(caption)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(lines)}</tbody></table></div>"
    )


_READINGS = {
    "text/markdown": "_repr_markdown_",
    "text/latex": "_repr_latex_",
    "text/html": "_repr_html_",
}


def output(value: Any) -> str | None:
    """Return the rich Markdown of a value, or None where its repr will do."""
    for kind, method in _READINGS.items():
        text = getattr(value, method, lambda: None)()
        if text is not None:
            return rich({kind: text})
    return None


def rich(readings: Mapping[str, str]) -> str | None:
    r"""Return the best of a value's readings, given by MIME type, as Markdown; None without any.

    >>> rich({"text/plain": "x²", "text/latex": "$x^2$"})
    '$$\nx^2\n$$'
    """
    if "text/markdown" in readings:
        return f"\n{readings['text/markdown']}\n"
    if "text/latex" in readings:
        return f"$$\n{readings['text/latex'].strip().strip('$').strip()}\n$$"
    markup = readings.get("text/html")
    if markup is not None and markup.startswith("<table"):
        markup = f'<div class="nne-table" tabindex="0">{markup}</div>'
    return None if markup is None else f"\n{markup}\n"
