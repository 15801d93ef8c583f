"""One short text that changes whenever a page's code could give another result."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

GLOSSARY = "glossary.toml"
TESTS = Path("tests/claims")
_PACKAGE = Path(__file__).parents[1]
_LIBRARIES = (
    "numpy", "matplotlib", "math-core", "pygments", "bibtexparser", "jupytext", "nbclient",
    "ipykernel", "ipython", "mkdocs", "mkdocs-material", "markdown", "pymdown-extensions",
    "mkdocstrings", "mkdocstrings-python", "mkdocs-autorefs", "griffelib", "ruff",
)  # fmt: skip


def sources(docs: Path) -> list[Path]:
    """Return the files besides the page itself that its result depends on."""
    package = (*_PACKAGE.rglob("*.py"), *_PACKAGE.rglob("*.js"))
    code = [*sorted(package), *sorted((docs.parent / TESTS).glob("*.py"))]
    return [*code, docs / "references.bib", docs / GLOSSARY, docs.parent / "CITATION.cff"]


@cache
def fingerprint(docs: Path) -> str:
    """Return a hash of the package's sources, the claims' tests and the libraries' versions.

    Taken once for a build: `hooks` forgets it before the next one.
    """
    digest = hashlib.sha256(platform.python_version().encode())
    for library in _LIBRARIES:
        digest.update(version(library).encode())
    for path in sources(docs):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()
