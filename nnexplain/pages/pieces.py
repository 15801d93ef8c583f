"""What of a page's text runs, and what only stands there.

`split` takes a page apart into lines of text and pieces of code; `joined` puts it together again,
with the pieces' results in their places. Between the two only the pieces matter, so an edit of the
prose runs nothing anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mkdocs.exceptions import BuildError

_FENCE = re.compile(r"^(?P<indent>\s*)(?P<ticks>`{3,}|~{3,})(?P<info>[^`]*)$")
_SLOT = re.compile(r"(?P<code>(?P<ticks>`+).+?(?P=ticks))|\{\{(?P<expression>(?:(?!\}\}).)+)\}\}")
LANGUAGE = "python"
VERBS = ("run", "figure", "setup")
SLOT = "slot"


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


@dataclass(frozen=True)
class Piece:
    """What a page asks to be run: a fence's verb, words and code, or a slot's expression."""

    place: Place
    indent: str
    verb: str
    words: tuple[str, ...]
    code: str

    @property
    def asked(self) -> tuple[str, ...]:
        """All that its result depends on, besides the package and the pieces before it."""
        return (self.verb, *self.words, self.code)


Part = str | Piece


def split(text: str, page: str, first_line: int = 1) -> list[Part]:
    """Return the page's text as texts and pieces, in order.

    Raises `PageError` for a fence that is never closed or asks for what does not exist.
    """
    lines = text.split("\n")
    parts = list(_parts(lines, page, first_line))
    return parts[:-1] if parts and parts[-1] == "\n" else parts  # no newline ends the last line


def joined(parts: Sequence[Part], results: Sequence[str]) -> str:
    """Return the text with each piece's result in its place, indented as the piece was."""
    rest = iter(results)
    return "".join(
        part if isinstance(part, str) else _indented(next(rest), part.indent) for part in parts
    )


def _indented(text: str, indent: str) -> str:
    return "\n".join(indent + line if line else line for line in text.split("\n"))


def _parts(lines: list[str], page: str, first_line: int) -> Iterator[Part]:
    k = 0
    while k < len(lines):
        place = Place(page, first_line + k)
        fence = _FENCE.match(lines[k])
        if fence is None:
            yield from _line(lines[k], place)
            yield "\n"
            k += 1
            continue
        end = _closing(lines, k, fence, place)
        yield from _fenced(fence, lines[k : end + 1], place)
        k = end + 1


def _closing(lines: list[str], start: int, fence: re.Match[str], place: Place) -> int:
    ticks = fence["ticks"]
    for k in range(start + 1, len(lines)):
        mark = lines[k].strip()
        if mark.startswith(ticks) and not mark.strip(ticks[0]):
            return k
    raise place.error(f"the fence {ticks} is never closed")


def _fenced(fence: re.Match[str], lines: list[str], place: Place) -> Iterator[Part]:
    language, *words = fence["info"].split() or [""]
    if language != LANGUAGE or not words or words[0].startswith(("{", "title=", "hl_lines=")):
        yield "\n".join(lines)
        yield "\n"
        return
    verb = words[0]
    if verb not in VERBS:
        raise place.error(
            f"a python fence cannot {verb!r}; allowed: {', '.join(VERBS)}, or no word at all"
        )
    indent = fence["indent"]
    code = "\n".join(line.removeprefix(indent) for line in lines[1:-1])
    yield Piece(place, indent, verb, tuple(words[1:]), code)
    if verb != "setup":  # which leaves no line behind
        yield "\n"


def _line(line: str, place: Place) -> Iterator[Part]:
    whole = _SLOT.fullmatch(line.strip())
    if whole and whole["expression"]:  # alone on its line it may become several lines
        yield Piece(place, line[: len(line) - len(line.lstrip())], SLOT, (), whole["expression"])
        return
    end = 0
    for slot in _SLOT.finditer(line):
        if slot["expression"]:
            yield line[end : slot.start()]
            yield Piece(place, "", SLOT, (), slot["expression"])
            end = slot.end()
    yield line[end:]
