"""Whoever is named as a source in the code is in the bibliography of the site."""

from __future__ import annotations

import re
from pathlib import Path

from nnexplain.pages.bibliography import read_bibliography

ROOT = Path(__file__).parents[1]
KEY = re.compile(r"\b[A-Z][a-z]+(?:19|20)\d\d\b")


def test_every_source_that_the_code_names_is_in_the_bibliography() -> None:
    works = read_bibliography(ROOT / "docs" / "references.bib")
    missing = {
        f"{path.name}: {key}"
        for path in (ROOT / "nnexplain").rglob("*.py")
        for key in KEY.findall(path.read_text(encoding="utf-8"))
        if key.lower() not in works
    }
    assert missing == set()


def test_every_entry_says_what_it_is_cited_for() -> None:
    works = read_bibliography(ROOT / "docs" / "references.bib")
    assert [work.key for work in works.values() if not work.note] == []
