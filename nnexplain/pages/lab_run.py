"""Run a lab sheet in a kernel, and turn it into Markdown with its true outputs.

mkdocs-jupyter makes the sheets pages and sets how they are executed. Its HTML is not used: it
carries JupyterLab's style sheets, leaves links unchecked and formulas to a script. A sheet that
has run goes the way of every other page instead.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterator
from functools import cache
from multiprocessing import parent_process
from multiprocessing.util import Finalize
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jupytext
from jupyter_core.utils import run_sync
from mkdocs_jupyter.nbconvert2 import get_nbconvert_app
from nbclient.exceptions import CellExecutionError
from nbconvert.preprocessors import ExecutePreprocessor

from nnexplain.pages import kernel
from nnexplain.pages.cache import Source
from nnexplain.pages.lab_names import mark
from nnexplain.pages.labs import Lab, read
from nnexplain.pages.markup import rich
from nnexplain.pages.pieces import Place

_ROOT = Path(__file__).parents[2]


def run(source: Source) -> tuple[str, dict[str, bytes]]:
    """Execute a sheet; return its Markdown, and the files of its figures by their paths.

    A cell that fails, or that writes to stderr (a warning), raises `PageError` with its line.
    """
    lab = read(source.page, source.text)
    places = [Place(source.page, source.first_line + line) for line in lab.lines]
    _execute(lab, source, places)
    files: dict[str, bytes] = {}
    blocks = []
    for cell, place in zip(lab.notebook.cells, places, strict=True):
        blocks.append(mark(cell.metadata.get("slideshow", {}).get("slide_type", "skip")))
        blocks += [cell.source] if cell.cell_type == "markdown" else _shown(cell, place)
        files |= _files(cell)
    return "\n\n".join(blocks), files


def _execute(lab: Lab, source: Source, places: list[Place]) -> None:
    """Run all cells after one that tells the kernel how to show figures; the cells keep outputs."""
    stem = source.page.removesuffix(".py").replace("/", "-")
    download = "../" * source.url.count("/") + f"assets/figures/{stem}"
    # The kernel may have run another sheet before.
    code = (
        f"# %%\n%reset -f\nimport sys\nsys.path.insert(0, {str(_ROOT)!r})\n"
        f"from nnexplain.pages import kernel\nkernel.start({stem!r}, {download!r})\n"
        "del sys, kernel"
    )
    notebook, cells = lab.notebook, lab.notebook.cells
    notebook.cells = [*jupytext.reads(code, "py:percent").cells, *cells]
    try:
        _preprocess(notebook)
    except CellExecutionError as error:
        failed = [k for k, cell in enumerate(cells) if _has_failed(cell)]
        place = places[failed[0]] if failed else places[0]
        raise place.error(f"{error.ename}: {error.evalue}") from error
    notebook.cells = cells


def _preprocess(notebook: Any) -> None:
    """Run all cells in a kernel of their own; a worker, which lives for one build, has one for all.

    A kernel's imports take longer than most sheets. A server outlives the package's sources, so
    there none is kept.
    """
    about = {"metadata": {"path": str(_ROOT)}}
    if parent_process() is not None:
        runner, manager, _ = _shared()
        runner.preprocess(notebook, about, manager)
        return
    with TemporaryDirectory() as folder:
        _runner(folder).preprocess(notebook, about)


@cache
def _shared() -> tuple[Any, Any, TemporaryDirectory[str]]:
    """Return a worker's one runner, what starts its kernel, and the folder of its connections."""
    folder = TemporaryDirectory()
    runner = _runner(folder.name)
    manager = runner.create_kernel_manager()
    # A worker's own way out: a forked process ends without that of the interpreter.
    Finalize(None, run_sync(manager.shutdown_kernel), kwargs={"now": True}, exitpriority=1)
    Finalize(None, folder.cleanup, exitpriority=0)
    return runner, manager, folder


def _runner(folder: str) -> Any:
    app = get_nbconvert_app(execute=True, kernel_name="python3", allow_errors=False)
    if os.name == "posix":
        # Nothing of a kernel goes over the network; each has a place of its own.
        app.config.KernelManager.transport = "ipc"
        app.config.KernelManager.ip = f"{folder}/kernel"
    runner: Any = ExecutePreprocessor
    # A busy machine is no error, and what it prints in pieces is one output all the same.
    return runner(config=app.config, startup_timeout=600, coalesce_streams=True)


def _has_failed(cell: Any) -> bool:
    return any(output.output_type == "error" for output in cell.get("outputs", []))


def _shown(cell: Any, place: Place) -> Iterator[str]:
    """Yield a code cell and its outputs as blocks of Markdown."""
    yield f"```python\n{cell.source}\n```"
    for output in cell.outputs:
        if output.output_type == "error":  # of a figure that could not be shown
            raise place.error(f"{output.ename}: {output.evalue}")
        if output.output_type != "stream":
            yield rich(output.data) or _printed(output.data["text/plain"])
        elif output.name == "stdout":
            yield _printed(output.text)
        else:
            raise place.error(f"the cell warns: {output.text.strip()}")


def _printed(text: str) -> str:
    return f"``` {{ .text .nne-output }}\n{text.rstrip()}\n```"


def _files(cell: Any) -> dict[str, bytes]:
    """Return the files of the figures that a cell has shown."""
    about = (output.get("metadata", {}).get("text/html", {}) for output in cell.get("outputs", []))
    return {
        f"assets/figures/{name}": base64.b64decode(data)
        for found in about
        for name, data in found.get(kernel.FILES, {}).items()
    }
