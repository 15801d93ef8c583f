"""The register: every claim is whole, tested, cited rightly, and judged without a crash."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path

import pytest

from nnexplain.claims import Claim, Evidence, Verdict, claims
from nnexplain.errors import NnexplainError
from nnexplain.pages.bibliography import find, read_bibliography

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", list(claims))
def test_every_claim_has_a_test_a_sentence_and_known_references(name: str) -> None:
    claim = claims[name]
    evidence = claim.judge()
    sentence = claim.sentence(evidence)
    assert "{" not in sentence
    assert "nan" not in sentence
    works = read_bibliography(DOCS / "references.bib")
    assert [find(works, key).key for key in claim.references] == list(claim.references)
    here = importlib.import_module("tests.claims").__path__
    modules = [
        importlib.import_module(f"tests.claims.{m.name}") for m in pkgutil.iter_modules(here)
    ]
    wanted = f"test_claim_{name.replace('-', '_')}"
    assert sum(hasattr(module, wanted) for module in modules) == 1


def test_every_claim_is_cited_on_a_page_and_every_cited_claim_exists() -> None:
    text = "\n".join(path.read_text() for path in DOCS.rglob("*.md"))
    for name in claims:
        assert f'claim("{name}")' in text, f"no page cites claim {name}"


def test_a_sentence_and_its_numbers_must_agree() -> None:
    claim = Claim("X1", "thread", "x", "{a} and {b}", lambda: Evidence(Verdict.TRUE, {"a": 1.0}))
    with pytest.raises(NnexplainError, match=r"claim X1: its sentence has the slots \['a', 'b'\]"):
        claim.judge()


def test_an_id_is_never_used_twice() -> None:
    with pytest.raises(NnexplainError, match="claim 'A4' exists already"):
        claims.register("A4", source="thread", says="", finding="")
