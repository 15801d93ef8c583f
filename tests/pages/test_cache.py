"""The cache: the same question is computed once, another one anew, and workers fill it alike."""

from __future__ import annotations

from pathlib import Path

import pytest

from nnexplain.claims import Verdict, claims
from nnexplain.pages import cache

DOCS = Path(__file__).parents[2] / "docs"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def shout(source: cache.Source) -> tuple[list[str], dict[str, bytes]]:
    if "bad" in source.text:
        raise ValueError("bad")
    return [piece.code.upper() for piece in source.pieces], {"x.bin": source.text.encode()}


def source(page: str, text: str = "A {{text}}.") -> cache.Source:
    return cache.Source(page, f"{page}/", 1, DOCS, text)


def test_the_same_parts_are_computed_once() -> None:
    calls: list[int] = []
    for _ in range(2):
        assert cache.remembered(("a", "b"), lambda: calls.append(1) or [1]) == [1]  # type: ignore[func-returns-value]
    assert cache.remembered(("a", "c"), lambda: [2]) == [2]
    assert calls == [1]


def never(_: cache.Source) -> tuple[list[str], dict[str, bytes]]:
    raise AssertionError("not taken from the cache")


def test_a_page_comes_back_with_its_files() -> None:
    text, files = source("a").expanded(shout)
    assert (text, files["x.bin"].read_bytes()) == ("A TEXT.", b"A {{text}}.")
    assert source("a").expanded(never) == (text, files)


def test_an_edit_of_the_prose_runs_nothing() -> None:
    source("a").expanded(shout)
    edited = source("a", text="More words.\n\n  {{text}}\n\nThe end.")
    assert edited.expanded(never)[0] == "More words.\n\n  TEXT\n\nThe end."


@pytest.mark.parametrize("field", ["page", "url", "text"])
def test_all_that_matters_is_in_the_key(field: str) -> None:
    one = source("a")
    other = cache.Source(**{**one.__dict__, field: "{{other}}"})
    assert one.key != other.key


def test_a_lab_sheet_runs_as_a_whole() -> None:
    one, other = source("labs/x.py"), source("labs/x.py", text="B {{text}}.")
    assert one.pieces == []
    assert one.key != other.key
    assert one.expanded(lambda lab: ([lab.text.lower()], {}))[0] == "a {{text}}."


def test_a_cache_far_too_large_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.empty_if_large()  # there is none yet
    source("a").expanded(shout)
    cache.empty_if_large()
    assert source("a").expanded(never)[0] == "A TEXT."
    monkeypatch.setattr(cache, "_LARGEST", 10)
    cache.empty_if_large()
    assert not cache.known(source("a").key)


def test_workers_fill_the_cache_and_a_failing_page_does_not_stop_the_others() -> None:
    pages = [source(name) for name in ("a", "b", "c")]
    cache.warm([source("bad", text="{{bad}}"), *pages], shout)
    assert [page.expanded(never)[0] for page in pages] == ["A TEXT."] * 3


def test_a_claim_is_judged_once_and_the_same() -> None:
    first = cache.judged(claims["A4"], DOCS)
    assert first == cache.judged(claims["A4"], DOCS)
    assert first.verdict is Verdict.FALSE
    assert first.numbers == pytest.approx(claims["A4"].judge().numbers)


def test_every_claim_has_its_place() -> None:
    assert set(claims) == set(cache.places_of_claims(DOCS))
