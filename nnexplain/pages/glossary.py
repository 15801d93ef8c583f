"""The glossary: one entry a term, and a link from the first use of each term on a page."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor
from markdown.util import HTML_PLACEHOLDER, STX, AtomicString

from nnexplain.errors import NnexplainError

# Inline HTML: Markdown keeps the tags elsewhere and leaves a token for each in the text.
_TAG = HTML_PLACEHOLDER % r"\d+"
_MARKUP = rf"{_TAG}[^{STX}]*{_TAG}"


@dataclass(frozen=True)
class Entry:
    """A term, its other forms, its meaning in a sentence or two, and the page that tells more."""

    id: str
    term: str
    forms: tuple[str, ...]
    text: str
    page: str


def read_glossary(path: Path) -> Mapping[str, Entry]:
    """Return the entries of a TOML file by id, in alphabetical order of the terms.

    Raises `NnexplainError` for an entry without text or page, and for a form used twice.
    """
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    entries = [_entry(key, fields, path) for key, fields in raw.items()]
    forms = [form.lower() for entry in entries for form in entry.forms]
    twice = {form for form in forms if forms.count(form) > 1}
    if twice:
        raise NnexplainError(f"{path}: more than one entry for {', '.join(sorted(twice))}")
    return {entry.id: entry for entry in sorted(entries, key=lambda entry: entry.term.lower())}


def _entry(key: str, fields: dict[str, object], path: Path) -> Entry:
    missing = [name for name in ("text", "page") if not fields.get(name)]
    if missing:
        raise NnexplainError(f"{path}: {key} lacks {', '.join(missing)}; add it")
    term = str(fields.get("term", key.replace("-", " ")))
    also = fields.get("also", [])
    assert isinstance(also, list), f"{path}: {key}.also must be a list of forms"
    return Entry(key, term, (term, *map(str, also)), str(fields["text"]), str(fields["page"]))


def listed(entries: Mapping[str, Entry]) -> str:
    """Return the glossary as Markdown, one heading a term."""
    return "\n\n".join(
        f"## {e.term} {{ #{e.id} }}\n\n{e.text} [More about {e.term}.]({e.page}){{ .nne-onward }}"
        for e in entries.values()
    )


class GlossaryTreeprocessor(Treeprocessor):
    """Link the first use of each term in a page's running text to its entry.

    `address` is the glossary's address from the page; on `own_page`, the page that explains a
    term, the term is not linked.
    """

    _BLOCKS = ("p", "li")
    _CLOSED = ("a", "code", "pre", "em", "h1", "h2", "h3", "h4", "math", "script", "style")

    def __init__(
        self, md: Markdown, entries: Mapping[str, Entry], address: str, own_page: str
    ) -> None:
        super().__init__(md)
        self.address = address
        self.left = {
            form.lower(): entry
            for entry in entries.values()
            if entry.page.split("#")[0] != own_page
            for form in entry.forms
        }
        # All forms, also once they are linked: in "activation function" nobody reads "activation".
        self.pattern = _pattern(self.left)

    def run(self, root: Element) -> None:
        """Link terms, in reading order."""
        for block in root.iter():
            if block.tag in self._BLOCKS and "nne-question" not in block.get("class", ""):
                self._link_in(block)

    def _link_in(self, element: Element) -> None:
        self._link_text(element, None)
        for child in list(element):
            closed = child.tag in (*self._CLOSED, *self._BLOCKS, "ul", "ol")
            if not closed and not child.get("class"):
                self._link_in(child)
            self._link_text(element, child)

    def _link_text(self, parent: Element, after: Element | None) -> None:
        """Link the terms in the text at the start of `parent`, or behind its child `after`."""
        text = (parent.text if after is None else after.tail) or ""
        if isinstance(text, AtomicString) or not self.left:
            return
        pieces = list(self._pieces(text))
        if len(pieces) == 1:
            return
        place = 0 if after is None else list(parent).index(after) + 1
        self._set(parent, after, pieces[0][0])
        for k, (tail, form, entry) in enumerate(pieces[1:]):
            link = Element("a", {"class": "nne-term", "href": f"{self.address}#{entry.id}"})
            link.text, link.tail = AtomicString(form), tail
            parent.insert(place + k, link)

    @staticmethod
    def _set(parent: Element, after: Element | None, text: str) -> None:
        if after is None:
            parent.text = text
        else:
            after.tail = text

    def _pieces(self, text: str) -> Iterator[tuple[str, str, Entry]]:
        """Yield (text behind, form, entry) of each link, after the text in front of the first."""
        start, found = 0, []
        while self.left and (match := self.pattern.search(text, start)):
            start = match.end()
            if entry := self.left.get((match["form"] or "").lower()):
                found.append((match, entry))
                self.left = {form: e for form, e in self.left.items() if e is not entry}
        ends = [match.start() for match, _ in found] + [len(text)]
        yield text[: ends[0]], "", _NOBODY
        for k, (match, entry) in enumerate(found):
            yield text[match.end() : ends[k + 1]], match[0], entry


def _pattern(forms: Iterable[str]) -> re.Pattern[str]:
    longest_first = map(re.escape, sorted(forms, key=len, reverse=True))
    # "pre-activation" is one word: "activation" does not begin inside it.
    word = rf"(?<![\w-])(?P<form>{'|'.join(longest_first)})(?![\w-])"
    return re.compile(rf"{_MARKUP}|{word}", re.IGNORECASE)


_NOBODY = Entry("", "", (), "", "")
