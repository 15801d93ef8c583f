"""The site, built once from an empty cache and served from a sub-path of a local server."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from filelock import FileLock

ROOT = Path(__file__).parents[1]
PREFIX = "courses/nn"


@dataclass(frozen=True)
class Site:
    """Where the built site lies and where it is served."""

    folder: Path
    origin: str

    @property
    def pages(self) -> list[str]:
        """The addresses of all pages, relative to the site."""
        found = (p.parent.relative_to(self.folder) for p in self.folder.rglob("index.html"))
        return sorted("" if str(p) == "." else f"{p}/" for p in found)

    def url(self, page: str) -> str:
        """Return the full address of a page."""
        return f"{self.origin}/{PREFIX}/{page}"


def copy_project(target: Path) -> Path:
    """Copy what a build reads to `target`, without caches."""
    for name in ("docs", "nnexplain", "tests"):
        shutil.copytree(ROOT / name, target / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("mkdocs.yml", "pyproject.toml", "README.md", "LICENSE", "CITATION.cff"):
        shutil.copy(ROOT / name, target)
    return target


def small_project(target: Path, *pages: str, strict: bool = True) -> Path:
    """Copy the project with these pages only; not strict, since they link to the others."""
    copy_project(target)
    docs = target / "docs"
    for path in [*docs.rglob("*.md"), *docs.glob("labs/*.py")]:
        if str(path.relative_to(docs)) not in pages:
            path.unlink()
    config = (target / "mkdocs.yml").read_text(encoding="utf-8")
    start, end = config.index("\nnav:\n"), config.index("\nplugins:\n")
    config = config[:start] + config[end:]
    if not strict:
        config = config.replace("strict: true", "strict: false")
    (target / "mkdocs.yml").write_text(config, encoding="utf-8")
    return target


def build(project: Path, site: Path) -> subprocess.CompletedProcess[str]:
    """Build `project` into `site` in a process of its own and return how that went."""
    return subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--site-dir", str(site)],
        cwd=project,
        # The project's own package, not the installed one.
        env={**os.environ, "PYTHONPATH": str(project), "SOURCE_DATE_EPOCH": "1700000000"},
        capture_output=True,
        text=True,
        check=False,
    )


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The whole site, built by the first worker that needs it, served by each of them."""
    root = _shared(tmp_path_factory) / "served"
    folder = root / PREFIX
    with FileLock(f"{root}.lock"):
        if not folder.exists():
            done = build(copy_project(tmp_path_factory.mktemp("project")), folder)
            if done.returncode:
                shutil.rmtree(folder, ignore_errors=True)  # nobody shall test half a site
            assert done.returncode == 0, done.stderr
    handler = functools.partial(_Quiet, directory=str(root))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Site(folder, f"http://127.0.0.1:{server.server_port}")
        server.shutdown()


def _shared(factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all workers of this run see."""
    base = factory.getbasetemp()
    return base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
