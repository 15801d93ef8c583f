r"""TeX for the network's names, and the plain text that the same TeX stands for.

Only standard LaTeX with amsmath is used, plus \textcolor of xcolor, so that a formula can be pasted
into a paper. Plain text is a second reading of the TeX: a terminal and a formula cannot disagree.
"""

from __future__ import annotations

import re

from nnexplain.errors import NnexplainError, UnknownNameError
from nnexplain.palette import KINDS, ROLES

_PARAMETER = re.compile(r"w(\d)(\d)|w(\d+)_(\d+)|b(\d+)")
_NAME = re.compile(r"(\w+?)_?(?:\(([^()]*)\))?")
_SYMBOLS = {"sigmoid": r"\sigma", "tanh": r"\tanh", "sin": r"\sin"}
_ESCAPES = {"\\": r"\backslash ", "{": r"\{", "}": r"\}", "^": r"\hat{}", "~": r"\sim "}


def subscript(letter: str, index: object, sample: str = "") -> str:
    r"""Return the TeX of `letter` with an index, and with the sample's number above it.

    >>> print(subscript("z", 4), subscript("z", 14), subscript("z", 4, "i"))
    z_4 z_{14} z_4^{(i)}
    """
    text = str(index)
    below = f"_{text}" if len(text) == 1 else f"_{{{text}}}" if text else ""
    return letter + below + (f"^{{({sample})}}" if sample else "")


def parameter_tex(name: str) -> str:
    """Return the TeX of a parameter's name.

    >>> parameter_tex("w14"), parameter_tex("w1_14"), parameter_tex("b4")
    ('w_{14}', 'w_{1,14}', 'b_4')
    """
    match = _PARAMETER.fullmatch(name)
    if match is None:
        raise NnexplainError(
            f"{name!r} does not name a parameter; write for instance 'w14', 'w1_14' or 'b4'"
        )
    if match[5]:
        return subscript("b", match[5])
    return subscript("w", f"{match[1]}{match[2]}" if match[1] else f"{match[3]},{match[4]}")


def partial(of: str, by: str) -> str:
    r"""Return the TeX of a partial derivative.

    >>> print(partial("J", "w_{14}"))
    \frac{\partial J}{\partial w_{14}}
    """
    return rf"\frac{{\partial {of}}}{{\partial {by}}}"


def function_tex(name: str) -> str:
    r"""Return the symbol of an activation: its usual letter if it has one, else its upright name.

    A name of one letter is its own symbol.

    >>> print(function_tex("sigmoid"), function_tex("leaky_relu"), function_tex("linear(0.5)"))
    \sigma \mathrm{leaky\,relu} \mathrm{linear}_{0.5}
    >>> function_tex("f")
    'f'
    """
    if name in _SYMBOLS:
        return _SYMBOLS[name]
    if len(name) == 1 and name.isalpha():
        return name
    match = _NAME.fullmatch(name)
    word, number = (match[1], match[2]) if match else (name, None)
    return rf"\mathrm{{{_escaped(word)}}}" + (f"_{{{_escaped(number)}}}" if number else "")


def _escaped(word: str) -> str:
    return "".join(
        r"\," if c in "_ " else rf"\{c}" if c in "#$%&" else _ESCAPES.get(c, c) for c in word
    )


def coloured(kind: str, tex: str) -> str:
    r"""Return `tex` in the colour of a kind of factor (xcolor's and MathJax's \textcolor).

    >>> print(coloured("weight", "w_{46}"))
    \textcolor[HTML]{3769E7}{w_{46}}
    """
    if kind not in KINDS:
        raise UnknownNameError("kind of factor", kind, KINDS)
    return rf"\textcolor[HTML]{{{ROLES[kind].light[1:].upper()}}}{{{tex}}}"


_INSIDE = r"\{((?:\\hat\{\}|\\.|[^{}\\])*)\}"
_UPRIGHT = re.compile(rf"\\mathrm{_INSIDE}(?:_{_INSIDE})?")
# The first character that Unicode leaves to private use.
_PRIVATE = 0xE000
_BRACED = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
_PLAIN = (
    (r"\\(?:operatorname|text)\{([^{}]*)\}", lambda m: m[1].replace(r"\,", " ")),
    (r"\\sum_\{([^{}]*)\}\^\{([^{}]*)\}", r" Σ(\1…\2)"),
    (r"\\c?dots", "…"),
    (r"\\approx", "≈"),
    (r"\\quad", " "),
    (r"\\textcolor\[HTML\]\{\w+\}" + _BRACED, r"\1"),
    (r"([wzaxhyb]|\\delta)_\{(\d+),(\d+)\}", r"\1\2_\3"),
    (r"_\{([^{}]*)\}", r"\1"),
    (r"(?<=[A-Za-z])_(?=\d\b)", ""),
    (r"\^\{\((\w+)\)\}", r"[\1]"),
    (r"\^\{([^{}]*)\}", r"^\1"),
    (r"\\left|\\right|\\displaystyle", ""),
    (r"\\,", " · "),
    (r"\\[;!: ]", " "),
    (r"\\partial\s*", "∂"),
    (r"\\sigma", "σ"),
    (r"\\delta", "δ"),
    (r"\\eta", "η"),
    (r"\s*\\(?:cdot|times)\s*", " · "),
    (r"\\(ln|log|sin|cos|tanh|max|min|exp)", r"\1"),
    (r"'", "′"),
    (r"(?<=[\w)\]′])\s*([-+])\s*", lambda m: " − " if m[1] == "-" else " + "),
    (r"-", "−"),
    (r"\s*=\s*", " = "),
    (r"  +", " "),
)


def plain(tex: str) -> str:
    r"""Return what `tex` says as one line of plain text, for a terminal.

    Knows the TeX that this package writes; a command beyond that is left as it stands.

    >>> print(plain(r"\frac{\partial J}{\partial w_{1,14}}"), plain(r"\sigma'(z_6)\,w_{46}"))
    ∂J/∂w1_14 σ′(z6) · w46
    >>> print(plain(r"\frac{h-y}{h(1-h)}"), plain(function_tex("linear(-0.5)")))
    (h − y) / (h(1 − h)) linear(−0.5)
    """
    names: list[str] = []

    def away(match: re.Match[str]) -> str:
        names.append(
            _read(match[1]) + (f"({_read(match[2]).replace('-', '−')})" if match[2] else "")
        )
        return chr(_PRIVATE + len(names) - 1)

    # A name is no formula: its hyphens and digits are not to be read as such.
    tex = _UPRIGHT.sub(away, tex)
    for pattern, text in _PLAIN:
        tex = re.sub(pattern, text, tex)
    for index, name in enumerate(names):
        tex = tex.replace(chr(_PRIVATE + index), name)
    return re.sub(r"\\[td]?frac" + _BRACED + _BRACED, _fraction, tex).strip()


def _read(name: str) -> str:
    """Return a name that `_escaped` wrote as it was."""
    for char, tex in _ESCAPES.items():
        name = name.replace(tex, char)
    return re.sub(r"\\([#$%&])", r"\1", name.replace(r"\,", " "))


def _fraction(match: re.Match[str]) -> str:
    parts = [
        p if re.fullmatch(r"\d+|∂?[^\W\d]\w*(\[\w+\])?", p) else f"({p})" for p in match.groups()
    ]
    return ("/" if parts == list(match.groups()) else " / ").join(parts)
