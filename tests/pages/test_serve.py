"""`mkdocs serve`: an edit of the prose shows, and an edit of the package leaves no stale number."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

import nnexplain as nne
from nnexplain.numbers import format_number
from tests.site import small_project

pytestmark = pytest.mark.xdist_group("serve")
PATIENCE = 120.0  # seconds until a hanging server counts as a failure; no measure of speed


class Served:
    """A project that is being served while it is edited."""

    def __init__(self, project: Path, port: int) -> None:
        self.project, self.port = project, port

    def page(self, name: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/{name}", timeout=60) as answer:
            return str(answer.read().decode())

    def wait_for(self, name: str, text: str) -> str:
        """Ask for a page until it holds `text`."""
        end, html = time.monotonic() + PATIENCE, ""
        while time.monotonic() < end:
            try:
                html = self.page(name)
            except (urllib.error.URLError, ConnectionError):
                html = ""
            if text in html:
                return html
            time.sleep(0.1)
        raise AssertionError(f"{text!r} never appeared on {name}")

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.project / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    # Two pages are enough to see an edit arrive, and quicker than all of them.
    folder = tmp_path_factory.mktemp("serve")
    project = small_project(folder, "index.md", "learn/gradient.md", strict=False)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(project), "SITE_URL": f"http://127.0.0.1:{port}/"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield Served(project, port)
    finally:
        process.terminate()
        process.wait()


def test_an_edit_of_the_prose_shows(served: Served) -> None:
    served.wait_for("learn/gradient/", "0.008725")
    served.edit("docs/learn/gradient.md", "Follow the nudge", "Follow the little nudge")
    served.wait_for("learn/gradient/", "Follow the little nudge")


def test_an_edit_of_the_package_leaves_no_stale_number(served: Served) -> None:
    served.wait_for("learn/gradient/", "0.008725")
    served.wait_for("", "0.008725")
    # The running example gets another weight: what was 0.008725 on both pages is another number.
    example = nne.worked["han_kamber"]
    other = example.network.replace(parameters={"w46": -0.6})
    number = format_number(other.gradient(example.x, example.y)["w14"])
    served.edit("nnexplain/worked.py", '"w46": -0.3, "w56": -0.2', '"w46": -0.6, "w56": -0.2')
    for page in ("learn/gradient/", ""):
        assert "0.008725" not in served.wait_for(page, number)


def test_an_edit_of_the_bibliography_shows(served: Served) -> None:
    served.wait_for("learn/gradient/", "Squire &amp; Trapp 1998")
    served.edit(
        "docs/references.bib",
        "year = {1998},\n  doi = {10.1137/S0",
        "year = {1897},\n  doi = {10.1137/S0",
    )
    served.wait_for("learn/gradient/", "Squire &amp; Trapp 1897")
