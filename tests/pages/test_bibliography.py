"""References: what a reader sees of an entry, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from nnexplain.errors import NnexplainError, UnknownNameError
from nnexplain.pages.bibliography import find, read_bibliography

ENTRY = """@article{x2020,
  author = {Doe, Jane and Roe, Richard and Poe, Edgar},
  title = {On {ReLU}}, year = {2020}, journal = {Nature}, volume = {3},
  number = {2}, doi = {10.1/x},
  note = {a figure.}
}
@misc{site, author = {{A Site}}, title = {Why?}, year = {2019}, url = {https://example.org/q}}
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "references.bib"
    path.write_text(text, encoding="utf-8")
    return path


def test_entries_read_as_a_reader_expects(tmp_path: Path) -> None:
    works = read_bibliography(write(tmp_path, ENTRY))
    assert works["x2020"].short == "Doe et al. 2020"
    assert works["x2020"].markdown == (
        "Doe, Jane; Roe, Richard; Poe, Edgar (2020). *On ReLU*. Nature, 3(2). "
        "<https://doi.org/10.1/x><br>Cited for: a figure."
    )
    assert works["site"].markdown == "A Site (2019). *Why?* <https://example.org/q>"
    assert works["site"].short == "A Site 2019"


def test_an_entry_without_a_year_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NnexplainError, match="x lacks year; add it"):
        read_bibliography(write(tmp_path, "@misc{x, author = {A, B}, title = {T}}"))


def test_a_broken_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NnexplainError, match=r"references.bib:"):
        read_bibliography(write(tmp_path, ENTRY + ENTRY))


def test_an_unknown_key_is_refused_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'x2020'"):
        find(read_bibliography(write(tmp_path, ENTRY)), "x2002")
