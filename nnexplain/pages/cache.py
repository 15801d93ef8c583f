"""What was expanded once stays expanded, until something it depends on changes.

Entries lie in `.cache/nnexplain`, named by a hash of all they depend on, so none is ever stale.
`warm` fills them for many pages at once, on all processors.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import re
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nnexplain.claims import Claim, Evidence, Verdict
from nnexplain.pages.fingerprint import fingerprint

_FOLDER = Path(".cache/nnexplain")
# Starting workers costs a second or two: it pays from here on.
_WORTH_WORKERS = 3


def remembered(parts: Sequence[str], compute: Callable[[], Any]) -> Any:
    """Return `compute()`, a JSON value, from the cache if the same `parts` were asked before."""
    entry = _entry(parts)
    if not entry.exists():
        text = json.dumps(compute())
        _FOLDER.mkdir(parents=True, exist_ok=True)
        # Renamed when whole: another process may be looking for it.
        part = entry.with_suffix(f".{os.getpid()}")
        part.write_text(text, encoding="utf-8")
        part.replace(entry)
    return json.loads(entry.read_text(encoding="utf-8"))


def _entry(parts: Iterable[str]) -> Path:
    return _FOLDER / f"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()}.json"


def judged(claim: Claim, docs: Path) -> Evidence:
    """Return the evidence of a claim; several pages show the same one."""

    def compute() -> Any:
        evidence = claim.judge()
        return evidence.verdict.name, {name: float(n) for name, n in evidence.numbers.items()}

    verdict, numbers = remembered(("claim", fingerprint(docs), claim.id), compute)
    return Evidence(Verdict[verdict], numbers)


@cache
def places_of_claims(docs: Path) -> dict[str, str]:
    """Return which lesson shows each claim: id -> path in docs/. Read once for a build."""
    return {
        claim: f"learn/{path.name}"
        for path in sorted(docs.glob("learn/*.md"))
        for claim in re.findall(r'claim\("([^"]+)"\)', path.read_text(encoding="utf-8"))
    }


@dataclass(frozen=True)
class Source:
    """A page before it is expanded: where it is from, where it goes, its text."""

    page: str
    url: str
    first_line: int
    docs: Path
    text: str

    @property
    def parts(self) -> tuple[str, ...]:
        """All that the expanded page depends on."""
        shown = json.dumps(places_of_claims(self.docs))
        line = str(self.first_line)
        return ("page", fingerprint(self.docs), self.page, self.url, line, shown, self.text)

    def expanded(self, expand: Expand) -> tuple[str, dict[str, bytes]]:
        """Return (text, files) of the page, made by `expand` unless it is in the cache."""

        def compute() -> Any:
            text, files = expand(self)
            return text, {name: data.hex() for name, data in files.items()}

        text, files = remembered(self.parts, compute)
        return text, {name: bytes.fromhex(data) for name, data in files.items()}


Expand = Callable[[Source], tuple[str, dict[str, bytes]]]


def warm(sources: Sequence[Source], expand: Expand) -> None:
    """Fill the cache for all sources, on all processors.

    What fails is left to fail on its page, where the build says which line.
    """
    missing = [source for source in sources if not _entry(source.parts).exists()]
    if len(missing) < _WORTH_WORKERS:
        return
    # A fork would copy the threads of a server that is running.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), mp_context=context) as pool:
        wait([pool.submit(source.expanded, expand) for source in missing])
