"""A claim as it stands on a page: who says what, the verdict, what is right, the evidence."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

from nnexplain.claims import Claim
from nnexplain.claims.thread import post_of
from nnexplain.errors import NnexplainError
from nnexplain.pages.cache import judged
from nnexplain.pages.fingerprint import TESTS
from nnexplain.pages.markup import fence, indented, unbroken


def title(claim: Claim) -> str:
    """Return what a claim says, with who says it in the thread."""
    speaker = f"{post_of(claim.id).speaker}: " if claim.source == "thread" else ""
    return speaker + claim.says


def box(claim: Claim, cited: str, docs: Path) -> str:
    """Return a claim with its verdict as a Markdown admonition; `cited` are its citations."""
    return "\n".join([
        f"{_verdict(claim, title(claim), docs)} {cited}".rstrip(),
        "",
        f'    ??? evidence "The evidence for {claim.id}: code and test"',
        *indented(fence(inspect.getsource(claim.evidence)), 8),
        "",
        "        Judged independently by this test:",
        "",
        *indented(fence(test_source(claim, docs.parent / TESTS)), 8),
        "",
    ])  # fmt: skip


def short(claim: Claim, shown: str, docs: Path) -> str:
    """Return a claim with its verdict in short; `shown` is the address of its evidence."""
    return "\n".join([
        _verdict(claim, f"{claim.id}. {claim.says}", docs),
        f"    [Evidence, test and references.]({shown}){{ .nne-onward }}",
        "",
    ])  # fmt: skip


def _verdict(claim: Claim, heading: str, docs: Path) -> str:
    """Return how every box begins: its heading, the anchor, the verdict and what is right."""
    evidence = judged(claim, docs)
    verdict = evidence.verdict
    return (
        f'\n!!! verdict-{verdict.name.lower()} "{unbroken(heading)}"\n'
        f'    <span id="claim-{claim.id}"></span>**Verdict: {verdict.value}.** '
        f"{unbroken(claim.sentence(evidence))}"
    )


def test_name(claim: Claim) -> str:
    """Return the name of the test that judges a claim."""
    return "test_claim_" + claim.id.replace("-", "_")


def test_source(claim: Claim, tests: Path) -> str:
    """Return the source of that test; raises if no file in `tests` holds it."""
    for path in sorted(tests.glob("test_*.py")):
        text = path.read_text(encoding="utf-8")
        if f"def {test_name(claim)}(" not in text:
            continue
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef) and node.name == test_name(claim):
                return ast.get_source_segment(text, node) or ""
    raise NnexplainError(f"claim {claim.id} has no test; write {test_name(claim)} in {tests}")
