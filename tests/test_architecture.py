"""The house in one picture: a file imports only from rows above its own, and imports stay light."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "nnexplain"

# Top to bottom; the modules of one row may import each other only if listed left to right.
ROWS = (
    ("errors", "formula", "palette", "numbers"),
    ("activation", "activations", "losses"),
    ("numbering", "structure", "arguments", "written_out"),
    ("backprop", "network"),
    ("latex", "checks", "derivation", "worked", "handwork"),
    ("hessian", "descent", "plane", "directions", "landscape", "curvature", "critical"),
    ("experiments",),
    ("javascript",),
    ("figures",),
    ("display",),
    ("claims",),
    ("explorables",),
    ("exercises",),
    ("pages",),
)
ORDER = [name for row in ROWS for name in row]
# What a course notebook must not wait for when it says `import nnexplain`.
HEAVY = (
    "matplotlib",
    "sympy",
    "mpmath",
    "mkdocs",
    "markdown",
    "fontTools",
    "math_core",
    "pygments",
    "IPython",
    "jupytext",
    "nbformat",
)
ONLY_IN = {"matplotlib": ("figures", "pages"), "mkdocs": ("pages",), "markdown": ("pages",),
           "fontTools": ("pages",), "math_core": ("pages",), "pygments": ("pages",),
           "bibtexparser": ("pages",), "IPython": ("pages",), "jupytext": ("pages",),
           "nbformat": ("pages",), "nbconvert": ("pages",), "nbclient": ("pages",),
           "mkdocs_jupyter": ("pages",), "hatchling": ("pages",)}  # fmt: skip


def room(path: Path) -> str:
    """The name of the row's module that a file belongs to; "" for the package itself."""
    first = path.relative_to(PACKAGE).parts[0]
    return "" if first == "__init__.py" else first.removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write absolute imports"
            yield str(node.module)
            if node.module in ("nnexplain", "nnexplain.pages", "nnexplain.figures"):
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


FILES = sorted(PACKAGE.rglob("*.py"))


def test_every_file_has_a_row_and_every_row_a_file() -> None:
    assert {room(path) for path in FILES} - {""} == set(ORDER)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    own = room(path)
    for module in imported(path):
        parts = module.split(".")
        if parts[0] in ONLY_IN:
            assert own in ONLY_IN[parts[0]], f"{own} imports {module}"
        if parts[0] != "nnexplain" or len(parts) < 2 or not own:
            continue
        assert parts[1] in ORDER, f"{own} imports {module}"
        assert ORDER.index(parts[1]) <= ORDER.index(own), f"{own} imports {module}"


def test_import_is_light() -> None:
    code = f"import sys, nnexplain; print([m for m in {HEAVY!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_drawing_is_reachable_without_an_import_of_its_own() -> None:
    code = "import nnexplain as nne; nne.figures.network_diagram(nne.Network([1, 1], seed=0))"
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


def test_no_file_is_too_long_to_hold_in_the_head() -> None:
    long = {str(p.relative_to(PACKAGE)): n for p in FILES if (n := p.read_text().count("\n")) > 500}
    assert long == {}
