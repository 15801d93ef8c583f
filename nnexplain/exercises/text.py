r"""Text with formulas: one source, read as Markdown, as HTML and as plain text.

In a paragraph `$...$` holds TeX and `*...*` is stressed; anything else stands as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape

from nnexplain.derivation import DerivationAt
from nnexplain.latex import parameter_tex, plain, subscript
from nnexplain.numbers import format_tex, is_rounded

_TEX = re.compile(r"\$([^$]+)\$")
_STRESSED = re.compile(r"\*([^*]+)\*")


@dataclass(frozen=True)
class Formula:
    """A formula: its TeX, what it says in plain text, and whether it has a line of its own."""

    tex: str
    words: str
    display: bool = True


Maths = Callable[[Formula], str]
"""How a formula is written as HTML."""
Block = str | Formula


@dataclass(frozen=True)
class Passage:
    r"""Paragraphs and formulas. It prints as plain text and shows itself richly in a notebook.

    >>> Passage(("Let $w_{14} = 0.2$ be *fixed*.", line(r"J = h"))).markdown
    'Let $w_{14} = 0.2$ be *fixed*.\n\n$$\nJ = h\n$$'
    """

    blocks: tuple[Block, ...]

    @property
    def markdown(self) -> str:
        """The text as Markdown with TeX."""
        return "\n\n".join(
            block if isinstance(block, str) else f"$$\n{block.tex}\n$$" for block in self.blocks
        )

    def html(self, maths: Maths) -> str:
        """Return the text as HTML, its formulas written by `maths`.

        >>> Passage(("$w$ < *1*",)).html(lambda formula: f"<i>{formula.tex}</i>")
        '<p><span class="nne-formula"><i>w</i></span> &lt; <em>1</em></p>'
        """
        return "\n".join(
            f"<p>{_paragraph(block, maths)}</p>" if isinstance(block, str) else maths(block)
            for block in self.blocks
        )

    def __str__(self) -> str:
        return "\n\n".join(
            _STRESSED.sub(r"\1", _TEX.sub(lambda m: _words(m[1]), block))
            if isinstance(block, str)
            else block.words
            for block in self.blocks
        )

    def __repr__(self) -> str:
        return str(self)

    def _repr_markdown_(self) -> str:
        return self.markdown


def _paragraph(text: str, maths: Maths) -> str:
    first, *rest = _TEX.split(text)
    html = _prose(first)
    for tex, tail in zip(rest[::2], rest[1::2], strict=True):
        # No line may begin with the comma behind a formula.
        after = tail.lstrip(",.;:?!)")
        formula = maths(Formula(tex, _words(tex), display=False))
        mark = tail[: len(tail) - len(after)]
        html += f'<span class="nne-formula">{formula}{mark}</span>{_prose(after)}'
    return html


def _prose(text: str) -> str:
    return _STRESSED.sub(r"<em>\1</em>", escape(text, quote=False))


# What exercises write beyond the formulas of the package.
_MORE = ((r"\\tfrac\{1\}\{2\}", "½"), (r"\\sum\b", "Σ"), (r"\\varepsilon", "ε"), (r"\\le\b", "≤"),
         (r"\\sqrt\{([^{}]*)\}", r"√(\1)"))  # fmt: skip
_NOISY = 1e-6
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def _words(tex: str) -> str:
    for pattern, text in _MORE:
        tex = re.sub(pattern, text, tex)
    text = re.sub(r"\^(\d+)(?![\d.])", lambda m: m[1].translate(_RAISED), plain(tex))
    return text.replace(": =", ":=")


def line(tex: str) -> Formula:
    """Return TeX as a formula on a line of its own.

    >>> line(r"h - y").words
    'h − y'
    """
    return Formula(tex, _words(tex))


def lines(*rows: str) -> Formula:
    r"""Return several rows of TeX, aligned where each has its `&`.

    >>> print(lines(r"J &= h - y", r"&= 2").words)
    J = h − y
      = 2
    """
    tex = "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"
    sides = [tuple(map(_words, row.split("&", 1))) for row in rows]
    width = max(len(left) for left, _ in sides)
    return Formula(tex, "\n".join(f"{left:>{width}} {right}" for left, right in sides))


def derived(at: DerivationAt) -> Formula:
    """Return a derivation with its numbers as a formula; in plain text with its table of factors.

    >>> from nnexplain.derivation import derive
    >>> from nnexplain.network import Network
    >>> at = derive(Network([1, 1], "identity", {"w12": 2, "b2": 5}), "w12").at([10], 24)
    >>> derived(at).words.splitlines()[1]
    '        = (h − y) · identity′(z2) · x1'
    """
    return Formula(at.latex(), str(at))


def name_tex(name: str) -> str:
    r"""Return the TeX of a name of this package: "w14", "x1", "delta6", "h".

    >>> print(name_tex("w14"), name_tex("delta6"), name_tex("h"))
    w_{14} \delta_6 h
    """
    if re.fullmatch(r"w\d+(_\d+)?|b\d+", name):
        return parameter_tex(name)
    if found := re.fullmatch(r"([a-zA-Z]+?)(\d+)", name):
        return subscript(r"\delta" if found[1] == "delta" else found[1], found[2])
    return name


def given(values: Mapping[str, float]) -> str:
    """Return "$w_{14} = 0.2$, $x_1 = 1$ and $y = 0$": the numbers of a question, in a sentence.

    >>> given({"w14": 0.2, "x1": 1.0, "y": 0.0})
    '$w_{14} = 0.2$, $x_1 = 1$ and $y = 0$'
    """
    return listed(f"${name_tex(name)} = {format_tex(value)}$" for name, value in values.items())


def listed(parts: Iterable[str]) -> str:
    """Return parts as a list in a sentence.

    >>> listed(["a", "b", "c"]), listed("ab"), listed("a")
    ('a, b and c', 'a and b', 'a')
    """
    *most, last = parts
    return f"{', '.join(most)} and {last}" if most else last


def is_about(value: float) -> str:
    r"""Return "= 0.25" or "\\approx 0.3333", as the four digits shown are all or not.

    >>> print(is_about(0.25), is_about(1 / 3), is_about(0.97 - 1))
    = 0.25 \approx 0.3333 = -0.03
    """
    return f"{sign_of(value)} {format_tex(_denoised(value))}"


def sign_of(value: float) -> str:
    r"""Return "=" or "\approx", as the four digits shown of a value are all or not.

    >>> print(sign_of(0.25), sign_of(1 / 3))
    = \approx
    """
    return r"\approx" if is_rounded(_denoised(value)) else "="


def _denoised(value: float) -> float:
    # What sums of decimals leave behind their 12th decimal is noise.
    return round(value, 12) if abs(value) > _NOISY else value


def bracketed(value: float) -> str:
    """Return a number for a product or a sum in TeX: in brackets if it has a sign.

    >>> bracketed(0.2), bracketed(-0.3)
    ('0.2', '(-0.3)')
    """
    return f"({format_tex(value)})" if value < 0 else format_tex(value)


def signed(value: float) -> str:
    """Return a summand in TeX, with its sign in front.

    >>> signed(0.2), signed(-0.3)
    ('+ 0.2', '- 0.3')
    """
    return f"{'-' if value < 0 else '+'} {format_tex(abs(value))}"


def products(pairs: Iterable[tuple[float, float]]) -> str:
    r"""Return a sum of products in TeX.

    >>> print(products([(0.2, 1), (-0.5, 2)]))
    0.2\cdot 1 + (-0.5)\cdot 2
    """
    return " + ".join(rf"{bracketed(a)}\cdot {bracketed(b)}" for a, b in pairs)
