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


def shout(source: cache.Source) -> tuple[str, dict[str, bytes]]:
    if source.text == "bad":
        raise ValueError("bad")
    return source.text.upper(), {"x.bin": source.text.encode()}


def source(page: str, text: str = "text") -> cache.Source:
    return cache.Source(page, f"{page}/", 1, DOCS, text)


def test_the_same_parts_are_computed_once() -> None:
    calls: list[int] = []
    for _ in range(2):
        assert cache.remembered(("a", "b"), lambda: calls.append(1) or [1]) == [1]  # type: ignore[func-returns-value]
    assert cache.remembered(("a", "c"), lambda: [2]) == [2]
    assert calls == [1]


def test_a_page_comes_back_with_its_files() -> None:
    first = source("a").expanded(shout)
    assert first == source("a").expanded(shout) == ("TEXT", {"x.bin": b"text"})


@pytest.mark.parametrize("field", ["page", "url", "first_line", "text"])
def test_all_that_matters_is_in_the_key(field: str) -> None:
    one = source("a")
    other = cache.Source(**{**one.__dict__, field: 7 if field == "first_line" else "other"})
    assert one.parts != other.parts


def test_workers_fill_the_cache_and_a_failing_page_does_not_stop_the_others() -> None:
    def never(_: cache.Source) -> tuple[str, dict[str, bytes]]:
        raise AssertionError("not taken from the cache")

    pages = [source(name) for name in ("a", "b", "c")]
    cache.warm([source("bad", text="bad"), *pages], shout)
    assert [page.expanded(never)[0] for page in pages] == ["TEXT"] * 3


def test_a_claim_is_judged_once_and_the_same() -> None:
    first = cache.judged(claims["A4"], DOCS)
    assert first == cache.judged(claims["A4"], DOCS)
    assert first.verdict is Verdict.FALSE
    assert first.numbers == pytest.approx(claims["A4"].judge().numbers)


def test_every_claim_has_its_place() -> None:
    assert set(claims) == set(cache.places_of_claims(DOCS))
