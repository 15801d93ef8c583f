"""How long a page takes to read: words, and a pause at each formula, figure and block of code."""

from __future__ import annotations

import math
import re
from html.parser import HTMLParser

_WORDS_A_MINUTE = 200
# Seconds a reader stops at what is not running text.
_PAUSES = {"math": 3, "figure": 20, "pre": 15}
# Opened by choice (solutions, evidence, code of figures), or no words: a formula is its pause. A
# section is an exercise: it is done, not read.
_SKIPPED = ("details", "section", "style", "script", "svg", "math")
# What lies inside these, most of a page's tags, counts for nothing.
_INSIDE = re.compile(r"(<(math|svg)\b)[^>]*>.*?(</\2>)", re.DOTALL)


class _Counter(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words, self.pauses, self.depth = 0, 0, 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.pauses += 0 if self.depth else _PAUSES.get(tag, 0)
        self.depth += tag in _SKIPPED

    def handle_endtag(self, tag: str) -> None:
        self.depth -= tag in _SKIPPED

    def handle_data(self, data: str) -> None:
        self.words += 0 if self.depth else len(data.split())


def minutes(html: str) -> int:
    """Return the minutes that a page of HTML takes to read, rounded up to a whole one.

    >>> minutes("<p>" + "word " * 300 + "</p><figure></figure>")
    2
    """
    counter = _Counter()
    counter.feed(_INSIDE.sub(r"\1>\3", html))
    return math.ceil(counter.words / _WORDS_A_MINUTE + counter.pauses / 60)
