"""The references page and the citations in the text, from one BibTeX file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bibtexparser.entrypoint import parse_string

from nnexplain.errors import NnexplainError, UnknownNameError

_REQUIRED = ("author", "title", "year")


@dataclass(frozen=True)
class Reference:
    """One work: who, what, when, where, and what it is cited for."""

    key: str
    author: str
    title: str
    year: str
    where: str
    url: str
    note: str

    @property
    def surnames(self) -> list[str]:
        """The authors' surnames; `{An Institution}` in braces is one name."""
        if self.author.startswith("{"):
            return [self.author.strip("{}")]
        return [name.split(",")[0].strip() for name in re.split(r"\s+and\s+", self.author)]

    @property
    def short(self) -> str:
        """The name of a citation: "Han & Kamber 2011", "Saxe et al. 2013"."""
        names = self.surnames
        who = " & ".join(names) if len(names) <= 2 else f"{names[0]} et al."
        return f"{who} {self.year}"

    @property
    def markdown(self) -> str:
        """The full entry as one line of Markdown."""
        people = self.author.strip("{}").replace(" and ", "; ")
        end = "" if self.title.endswith(("?", "!")) else "."
        parts = [f"{people} ({self.year}). *{self.title}*{end}"]
        parts += [f"{self.where}."] if self.where else []
        parts += [f"<{self.url}>"] if self.url else []
        return " ".join(parts) + (f"<br>Cited for: {self.note}" if self.note else "")


def read_bibliography(path: Path) -> Mapping[str, Reference]:
    """Return the references of a BibTeX file by key, in the order of authors and years.

    Raises `NnexplainError` for entries that cannot be read or lack author, title or year.
    """
    library = parse_string(path.read_text(encoding="utf-8"))
    if library.failed_blocks:
        block = library.failed_blocks[0]
        raise NnexplainError(f"{path}:{(block.start_line or 0) + 1}: {block.error}")
    found = [_reference({f.key: f.value for f in e.fields}, e.key, path) for e in library.entries]
    return {r.key: r for r in sorted(found, key=_place)}


def _place(work: Reference) -> tuple[list[str], str, str]:
    return [name.casefold() for name in work.surnames], work.year, work.key


def _reference(fields: dict[str, str], key: str, path: Path) -> Reference:
    missing = [name for name in _REQUIRED if not fields.get(name)]
    if missing:
        raise NnexplainError(f"{path}: {key} lacks {', '.join(missing)}; add it")
    venue = fields.get("journal") or fields.get("booktitle") or fields.get("publisher") or ""
    volume = fields.get("volume", "") + (f"({fields['number']})" if "number" in fields else "")
    edition = f"{fields['edition']} edition" if "edition" in fields else ""
    numbers = [given for given in (edition, volume, fields.get("pages")) if given]
    link = f"https://doi.org/{fields['doi']}" if "doi" in fields else fields.get("url", "")
    return Reference(
        key=key,
        author=fields["author"],
        title=re.sub(r"[{}]", "", fields["title"]),
        year=fields["year"],
        where=", ".join([venue, *numbers]) if venue else "",
        url=link,
        note=fields.get("note", ""),
    )


def find(references: Mapping[str, Reference], key: str) -> Reference:
    """Return the reference called `key`; unknown keys raise with the nearest one."""
    if key not in references:
        raise UnknownNameError("reference", key, references)
    return references[key]
