r"""The value of a TeX formula: so that a shown formula is judged by what it says, not how it looks.

It knows the TeX of the records: sums, products by juxtaposition, \frac, powers, named functions,
|...|, \max(a,\ b) and cases. Numbers are mpmath's.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import mpmath as mp

Names = dict[str, Any]
_TOKEN = re.compile(r"\\[a-zA-Z]+|\\\\|\d+(?:\.\d+)?|[^\s\\]")
_SPACES = re.compile(r"(?<!\\)\\[, ]|\\left|\\right|\\operatorname")
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    r"\tanh": mp.tanh,
    r"\sin": mp.sin,
    r"\cos": mp.cos,
    r"\ln": mp.log,
    r"\max": max,
    r"\min": min,
    r"\Phi": lambda z: mp.erfc(-z / mp.sqrt(2)) / 2,
    r"\varphi": lambda z: mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi),
    "sign": mp.sign,
}
_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    r"\ge": lambda a, b: a >= b,
    r"\le": lambda a, b: a <= b,
}
_ENDS = {"+", "-", "}", ")", ",", "&", r"\\", r"\end", *_COMPARISONS}


def evaluate(tex: str, **names: Any) -> Any:
    """Return the value of `tex`, where the letters are `names` and e is Euler's number."""
    reader = _Reader(_TOKEN.findall(_SPACES.sub(" ", tex)), {"e": mp.e, **names})
    value = reader.sum()
    assert not reader.tokens, f"left over in {tex}: {reader.tokens}"
    return value


class _Reader:
    def __init__(self, tokens: list[str], names: Names) -> None:
        self.tokens, self.names = tokens, names

    def next(self) -> str:
        return self.tokens[0] if self.tokens else "}"

    def take(self, expected: str | None = None) -> str:
        token = self.tokens.pop(0)
        assert expected in (None, token), f"expected {expected}, read {token}"
        return token

    def sum(self) -> Any:
        total = mp.mpf(0)
        sign = -1 if self.next() == "-" and self.take() else 1
        total = sign * self.product()
        while self.next() in "+-":
            sign = 1 if self.take() == "+" else -1
            total += sign * self.product()
        return total

    def product(self) -> Any:
        value = self.power()
        while self.next() not in _ENDS and self.next() != "|":
            value *= mp.mpf(1) if self.next() == r"\times" and self.take() else self.power()
        return value

    def power(self) -> Any:
        base = self.atom()
        if self.next() == "^":
            self.take()
            return base ** self.group()
        return base

    def group(self) -> Any:
        if self.next() != "{":
            return self.atom()
        self.take("{")
        value = self.sum()
        self.take("}")
        return value

    def atom(self) -> Any:
        token = self.take()
        if token[0].isdigit():
            return mp.mpf(token)
        if token == "(":
            return self.closed(")")
        if token == "|":
            return abs(self.closed("|"))
        if token in (r"\frac", r"\tfrac"):
            return self.group() / self.group()
        if token == r"\begin":
            return self.cases()
        if token == "{" and "".join(self.tokens[:5]) == "sign}":
            del self.tokens[:5]
            token = "sign"
        return self.function(token) if token in _FUNCTIONS else self.names[token]

    def closed(self, end: str) -> Any:
        value = self.sum()
        self.take(end)
        return value

    def function(self, name: str) -> Any:
        exponent = self.group() if self.next() == "^" and self.take() else 1
        if self.next() != "(":
            return _FUNCTIONS[name](self.atom()) ** exponent
        self.take("(")
        arguments = [self.sum()]
        while self.next() == ",":
            self.take()
            arguments.append(self.sum())
        self.take(")")
        return _FUNCTIONS[name](*arguments) ** exponent

    def cases(self) -> Any:
        self.word("cases")
        found = None
        while True:
            value = self.sum()
            self.take("&")
            left, compare = self.sum(), _COMPARISONS[self.take()]
            if compare(left, self.sum()) and found is None:
                found = value
            if self.take() == r"\end":
                break
        self.word("cases")
        assert found is not None, "no case applies"
        return found

    def word(self, word: str) -> None:
        for letter in "{" + word + "}":
            self.take(letter)
