"""The site's wheel: what is in it, what it asks for, and that it is the same each time."""

from __future__ import annotations

import io
import zipfile
from email.parser import Parser

import pytest
from packaging.requirements import Requirement

import nnexplain
from nnexplain.pages.wheel import built
from tests.site import ROOT


@pytest.fixture(scope="module")
def wheel() -> zipfile.ZipFile:
    path, content = built()
    assert path == f"assets/wheels/nnexplain-{nnexplain.__version__}-py3-none-any.whl"
    return zipfile.ZipFile(io.BytesIO(content))


def test_it_holds_the_package_and_nothing_else(wheel: zipfile.ZipFile) -> None:
    source = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "nnexplain").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    about = f"nnexplain-{nnexplain.__version__}.dist-info/"
    names = set(wheel.namelist())
    assert {name for name in names if not name.startswith(about)} == source
    assert {name.removeprefix(about) for name in names - source} == {
        "METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE",
    }  # fmt: skip


def test_it_asks_for_ranges_that_fit_beside_other_packages(wheel: zipfile.ZipFile) -> None:
    (path,) = (name for name in wheel.namelist() if name.endswith("METADATA"))
    metadata = Parser().parsestr(wheel.read(path).decode())
    asked = [Requirement(text) for text in metadata.get_all("Requires-Dist") or []]
    always = {r.name: str(r.specifier) for r in asked if r.marker is None}
    assert always == {"numpy": ">=1.26", "matplotlib": ">=3.8"}
    (bar,) = (r for r in asked if r.marker and r.marker.evaluate({"extra": "progress"}))
    assert (bar.name, str(bar.specifier)) == ("tqdm", ">=4.66")


def test_two_builds_give_the_same_bytes() -> None:
    first = built()
    built.cache_clear()
    assert built() == first
