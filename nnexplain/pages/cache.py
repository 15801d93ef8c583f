"""What was expanded once stays expanded, until something it depends on changes.

Only what a page asks to be run is in the key of its results, so an edit of the prose costs nothing.
Entries lie in `.cache/nnexplain`, named by a hash of all they depend on, so none is ever stale.
`warm` begins to fill them for many pages at once, on all processors.
"""

from __future__ import annotations

import gc
import hashlib
import json
import multiprocessing
import os
import re
import shutil
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from nnexplain.claims import Claim, Evidence, Verdict
from nnexplain.pages.fingerprint import fingerprint
from nnexplain.pages.lab_names import is_lab
from nnexplain.pages.pieces import Part, Piece, joined, split

FOLDER = Path(".cache/nnexplain")
_LARGEST = 400 * 2**20  # bytes, some ten times what one state of the site needs
# Starting workers costs a second or two: it pays from here on.
_WORTH_WORKERS = 3
# What `warm` has begun, by the keys of the pages.
_begun: dict[tuple[str, ...], Future[Any]] = {}


def remembered(parts: Sequence[str], compute: Callable[[], Any]) -> Any:
    """Return `compute()`, a JSON value, from the cache if the same `parts` were asked before."""
    entry = _entry(parts)
    if not entry.exists():
        _write(entry, json.dumps(compute()).encode())
    return json.loads(entry.read_bytes())


def remembered_bytes(parts: Sequence[str], compute: Callable[[], bytes]) -> bytes:
    """Return `compute()`, the content of a file, from the cache if it was asked for before."""
    return Path(remembered(parts, lambda: str(_kept(compute())))).read_bytes()


def empty_if_large() -> None:
    """Throw the cache away once it holds far more than one state of the site."""
    if sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) > _LARGEST:
        shutil.rmtree(FOLDER)


def known(parts: Iterable[str]) -> bool:
    """Whether the answer for these `parts` is in the cache."""
    return _entry(parts).exists()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Renamed when whole: another process may be looking for it.
    part = path.with_suffix(f".{os.getpid()}")
    part.write_bytes(data)
    part.replace(path)


def _entry(parts: Iterable[str]) -> Path:
    return FOLDER / f"{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()}.json"


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

    @cached_property
    def parts(self) -> list[Part]:
        """The page's text and its pieces, in order; all of a lab sheet is one text."""
        return [self.text] if self.is_lab else split(self.text, self.page, self.first_line)

    @property
    def pieces(self) -> list[Piece]:
        """What of the page runs."""
        return [part for part in self.parts if isinstance(part, Piece)]

    @property
    def is_lab(self) -> bool:
        """Whether this is a lab sheet, which is run as a whole."""
        return is_lab(self.page)

    @cached_property
    def key(self) -> tuple[str, ...]:
        """All that the results depend on: of a page only what runs, not the prose between."""
        shown = json.dumps(places_of_claims(self.docs))
        runs = self.text if self.is_lab else json.dumps([piece.asked for piece in self.pieces])
        return ("page", fingerprint(self.docs), self.page, self.url, shown, runs)

    def expanded(self, run: Run) -> tuple[str, dict[str, Path]]:
        """Return (text, files) of the page, run by `run` unless the results are in the cache."""

        def compute() -> Any:
            results, files = run(self)
            return results, {name: str(_kept(data)) for name, data in files.items()}

        if self.key in _begun:
            # What fails there fails here once more, where the build says which line.
            wait([_begun.pop(self.key)])
        results, kept = remembered(self.key, compute)
        files = {name: Path(path) for name, path in kept.items()}
        return (results[0] if self.is_lab else joined(self.parts, results)), files


Run = Callable[[Source], tuple[list[str], dict[str, bytes]]]
"""Returns what stands in the place of each piece, or the one text of a lab sheet; and files."""


def _kept(data: bytes) -> Path:
    """Return the file of the cache that holds `data`."""
    path = FOLDER / "files" / hashlib.sha256(data).hexdigest()
    if not path.exists():
        _write(path, data)
    return path


def warm(sources: Sequence[Source], run: Run) -> None:
    """Begin to fill the cache for all sources, on all processors; `expanded` waits for its own."""
    missing = [source for source in sources if not known(source.key)]
    if len(missing) < _WORTH_WORKERS:
        return
    # A fork has everything imported already, but it would copy the threads of a running server.
    forks = sys.platform == "linux" and threading.active_count() == 1
    context = multiprocessing.get_context("fork" if forks else "spawn")
    # Workers live for one build: what they leave behind is less than looking for it costs.
    pool = ProcessPoolExecutor(os.cpu_count(), mp_context=context, initializer=gc.disable)
    for together in _shares(missing):
        begun = pool.submit(_expand, together, run)
        _begun.update({source.key: begun for source in together})
    pool.shutdown(wait=False)


def _shares(sources: Sequence[Source]) -> list[list[Source]]:
    """Return what goes to a worker at once: a page; but all lab sheets, which share a kernel."""
    labs = [source for source in sources if source.is_lab]
    pages = [[source] for source in sources if not source.is_lab]
    return [labs, *pages] if labs else pages


def _expand(sources: Sequence[Source], run: Run) -> None:
    for source in sources:
        source.expanded(run)
