"""Run all lab sheets where nothing is installed but the site's wheel and Jupyter.

`python -m tests.fresh` makes two environments, with the lowest and with the newest NumPy and
Matplotlib that the wheel allows, and runs the notebooks that the site offers in each. One more has
all that the page for teachers says to type, up to an exercise judged and a figure in a file.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from nnexplain.pages import labs, wheel
from nnexplain.pages.course import PAGE
from nnexplain.pages.pieces import Piece, split
from tests.labs.sheets import LABS
from tests.site import ROOT

ENVIRONMENTS = {"lowest": ["numpy==1.26.0", "matplotlib==3.8.0"], "newest": []}
_RUN = """\
import sys, pathlib, nbformat, nbclient
import nnexplain, numpy, matplotlib
assert pathlib.Path(nnexplain.__file__).is_relative_to(sys.prefix), nnexplain.__file__
for path in sys.argv[1:]:
    notebook = nbformat.read(path, as_version=4)
    nbclient.NotebookClient(notebook, timeout=600, startup_timeout=600).execute()
    print("NumPy", numpy.__version__, "Matplotlib", matplotlib.__version__, path)
"""
_SLIDE = """\
figure.savefig("slide.png", dpi=200)
figure.savefig("slide.svg")
assert open("slide.png", "rb").read(4) == b"\\x89PNG"
assert not verdict.correct and verdict.mistake
"""


def course() -> str:
    """Return a notebook with the code of the page for teachers, as one of them would copy it."""
    text = (ROOT / "docs" / PAGE).read_text(encoding="utf-8")
    pieces = [part for part in split(text, PAGE) if isinstance(part, Piece)]
    code = [piece.code for piece in pieces if piece.verb in ("run", "figure")]
    assert len(code) > 4, f"{PAGE} shows no code"
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in [*code, _SLIDE]])
    return str(nbformat.writes(notebook))


def run(name: str, folder: Path, notebooks: list[Path], package: Path) -> str:
    """Return what the environment `name` says about all notebooks; raise if one of them fails."""
    place = folder / name
    venv.create(place, with_pip=True)
    python = place / "bin" / "python"
    wanted = [f"{package}[progress]", "nbclient", "ipykernel", *ENVIRONMENTS[name]]
    subprocess.run([python, "-m", "pip", "install", "-q", *wanted], check=True)
    # In a folder of its own: the checkout must not be found instead of the wheel.
    done = subprocess.run(
        [python, "-c", _RUN, *notebooks], cwd=place, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{name}: {done.stdout}{done.stderr}")
    return done.stdout


def main() -> None:
    """Write the notebooks and the wheel as the site has them, and run both environments."""
    with tempfile.TemporaryDirectory() as folder:
        top = Path(folder)
        name, content = wheel.built()
        package = top / Path(name).name
        package.write_bytes(content)
        notebooks = [top / "course.ipynb"]
        notebooks[0].write_text(course(), encoding="utf-8")
        for path in LABS:
            text = path.read_text(encoding="utf-8")
            made = labs.downloads(f"labs/{path.name}", text, "http://localhost/", package.as_uri())
            notebooks.append(top / f"{path.stem}.ipynb")
            notebooks[-1].write_text(made[f"assets/labs/{path.stem}.ipynb"], encoding="utf-8")
        with ThreadPoolExecutor() as pool:
            jobs = [pool.submit(run, e, top, notebooks, package) for e in ENVIRONMENTS]
            for job in jobs:
                sys.stdout.write(job.result())


if __name__ == "__main__":
    main()
