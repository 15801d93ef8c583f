"""The site's own wheel: a course installs nnexplain from the site that explains it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from hatchling.builders.wheel import WheelBuilder

FOLDER = "assets/wheels"
_ROOT = Path(__file__).parents[2]


@cache
def built(root: Path = _ROOT) -> tuple[str, bytes]:
    """Return (path on the site, content) of the wheel of the project in `root`.

    Made without a network by the build backend itself; the same sources give the same bytes.
    """
    with TemporaryDirectory() as folder:
        (path,) = WheelBuilder(str(root)).build(directory=folder, versions=["standard"])
        return f"{FOLDER}/{Path(path).name}", Path(path).read_bytes()
